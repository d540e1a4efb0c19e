"""Whose turn it is, on a clock of our own; and the loop around it on the real one."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Pace, Question, Request, Target
from scraper.visits.dispatcher import Sleep, dispatch
from scraper.visits.turns import Turns


def question(key: str, number: int = 0) -> Question:
    return Question(key, "web", "page", (), Request(f"https://{key}/{number}"))


def simulate(
    counts: dict[str, int], slots: int, manner: Pace, latency: float
) -> tuple[float, dict[str, list[float]]]:
    """Run the plan on a simulated clock; returns when it ended and when each key was asked."""
    turns = Turns(slots, lambda key: manner)
    for key, count in counts.items():
        for number in range(count):
            turns.add(question(key, number), 0.0)
    now, ends, asked = 0.0, list[tuple[float, str]](), {key: list[float]() for key in counts}
    while not turns.done:
        while (ticket := turns.take(now)) is not None:
            assert isinstance(ticket, Question)
            written = now + turns.write(ticket.key, now)
            assert written == now or turns.write(ticket.key, written + 1e-9) == 0.0
            asked[ticket.key].append(written)
            heapq.heappush(ends, (written + latency, ticket.key))
        times = [time for time in (turns.wakes_at(), ends[0][0] if ends else None) if time is not None]
        now = max(now, min(times))
        while ends and ends[0][0] <= now:
            turns.give_back(heapq.heappop(ends)[1], now)
    return now, asked


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 30), min_size=1),
    st.integers(1, 16),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.5, 2.0]),
)
def test_the_gap_is_kept_and_everything_is_asked_once(
    counts: dict[str, int], slots: int, concurrency: int, latency: float
) -> None:
    _, asked = simulate(counts, slots, Pace(1.0, concurrency), latency)
    assert {key: len(times) for key, times in asked.items()} == counts
    for times in asked.values():
        assert all(later - earlier > 0.999 for earlier, later in itertools.pairwise(times))
        assert len(times) < 2 or times[-1] - times[0] > len(times) - 1 - 1.001  # on average the interval


def test_the_longest_work_first_stands_at_the_lower_bound() -> None:
    counts = {f"host{n}": max(1, 400 // n) for n in range(1, 101)}
    ended, asked = simulate(counts, 16, Pace(1.0, 2), 0.5)
    bound = max(max(counts.values()) * 1.0, sum(counts.values()) * 0.5 / 16)
    assert ended <= 1.05 * bound
    assert all(asked.values())


def test_no_more_at_once_than_the_key_bears() -> None:
    turns = Turns(10, lambda key: Pace(0.0, 2))
    for number in range(5):
        turns.add(question("a", number), 0.0)
    assert [turns.take(0.0) is not None for _ in range(3)] == [True, True, False]
    turns.give_back("a", 0.0)
    assert turns.take(0.0) is not None


def test_rest_is_kept_by_all_questions_of_the_key() -> None:
    turns = Turns(4, lambda key: Pace(0.0, 4))
    turns.add(question("a"), 0.0)
    turns.rest("a", 30.0)
    assert turns.take(0.0) is None
    assert turns.take(29.9) is None
    assert turns.take(30.0) is not None


def test_the_breaker_leaves_one_try_after_three_unreachable_targets() -> None:
    turns = Turns(4, lambda key: Pace(0.0, 4))
    tries = []
    for _ in range(4):
        tries.append(turns.attempts("a", 3))
        turns.learn("a", strained=False, unreachable=True, elapsed=0.1)
    assert tries == [3, 3, 3, 1]
    turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    assert turns.attempts("a", 3) == 3


def test_slower_at_once_faster_slowly() -> None:
    turns = Turns(1, lambda key: Pace(1.0, 1))

    def gap() -> float:
        turns.add(question("a"), 0.0)
        start = turns.wakes_at() or 0.0
        assert turns.take(start) is not None
        turns.add(question("a"), start)
        turns.give_back("a", start)
        wake = turns.wakes_at() or 0.0
        assert turns.take(wake) is not None
        turns.give_back("a", wake)
        return wake - start

    assert gap() == 1.0
    turns.learn("a", strained=True, unreachable=False, elapsed=0.1)
    assert gap() == 2.0
    turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    assert gap() == pytest.approx(1.8)
    for _ in range(20):
        turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    assert gap() == pytest.approx(1.0)


def test_a_plan_is_refilled_only_when_its_turn_comes() -> None:
    stock = {"a": 3, "b": 0}
    given_out: list[str] = []

    def refill(key: str) -> tuple[list[Question], int]:
        given_out.append(key)
        taken, stock[key] = min(2, stock[key]), max(0, stock[key] - 2)
        return [question(key) for _ in range(taken)], taken

    turns = Turns(10, lambda key: Pace(0.0, 10), refill)
    turns.plan("a", 3)
    turns.plan("b", 1)  # promised and gone since: the plan is not asked for ever
    assert given_out == []
    taken = [turns.take(0.0) for _ in range(5)]
    assert sum(ticket is not None for ticket in taken) == 3
    assert Counter(given_out) == {"a": 2, "b": 1}


async def test_sleeping_between_tries_frees_the_slot() -> None:
    turns = Turns(1, lambda key: Pace(0.0, 1))
    turns.add(question("a"), 0.0)
    turns.add(question("b"), 0.0)
    order: list[str] = []

    async def perform(asked: Question, sleep: Sleep) -> list[Question]:
        order.append(f"{asked.key} begins")
        if asked.key == "a":
            await sleep(0.05)
        order.append(f"{asked.key} ends")
        return []

    await dispatch(turns, perform)
    assert order == ["a begins", "b begins", "b ends", "a ends"]


async def test_questions_that_follow_are_asked_too() -> None:
    turns = Turns(4, lambda key: Pace(0.0, 4))
    turns.add(question("a", 3), 0.0)
    seen: list[str] = []

    async def perform(asked: Question, sleep: Sleep) -> list[Question]:
        seen.append(asked.request.url)
        left = int(asked.request.url.rpartition("/")[2])
        return [question("b" if left % 2 else "a", left - 1)] if left else []

    await dispatch(turns, perform)
    assert seen == ["https://a/3", "https://b/2", "https://a/1", "https://b/0"]


async def test_a_fault_ends_the_run_and_leaves_no_task_behind() -> None:
    turns = Turns(4, lambda key: Pace(0.0, 4))
    turns.add(question("a"), 0.0)
    turns.add(question("b"), 0.0)

    async def perform(asked: Question, sleep: Sleep) -> list[Question]:
        if asked.key == "a":
            raise ZeroDivisionError
        await asyncio.sleep(60)
        return []

    with pytest.raises(ZeroDivisionError):
        await dispatch(turns, perform)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_turn_that_the_timer_brought_late_does_not_delay_the_next() -> None:
    turns = Turns(10, lambda key: Pace(1.0, 10))
    for number in range(4):
        turns.add(question("a", number), 0.0)
    asked = []
    for now in (0.0, 1.4, 2.0, 4.5):  # on time, late, on time by the first, more than an interval late
        assert turns.take(now) is not None
        asked.append(turns.wakes_at())
    assert asked[:3] == [1.0, 2.0, 3.0]
    turns.add(question("a", 4), 4.5)
    assert turns.wakes_at() == 5.5


def test_what_is_closed_waits_for_no_turn() -> None:
    turns = Turns(2, lambda key: Pace(60.0, 1))
    for number in range(3):
        turns.add(question("a", number), 0.0)
    assert turns.take(0.0) is not None
    turns.close("a", "timeout")
    turns.learn("a", strained=True, unreachable=True, elapsed=1.0)
    for _ in range(2):
        turns.give_back("a", 0.1)
        assert turns.take(0.1) is not None
    turns.give_back("a", 0.1)
    assert turns.done


def test_before_a_first_answer_those_that_try_again_keep_their_places() -> None:
    turns = Turns(8, lambda key: Pace(0.0, 2))
    for number in range(4):
        turns.add(question("a", number), 0.0)
    tried = [turns.take(0.0), turns.take(0.0)]
    for ticket in tried:
        assert ticket is not None
        turns.again("a", ticket, 5.0)
        turns.give_back("a", 0.0)
    assert turns.take(1.0) is None
    assert turns.take(5.0) in tried
    turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    turns.give_back("a", 5.0)
    assert turns.take(5.0) is not None


def test_silence_slows_a_host_down_only_so_far() -> None:
    turns = Turns(1, lambda key: Pace(0.2, 1))
    for _ in range(50):
        turns.learn("a", strained=True, unreachable=True, elapsed=20.0)
    turns.add(question("a"), 0.0)
    assert turns.take(0.0) is not None
    turns.add(question("a"), 0.0)
    turns.give_back("a", 0.0)
    assert 0.0 < (turns.wakes_at() or 0.0) < 2.0


async def test_an_answer_makes_room_for_the_next_question_at_once() -> None:
    """Who is done asks on: of two that end together the first one's next request goes out before the
    second one's answer is read."""
    turns = Turns(2, lambda key: Pace(0.0, 8))
    for number in range(4):
        turns.add(question("a", number), 0.0)
    order: list[str] = []
    together = asyncio.Event()

    async def perform(asked: Question, sleep: Sleep) -> list[Question]:
        number = asked.request.url.rpartition("/")[2]
        order.append(f"asked {number}")
        if number == "1":
            asyncio.get_running_loop().call_soon(together.set)
        if number in "01":
            await together.wait()
        order.append(f"read {number}")
        return []

    await dispatch(turns, perform)
    assert order[:5] == ["asked 0", "asked 1", "read 0", "asked 2", "read 2"]
    assert sorted(order) == sorted(f"{what} {n}" for what in ("asked", "read") for n in range(4))


