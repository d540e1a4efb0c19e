"""Names what held the event loop: while it stands still nobody is asked, heard or stopped."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

log = logging.getLogger(__name__)

HELD = 0.5
"""Seconds without a beat of the loop that are worth a word."""
BEAT = 0.1


@contextmanager
def watchdog() -> Iterator[list[str]]:
    """Watch the running loop; the list grows by what held it, which the log is told as well (`-v`)."""
    loop, watched, over = asyncio.get_running_loop(), threading.get_ident(), threading.Event()
    held: list[str] = []
    last = [time.monotonic()]

    def beat() -> None:
        last[0] = time.monotonic()
        timers[0] = loop.call_later(BEAT, beat)

    def watch() -> None:
        told = 0.0
        while not over.wait(BEAT):
            since = last[0]
            if time.monotonic() - since > HELD and since != told:
                told = since
                held.append(_place(sys._current_frames().get(watched)))
                log.info("the loop has stood still for %.1f s in %s", time.monotonic() - since, held[-1])

    timers = [loop.call_later(BEAT, beat)]
    thread = threading.Thread(target=watch, name="watchdog", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        over.set()
        timers[0].cancel()
        thread.join()


def _place(frame: FrameType | None) -> str:
    """The innermost function of ours that is at work, else the innermost there is."""
    first = frame
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("scraper."):
        frame = frame.f_back
    found = frame or first
    if found is None:
        return "a thread that is gone"
    return f"{found.f_globals.get('__name__')}.{found.f_code.co_name}, line {found.f_lineno}"
