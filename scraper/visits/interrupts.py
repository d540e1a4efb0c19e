"""Signals that end a run: what is done is kept."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGINT and SIGTERM cancel the current task, once; a second one ends the program at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    before = {number: signal.getsignal(number) for number in ENDING}

    def stop() -> None:
        for number in ENDING:
            loop.remove_signal_handler(number)
        if task is not None:
            task.cancel()

    for number in ENDING:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in ENDING:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
