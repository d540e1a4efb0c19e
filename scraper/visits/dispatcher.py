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
    loop = asyncio.get_running_loop()
    clock = time.monotonic  # the loop's own may be as old as the bunch of answers it is busy with
    wake = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def sleep_of(key: str, seconds: float) -> None:
        turn: asyncio.Future[None] = loop.create_future()
        turns.again(key, turn, clock() + seconds)
        turns.give_back(key, clock())
        wake.set()
        await turn

    async def run(question: Question | None) -> None:
        # Who is done asks the next question itself: its request goes out at once, and not only when all
        # answers that came at the same moment have been read. So they do not come in one bunch again.
        while question is not None:
            key = question.key
            try:
                follow_ups = await perform(question, functools.partial(sleep_of, key))
            finally:
                turns.give_back(key, clock())
                wake.set()
            for follow_up in follow_ups:
                turns.add(follow_up, clock())
            question = take()

    def take() -> Question | None:
        """The next question whose turn has come; sleepers whose turn has come are woken on the way."""
        while isinstance(ticket := turns.take(clock()), asyncio.Future):
            ticket.set_result(None)
        return ticket

    def finished(task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        wake.set()

    failed: list[BaseException] = []
    try:
        while not turns.done and not failed:
            wake.clear()
            while (question := take()) is not None:
                task = loop.create_task(run(question))
                tasks.add(task)
                task.add_done_callback(finished)
                task.add_done_callback(lambda task: _collect(task, failed))
            await _until(wake, turns.wakes_at(), loop)
    finally:
        await _wind_up(tasks)
    if failed:
        raise failed[0]


def _collect(task: asyncio.Task[None], failed: list[BaseException]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        failed.append(error)


async def _until(wake: asyncio.Event, at: float | None, loop: asyncio.AbstractEventLoop) -> None:
    """Wait for `wake`, and set it at the given time."""
    timer = loop.call_later(max(0.0, at - time.monotonic()), wake.set) if at is not None else None
    try:
        await wake.wait()
    finally:
        if timer is not None:
            timer.cancel()


async def _wind_up(tasks: set[asyncio.Task[None]]) -> None:
    """Cut short what still runs, so that no socket outlives the loop."""
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
