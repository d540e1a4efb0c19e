"""The end of the time that a run has: what is still asked after it, and what is said of the rest.

`asyncio` is imported late: commands that ask nobody have this module as well.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import NamedTuple, Protocol

from scraper.model import Health, Outcome, Target, Verdict

AFTER = 1.0
"""Seconds for the question whether there is a network at all, once the time is up."""


def ending(begun: float, deadline: float) -> float | None:
    """When the time is up, on the monotonic clock, which is asyncio's too; None where there is no limit.

    `begun` is on the same clock, `deadline` in seconds, 0 for none.
    """
    return begun + deadline if deadline else None


class Cost(NamedTuple):
    """What was spent on a target that is not settled."""

    attempts: int = 0
    requests: float = 0.0
    """Requests sent; its share of a batch counts."""
    seconds: float = 0.0


def late(target: Target, at: datetime, cost: Cost | None = None) -> Outcome:
    """What is said of a target that is not settled when the time is up."""
    attempts, requests, seconds = cost or Cost()
    when = "while it was being asked" if requests else "before its turn came"
    verdict = Verdict(Health.UNVERIFIED, "deadline", f"the run's time was up {when}")
    spent = round(1000 * seconds)
    return Outcome(target, verdict, at, attempts=attempts, requests=requests, elapsed_ms=spent)


class Doubtful(Protocol):
    """Visits that know whether anything answered."""

    async def offline(self) -> str:
        """Why nothing may be believed; empty when it may."""
        ...


async def offline(visits: Doubtful, ends: float | None) -> str:
    """Why nothing may be believed; nobody waits for the answer for much longer than the time there is."""
    import asyncio

    try:
        async with asyncio.timeout_at(None if ends is None else max(ends, time.monotonic()) + AFTER):
            return await visits.offline()
    except TimeoutError:
        return "nothing answered up to the deadline, and a known address did not after it"
