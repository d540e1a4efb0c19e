"""`scraper refresh --dry-run`: which requests a run would make, and how long politeness makes it last.

The lower bound of a run is what politeness sets (docs/pace.md): the busiest key's requests
times its pace. What is expected is what the dispatcher itself makes of the plan, on a clock of its own, when
each link does what it did last time (`simulation.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from scraper.api.checking import Nothing
from scraper.commands.simulation import Cost, simulate, typical
from scraper.model import Article, Health, Question, Target
from scraper.reports.text import count, document, plain
from scraper.sites import captures, sites
from scraper.sites.identity import is_visited, targets
from scraper.sites.ports import Site
from scraper.sites.wayback import Wayback
from scraper.store.reading import Visit
from scraper.verdicts.reasons import DEAD
from scraper.visits.network import OFFLINE_FAILURES
from scraper.visits.pacing import pacing
from scraper.visits.turns import Turns

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.store.store import Store


USUAL = 0.1
"""Share of a list's links that are dead, where nothing is known of them: lists are seldom better."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one key is in for."""

    key: str
    targets: int
    requests: int
    interval: float
    concurrency: int = 1

    @property
    def seconds(self) -> float:
        """At least: the last request goes out when its turn has come. What answers take is not in it."""
        return max(0.0, (self.requests - 1) * self.interval)


@dataclass(frozen=True, slots=True)
class Forecast:
    turns: tuple[Turn, ...]
    """The keys, the longest work first: the order in which the dispatcher prefers them."""
    slots: int
    expected: float = 0.0
    """Seconds that the dispatcher takes, if the links do what they did last time."""
    spared: int = 0
    """Links that are left alone, for they were alive so lately (`max_age`)."""
    unknown: int = 0
    """Links that were never visited: what fails among them is not foreseen."""
    failed: int = 0
    """Links whose request failed last time; their retries are foreseen."""
    with_dead: float = 0.0
    """Seconds that are expected if `USUAL` of the links never visited turns out to be dead."""

    @property
    def requests(self) -> int:
        return sum(turn.requests for turn in self.turns)

    @property
    def seconds(self) -> float:
        """The lower bound: the busiest key's requests times its pace."""
        return max((turn.seconds for turn in self.turns), default=0.0)


def foresee(articles: Sequence[Article], settings: Settings, store: Store | None, now: datetime) -> Forecast:
    """What `refresh` would do with these articles at this moment; nothing is written and nobody is asked."""
    every = [target for target in targets(articles) if is_visited(target)]
    wanted = every if store is None else list(_wanted(every, articles, settings, store, now))
    found = forecast(wanted, sites(settings, store or Nothing()), settings, _remembered(wanted, store))
    found = replace(found, spared=len(every) - len(wanted))
    if not settings.archive:
        return replace(found, with_dead=found.expected)
    lost = 0
    if store is not None:
        copies = Wayback(settings, store)
        lost = sum(_lost(target, store, copies) for target in wanted)
    found = _with_copies(found, lost, settings)
    guessed = _with_copies(found, lost + math.ceil(USUAL * found.unknown), settings)
    return replace(found, with_dead=guessed.expected)


def _remembered(wanted: Iterable[Target], store: Store | None) -> dict[str, Visit]:
    """The last visit of each target that was ever visited."""
    if store is None:
        return {}
    found = ((target.key, store.history(target.key, 1)) for target in wanted)
    return {key: visits[0] for key, visits in found if visits}


def _wanted(
    every: Sequence[Target], articles: Sequence[Article], settings: Settings, store: Store, now: datetime
) -> Iterator[Target]:
    """What is not done yet of a run that can be gone on with, and was not alive lately."""
    run = store.resumable(articles, now, timedelta(seconds=settings.resume)) if settings.resume else None
    left = None if run is None else set(_left(store, run))
    age = timedelta(seconds=settings.max_age)
    for target in every:
        done = left is not None and target.key not in left
        if not done and not (age and store.fresh(target.key, now, age)):
            yield target


def _left(store: Store, run: int) -> Iterator[str]:
    for key, number in store.remaining(run).items():
        yield from (target.key for target in store.planned(run, key, number))


