"""What a run has to tell, most pressing first. Every report tells this one story in its own way. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.model import Change, Health
from scraper.reports.model import Edition, Row, counts_of
from scraper.reports.text import count, day, web_address, words
from scraper.verdicts.reasons import DEAD, REASONS

MEANINGS: Mapping[str, str] = {
    Health.ALIVE: "It is there and is what it should be",
    Health.MOVED: "It is there, for good at another address",
    Health.BLOCKED: "Somebody is home and will not let a program in",
    Health.BROKEN: "A definite no",
    Health.FAILING: "No usable answer, after retries",
    Health.UNVERIFIED: "Not asked, or asked in vain for our own reasons",
}
PRESSING: tuple[str, ...] = (
    Health.BROKEN,
    Health.FAILING,
    Health.MOVED,
    Health.BLOCKED,
    Health.UNVERIFIED,
    Health.ALIVE,
)
"""The healths in the order in which they need a hand."""

_NEWS = {
    "newly_broken": "Newly broken",
    "newly_failing": "Newly failing",
    "confirmed_dead": "Confirmed dead",
    "replaced": "Another repository under the old name",
    "withdrawn": "Withdrawn",
    "recovered": "Recovered",
    "renamed": "Renamed or moved",
    "moved": "Renamed or moved",
    "archived": "Archived or restored",
    "unarchived": "Archived or restored",
}
"""The kinds of change that go to the top, each with its heading, most pressing first."""
_KINDS = {
    "newly_broken": "It was there and is not",
    "newly_failing": "It was there and does not answer",
    "confirmed_dead": "Dead for several runs and days",
    "replaced": "The name belongs to another repository now",
    "withdrawn": "Its authors withdrew it",
    "recovered": "It answers again",
    "blocked": "It no longer lets a program in",
    "renamed": "It has another name",
    "moved": "It has another address",
    "archived": "Its owner made it read-only",
    "unarchived": "Its owner made it writable again",
    "license_changed": "Another licence",
    "decision_changed": "Another decision",
    "abstract_changed": "Another abstract",
    "stars_changed": "Stars",
    "added": "New in the article",
    "removed": "No longer in the article",
}
"""What a change says of a link that is neither dead nor at another address."""
_SAYS_ALL = {
    "newly_broken",
    "newly_failing",
    "confirmed_dead",
    "withdrawn",
    "archived",
    "unarchived",
    "added",
    "removed",
}
"""Kinds whose before and after add nothing to what is said."""


class Item(NamedTuple):
    """One link in the story: what it is, what is wrong or new, what to write instead."""

    target: str
    name: str
    url: str
    line: int | None
    health: str
    """Empty for a link that left the article."""
    reason: str
    why: str
    replacement: str
    replacement_is: str
    """`new address`, `archived copy` or empty."""
    since: str
    """Date since which it is broken or failing."""
    before: str = ""
    after: str = ""


class Group(NamedTuple):
    """Items under one heading, and the kinds of change it tells of."""

    heading: str
    items: tuple[Item, ...]


class Gap(NamedTuple):
    """A paper whose own record names code that the article does not."""

    number: int | None
    name: str
    line: int | None
    code_url: str
    paper_target: str


@dataclass(frozen=True)
class Story:
    counts: dict[str, int]
    total: int
    first_run: bool
    news: tuple[Group, ...]
    """What changed since the run before, by heading, most pressing first."""
    other: tuple[Item, ...]
    """Changes that need no hand: stars, licences, links added to the article."""
    still: tuple[Item, ...]
    """Broken or failing as before."""
    replace: tuple[Item, ...]
    """There at another address, as before."""
    gaps: tuple[Gap, ...]
    checked: Mapping[str, Row] = field(default_factory=dict)

    @property
    def dead(self) -> int:
        return sum(self.counts[health] for health in DEAD)

    @property
    def headline(self) -> str:
        """One sentence for the top of everything."""
        if not self.total:
            return "The article has no links."
        standing = f"{self.counts[Health.ALIVE]:,} of {count(self.total, 'link')} are alive"
        if self.first_run:
            return f"{standing}; first run, so there is nothing to compare with."
        told = [f"{len(group.items):,} {group.heading.lower()}" for group in self.news]
        return f"{standing}; {', '.join(told) or 'nothing changed that needs a hand'}."

    @property
    def hand(self) -> tuple[Item, ...]:
        """Every link that somebody should edit or look at, once, most pressing first."""
        new = [item for group in self.news for item in group.items if item.health in DEAD or item.replacement]
        unique = {item.target: item for item in reversed((*new, *self.still, *self.replace))}
        return tuple(sorted(reversed(unique.values()), key=lambda item: PRESSING.index(item.health)))


def tell(edition: Edition) -> Story:
    """The story of an edition."""
    links = {row["target"]: row for row in edition.links}
    news, other = _news(edition.changes, links)
    told = {item.target for group in news for item in group.items}
    rest = [row for row in edition.links if row["target"] not in told]
    return Story(
        counts=counts_of(edition.links),
        total=len(edition.links),
        first_run=len(edition.trend) <= 1 and not edition.changes,
        news=news,
        other=other,
        still=_items(rest, lambda row: row["health"] in DEAD),
        replace=_items(rest, lambda row: row["health"] not in DEAD and bool(row.get("suggested_url"))),
        gaps=tuple(_gaps(edition.papers)),
        checked={row["target"]: row for row in edition.checks},
    )


def name_of(row: Row) -> str:
    """What people call a target: its title, the repository's name, else its address."""
    return str(row.get("title") or row.get("full_name") or row.get("url") or row["target"])


