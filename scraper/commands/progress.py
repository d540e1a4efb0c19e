"""How far a run is and what it waits for: a live line on a terminal, a line a minute where there is none."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.commands.console import Options, use_colour
from scraper.model import Article, Outcome
from scraper.visits.turns import Waiting

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.cluster.coordinator import ClusterVisits
    from scraper.visits.visits import Visits

log = logging.getLogger("scraper")

EVERY = 60.0
"""Seconds between two lines where there is no terminal."""
_NAMED = 3
"""Hosts that are named at once."""


class Progress:
    """What is known of a run under way; `on_outcome` and `watch` are what `run.refresh` is given."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self._clock = clock
        self._begun = clock()
        self._waiting: Callable[[], Sequence[Waiting]] = list

    def on_outcome(self, outcome: Outcome) -> None:
        self.done += 1

    def watch(self, visits: Visits | ClusterVisits) -> None:
        self._waiting = visits.waiting

    def line(self) -> str:
        """`Visiting 285/298  0:33  9/s  1:10 left  waiting for site50.example (12: slowed after 503)`."""
        spent, waiting = self._clock() - self._begun, self._waiting()
        if self.done >= self.total > 0 and not waiting:
            return f"Visited {self.done:,}  {_minutes(spent)}  writing the tables"
        parts = [f"Visiting {self.done:,}/{self.total:,}", _minutes(spent)]
        if self.done and spent >= 1:
            rate = self.done / spent
            parts.append(f"{rate:.0f}/s" if rate >= 2 else f"{60 * rate:.0f}/min")
        # A second that is over before it is read, or that was over ten times, is no estimate.
        if 0 < self.done < self.total and (left := self._left(spent, waiting)) >= 1:
            parts.append(f"about {_minutes(left)} left")
        if names := _names(waiting):
            parts.append(f"waiting for {names}")
        return "  ".join(parts)

    def _left(self, spent: float, waiting: Sequence[Waiting]) -> float:
        """By the pace so far, or by the host that will take the longest, whichever is later."""
        longest = max((one.seconds for one in waiting), default=0.0)
        return max(longest, (self.total - self.done) * spent / self.done)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _names(waiting: Sequence[Waiting]) -> str:
    """The hosts that hold the run up: those in trouble first, then those with the longest wait."""
    chosen = sorted(waiting, key=lambda one: not one.why)[:_NAMED]
    told = [f"{one.key} ({one.left:,}{f': {one.why}' if one.why else ''})" for one in chosen]
    more = [f"{len(waiting) - _NAMED:,} more"] if len(waiting) > _NAMED else []
    return ", ".join((*told, *more))


@contextmanager
def progress(articles: Sequence[Article], options: Options) -> Iterator[Progress]:
    """Shows how far the run is while it lasts; `--quiet` shows nothing."""
    total = len({mention.target for article in articles for mention in article.mentions})
    state = Progress(total)
    if options.quiet:
        yield state
        return
    live = sys.stderr.isatty() and not options.as_json and use_live()
    with _shown(state) if live else _told(state):
        yield state


def use_live() -> bool:
    """Whether a line can be drawn again in its place."""
    from rich.console import Console

    return not Console(stderr=True).is_dumb_terminal


@contextmanager
def _told(state: Progress) -> Iterator[None]:
    """A line a minute in the log, whatever its level: a run of hours must not look like one that hangs."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY):
            log.handle(log.makeRecord(log.name, logging.INFO, __file__, 0, state.line(), (), None))

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _shown(state: Progress) -> Iterator[None]:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from scraper.reports.terminal import fit

    console = Console(stderr=True, no_color=not use_colour())

    class Line:
        def __rich__(self) -> Text:
            return Text(fit(state.line(), console.width), no_wrap=True, overflow="ellipsis")

    with Live(Line(), console=console, transient=True, refresh_per_second=4):
        yield
