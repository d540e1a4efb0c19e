"""What `scraper fix` would write into an article, for the page and the terminal alike. Pure."""

from __future__ import annotations

from typing import NamedTuple

from scraper.articles import fixing
from scraper.model import Mention
from scraper.reports.model import Edition
from scraper.reports.text import count


class Offer(NamedTuple):
    """What `scraper fix` could do, and with which options."""

    text: str
    options: tuple[str, ...]


def offer(edition: Edition) -> Offer | None:
    """The command worth typing after a run; None when there is nothing to write, or no file to write into."""
    if "://" in edition.source:
        return None
    rows = {row["target"]: row for row in edition.links}
    mentions = fixing.spoken_of((Mention(**row) for row in edition.mentions), rows)
    if ready := sum(fixing.wishes(mentions, rows, fixing.DEFAULT_RULES).values()):
        return Offer(f"{count(ready, 'link')} of the article can be corrected:", ())
    more = fixing.further(mentions, rows, fixing.DEFAULT_RULES)
    if more.get("dead"):
        return Offer(
            f"{count(more['dead'], 'dead link has', 'dead links have')} an archived copy:", ("--dead",)
        )
    if more.get("unwrap"):
        told = count(more["unwrap"], "archive link has", "archive links have")
        return Offer(f"{told} a live original:", ("--unwrap",))
    return None
