"""`scraper changes`: what differs between two snapshots. No network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.commands.published import run_of, the_article
from scraper.reports import changes as changes_text
from scraper.reports.editions import edition
from scraper.reports.feed import changes_atom
from scraper.snapshots import snapshot
from scraper.snapshots.changes import compare
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings


def changes(
    settings: Settings, *, style: str, quiet: bool, name: str | None, before: str | None, after: str | None
) -> str:
    """What differs between two snapshots: the last and the one before, unless they are named."""
    article = the_article(settings, name)
    later = snapshot.find(settings.data, article, after or snapshot.LATEST)
    earlier = snapshot.find(settings.data, article, before) if before else snapshot.before(later)
    found = compare(earlier, later)
    if style == "atom":
        with Store.open(settings.store, create=False) as store:
            each = edition(store, run_of(store, article), article, settings, earlier, later)
        return changes_atom(each).decode().rstrip()
    if style == "json":
        return changes_text.as_json(found)
    if style == "markdown":
        return changes_text.as_markdown(found)
    return changes_text.as_text(found, quiet=quiet)
