"""What a run has to tell, most pressing first. Every report tells this one story in its own way. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scraper.model import Change, Health
from scraper.reports import news
from scraper.reports.items import PRESSING, Gap, Group, Item, Teller, gaps, pressing
from scraper.reports.model import Edition, Row, counts_of
from scraper.reports.text import count, plain
from scraper.verdicts.reasons import DEAD

DEADLINE = "deadline"
"""The reason of a link whose turn did not come."""

MEANINGS: Mapping[str, str] = {
    Health.ALIVE: "Works as it should",
    Health.MOVED: "Works, at a new permanent address",
    Health.BLOCKED: "The site refuses automated visitors",
    Health.BROKEN: "Gone or wrong",
    Health.FAILING: "No usable answer, after retries",
    Health.UNVERIFIED: "Could not be checked",
}


@dataclass(frozen=True)
class Story:
    counts: dict[str, int]
    total: int
    first_run: bool
    news: tuple[Group, ...]
    """What changed since the run before, by heading, most pressing first."""
    other: tuple[Item, ...]
    """Changes that need nobody's attention: stars, licences, links added to the article."""
    still: tuple[Item, ...]
    """Broken or failing as before."""
    replace: tuple[Item, ...]
    """Moved, as before."""
    gaps: tuple[Gap, ...]
    checked: Mapping[str, Row] = field(default_factory=dict)
    incomplete: str = ""
    """One sentence on what was not checked; empty when everything was."""
    unasked: int = 0
    """Links whose turn did not come."""
    remarks: tuple[str, ...] = ()
    """Sentences on the article itself: how it was read, and what is wrong with it."""

    @property
    def dead(self) -> int:
        return sum(self.counts[health] for health in DEAD)

    @property
    def confirmed(self) -> int:
        """Old trouble that is confirmed dead."""
        return sum(item.confirmed for item in self.still)

    @property
    def standing(self) -> str:
        """How many links are alive."""
        if not self.total:
            return "the article has no links"
        return standing(self.counts[Health.ALIVE], self.total, self.unasked)

    @property
    def changed(self) -> str:
        """What is new, counted: `2 newly broken, 1 recovered`."""
        if self.first_run:
            return "first run: nothing to compare yet"
        told = [f"{len(group.items):,} {group.heading.lower()}" for group in self.news]
        return ", ".join(told) or "no change needs your attention"

    @property
    def headline(self) -> str:
        """One sentence for the top of everything."""
        if not self.total:
            return "The article has no links."
        return f"{self.standing.replace(' alive', ' are alive')}; {self.changed}."

    @property
    def told(self) -> tuple[Item, ...]:
        """All news, most pressing first."""
        return tuple(item for group in self.news for item in group.items)

    @property
    def aside(self) -> str:
        """The other changes, counted."""
        return aside(self.other)

    @property
    def hand(self) -> tuple[Item, ...]:
        """Every link that somebody should edit or look at, once, most pressing first."""
        new = [item for item in self.told if item.health in DEAD or item.replacement]
        unique = {item.target: item for item in reversed((*new, *self.still, *self.replace))}
        return tuple(sorted(reversed(unique.values()), key=lambda item: PRESSING.index(item.health)))


def tell(edition: Edition) -> Story:
    """The story of an edition."""
    links = {row["target"]: row for row in edition.links}
    teller = Teller(edition)
    changed = [teller.changed(change, links.get(change.target)) for change in edition.changes]
    groups = _groups(item for item in changed if news.is_news(item.kind))
    told = {item.target for group in groups for item in group.items}
    rest = [row for row in edition.links if row["target"] not in told]
    first_run = len(edition.trend) <= 1 and not edition.changes and edition.compared is None
    return Story(
        counts=counts_of(edition.links),
        total=len(edition.links),
        first_run=first_run,
        news=groups,
        other=tuple(item for item in changed if not news.is_news(item.kind)),
        still=_items(teller, rest, lambda row: row["health"] in DEAD),
        replace=_items(
            teller, rest, lambda row: row["health"] not in DEAD and bool(row.get("suggested_url"))
        ),
        gaps=tuple(gaps(edition.papers)),
        checked=teller.checked,
        incomplete=incomplete(edition, first_run),
        unasked=unasked(edition)[0],
        remarks=tuple(remarks(edition)),
    )


def incomplete(edition: Edition, first_run: bool) -> str:
    """What was not checked, and what is said of it; empty when everything was."""
    left, links = unasked(edition)
    if not left:
        return ""
    one = left == 1
    counts = f"{'It counts' if one else 'They count'} as unverified, with what earlier runs found."
    known = f"Nothing is known of {'it' if one else 'them'} yet." if first_run else counts
    which = f"{left:,} of {count(links, 'link')} {'was' if one else 'were'}"
    return f"Incomplete: {which} not checked, for the run's time was up. {known}"


def unasked(edition: Edition) -> tuple[int, int]:
    """How many links were not asked, of how many."""
    counted = sum(check["reason"] == DEADLINE for check in edition.checks), len(edition.links)
    return edition.unasked or counted


def remarks(edition: Edition) -> Iterator[str]:
    """What whoever edits the article should know of it, whatever its links say."""
    yield from (f"The article {plain(notice)}." for notice in edition.notices)
    if edition.lost:
        told = count(edition.lost, "character of the article was", "characters of the article were")
        yield f"{told} lost to a wrong encoding."
    if edition.problems:
        first = edition.problems[0]
        told = count(len(edition.problems), "problem")
        which = "in" if len(edition.problems) == 1 else "the first in"
        yield f"{told} in the article, {which} line {first.line}: {plain(first.message)}."


def standing(alive: int, total: int, unasked: int) -> str:
    """`221 of 298 links alive, 38 not checked`: what was not checked is not dead."""
    return f"{alive:,} of {count(total, 'link')} alive{f', {unasked:,} not checked' if unasked else ''}"


def aside(items: Iterable[Item]) -> str:
    """Changes that are no news, counted: `3 other changes: added to the article (2), licence changed (1)`."""
    numbers = Counter(news.told(item.kind).heading.lower() for item in items)
    kinds = numbers.most_common()
    named = [name for name, _ in kinds] if len(kinds) == 1 else [f"{name} ({n:,})" for name, n in kinds]
    return f"{count(numbers.total(), 'other change')}: {', '.join(named)}" if kinds else ""


def calls(changes: Iterable[Change]) -> bool:
    """Whether there is trouble that was not there before (`--fail-on new`)."""
    return any(news.told(kind_of(change)).calls for change in changes)


def kind_of(change: Change) -> str:
    """The kind of a change; `added` splits in two, for a broken link is news wherever it comes from."""
    dead = change.kind == "added" and change.after.partition(" ")[0] in DEAD
    return news.ADDED_BROKEN if dead else change.kind


def _groups(items: Iterable[Item]) -> tuple[Group, ...]:
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: news.rank(item.kind)):
        groups.setdefault(news.told(item.kind).heading, []).append(item)
    in_order = (
        sorted(members, key=lambda item: (item.line or 0, item.target)) for members in groups.values()
    )
    return tuple(Group(heading, tuple(members)) for heading, members in zip(groups, in_order, strict=True))


def _items(teller: Teller, rows: Sequence[Row], wanted: Callable[[Row], bool]) -> tuple[Item, ...]:
    return tuple(teller.item(row) for row in sorted(filter(wanted, rows), key=pressing))
