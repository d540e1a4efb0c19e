"""The one place that knows about time: the loop around `Turns`, which says whose turn it is.

A slot is never held while waiting: neither for a key's turn, nor for Retry-After, nor between two tries.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Iterable

from scraper.model import Question
from scraper.visits.turns import Turns


class Lag:
    """When the event loop was last late by more than a second: no timeout it may have made is believed."""

    def __init__(self) -> None:
        self._seen = float("-inf")

    async def watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.25
            await asyncio.sleep(0.25)
            if loop.time() - due > 1.0:
                self._seen = loop.time()

    def since(self, begun: float) -> bool:
        return self._seen >= begun


Sleep = Callable[[float], Awaitable[None]]
Perform = Callable[[Question, Sleep], Awaitable[Iterable[Question]]]


async def dispatch(turns: Turns, perform: Perform) -> None:
    """Run until nothing is left. Cancelled (a deadline, a signal), it cuts short what is under way.

    `perform(question, sleep)` asks and reads, and returns the questions that follow; it sleeps between tries
    by the `sleep` it is given, which frees the slot. What it raises ends the run.
    """
    await _Dispatch(turns, perform).run()


class _Dispatch:
    """The state of one dispatch."""

    def __init__(self, turns: Turns, perform: Perform) -> None:
        self._turns = turns
        self._perform = perform
        self._wake = asyncio.Event()
        """Something was given back, or has failed: the loop looks again whose turn it is."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: list[BaseException] = []
        self._clock = time.monotonic  # the loop's own may be as old as the bunch of answers it is busy with

    async def run(self) -> None:
        try:
            while not self._turns.done and not self._failed:
                self._wake.clear()
                while (question := self._take()) is not None:
                    self._begin(question)
                await self._until(self._turns.wakes_at())
        finally:
            await self._wind_up()
        if self._failed:
            raise self._failed[0]

    def _take(self) -> Question | None:
        """The next question whose turn has come; sleepers whose turn has come are woken on the way."""
        while isinstance(ticket := self._turns.take(self._clock()), asyncio.Future):
            ticket.set_result(None)
        return ticket

    def _begin(self, question: Question) -> None:
        task = asyncio.get_running_loop().create_task(self._ask(question))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _ask(self, question: Question | None) -> None:
        # Who is done asks the next question itself: its request goes out at once, and not only when all
        # answers that came at the same moment have been read. So they do not come in one bunch again.
        while question is not None:
            try:
                follow_ups = await self._perform(question, functools.partial(self._sleep, question.key))
            finally:
                self._give_back(question.key)
            for follow_up in follow_ups:
                self._turns.add(follow_up, self._clock())
            question = self._take()

    async def _sleep(self, key: str, seconds: float) -> None:
        """Sleep without a slot; it comes back when it is this key's turn again."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.again(key, turn, self._clock() + seconds)
        self._give_back(key)
        await turn

    def _give_back(self, key: str) -> None:
        self._turns.give_back(key, self._clock())
        self._wake.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed.append(error)
        self._wake.set()

    async def _until(self, at: float | None) -> None:
        """Wait until something happens, or for the time at which somebody's turn comes."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(max(0.0, at - self._clock()), self._wake.set) if at is not None else None
        try:
            await self._wake.wait()
        finally:
            if timer is not None:
                timer.cancel()

    async def _wind_up(self) -> None:
        """Cut short what still runs, so that no socket outlives the loop."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
