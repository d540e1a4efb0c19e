"""Several articles as one story: what is new over all of them, and which of them changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scraper.model import Health
from scraper.reports import news
from scraper.reports.items import Item
from scraper.reports.model import Edition, Summary
from scraper.reports.story import Story, standing, tell
from scraper.reports.text import NAMES, count, moment, plain, shorten

FEW = 3
"""Articles up to which each has a line of its own."""


class Told(NamedTuple):
    """An article with its story."""

    edition: Edition
    story: Story

    @property
    def listed(self) -> tuple[Item, ...]:
        """What is worth a line: the news, or all that a first run finds."""
        return self.story.hand if self.story.first_run else self.story.told

    @property
    def changed(self) -> bool:
        return bool(self.story.told)

    def moved(self, *, before: bool) -> int:
        """Links with a new address that are no news: those that were seen so before, or the others, of which
        nothing was known: an incomplete run had not asked them, or the article has them since this run."""
        added = {change.target for change in self.edition.changes if change.kind == "added"}
        return sum((item.target not in added and self._was(item)) is before for item in self.story.replace)

    def _was(self, item: Item) -> bool:
        """Whether it had the same health when it was last checked before this run."""
        past = self.edition.histories.get(item.target, ())[
            : -1 if item.target in self.story.checked else None
        ]
        known = [health for _, health in past if health != Health.UNVERIFIED]
        return known[-1:] == [item.health]


class Overview(NamedTuple):
    headline: str
    counts: Counter[str]
    incomplete: tuple[str, ...]
    """A sentence for each article that was not checked whole; of many, one for all."""
    compared: str
    """Which two runs the news is about; empty for a first run, and where articles differ in it."""


class Cost(NamedTuple):
    """What a run cost."""

    requests: float
    links: int
    """Links that it was for; 0 when that is not known."""
    seconds: float

    @classmethod
    def of(cls, editions: Sequence[Edition]) -> Cost:
        """What the articles cost: a link counts in each of them."""
        requests = sum(edition.requests for edition in editions)
        links = sum(len(edition.links) for edition in editions)
        return cls(requests, links, max((edition.elapsed for edition in editions), default=0.0))

    @property
    def told(self) -> str:
        each = f", {self.requests / self.links:.1f} per link" if self.links else ""
        return f"{count(round(self.requests), 'request')}{each}, in {self.seconds:,.0f} s"


def tell_all(editions: Sequence[Edition]) -> list[Told]:
    return [Told(edition, tell(edition)) for edition in editions]


def overview(stories: Sequence[Told], failed: int = 0) -> Overview:
    """The first lines of the summary over all articles."""
    counts: Counter[str] = Counter()
    for one in stories:
        counts.update(one.story.counts)
    alone = len(stories) == 1 and not failed
    incomplete = tuple(_incomplete(stories, alone=alone))
    headline = _one(stories[0]) if alone else _several(stories, counts, failed)
    return Overview(headline, counts, incomplete, _compared(stories))


def _incomplete(stories: Sequence[Told], *, alone: bool) -> Iterator[str]:
    """A sentence for each article, or one for all where there are many."""
    some = [one for one in stories if one.story.incomplete]
    if len(some) <= FEW:
        yield from (
            one.story.incomplete if alone else f"{one.edition.name}: {one.story.incomplete}" for one in some
        )
        return
    left = f"{sum(one.story.unasked for one in some):,} links of {len(some):,} articles"
    yield f"Incomplete: {left} were not checked, for the run's time was up."


def _one(told: Told) -> str:
    title = shorten(plain(told.edition.title or told.edition.name), NAMES)
    return f"{title}: {told.story.changed}. {_capital(told.story.standing)}."


def _several(stories: Sequence[Told], counts: Counter[str], failed: int) -> str:
    unasked = sum(one.story.unasked for one in stories)
    alive = standing(counts[Health.ALIVE], counts.total(), unasked)
    unread = f"; {count(failed, 'article')} could not be read" if failed else ""
    changed = sum(one.changed for one in stories)
    first = sum(one.story.first_run for one in stories)
    if stories and first == len(stories):
        return f"First run of {count(len(stories), 'article')}{unread}. {alive}."
    told = ", ".join(f"{number:,} {heading.lower()}" for heading, number in headings(stories)) or "no news"
    return f"{changed:,} of {count(len(stories), 'article')} changed: {told}{unread}. {alive}."


def headings(stories: Sequence[Told]) -> list[tuple[str, int]]:
    """What is new, counted by heading, most pressing first."""
    numbers: dict[str, int] = {}
    kinds = sorted((item.kind for one in stories for item in one.story.told), key=news.rank)
    for kind in kinds:
        heading = news.told(kind).heading
        numbers[heading] = numbers.get(heading, 0) + 1
    return list(numbers.items())


def _compared(stories: Sequence[Told]) -> str:
    before = {one.edition.compared for one in stories if one.edition.compared}
    if len(before) != 1 or not stories:
        return ""
    return f"Compared with the run of {moment(before.pop())}."


def summarise(edition: Edition) -> Summary:
    """The line that the index needs of an edition."""
    told = Told(edition, tell(edition))
    return Summary(
        edition.name,
        edition.title,
        edition.made_at,
        edition.sandbox,
        told.story.counts,
        edition.trend,
        tuple(headings([told])),
        told.story.unasked,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
