"""Confirmed dead is a matter of the rule alone: for any series it is what a plain reading of it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Health
from scraper.verdicts.history import Rule, State, advance, confirmed_dead, patience

START = datetime(2026, 1, 1, 7, tzinfo=UTC)
RUNS = st.lists(st.tuples(st.sampled_from(list(Health)), st.integers(1, 60 * 60 * 50)), max_size=30)
RULES = st.builds(Rule, runs=st.integers(1, 6), days=st.floats(0, 6, allow_nan=False))

DEAD = (Health.BROKEN, Health.FAILING)
ALIVE, BROKEN, FAILING = Health.ALIVE, Health.BROKEN, Health.FAILING
BLOCKED, UNVERIFIED, MOVED = Health.BLOCKED, Health.UNVERIFIED, Health.MOVED


def fold(healths: list[Health], *, hours: float = 24) -> State:
    state = State()
    for number, health in enumerate(healths):
        state = advance(state, health, START + timedelta(hours=hours * number))
    return state


def timed(runs: list[tuple[Health, int]]) -> list[tuple[Health, datetime]]:
    now, series = START, []
    for health, seconds in runs:
        now += timedelta(seconds=seconds)
        series.append((health, now))
    return series


def last_failures(series: list[tuple[Health, datetime]]) -> list[datetime]:
    """The rule read plainly: the failures since the last run that was neither one nor without a verdict."""
    failures: list[datetime] = []
    for health, started in reversed(series):
        if health in DEAD:
            failures.insert(0, started)
        elif health is not UNVERIFIED:
            break
    return failures


@given(RUNS, RULES)
def test_confirmed_only_and_always_by_the_rule(runs: list[tuple[Health, int]], rule: Rule) -> None:
    series = timed(runs)
    state = State()
    for number, (health, started) in enumerate(series):
        state = advance(state, health, started)
        failures = last_failures(series[: number + 1])
        long_enough = bool(failures) and failures[-1] - failures[0] >= timedelta(days=rule.days)
        assert confirmed_dead(state, rule) == (len(failures) >= rule.runs and long_enough)
        assert state.failing_since == (failures[0] if failures else None)
        assert state.failures == len(failures)


@given(RUNS)
def test_last_alive_is_the_last_run_in_which_it_was(runs: list[tuple[Health, int]]) -> None:
    series = timed(runs)
    state = State()
    for health, started in series:
        state = advance(state, health, started)
    present = [started for health, started in series if health in (ALIVE, MOVED)]
    assert state.last_alive == (present[-1] if present else None)


@given(RUNS)
def test_runs_without_a_verdict_change_nothing(runs: list[tuple[Health, int]]) -> None:
    def last(series: list[tuple[Health, datetime]]) -> State:
        state = State()
        for health, started in series:
            state = advance(state, health, started)
        return state

    series = timed(runs)
    assert last(series) == last([run for run in series if run[0] is not UNVERIFIED])


@pytest.mark.parametrize(
    ("healths", "hours", "confirmed"),
    [
        ([BROKEN, BROKEN, BROKEN], 24, False),  # three runs, two days
        ([BROKEN, FAILING, BROKEN, FAILING], 24, True),  # four runs, three days
        ([BROKEN, BROKEN, BROKEN], 36, True),  # three runs, three days
        ([BROKEN, BROKEN], 24 * 30, False),  # a month, but two runs
        ([BROKEN] * 100, 0.1, False),  # a hundred runs in ten hours
        ([BROKEN, BROKEN, ALIVE, BROKEN, BROKEN], 24, False),
        ([BROKEN, BROKEN, MOVED, BROKEN, BROKEN], 24, False),
        ([BROKEN, BROKEN, BLOCKED, BROKEN, BROKEN], 24, False),
        ([BROKEN, BROKEN, UNVERIFIED, BROKEN], 24, True),
        ([BROKEN, UNVERIFIED, UNVERIFIED, UNVERIFIED], 24, False),
        ([BROKEN] * 4 + [UNVERIFIED], 24, True),
        ([BROKEN] * 9 + [ALIVE], 24, False),
    ],
)
def test_the_rule_by_example(healths: list[Health], hours: float, confirmed: bool) -> None:
    assert confirmed_dead(fold(healths, hours=hours), Rule()) is confirmed


def test_a_clock_set_back_confirms_nothing() -> None:
    state = State()
    for hours in (0, -1, -2, -100):
        state = advance(state, BROKEN, START + timedelta(hours=hours))
    assert not confirmed_dead(state, Rule())


def test_thirty_days_with_an_outage_and_a_death() -> None:
    """Daily runs: a host away for days 5-6 is never confirmed; a link that dies on day 10 is on day 13."""
    outage = [FAILING if day in (5, 6) else ALIVE for day in range(30)]
    death = [BROKEN if day >= 10 else ALIVE for day in range(30)]
    confirmed = {
        name: [day for day in range(30) if confirmed_dead(fold(series[: day + 1]), Rule())]
        for name, series in (("outage", outage), ("death", death))
    }
    assert confirmed == {"outage": [], "death": list(range(13, 30))}


@pytest.mark.parametrize(
    ("healths", "times"),
    [
        ([Health.ALIVE] * 10, 2.0),
        ([Health.MOVED] + [Health.ALIVE] * 9, 2.0),
        ([Health.ALIVE] * 9, 1.0),
        ([Health.ALIVE] * 9 + [Health.UNVERIFIED], 1.0),
        ([Health.ALIVE], 1.0),
        ([Health.ALIVE] * 9 + [Health.FAILING], 0.5),
        ([Health.ALIVE, Health.BLOCKED], 0.5),
    ],
)
def test_what_never_failed_is_asked_less_often(healths: list[Health], times: float) -> None:
    assert patience(healths) == times
