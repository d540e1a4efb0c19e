"""One run's visits: questions are asked in turn, answers are read, targets are settled one by one.

The same code runs in `refresh` and on a worker of the cluster: it is given a plan (which targets wait under
which key) and a sink for outcomes, and knows neither the store nor the tables.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.errors import ScraperError
from scraper.model import Answer, Finding, Outcome, Question, Reading, Target
from scraper.sites import KINDS
from scraper.sites.ports import Site, Sparing
from scraper.verdicts.health import Claim as Claimed
from scraper.verdicts.health import finding, overlay, weigh
from scraper.verdicts.reasons import DEAD
from scraper.visits.asking import Asking, Tally, unasked
from scraper.visits.deadline import Cost
from scraper.visits.dispatcher import Sleep, dispatch
from scraper.visits.pacing import pacing
from scraper.visits.ports import Fetch, Plan, Rules, Suggest
from scraper.visits.turns import Turns, Waiting
from scraper.visits.watchdog import watchdog

if TYPE_CHECKING:
    from scraper.settings import Settings

log = logging.getLogger(__name__)

CHUNK = 500
"""Targets taken from the plan at once: enough for whole batches, few enough for a million to stay on disk."""

_SEES_ALL = frozenset(kind.name for kind in KINDS if kind.hosts)
"""Sites that make batches of a chunk, or share a budget out over it; pages are asked one by one."""


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
        tally: Tally | None = None,
    ) -> None:
        """`settle` receives each outcome once, as soon as the target has no open question.

        `suggest` looks for copies of what is dead; `renew` renews the login, at most once in a run;
        `robots` is asked before a page is; `now` is the time of day that outcomes carry; `tally` is added to.
        """
        self.settings = settings
        self.sites = sites
        self._sparing: dict[str, Sparing | None] = {}
        """Found once: to look a protocol over costs as much as to write a request."""
        self.plan = plan
        self.settle = settle
        self.suggest = suggest
        self._now = now
        self.turns = Turns(settings.slots, pacing(settings), self._refill)
        self._asking = Asking(settings, web, self.turns, renew, robots, tally)
        self.tally = self._asking.tally
        self._open: dict[str, _Open] = {}
        self._cursor: dict[str, str] = {}
        self._left: dict[str, int] = {}

    async def run(self) -> None:
        """Visit everything in the plan; may be cancelled at any moment, what was settled stays settled."""
        now = time.monotonic()
        self._left = dict(self.plan.remaining())
        for key, targets in self._left.items():
            self.turns.plan(key, targets, now)
        watch = asyncio.create_task(self._asking.lag.watch())
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
        except ScraperError:  # a damaged store, which is nobody's fault among the targets
            raise
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
            if question.site not in self._sparing:
                self._sparing[question.site] = site if isinstance(site, Sparing) else None
            sparing = self._sparing[question.site]
            if sparing is not None and (withheld := sparing.withhold(question)) is not None:
                return self._heard(question, unasked(question.request.url), withheld)
            spend = functools.partial(self._spend, question)
            answer = await self._asking.answer(question, sleep, spend)
            reading = site.read(question, answer)
        except (asyncio.CancelledError, ScraperError):  # offline, a damaged store
            raise
        except Exception as error:  # noqa: BLE001 - recorded with its class on each target; the others go on
            self._fault([*question.targets, *question.waiting], error)
            return []
        return self._heard(question, answer, reading)

    async def offline(self) -> str:
        """Why nothing of this run may be believed, in words; empty when there is a network."""
        return await self._asking.offline()

    def waiting(self) -> list[Waiting]:
        """What is waited for, the longest wait first."""
        return self.turns.waiting(time.monotonic())

    def costs(self) -> dict[str, Cost]:
        """What was spent on targets that are not settled, by target."""
        return {key: Cost(entry.attempts, entry.requests, entry.elapsed) for key, entry in self._open.items()}

    def _spend(self, question: Question, attempt: int, requests: int, seconds: float) -> None:
        """Book what an exchange cost, whether or not an answer comes of it."""
        share = requests / len(question.targets)
        for target in question.targets:
            entry = self._open.setdefault(target.key, _Open(target))
            entry.attempts = max(entry.attempts, attempt)
            entry.requests += share
            entry.elapsed += seconds

    def _heard(self, question: Question, answer: Answer, reading: Reading) -> list[Question]:
        """Settle the targets that have nothing open any more."""
        touched = {target.key for target in question.targets}
        for target in question.targets:
            entry = self._open.setdefault(target.key, _Open(target))
            entry.questions -= 1
            entry.attempts = max(entry.attempts, answer.attempts)
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
        if entry.archive_asked or self.suggest is None or not _is_dead(entry.findings):
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


def _is_dead(findings: Sequence[Finding]) -> bool:
    """Whether the verdict would be that it is gone; of most nobody says so, and nothing need be weighed."""
    return any(found.health in DEAD for found in findings) and weigh(findings).health in DEAD
