"""Keys, their queues and their next turns: what is told of them, and what happens at the very moment."""

from __future__ import annotations

import asyncio

import pytest

from scraper.model import Pace, Question, Request
from scraper.settings import HostSettings, Settings
from scraper.visits.keys import PATIENCE
from scraper.visits.pacing import pacing
from scraper.visits.turns import Turns, Waiting


def question(key: str, number: int = 0) -> Question:
    return Question(key, "web", "page", (), Request(f"https://{key}/{number}"))


def turns_of(interval: float = 1.0, concurrency: int = 2, slots: int = 8) -> Turns:
    return Turns(slots, lambda _: Pace(interval, concurrency))


def test_what_may_go_at_once_needs_no_waking() -> None:
    turns = turns_of()
    assert (turns.done, turns.wakes_at()) == (True, None)
    turns.plan("a", 1)
    turns.add(question("b"), 0.0)
    assert (turns.done, turns.wakes_at()) == (False, None)


def test_it_wakes_at_the_earliest_of_all_that_wait() -> None:
    turns = turns_of(concurrency=4)
    for key, when in (("late", 7.0), ("early", 3.0), ("later", 9.0)):
        turns.rest(key, when)
        turns.add(question(key), 0.0)
    assert turns.wakes_at() == 3.0
    turns.add(question("c"), 0.0)
    ticket = turns.take(0.0)
    assert ticket is not None
    turns.again("c", ticket, 2.5)
    turns.give_back("c", 0.5)
    assert turns.wakes_at() == 2.5
    assert [turns.take(now) is None for now in (2.4, 2.5)] == [True, False]
    assert [turns.take(now) is None for now in (2.9, 3.0)] == [True, False]


def test_nothing_wakes_it_while_every_slot_is_taken() -> None:
    turns = turns_of(slots=1)
    turns.add(question("a"), 0.0)
    turns.add(question("b"), 0.0)
    turns.rest("c", 1.0)
    turns.add(question("c"), 0.0)
    assert turns.take(0.0)
    assert (turns.take(5.0), turns.wakes_at(), turns.running) == (None, None, 1)


@pytest.mark.parametrize(
    ("interval", "late", "next_at"),
    [
        (1.0, 0.0, 2.0),
        (1.0, 0.999, 2.0),
        (1.0, 1.001, 3.001),
        (0.004, 0.0039, 1.008),
        (0.004, 0.0041, 1.0121),
    ],
)
def test_a_turn_less_than_an_interval_late_is_on_time(interval: float, late: float, next_at: float) -> None:
    turns = turns_of(interval)
    turns.rest("a", 1.0 if interval == 1.0 else 1.004)
    for number in range(2):
        turns.add(question("a", number), 0.0)
    began = 1.0 if interval == 1.0 else 1.004
    assert turns.take(began + late)
    assert turns.wakes_at() == pytest.approx(next_at)


def test_a_turn_as_late_as_it_may_be_is_on_time() -> None:
    """In powers of two, which are what they are written as."""
    turns = turns_of(1 / 256)
    turns.rest("a", 1.0)
    for number in range(2):
        turns.add(question("a", number), 0.0)
    assert turns.take(1.0 + 255 / 65536)
    assert turns.wakes_at() == 1.0 + 1 / 256


def test_what_slowed_a_host_is_told_until_it_is_as_fast_as_before() -> None:
    turns = turns_of(interval=1.0)
    turns.learn("a", strained=True, unreachable=False, elapsed=0.1, met="503")
    turns.add(question("a"), 0.0)
    told = []
    for _ in range(8):
        told.append(turns.waiting(0.0)[0].why)
        turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    assert told == ["slowed after 503"] * 7 + [""]


def test_rest_never_makes_a_turn_earlier() -> None:
    turns = turns_of()
    turns.rest("a", 5.0)
    turns.rest("a", 2.0)
    turns.add(question("a"), 0.0)
    assert turns.wakes_at() == 5.0


@pytest.mark.parametrize(("asked", "second"), [(0.5, 1.0), (1.0, 1.0), (3.0, 4.0)])
def test_a_pause_that_a_host_asks_for_counts_where_it_is_longer(asked: float, second: float) -> None:
    turns = turns_of()
    for number in range(3):
        turns.add(question("a", number), 0.0)
    assert turns.take(0.0)
    turns.slow_down("a", asked)
    assert turns.take(second - 0.01) is None
    assert turns.take(second)
    assert turns.take(second + max(asked, 1.0) - 0.01) is None
    assert turns.take(second + max(asked, 1.0)) is None, "two are under way"


def test_what_a_key_waits_for_is_told_with_all_that_is_left() -> None:
    turns = turns_of(interval=2.0)
    for number in range(4):
        turns.add(question("busy", number), 0.0)
    turns.plan("planned", 7)
    assert turns.take(0.0)  # of the one with most work: 7 targets, but nothing to be had
    ticket = turns.take(0.0) or turns.take(0.0)
    told = {one.key: one for one in turns.waiting(0.5)}
    assert told["busy"].left == 4
    assert told["busy"].seconds == pytest.approx(1.5 + 3 * 2.0)
    assert ticket is None


