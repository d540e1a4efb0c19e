"""The end of the time that a run has, and what is still asked after it.

`asyncio` is imported late: commands that ask nobody have this module as well.
"""

from __future__ import annotations

import time
from typing import Protocol

AFTER = 1.0
"""Seconds for the question whether there is a network at all, once the time is up."""


def ending(begun: float, deadline: float) -> float | None:
    """When the time is up, on the monotonic clock, which is asyncio's too; None where there is no limit.

    `begun` is on the same clock, `deadline` in seconds, 0 for none.
    """
    return begun + deadline if deadline else None


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
