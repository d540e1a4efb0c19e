"""What each kind of change is called where people read it, the most pressing first. Pure.

A kind that is not listed here is told as news under its own name: better said plainly than left out.
"""

from __future__ import annotations

from typing import NamedTuple

from scraper.reports.text import words
from scraper.snapshots.changes import KINDS


class Told(NamedTuple):
    tag: str
    """The first word of its line in a mail."""
    heading: str
    says: str
    """Of a link that is neither dead nor moved."""
    values: bool = True
    """Whether what was before and after adds something."""
    calls: bool = False
    """Whether it is trouble that was not there before: what `--fail-on new` waits for."""


ADDED_BROKEN = "added_broken"
"""`added`, of a link that is broken or failing already."""

NEWS: dict[str, Told] = {
    # What is known of the work itself stands above what is known of its link.
    "retracted": Told("RETRACTED", "Retracted", "The publisher retracted it", calls=True),
    "concern": Told("CONCERN", "Expression of concern", "The publisher published a concern", calls=True),
    "corrected": Told("CORRECTED", "Corrected", "The publisher published a correction"),
    "reinstated": Told("REINSTATED", "Reinstated", "The publisher took the retraction back"),
    "newly_broken": Told("NEW", "Newly broken", "It worked before", values=False, calls=True),
    "newly_failing": Told("NEW", "Newly failing", "It worked before", values=False, calls=True),
    ADDED_BROKEN: Told("NEW", "Added, and broken", "New in the article", values=False, calls=True),
    "replaced": Told("REPLACED", "Taken over", "Something else stands at this address now", calls=True),
    "drifted": Told("DRIFTED", "Content changed", "The page is about something else now", calls=True),
    "confirmed_dead": Told("DEAD", "Confirmed dead", "Dead for several runs and days", values=False),
    "recovered": Told("BACK", "Recovered", "It works again"),
    "moved": Told("MOVED", "Moved or renamed", "It has a new address"),
    "renamed": Told("MOVED", "Moved or renamed", "It has a new name"),
    "withdrawn": Told("WITHDRAWN", "Withdrawn", "The authors withdrew it", values=False),
    "blocked": Told("BLOCKED", "Now blocked", "Now blocks automated visitors", values=False),
    "archived": Told("ARCHIVED", "Archived or restored", "Its owner made it read-only", values=False),
    "unarchived": Told("RESTORED", "Archived or restored", "Its owner made it writable again", values=False),
}
"""The kinds that go to the top."""

OTHER: dict[str, Told] = {
    "license_changed": Told("LICENCE", "Licence changed", "Another licence"),
    "decision_changed": Told("DECISION", "Decision changed", "Another decision"),
    "abstract_changed": Told("ABSTRACT", "Abstract changed", "Another abstract"),
    "stars_changed": Told("STARS", "Stars changed", "Stars"),
    "added": Told("ADDED", "Added to the article", "New in the article", values=False),
    "removed": Told("REMOVED", "Removed from the article", "No longer in the article", values=False),
}
"""The kinds that need nobody's attention; in a mail they are counted."""


PLACES = frozenset({"moved", "renamed", "added", "recovered"})
"""The kinds of which it is told where the link is now."""


def told(kind: str) -> Told:
    """The words of a kind of change."""
    if found := NEWS.get(kind) or OTHER.get(kind):
        return found
    name = KINDS.get(kind, words(kind))
    return Told(words(kind).upper(), name[:1].upper() + name[1:], name[:1].upper() + name[1:])


def is_news(kind: str) -> bool:
    return kind not in OTHER


def rank(kind: str) -> int:
    """Its place among the news; what is not listed comes last."""
    return list(NEWS).index(kind) if kind in NEWS else len(NEWS)
