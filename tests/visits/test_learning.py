"""How a key's pace follows what its requests meet: every number of it, by what it does."""

from __future__ import annotations

import pytest

from scraper.model import Pace
from scraper.visits import keys as rules
from scraper.visits.turns import Turns


def learned(*elapsed: float, strained: bool = False, pace: Pace | None = None) -> tuple[float, int]:
    turns = Turns(4, lambda _: pace or Pace(0.2, 4))
    for seconds in elapsed:
        turns.learn("a", strained=strained, unreachable=False, elapsed=seconds)
    state = turns._keys["a"]
    return state.interval, state.concurrency


@pytest.mark.parametrize(
    ("times", "interval", "concurrency"), [(1, 0.4, 2), (2, 0.8, 1), (3, 1.6, 1), (9, 60.0, 1), (20, 60.0, 1)]
)
def test_strain_doubles_the_pause_and_halves_what_goes_at_once(
    times: int, interval: float, concurrency: int
) -> None:
    assert learned(*[0.1] * times, strained=True) == (interval, concurrency)


def test_a_host_without_a_pause_gets_one() -> None:
    assert learned(0.1, strained=True, pace=Pace(0.0, 4))[0] == rules.LEAST_PAUSE == 0.1


@pytest.mark.parametrize(
    ("usual", "answer", "strain"),
    [(0.25, 1.01, True), (0.25, 1.0, False), (0.2, 0.99, False), (0.3, 1.19, False), (0.3, 1.21, True)],
)
def test_an_answer_is_slow_by_the_clock_and_by_what_is_usual(
    usual: float, answer: float, strain: bool
) -> None:
    assert (learned(usual, answer)[0] > 0.2) is strain


def test_a_first_answer_shows_what_is_usual_however_slow_it_is() -> None:
    assert learned(9.0) == (0.2, 4)


def test_one_slow_answer_moves_what_is_usual_by_a_fifth() -> None:
    # 0.8 * 0.5 + 0.2 * 1.5 = 0.7, and four times that is 2.8.
    assert learned(0.5, 1.5, 2.79)[0] == pytest.approx(0.2)
    assert learned(0.5, 1.5, 2.81)[0] == pytest.approx(0.4)


def test_calm_shortens_the_pause_by_a_tenth_and_never_below_the_pace() -> None:
    turns = Turns(4, lambda _: Pace(0.2, 4))
    turns.learn("a", strained=True, unreachable=False, elapsed=0.1)
    state, seen = turns._keys["a"], []
    for _ in range(20):
        turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
        seen.append((round(state.interval, 4), state.concurrency))
    assert seen[0][0] == 0.36
    assert seen[-1] == (0.2, 4)
    assert [concurrency for _, concurrency in seen] == [2] * 9 + [3] * 10 + [4]
