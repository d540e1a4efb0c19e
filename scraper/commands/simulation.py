"""A run on a clock that jumps from event to event: the dispatcher's own turns, with answers made of memories.

What a link did last time (how long it took, how often it was tried, whether it strained its host) is taken
for what it will do this time. So a host that answered 503 slows the simulated run as it did the real one.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Mapping
from statistics import median
from typing import NamedTuple

from scraper.model import Question
from scraper.visits.turns import Turns

LATENCY = 0.5
"""Seconds that a request is taken to last where nothing is known; measured for servers all over the world."""

_GOLDEN = 0.6180339887498949
"""Its multiples, less their whole parts, fill 0 to 1 evenly from the first on."""
_ENOUGH = 5
"""Measured requests that stand for those that were not."""


class Cost(NamedTuple):
    """What one question takes."""

    seconds: float
    """Of one try."""
    tries: int = 1
    strained: bool = False
    """Its answer slows the host down: 429, 503, a timeout."""
    unreachable: bool = False
    """It could not even connect."""


def typical(known: Iterable[Cost], latency: float = LATENCY) -> float:
    """Seconds of a request of which nothing is known: the median of those that answered at once."""
    seconds = [cost.seconds for cost in known if cost.tries == 1 and not cost.unreachable]
    return median(seconds) if len(seconds) >= _ENOUGH else latency


def simulate(turns: Turns, latency: float, costs: Mapping[int, Cost] | None = None) -> float:
    """When the last answer is there; the clock begins at 0.

    `costs` are those of questions by their `id`; each other answer takes `latency` seconds on average, from a
    half to one and a half of it, evenly and the same in every simulation: answers that all took as long as
    each other would come, and free their slots, in bunches that no real web knows.
    """
    known = costs or {}
    now, part, tried = 0.0, 0.0, dict[int, int]()
    under_way: list[tuple[float, int, Question]] = []
    order = itertools.count()
    while not turns.done:
        while (ticket := turns.take(now)) is not None:
            assert isinstance(ticket, Question)
            part = (part + _GOLDEN) % 1.0
            cost = known.get(id(ticket))
            lasts = cost.seconds if cost else latency * (0.5 + part)
            tried[id(ticket)] = tried.get(id(ticket), 0) + 1
            heapq.heappush(under_way, (now + lasts, next(order), ticket))
        wakes_at = turns.wakes_at()
        times = [*([] if wakes_at is None else [wakes_at]), *([under_way[0][0]] if under_way else [])]
        now = max(now, min(times))
        while under_way and under_way[0][0] <= now:
            _, _, ticket = heapq.heappop(under_way)
            if cost := known.get(id(ticket)):
                _answered(turns, ticket, cost, tried[id(ticket)], now)
            turns.give_back(ticket.key, now)
    return now


def _answered(turns: Turns, question: Question, cost: Cost, tried: int, now: float) -> None:
    """Have it tried again, or let the host's pace learn from it, as `Visits` does."""
    if tried < min(cost.tries, turns.attempts(question.key, cost.tries)):
        turns.again(question.key, question, now + _pause(tried))
    else:
        turns.learn(
            question.key,
            strained=cost.strained,
            unreachable=cost.unreachable,
            elapsed=tried * cost.seconds,
        )


def _pause(tried: int) -> float:
    """The mean of `web.retrying`'s back-off."""
    return float(min(8.0, 0.5 * 2 ** (tried - 1))) + 0.25