def test_a_question_that_sleeps_is_left_as_well() -> None:
    turns = turns_of(interval=1.0)
    turns.add(question("a", 0), 0.0)
    turns.add(question("a", 1), 0.0)
    ticket = turns.take(0.0)
    assert ticket is not None
    turns.again("a", ticket, 9.0)
    turns.give_back("a", 0.0)
    assert turns.waiting(0.0) == [Waiting("a", 2, 2.0, "trying again")]
    assert list(turns.remaining()) == [("a", 1)]
    assert not turns.done


def test_a_pause_is_told_where_it_is_longer_than_the_pace_explains() -> None:
    turns = turns_of(interval=1.0)
    turns.add(question("a"), 0.0)
    turns.rest("a", 4.0)
    assert [turns.waiting(now)[0].why for now in (0.0, 0.5, 1.0)] == [
        "asks for a pause of 4 s",
        "asks for a pause of 4 s",
        "",
    ]


def test_a_turn_that_is_overdue_takes_nothing_off_what_is_left() -> None:
    turns = turns_of(interval=1.0)
    for number in range(3):
        turns.add(question("a", number), 0.0)
    assert [turns.waiting(now)[0].seconds for now in (0.0, 0.5, 50.0)] == [2.0, 2.0, 2.0]


def test_the_longest_wait_is_told_first() -> None:
    turns = turns_of(interval=1.0)
    for key, count in (("few", 2), ("many", 5), ("also", 2)):
        for number in range(count):
            turns.add(question(key, number), 0.0)
    assert [one.key for one in turns.waiting(0.0)] == ["many", "also", "few"]


def test_what_is_closed_is_answered_at_once_and_learns_nothing() -> None:
    turns = turns_of(interval=5.0)
    turns.rest("a", 9.0)
    turns.add(question("a"), 0.0)
    turns.close("a", "rate_limited")
    assert turns.closed("a") == "rate_limited"
    turns.learn("a", strained=True, unreachable=False, elapsed=0.1)
    assert turns.take(0.0)
    assert turns.waiting(0.0)[0].why == "given up: rate limited"


def test_a_key_that_keeps_silent_gets_one_try() -> None:
    turns = turns_of()
    for _ in range(PATIENCE):
        assert turns.attempts("a", 4) == 4
        turns.learn("a", strained=False, unreachable=True, elapsed=0.1)
    assert turns.attempts("a", 4) == 1
    turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    assert turns.attempts("a", 4) == 4


def test_a_key_with_nothing_left_is_forgotten_when_its_pause_is_over() -> None:
    turns = turns_of(interval=1.0)
    turns.add(question("a"), 0.0)
    assert turns.take(0.0)
    turns.give_back("a", 0.5)
    assert "a" in turns._keys, "its next question has to wait"
    turns.add(question("a"), 3.0)
    assert turns.take(3.0)
    turns.give_back("a", 4.0)
    assert "a" not in turns._keys
    assert turns.done


def test_a_next_try_goes_before_what_has_not_begun() -> None:
    turns = turns_of(interval=0.0)
    turns.add(question("a", 0), 0.0)
    ticket = turns.take(0.0)
    assert isinstance(ticket, Question)
    turns.learn("a", strained=False, unreachable=False, elapsed=0.1)
    turns.add(question("a", 1), 0.0)
    turns.again("a", ticket, 1.0)
    turns.give_back("a", 0.0)
    assert turns.take(1.0) is ticket


def test_the_users_word_on_a_host_counts_before_the_services() -> None:
    settings = Settings(
        host_interval=0.5,
        host_concurrency=3,
        hosts={"a.test": HostSettings(interval=2.0), "b.test": HostSettings(concurrency=1)},
    )
    pace = pacing(settings)
    assert pace("c.test") == Pace(0.5, 3)
    assert pace("a.test") == Pace(2.0, 3)
    assert pace("b.test") == Pace(0.5, 1)
    assert pace("export.arxiv.org") != Pace(0.5, 3), "the service's own"


def test_futures_wait_like_questions() -> None:
    async def asked() -> None:
        turns = turns_of()
        turns.add(question("a"), 0.0)
        assert turns.take(0.0)
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turns.again("a", woken, 2.0)
        turns.give_back("a", 0.0)
        assert turns.take(2.0) is woken

    asyncio.run(asked())


def test_a_host_that_nobody_has_heard_of_is_asked_before_the_rest_of_one_that_answers() -> None:
    # Should it be silent, its tries fall beside the other work; asked last, they would follow it.
    turns = turns_of(interval=0.0, concurrency=8, slots=2)
    turns.learn("answers", strained=False, unreachable=False, elapsed=0.05)
    for number in range(3):
        turns.add(question("answers", number), 0.0)
    turns.add(question("unheard"), 0.0)
    assert [getattr(turns.take(0.0), "key", "") for _ in range(2)] == ["unheard", "answers"]


def test_what_keeps_a_run_longest_goes_before_a_host_that_may_be_silent() -> None:
    turns = turns_of(interval=1.0, concurrency=8, slots=1)
    turns.learn("long", strained=False, unreachable=False, elapsed=0.05)
    turns.plan("long", 9)
    for key in ("long", "unheard"):
        turns.add(question(key), 0.0)
    assert getattr(turns.take(0.0), "key", "") == "long"
