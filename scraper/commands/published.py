"""What the last runs published, as the commands that look at it need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.snapshots import snapshot
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings


def run_of(store: Store, name: str) -> int:
    """The run that the latest snapshot of an article is of: an incomplete one is published too."""
    run = store.last_shown(name)
    if run is None:
        raise UsageError(f"The store knows no published run of {name!r}: `scraper refresh` it first.")
    return run


def the_articles(settings: Settings, name: str | None = None) -> list[str]:
    """The article that is named, or all that were published."""
    known = snapshot.articles(settings.data)
    if not known:
        raise UsageError(f"There is no snapshot in {settings.data} yet: `scraper refresh ARTICLE` first.")
    if name is None:
        return known
    if name not in known:
        raise UsageError(f"--article: there is no snapshot of {name!r}, only of: {', '.join(known)}.")
    return [name]
