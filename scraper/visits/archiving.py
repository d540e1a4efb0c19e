"""How long a run may be held up by looking for archived copies."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scraper.sites import captures

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.visits.turns import Turns


class ArchiveBudget:
    """The archive's look-ups have a time of their own; what it leaves is looked for in the next run.

    Beside other work they cost nothing: only when nothing else is waiting any more does their time end.
    """

    def __init__(self, turns: Turns, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._turns = turns
        self._seconds = seconds
        self._clock = clock
        self._began: float | None = None
        """When the first look-up had its turn."""

    def spend(self, key: str) -> None:
        """Before a question of the key is sent: closes the look-ups when their time is over."""
        if key not in captures.LOOK_UPS:
            return
        if self._began is None:
            self._began = self._clock()
        over = self._clock() - self._began >= self._seconds
        if over and all(other in captures.PACES for other, _ in self._turns.remaining()):
            for service in sorted(captures.LOOK_UPS):
                if not self._turns.closed(service):
                    self._turns.close(service, "deadline")
