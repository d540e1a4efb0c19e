"""One question asked: with the manners that its host wants, and what is learned from the answer."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import Offline
from scraper.model import Answer, Question, Request
from scraper.sites import captures, wayback
from scraper.visits.archiving import ArchiveBudget
from scraper.visits.dispatcher import Lag, Sleep
from scraper.visits.network import OFFLINE_FAILURES, Network
from scraper.visits.pacing import stated_interval
from scraper.visits.ports import Fetch, Rules
from scraper.visits.turns import Turns

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.web.retrying import Spend

log = logging.getLogger(__name__)

_HOPELESS = 25
"""Requests that found nothing at all before a run without a single answer gives up as offline."""

_BREATHER = 30.0
"""The longest that a host is left alone, in seconds, after a first 429 that does not say for how long."""


def _merely_limited(answer: Answer) -> bool:
    """Whether all it says is "too often", and not for how long."""
    return answer.failure == "rate_limited" and answer.status == 429 and "retry-after" not in answer.headers


def _is_down(answer: Answer) -> bool:
    return answer.status is not None and answer.status >= 500 and not answer.is_memento


def unasked(url: str, failure: str = "", detail: str = "") -> Answer:
    """The answer to a question that was not sent."""
    return Answer(url, "", failure=failure, detail=detail, attempts=0, requests=0)


@dataclass(slots=True)
class Tally:
    """What the visits cost per key, requests sent and seconds spent: for the summary and `--profile`."""

    requests: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    """Seconds between the tries of a request: back-off, Retry-After, and the turn after it."""
    faults: int = 0
    """Faults of ours: targets that ended as `internal_error`."""

    def add(self, key: str, requests: int, seconds: float) -> None:
        self.requests[key] = self.requests.get(key, 0) + requests
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds

    def of(self, url: str) -> Spend:
        """Books what is asked beside the questions (robots.txt, a login) on the host of its address."""
        host = urlsplit(url).hostname or ""
        return lambda _, requests, seconds: self.add(host, requests, seconds)

    @property
    def total(self) -> int:
        """Requests that were sent."""
        return sum(self.requests.values())


class Asking:
    """Sends the questions of one run, or of one shard of it, when their turn has come."""

    def __init__(
        self,
        settings: Settings,
        web: Fetch,
        turns: Turns,
        renew: Callable[[], Awaitable[None]] | None,
        robots: Rules | None,
        tally: Tally | None = None,
    ) -> None:
        self._settings = settings
        self._web = web
        self._turns = turns
        self._renew = renew
        self._robots = robots
        self._archive = ArchiveBudget(turns, settings.archive_budget)
        self.tally = tally or Tally()
        self.lag = Lag()
        self._network = Network()
        self._silent = 0
        self._warned: set[str] = set()

    async def answer(self, question: Question, sleep: Sleep, spend: Spend = lambda *_: None) -> Answer:
        """The answer; `spend` is told what each exchange cost, of one too that is cut short."""
        key, url = question.key, question.request.url
        self._archive.spend(key)
        if closed := self._turns.closed(key):
            return unasked(url, closed, f"{key} is left alone for now")
        if question.renews_login and self._renew is not None:
            renew, self._renew = self._renew, None
            await renew()
        if self._robots is not None and question.polite:
            if not await self._robots.allowed(url):
                return unasked(url, "robots", "robots.txt of the site asks us not to")
            delay = await self._robots.crawl_delay(url) or 0.0
            if closed := self._turns.closed(key):  # by one that waited for the same robots.txt
                return unasked(url, closed, f"its robots.txt asks for {delay:g} s between two visits")
            self._obey(key, delay)
        most = 1 if question.site == wayback.Wayback.name else self._settings.attempts
        attempts = self._turns.attempts(key, most)
        clock = asyncio.get_running_loop().time

        async def pause(seconds: float) -> None:
            since = clock()
            await sleep(seconds)
            self.tally.waited[key] = self.tally.waited.get(key, 0.0) + clock() - since

        def rest(seconds: float) -> None:
            self._turns.rest(key, clock() + seconds)

        def ready() -> float:
            return self._turns.write(key, time.monotonic())

        def spent(attempt: int, requests: int, seconds: float) -> None:
            self.tally.add(key, requests, seconds)
            spend(attempt, requests, seconds)

        begun = clock()
        ask = functools.partial(
            self._web.fetch, question.request, sleep=pause, rest=rest, ready=ready, spend=spent
        )
        answer = await ask(attempts=attempts)
        if answer.failure == "timeout" and self.lag.since(begun):
            # The loop itself was late: the host may have answered in time and was not heard.
            answer = await ask(attempts=attempts)
        if question.polite and key not in self._warned and _merely_limited(answer):
            # The host is slowed down and comes last; only when it says no again is it left alone.
            self._warned.add(key)
            seconds = min(self._settings.max_wait, _BREATHER)
            rest(seconds)
            self._turns.learn(key, strained=True, unreachable=False, elapsed=answer.elapsed, met="429")
            await pause(seconds)
            answer = await ask(attempts=1)
        said = answer.status or answer.failure
        log.debug("%s %s: %s in %.2f s", question.request.method, url, said, answer.elapsed)
        self._learn(key, answer)
        if self._silent >= _HOPELESS and (why := await self.offline()):
            raise Offline(why)
        return answer

    def _obey(self, key: str, delay: float) -> None:
        """Keep the pause that a site wants; one longer than we may wait leaves the rest of it unvisited."""
        if delay > self._settings.max_wait:
            self._turns.close(key, "robots")
        else:
            self._turns.slow_down(key, delay)

    async def offline(self) -> str:
        """Why nothing of this run may be believed, in words; empty when there is a network.

        A list whose every link is dead looks like a missing network: an address that is not in it decides.
        """
        if not (why := self._network.offline):
            return ""
        url = self._settings.control_url
        control = await self._web.fetch(
            Request(url), sleep=asyncio.sleep, attempts=1, spend=self.tally.of(url)
        )
        self._network.heard(control)
        self._silent = 0
        return "" if control.status is not None and not self._network.captive else why

    def _learn(self, key: str, answer: Answer) -> None:
        self._network.heard(answer)
        silent = answer.failure in OFFLINE_FAILURES
        self._silent = self._silent + 1 if silent else 0
        if answer.failure == "rate_limited":
            self._turns.close(key, "rate_limited")
        elif key in captures.LOOK_UPS and (silent or _is_down(answer)):
            # Where a copy is can wait for the next run; the copies themselves may carry abstracts.
            self._turns.close(key, answer.failure or "server_error")
        elif stated := stated_interval(answer.headers):
            self._turns.slow_down(key, stated)
        self._turns.learn(
            key,
            strained=(answer.status in (429, 503) and not answer.is_memento) or answer.failure == "timeout",
            unreachable=silent,
            elapsed=answer.elapsed,
            met=str(answer.status or answer.failure.replace("_", " ")),
        )