def forecast(
    targets: Iterable[Target],
    sites: Mapping[str, Site],
    settings: Settings,
    remembered: Mapping[str, Visit] = MappingProxyType({}),
) -> Forecast:
    """The questions of all targets, by key, and how long they take if what was failing fails again."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.site, []).append(target)
    questions = [question for site, group in groups.items() for question in sites[site].ask(group)]
    costs = {id(question): cost for question in questions if (cost := _cost(question, remembered))}
    every = [target for group in groups.values() for target in group]
    plan = Forecast(
        tuple(_turns(questions, settings)),
        settings.slots,
        unknown=sum(target.key not in remembered for target in every),
        failed=sum(_failed(remembered.get(target.key)) for target in every),
    )
    return replace(plan, expected=max(plan.seconds, expected(questions, costs, settings)))


def _failed(visit: Visit | None) -> bool:
    return visit is not None and visit.health is Health.FAILING


def _cost(question: Question, remembered: Mapping[str, Visit]) -> Cost | None:
    """What the question took last time, by its targets; a batch takes as long as the slowest of them."""
    visits = [remembered[target.key] for target in question.targets if target.key in remembered]
    if not visits:
        return None
    tries = max(visit.attempts for visit in visits)
    seconds = max(visit.elapsed_ms / 1000 / max(1, visit.attempts) for visit in visits)
    failing = [visit for visit in visits if _failed(visit) or visit.reason == "rate_limited"]
    return Cost(
        seconds,
        max(1, tries),
        strained=any(visit.http_status in (429, 503) or visit.reason == "timeout" for visit in failing),
        unreachable=any(visit.reason in OFFLINE_FAILURES for visit in visits),
    )


def _turns(questions: Iterable[Question], settings: Settings) -> list[Turn]:
    counts: dict[str, tuple[int, int]] = {}
    for question in questions:
        targets, requests = counts.get(question.key, (0, 0))
        counts[question.key] = (
            targets + len(question.targets) + len(question.waiting),
            requests + question.requests,
        )
    pace = pacing(settings)
    turns = [Turn(key, *count, *pace(key)) for key, count in counts.items()]
    return sorted(turns, key=lambda turn: (-turn.seconds, turn.key))


def expected(questions: Iterable[Question], costs: Mapping[int, Cost], settings: Settings) -> float:
    """Seconds until the dispatcher is done, by running it on a clock that jumps from event to event."""
    ticking = Turns(settings.slots, pacing(settings))
    for question in questions:
        for number in range(question.requests):
            # A batch that announces others is followed by them; each is a question of its own.
            ticking.add(question if not number else replace(question), 0.0)
    return simulate(ticking, typical(costs.values()), costs)


def _lost(target: Target, store: Store, copies: Wayback) -> bool:
    """Whether an archived copy will be looked for: it was dead last time, and none is known."""
    visits = store.history(target.key, 1)
    return bool(visits) and visits[0].health in DEAD and copies.recall(target) is None


def _with_copies(plan: Forecast, lost: int, settings: Settings) -> Forecast:
    """The plan with the look-ups of archived copies, which the archive's pace makes last."""
    if not lost:
        return plan
    # Its targets are those of other keys; each is asked of the availability API and, as that knows none, of
    # the index.
    pace = pacing(settings)
    asked = [Turn(key, 0, lost, *pace(key)) for key in (captures.AVAILABILITY, captures.INDEX)]
    turns = sorted((*plan.turns, *asked), key=lambda turn: (-turn.seconds, turn.key))
    longest = max(turn.seconds for turn in asked)
    # They run beside the rest, and hold it up for no longer than their budget.
    held = min(longest, plan.expected + settings.archive_budget)
    return replace(plan, turns=tuple(turns), expected=max(plan.expected, held))


def as_text(plan: Forecast, most: int = 18) -> str:
    """A table of the busiest keys, 80 columns wide, and what the run will take."""
    lines = [f"{'host or API':<40} {'targets':>8} {'requests':>9} {'every':>7} {'minimum':>9}"]
    for turn in plan.turns[:most]:
        lines.append(
            f"{plain(turn.key)[:40]:<40} {turn.targets:>8} {turn.requests:>9}"
            f" {turn.interval:>6.2f}s {turn.seconds:>8.1f}s"
        )
    if len(plan.turns) > most:
        lines.append(f"… and {len(plan.turns) - most} more")
    if plan.spared:
        lines.append(f"{count(plan.spared, 'link is', 'links are')} left alone: checked or alive lately")
    if plan.failed:
        lines.append(f"{count(plan.failed, 'link')} failed last time: their retries are counted in")
    if plan.unknown:
        never = count(plan.unknown, "link was", "links were")
        lines.append(f"{never} never checked: if one in ten is dead, about {plan.with_dead:.0f} s")
    lines.append(
        f"{count(plan.requests, 'request')} to {count(len(plan.turns), 'host')}; "
        f"about {plan.expected:.0f} s (minimum {plan.seconds:.0f} s)"
    )
    return "\n".join(lines)


def as_json(plan: Forecast) -> str:
    """The same for programs; all keys."""
    return document(
        requests=plan.requests,
        lower_bound_seconds=round(plan.seconds, 3),
        expected_seconds=round(plan.expected, 3),
        expected_with_dead_seconds=round(plan.with_dead, 3),
        spared=plan.spared,
        unknown=plan.unknown,
        failed=plan.failed,
        keys=[asdict(turn) | {"seconds": round(turn.seconds, 3)} for turn in plan.turns],
    )
