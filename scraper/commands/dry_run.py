"""`scraper refresh --dry-run`: which requests a run would make, and how long politeness makes it last.

The lower bound of a run is the largest of two terms (README, "How long a run takes"): the busiest key's
requests times its pace, and all requests' latencies over the slots. What is expected besides is what the
dispatcher itself makes of the plan, on a clock of its own.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scraper.model import Article, Called, Question, Record, Request, Site, Target
from scraper.sites import sites
from scraper.sites.identity import targets
from scraper.visits.pacing import pacing
from scraper.visits.turns import Turns

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.store.store import Store

_GOLDEN = 0.6180339887498949
"""Its multiples, less their whole parts, fill 0 to 1 evenly from the first on."""

LATENCY = 0.5
"""Seconds that a request is taken to last; what is measured for servers all over the world."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one key is in for."""

    key: str
    targets: int
    requests: int
    interval: float
    concurrency: int = 1

    @property
    def seconds(self) -> float:
        """At least: the last request goes out when its turn has come and when there is a place for it."""
        rounds = -(-self.requests // self.concurrency)
        return max((self.requests - 1) * self.interval, (rounds - 1) * LATENCY, 0.0) + LATENCY


@dataclass(frozen=True, slots=True)
class Forecast:
    turns: tuple[Turn, ...]
    """The keys, the longest work first: the order in which the dispatcher prefers them."""
    slots: int
    expected: float = 0.0
    """Seconds that the dispatcher takes when each request lasts `LATENCY`."""
    spared: int = 0
    """Links that are left alone, for they were alive so lately (`max_age`)."""

    @property
    def requests(self) -> int:
        return sum(turn.requests for turn in self.turns)

    @property
    def seconds(self) -> float:
        """The lower bound."""
        longest = max((turn.seconds for turn in self.turns if turn.requests), default=0.0)
        return max(longest, self.requests * LATENCY / self.slots)


class Nothing:
    """The memory of a first run."""

    def validator(self, url: str) -> str:
        return ""

    def last_read(self, target: str) -> datetime | None:
        return None

    def record(self, target: str) -> Record:
        return {}

    def called(self, target: str) -> Called:
        return Called()


def foresee(articles: Sequence[Article], settings: Settings, store: Store | None, now: datetime) -> Forecast:
    """What `refresh` would do with these articles at this moment; nothing is written and nobody is asked."""
    every = targets(articles)
    wanted = every if store is None else list(_wanted(every, articles, settings, store, now))
    found = forecast(wanted, sites(settings, store or Nothing()), settings)
    return replace(found, spared=len(every) - len(wanted))


def _wanted(
    every: Sequence[Target], articles: Sequence[Article], settings: Settings, store: Store, now: datetime
) -> Iterator[Target]:
    """What is not done yet of a run that can be gone on with, and was not alive lately."""
    run = store.resumable(articles, now, timedelta(seconds=settings.resume)) if settings.resume else None
    left = None if run is None else set(_left(store, run))
    age = timedelta(seconds=settings.max_age)
    for target in every:
        done = left is not None and target.key not in left
        if not done and not (age and store.fresh(target.key, now, age)):
            yield target


def _left(store: Store, run: int) -> Iterator[str]:
    for key, count in store.remaining(run).items():
        yield from (target.key for target in store.planned(run, key, count))


def forecast(targets: Iterable[Target], sites: Mapping[str, Site], settings: Settings) -> Forecast:
    """The questions of all targets, by key; follow-ups to bad news (a probe, a memento) are not foreseen."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.site, []).append(target)
    questions = [question for site, group in groups.items() for question in sites[site].ask(group)]
    plan = Forecast(tuple(_turns(questions, settings)), settings.slots)
    return replace(plan, expected=max(plan.seconds, expected(plan.turns, settings)))


def _turns(questions: Iterable[Question], settings: Settings) -> list[Turn]:
    counts: dict[str, tuple[int, int]] = {}
    for question in questions:
        targets, requests = counts.get(question.key, (0, 0))
        counts[question.key] = (
            targets + len(question.targets) + len(question.waiting),
            requests + question.requests,
        )
    pace = pacing(settings)
    turns = [Turn(key, *count, *pace(key)) for key, count in counts.items()]
    return sorted(turns, key=lambda turn: (-turn.seconds, turn.key))


def expected(turns: Iterable[Turn], settings: Settings) -> float:
    """Seconds until the dispatcher is done, by running it on a clock that jumps from event to event."""
    ticking = Turns(settings.slots, pacing(settings), lambda key: ([_ticket(key)], 1))
    for turn in turns:
        if turn.requests:
            ticking.plan(turn.key, turn.requests)
    return simulate(ticking, LATENCY)


def _ticket(key: str) -> Question:
    return Question(key, "", "", (), Request(""))


def simulate(turns: Turns, latency: float) -> float:
    """When the last answer is there, if they take `latency` seconds on average; the clock begins at 0.

    From a half to one and a half of it, evenly and the same in every simulation: answers that all took as
    long as each other would come, and free their slots, in bunches that no real web knows.
    """
    now, under_way, part = 0.0, list[tuple[float, str]](), 0.0
    while not turns.done:
        while (ticket := turns.take(now)) is not None:
            assert isinstance(ticket, Question)
            part = (part + _GOLDEN) % 1.0
            heapq.heappush(under_way, (now + latency * (0.5 + part), ticket.key))
        wakes_at = turns.wakes_at()
        times = [*([] if wakes_at is None else [wakes_at]), *([under_way[0][0]] if under_way else [])]
        now = max(now, min(times))
        while under_way and under_way[0][0] <= now:
            turns.give_back(heapq.heappop(under_way)[1], now)
    return now


def as_text(plan: Forecast, most: int = 18) -> str:
    """A table of the busiest keys, 80 columns wide, and what the run will take."""
    lines = [f"{'key':<40} {'targets':>8} {'requests':>9} {'every':>7} {'lasts':>9}"]
    for turn in plan.turns[:most]:
        lines.append(
            f"{turn.key[:40]:<40} {turn.targets:>8} {turn.requests:>9}"
            f" {turn.interval:>6.2f}s {turn.seconds:>8.1f}s"
        )
    if len(plan.turns) > most:
        lines.append(f"… and {len(plan.turns) - most} more keys")
    keys = len(plan.turns)
    if plan.spared:
        lines.append(f"{plan.spared} links are left alone: done in the run to go on with, or alive lately")
    lines.append(
        f"{plan.requests} requests to {keys} keys; they last {plan.seconds:.0f} s at least, "
        f"about {plan.expected:.0f} s as planned"
    )
    return "\n".join(lines)


def as_json(plan: Forecast) -> str:
    """The same for programs; all keys."""
    content = {
        "requests": plan.requests,
        "lower_bound_seconds": round(plan.seconds, 3),
        "expected_seconds": round(plan.expected, 3),
        "spared": plan.spared,
        "keys": [asdict(turn) | {"seconds": round(turn.seconds, 3)} for turn in plan.turns],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
