"""What the last runs published, as the commands that look at it need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.snapshots import snapshot
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings


def run_of(store: Store, name: str) -> int:
    run = store.last_run(name)
    if run is None:
        raise UsageError(f"The store knows no published run of {name!r}: `scraper refresh` it first.")
    return run


def the_article(settings: Settings, name: str | None) -> str:
    """The article that is meant: the one named, or the only one there is."""
    known = snapshot.articles(settings.data)
    if name is None and len(known) == 1:
        return known[0]
    if name is None or name not in known:
        there = ", ".join(known) or "none; `scraper refresh` makes one"
        raise UsageError(f"Which article? --article NAME; there are snapshots of: {there}.")
    return name
