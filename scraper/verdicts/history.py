"""What a series of verdicts means over time. Pure.

Rules, as in docs/verdicts.md (rule 5):
- A run counts as a failure of the link when its verdict is `broken` or `failing`.
- `alive` and `moved` end the series: the thing is there.
- `blocked` ends it too: somebody is home, so the run was not a failure and the series is not consecutive.
- `unverified` says something about us and nothing about the link: it neither counts nor ends the series.
- A link is confirmed dead when at least `Rule.runs` consecutive failures span at least `Rule.days` days, from
  the start of the first to the start of the last of these runs. The span is a duration, not a count of dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.model import Health
from scraper.verdicts.reasons import DEAD, PRESENT


@dataclass(frozen=True, slots=True)
class Rule:
    """When a death is confirmed (settings `confirm_runs`, `confirm_span`)."""

    runs: int = 3
    days: float = 3.0


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a link between two runs; all times are starts of runs."""

    last_alive: datetime | None = None
    failing_since: datetime | None = None
    """First failure of the present series."""
    failing_until: datetime | None = None
    """Last failure of the present series."""
    failures: int = 0
    """Consecutive failures."""


def advance(state: State, health: Health, started: datetime) -> State:
    """The state after one more run, which began at `started`."""
    if health in PRESENT:
        return State(last_alive=started)
    if health is Health.BLOCKED:
        return State(last_alive=state.last_alive)
    if health not in DEAD:
        return state
    return replace(
        state,
        failing_since=min(state.failing_since or started, started),  # the clock may have been set back
        failing_until=started,
        failures=state.failures + 1,
    )


LOOKED_BACK = 10
"""Visits by which a link counts as steady, or not."""


def patience(healths: Sequence[Health]) -> float:
    """How many times `max_age` a link may be left alone, by its last ten visits.

    Twice when it was there at all ten, half when it was missing once; `unverified` says nothing of the link.
    """
    there = [health in PRESENT for health in healths if health is not Health.UNVERIFIED]
    if not all(there):
        return 0.5
    return 2.0 if len(there) >= LOOKED_BACK else 1.0


def confirmed_dead(state: State, rule: Rule) -> bool:
    """Whether the present series is long enough, in runs and in days."""
    if state.failing_since is None or state.failing_until is None or state.failures < rule.runs:
        return False
    return state.failing_until - state.failing_since >= timedelta(days=rule.days)
