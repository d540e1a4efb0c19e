"""`scraper changes`: what differs between two snapshots. No network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scraper.commands import telling
from scraper.commands.published import the_articles
from scraper.errors import UsageError
from scraper.reports import changes as changes_text
from scraper.reports.editions import difference
from scraper.reports.feed import changes_atom
from scraper.reports.model import Edition
from scraper.snapshots import snapshot

if TYPE_CHECKING:
    from scraper.settings import Settings


def changes(
    settings: Settings, *, style: str, quiet: bool, name: str | None, before: str | None, after: str | None
) -> str:
    """What differs between two snapshots: the last and the one before, unless they are named.

    Without a name it is told of all articles.
    """
    editions = list(_editions(settings, the_articles(settings, name), before, after))
    if style == "atom":
        if len(editions) > 1:
            raise UsageError("A feed is about one article: name it with --article.")
        return changes_atom(editions[0]).decode().rstrip()
    if style == "json":
        return changes_text.as_json(editions)
    if quiet and not any(each.changes or (each.unasked or (0,))[0] for each in editions):
        return ""
    if style == "markdown":
        return changes_text.as_markdown(editions)
    return changes_text.as_text(editions, telling.screen(sys.stdout))


def _editions(
    settings: Settings, names: list[str], before: str | None, after: str | None
) -> Iterator[Edition]:
    for name in names:
        later = snapshot.find(settings.data, name, after or snapshot.LATEST)
        earlier = snapshot.find(settings.data, name, before) if before else snapshot.before(later)
        if earlier and earlier.path == later.path:
            raise UsageError(f"{earlier.name} of {name} would be compared with itself: name two snapshots.")
        yield difference(earlier, later, settings)
