"""`scraper report`: the reports of the last snapshots again. No network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.commands.published import run_of, the_articles
from scraper.reports.editions import edition, render
from scraper.reports.model import Edition
from scraper.snapshots import snapshot
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings


def report(names: Sequence[str], settings: Settings) -> list[Path]:
    """Render the reports of the last snapshots again; returns the paths."""
    chosen = names or the_articles(settings)
    with Store.open(settings.store, create=False) as store:
        return render(store, _editions(store, chosen, settings), settings)


def _editions(store: Store, names: Sequence[str], settings: Settings) -> Iterator[Edition]:
    for name in names:
        after = snapshot.find(settings.data, name)
        yield edition(store, run_of(store, name), name, settings, snapshot.before(after), after)
