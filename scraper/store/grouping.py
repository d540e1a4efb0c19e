"""Outcomes committed in groups: what comes within a few milliseconds shares one transaction.

A kill costs the last group at most, whose targets are asked again; what was committed never is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from scraper.model import Outcome
from scraper.store.store import Store

WAIT = 0.005
"""Seconds that an outcome waits for company."""
MOST = 200
"""Outcomes in a group, so that no commit holds the loop up."""


class Groups:
    """The outcomes of one run, on their way into the store; within an event loop."""

    def __init__(
        self, store: Store, run: int, started: datetime, on_outcome: Callable[[Outcome], None]
    ) -> None:
        """`on_outcome` is called with each outcome that was new, when it is committed."""
        self._store = store
        self._run = run
        self._started = started
        self._on_outcome = on_outcome
        self._waiting: list[Outcome] = []
        self._timer: asyncio.TimerHandle | None = None
        self._refused: Exception | None = None

    def add(self, outcome: Outcome) -> None:
        """Take an outcome.

        Raises:
            StoreError: it, or a group before it, could not be committed.
        """
        if self._refused:
            raise self._refused
        self._waiting.append(outcome)
        if len(self._waiting) >= MOST:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WAIT, self._due)

    def flush(self) -> None:
        """Commit what waits.

        Raises:
            StoreError: it could not be, now or before.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._refused:
            raise self._refused
        group, self._waiting = self._waiting, []
        if group:
            for outcome in self._store.commit_group(self._run, group, self._started):
                self._on_outcome(outcome)

    def _due(self) -> None:
        try:
            self.flush()
        except Exception as refused:  # noqa: BLE001 - nobody hears what a timer raises: whoever comes next is told
            self._refused = refused
