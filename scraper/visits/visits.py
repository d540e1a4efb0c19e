"""One run's visits: questions are asked in turn, answers are read, targets are settled one by one.

The same code runs in `refresh` and on a worker of the cluster: it is given a plan (which targets wait under
which key) and a sink for outcomes, and knows neither the store nor the tables.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.errors import Offline
from scraper.model import Answer, Finding, Outcome, Question, Reading, Request, Site, Sparing, Target
from scraper.sites import KINDS, captures, wayback
from scraper.verdicts.health import Claim as Claimed
from scraper.verdicts.health import finding, overlay, weigh
from scraper.verdicts.reasons import DEAD
from scraper.visits.dispatcher import Lag, Sleep, dispatch
from scraper.visits.network import OFFLINE_FAILURES, Network
from scraper.visits.pacing import pacing, stated_interval
from scraper.visits.ports import Fetch, Plan, Rules, Suggest
from scraper.visits.turns import Turns, Waiting
from scraper.visits.watchdog import watchdog

if TYPE_CHECKING:
    from scraper.settings import Settings

log = logging.getLogger(__name__)

CHUNK = 500
"""Targets taken from the plan at once: enough for whole batches, few enough for a million to stay on disk."""

_HOPELESS = 25
"""Requests that found nothing at all before a run without a single answer gives up as offline."""

_BREATHER = 30.0
"""Seconds at most that a host is left in peace after a first 429 that does not say for how long."""


_SEES_ALL = frozenset(kind.name for kind in KINDS if kind.hosts)
"""Sites that make batches of a chunk, or share a budget out over it; pages are asked one by one."""


def _merely_limited(answer: Answer) -> bool:
    """Whether all it says is "too often", and not for how long."""
    return answer.failure == "rate_limited" and answer.status == 429 and "retry-after" not in answer.headers


def _is_down(answer: Answer) -> bool:
    return answer.status is not None and answer.status >= 500 and not answer.is_memento


def unasked(url: str, failure: str = "", detail: str = "") -> Answer:
    """The answer to a question that was not sent."""
    return Answer(url, "", failure=failure, detail=detail, attempts=0, requests=0)


@dataclass(slots=True)
class _Open:
    """A target under way."""

    target: Target
    questions: int = 0
    findings: list[Finding] = field(default_factory=list)
    attempts: int = 0
    requests: float = 0.0
    elapsed: float = 0.0
    archive_asked: bool = False


@dataclass(slots=True)
class Tally:
    """What the visits cost per key, requests sent and seconds spent: for the summary and `--profile`."""

    requests: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    """Seconds between the tries of a request: back-off, Retry-After, and the turn after it."""
    faults: int = 0
    """Faults of ours: targets that ended as `internal_error`."""

    def add(self, key: str, answer: Answer) -> None:
        self.requests[key] = self.requests.get(key, 0) + answer.requests
        self.seconds[key] = self.seconds.get(key, 0.0) + answer.elapsed


class Visits:
    """All visits of one run, or of one shard of it."""

    def __init__(
        self,
        settings: Settings,
        sites: Mapping[str, Site],
        web: Fetch,
        plan: Plan,
        settle: Callable[[Outcome], None],
        suggest: Suggest | None = None,
        renew: Callable[[], Awaitable[None]] | None = None,
        robots: Rules | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`settle` receives each outcome once, as soon as the target has no open question.

        `suggest` looks for copies of what is dead; `renew` renews the login, at most once in a run;
        `robots` is asked before a page is; `now` is the time of day that outcomes carry.
        """
        self.settings = settings
        self.sites = sites
        # Found once: to look a protocol over costs as much as to write a request.
        self._sparing = {name: site for name, site in sites.items() if isinstance(site, Sparing)}
        self.web = web
        self.plan = plan
        self.settle = settle
        self.suggest = suggest
        self._renew = renew
        self._robots = robots
        self._now = now
        self.network = Network()
        self.tally = Tally()
        self._lag = Lag()
        self.turns = Turns(settings.slots, pacing(settings), self._refill)
        self._open: dict[str, _Open] = {}
        self._cursor: dict[str, str] = {}
        self._left: dict[str, int] = {}
        self._silent = 0
        self._warned: set[str] = set()

    async def run(self) -> None:
        """Visit everything in the plan; may be cancelled at any moment, what was settled stays settled."""
        now = time.monotonic()
        self._left = dict(self.plan.remaining())
        for key, targets in self._left.items():
            self.turns.plan(key, targets, now)
        watch = asyncio.create_task(self._lag.watch())
        try:
            with watchdog():
                await dispatch(self.turns, self._perform)
        finally:
            watch.cancel()
        for entry in list(self._open.values()):
            self._fault([entry.target], LookupError("it was held for an answer that never came"))

    def _refill(self, key: str) -> tuple[list[Question], int]:
        targets = self._next_of(key)
        by_site: dict[str, list[Target]] = {}
        for target in targets:
            self._open[target.key] = _Open(target)
            by_site.setdefault(target.site, []).append(target)
        questions = [question for site, group in by_site.items() for question in self._ask(site, group)]
        if self.settings.check_mementos and self.suggest is not None:
            mementos = self.suggest.ask_mementos(targets)
            self._count(mementos)
            questions += mementos
        return questions, len(targets)

    def _next_of(self, key: str) -> list[Target]:
        """A whole chunk of what may be asked in batches; of pages a sixteenth of what is left.

        The longest work first evens the hosts out: with a chunk of each, most of a large run would be open.
        """
        left, after = self._left.get(key, 0), self._cursor.get(key, "")
        targets = list(self.plan.planned(key, min(CHUNK, max(1, left // 16)), after))
        if targets and targets[0].site in _SEES_ALL:
            targets += self.plan.planned(key, CHUNK - len(targets), targets[-1].key)
        if targets:
            self._cursor[key], self._left[key] = targets[-1].key, left - len(targets)
        return targets

    def _ask(self, site: str, targets: list[Target]) -> list[Question]:
        try:
            questions = self.sites[site].ask(targets)
        except Exception as error:  # noqa: BLE001 - recorded with its class on the target; the others go on
            if len(targets) > 1:  # one of them is to blame: the others of its batch shall not pay for it
                return [question for target in targets for question in self._ask(site, [target])]
            self._fault(targets, error)
            return []
        self._count(questions)
        return questions

    def _count(self, questions: Iterable[Question]) -> None:
        for question in questions:
            for target in question.targets:
                self._open.setdefault(target.key, _Open(target)).questions += 1

    async def _perform(self, question: Question, sleep: Sleep) -> Sequence[Question]:
        site = self.sites[question.site]
        try:
            sparing = self._sparing.get(question.site)
            if sparing is not None and (withheld := sparing.withhold(question)) is not None:
                return self._heard(question, unasked(question.request.url), withheld)
            answer = await self._answer(question, sleep)
            reading = site.read(question, answer)
        except (asyncio.CancelledError, Offline):
            raise
        except Exception as error:  # noqa: BLE001 - recorded with its class on each target; the others go on
            self._fault([*question.targets, *question.waiting], error)
            return []
        return self._heard(question, answer, reading)

    async def _answer(self, question: Question, sleep: Sleep) -> Answer:
        key, url = question.key, question.request.url
        if closed := self.turns.closed(key):
            return unasked(url, closed, f"{key} is left alone for now")
        if question.renews_login and self._renew is not None:
            renew, self._renew = self._renew, None
            await renew()
        if self._robots is not None and question.polite:
            if not await self._robots.allowed(url):
                return unasked(url, "robots", "robots.txt of the site asks us not to")
            delay = await self._robots.crawl_delay(url) or 0.0
            if closed := self.turns.closed(key):  # by one that waited for the same robots.txt
                return unasked(url, closed, f"its robots.txt asks for {delay:g} s between two visits")
            self._obey(key, delay)
        most = 1 if question.site == wayback.Wayback.name else self.settings.attempts
        attempts = self.turns.attempts(key, most)
        clock = asyncio.get_running_loop().time

        async def pause(seconds: float) -> None:
            since = clock()
            await sleep(seconds)
            self.tally.waited[key] = self.tally.waited.get(key, 0.0) + clock() - since

        def rest(seconds: float) -> None:
            self.turns.rest(key, clock() + seconds)

        begun = clock()
        answer = await self.web.fetch(question.request, sleep=pause, attempts=attempts, rest=rest)
        if answer.failure == "timeout" and self._lag.since(begun):
            # The loop itself was late: the host may have answered in time and was not heard.
            answer = await self.web.fetch(question.request, sleep=pause, attempts=attempts, rest=rest)
        if question.polite and key not in self._warned and _merely_limited(answer):
            # The host is slowed down and comes last; only when it says no again is it left alone.
            self._warned.add(key)
            seconds = min(self.settings.max_wait, _BREATHER)
            rest(seconds)
            self.turns.learn(key, strained=True, unreachable=False, elapsed=answer.elapsed, met="429")
            await pause(seconds)
            answer = await self.web.fetch(question.request, sleep=pause, attempts=1, rest=rest)
        said = answer.status or answer.failure
        log.debug("%s %s: %s in %.2f s", question.request.method, url, said, answer.elapsed)
        self.tally.add(key, answer)
        self._learn(key, answer)
        if self._silent >= _HOPELESS and (why := await self.offline()):
            raise Offline(why)
        return answer

    def _obey(self, key: str, delay: float) -> None:
        """Keep the pause that a site wants; one longer than we may wait leaves the rest of it unvisited."""
        if delay > self.settings.max_wait:
            self.turns.close(key, "robots")
        else:
            self.turns.slow_down(key, delay)

    async def offline(self) -> str:
        """Why nothing of this run may be believed, in words; empty when there is a network.

        A list whose every link is dead looks like a missing network: an address that is not in it decides.
        """
        if not (why := self.network.offline):
            return ""
        control = await self.web.fetch(Request(self.settings.control_url), sleep=asyncio.sleep, attempts=1)
        self.network.heard(control)
        self._silent = 0
        return "" if control.status is not None and not self.network.captive else why

    def _learn(self, key: str, answer: Answer) -> None:
        self.network.heard(answer)
        silent = answer.failure in OFFLINE_FAILURES
        self._silent = self._silent + 1 if silent else 0
        if answer.failure == "rate_limited":
            self.turns.close(key, "rate_limited")
        elif key in captures.LOOK_UPS and (silent or _is_down(answer)):
            # Where a copy is can wait for the next run; the copies themselves may carry abstracts.
            self.turns.close(key, answer.failure or "server_error")
        elif stated := stated_interval(answer.headers):
            self.turns.slow_down(key, stated)
        self.turns.learn(
            key,
            strained=(answer.status in (429, 503) and not answer.is_memento) or answer.failure == "timeout",
            unreachable=silent,
            elapsed=answer.elapsed,
            met=str(answer.status or answer.failure.replace("_", " ")),
        )

    def waiting(self) -> list[Waiting]:
        """What is waited for, the longest wait first."""
        return self.turns.waiting(time.monotonic())

    def _heard(self, question: Question, answer: Answer, reading: Reading) -> list[Question]:
        """Book the answer, and settle the targets that have nothing open any more."""
        share = answer.requests / len(question.targets)
        touched = {target.key for target in question.targets}
        for target in question.targets:
            entry = self._open.setdefault(target.key, _Open(target))
            entry.questions -= 1
            entry.attempts = max(entry.attempts, answer.attempts)
            entry.requests += share
            entry.elapsed += answer.elapsed
        self._count(reading.questions)
        for found in reading.findings:
            if found.target in self._open:
                self._open[found.target].findings.append(found)
                touched.add(found.target)
        held = {target.key for target in reading.held}
        follow_ups = list(reading.questions)
        for key in sorted(touched - held):
            follow_ups += self._settle_if_done(key, question)
        return follow_ups

    def _settle_if_done(self, key: str, question: Question) -> Sequence[Question]:
        entry = self._open.get(key)
        if entry is None or entry.questions > 0:
            return ()
        if not entry.findings:
            missing = LookupError(f"{question.site}/{question.step} said nothing on it")
            self._fault([entry.target], missing)
            return ()
        if questions := self._copies(entry):
            self._count(questions)
            return questions
        self._finish(entry)
        return ()

    def _copies(self, entry: _Open) -> Sequence[Question]:
        """Questions to the archive about a dead link; a copy that was found once is remembered instead."""
        if entry.archive_asked or self.suggest is None or weigh(entry.findings).health not in DEAD:
            return ()
        entry.archive_asked = True
        if remembered := self.suggest.recall(entry.target):
            entry.findings.append(remembered)
            return ()
        return self.suggest.suggest(entry.target)

    def _finish(self, entry: _Open) -> None:
        del self._open[entry.target.key]
        record, source = overlay(entry.findings)
        verdict = weigh(entry.findings)
        log.info("%s: %s (%s)", entry.target.key, verdict.health, verdict.reason)
        self.settle(
            Outcome(
                entry.target,
                verdict,
                checked_at=self._now(),
                record=record,
                metadata_source=source,
                unchanged=any(found.unchanged for found in entry.findings),
                validators=tuple(pair for found in entry.findings for pair in found.validators),
                attempts=entry.attempts,
                requests=entry.requests,
                elapsed_ms=round(1000 * entry.elapsed),
            )
        )

    def _fault(self, targets: Iterable[Target], error: Exception) -> None:
        """A fault of ours ends a target, never the run; its class is in the verdict, its place in the log."""
        for target in targets:
            log.error("fault of ours at %s", target.key, exc_info=error)
            self.tally.faults += 1
            claim = Claimed("internal_error", f"{type(error).__name__}: {error}"[:200])
            entry = self._open.setdefault(target.key, _Open(target))
            entry.questions = 0
            entry.findings.append(finding(target, "scraper", 0, claim, Answer(target.url, target.url)))
            self._finish(entry)