def of_size(number: int, size: int) -> Question:
    targets = tuple(Target(f"openreview:{number}-{n}", "openreview", "forum", "", "") for n in range(size))
    return Question("a", "openreview", "v1", targets, Request(f"https://a/{number}"))


def order(turns: Turns) -> list[str]:
    """What is asked of one key, by the last part of the address; each answered before the next is asked."""
    asked = []
    while isinstance(ticket := turns.take(0.0), Question):
        asked.append(ticket.request.url.rpartition("/")[2])
        turns.give_back("a", 0.0)
    return asked


def test_the_question_that_settles_most_goes_first_and_equals_keep_their_order() -> None:
    turns = Turns(1, lambda key: Pace(0.0, 1))
    for number, size in enumerate((1, 50, 1, 7, 50, 0, 7)):
        turns.add(of_size(number, size), 0.0)
    assert order(turns) == ["1", "4", "3", "6", "0", "2", "5"]


@pytest.mark.asyncio
async def test_a_next_try_keeps_its_place_before_a_batch() -> None:
    turns = Turns(1, lambda key: Pace(0.0, 1))
    turns.add(of_size(1, 1), 0.0)
    assert turns.take(0.0) is not None
    again: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    turns.again("a", again, 0.0)
    turns.give_back("a", 0.0)
    turns.add(of_size(2, 50), 0.0)
    assert turns.take(0.0) is again


def test_batches_of_the_plan_go_before_single_questions_that_earlier_ones_left() -> None:
    plan = [of_size(number, 50) for number in range(3)]
    turns = Turns(1, lambda key: Pace(0.0, 1), lambda key: ([plan.pop(0)], 50) if plan else ([], 0))
    turns.plan("a", 150)
    asked = []
    while isinstance(ticket := turns.take(0.0), Question):
        asked.append(len(ticket.targets))
        for number in range(20 if len(ticket.targets) > 1 else 0):
            turns.add(of_size(number, 1), 0.0)
        turns.give_back("a", 0.0)
    assert asked == [50] * 3 + [1] * 60