def replacement(row: Row) -> tuple[str, str]:
    """What to write instead of a link, and what that is; nothing for a link that is fine as it stands."""
    if web_address(row.get("suggested_url") or ""):
        return row["suggested_url"], "new address"
    if row["health"] in DEAD and web_address(row.get("archived_url") or ""):
        return row["archived_url"], "archived copy"
    return "", ""


def why(row: Row) -> str:
    """The reason's meaning, and what was seen if that says more."""
    known = REASONS.get(row["reason"])
    meaning = known.meaning if known else words(row["reason"])
    return f"{meaning}. {row['detail']}" if row.get("detail") else meaning


def pressing(row: Row) -> tuple[int, int, str]:
    """Sort key of the links: worst first, then as in the article."""
    return PRESSING.index(row["health"]), row.get("first_line") or 0, row["target"]


def _items(rows: Iterable[Row], wanted: Callable[[Row], bool]) -> tuple[Item, ...]:
    return tuple(_item(row) for row in sorted(filter(wanted, rows), key=pressing))


def _item(row: Row) -> Item:
    instead, kind = replacement(row)
    return Item(
        target=row["target"],
        name=name_of(row),
        url=row["url"],
        line=row.get("first_line"),
        health=row["health"],
        reason=row["reason"],
        why=why(row),
        replacement=instead,
        replacement_is=kind,
        since=day(row.get("failing_since")),
    )


def _news(changes: Sequence[Change], links: Mapping[str, Row]) -> tuple[tuple[Group, ...], tuple[Item, ...]]:
    groups: dict[str, list[Item]] = {heading: [] for heading in dict.fromkeys(_NEWS.values())}
    other: list[Item] = []
    for change in changes:
        item = _changed(change, links.get(change.target))
        groups[_NEWS[change.kind]].append(item) if change.kind in _NEWS else other.append(item)
    news = tuple(Group(heading, tuple(items)) for heading, items in groups.items() if items)
    return news, tuple(other)


def _changed(change: Change, row: Row | None) -> Item:
    told = _KINDS.get(change.kind, words(change.kind))
    before, after = ("", "") if change.kind in _SAYS_ALL else (change.before, change.after)
    if row is None:  # the article no longer has it
        name = change.title or change.url or change.target
        return Item(
            change.target, name, change.url, change.line, "", change.kind, told, "", "", "", before, after
        )
    item = _item(row)
    telling = row["health"] in DEAD or row.get("suggested_url")
    return item._replace(why=item.why if telling else told, before=before, after=after)


def _gaps(papers: Sequence[Row]) -> Iterable[Gap]:
    for row in papers:
        if row.get("code_source") == "record" and row.get("code_url"):
            name = str(row.get("title") or row.get("section_title") or row.get("paper_url"))
            yield Gap(
                row.get("number"), name, row.get("first_line"), row["code_url"], row.get("paper_target") or ""
            )
