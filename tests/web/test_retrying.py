from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Route, Talk, drop, hang, redirect, response, serve
from visiting import visiting

from scraper.model import Answer, Request
from scraper.web import retry_after
from scraper.web.retrying import LONGEST, settled, unbearable, worth_another

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("99999999999999999999", LONGEST),
        ("9" * 5000, LONGEST),
        (at(90), 90),
        (at(-90), 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("nan", None),
        ("inf", None),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("１２", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Foo 2026", None),
        ("Wed, 21 Oct 99999999 07:28:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_counts_from_the_replys_own_clock() -> None:
    wrong = NOW - timedelta(hours=2)
    assert retry_after({"retry-after": at(30), "date": at(0)}, wrong) == 30
    assert retry_after({"retry-after": at(30), "date": "broken"}, NOW) == 30
    assert retry_after({}, NOW) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_makes_it_raise_or_wait_for_ever(value: str, date: str) -> None:
    wait = retry_after({"retry-after": value, "date": date}, NOW)
    assert wait is None or 0 <= wait <= LONGEST


def first(route: Route, times: int = 1) -> Route:
    """The route for the first requests, a page after."""
    left = [route] * times

    async def play(talk: Talk) -> None:
        now = left.pop() if left else response(b"page")
        if isinstance(now, bytes):
            await talk.send(now)
        else:
            await now(talk)

    return play


async def reset(talk: Talk) -> None:
    await talk.reset()


@pytest.mark.parametrize(
    "route",
    [reset, drop, hang]
    + [response(b"", f"{status} Failed") for status in (408, 429, 500, 502, 503, 504)]
    + [response(b"", "503 Busy", "Retry-After: nan")],
)
async def test_what_may_be_over_in_a_moment_is_tried_again(route: Route) -> None:
    async with serve(first(route, 2)) as server, visiting(server, attempts=3, timeout=0.7) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.body, answer.attempts, answer.failure) == (200, b"page", 3, "")
    assert len(visitor.slept) == 2
    assert all(0.5 <= wait <= 1.5 for wait in visitor.slept)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 451, 501, 505, 999])
async def test_a_definite_answer_is_not(status: int) -> None:
    async with (
        serve(first(response(b"", f"{status} Said"))) as server,
        visiting(server, attempts=3) as visitor,
    ):
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.attempts, visitor.slept) == (status, 1, [])


@pytest.mark.parametrize(("route", "reason"), [(drop, "connection_reset"), (hang, "timeout")])
async def test_the_last_word_after_so_many_attempts(route: Route, reason: str) -> None:
    async with serve(route) as server, visiting(server, attempts=3, timeout=0.2) as visitor:
        answer = await visitor.get("http://site.test/")
        once = await visitor.fetch(Request("http://site.test/"), attempts=1)
    assert (answer.failure, answer.status, answer.attempts, answer.requests) == (reason, None, 3, 3)
    assert once.attempts == 1
    assert once.elapsed > 0


async def test_a_bearable_retry_after_is_waited_for() -> None:
    date = (f"Retry-After: {at(40)}", f"Date: {at(0)}")
    for field in (("Retry-After: 40",), date):
        async with (
            serve(first(response(b"", "429 Slow down", *field))) as server,
            visiting(server, attempts=3, max_wait=60.0) as visitor,
        ):
            answer = await visitor.get("http://site.test/")
        assert (answer.status, answer.attempts, visitor.slept) == (200, 2, [40.0])


@pytest.mark.parametrize("status", [429, 503])
async def test_an_unbearable_one_is_not(status: int) -> None:
    data = response(b"", f"{status} Later", "Retry-After: 3600")
    async with serve(data) as server, visiting(server, attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.failure, answer.attempts, visitor.slept) == ("rate_limited", 1, [])
    assert "3600" in answer.detail
    assert (answer.status, retry_after(answer.headers)) == (status, 3600)


async def test_429_to_the_end_is_rate_limited_and_503_is_the_servers_failure() -> None:
    for status, reason in (429, "rate_limited"), (503, ""):
        async with (
            serve(response(b"", f"{status} Later", "Retry-After: 1")) as server,
            visiting(server, attempts=3) as visitor,
        ):
            answer = await visitor.get("http://site.test/")
        assert (answer.status, answer.failure, answer.attempts) == (status, reason, 3)
        assert len(visitor.slept) == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_an_archived_refusal_is_the_originals_and_not_the_archives(status: int) -> None:
    archived = response(b"x", f"{status} Later", "Memento-Datetime: Thu, 29 Jan 2015 03:49:04 GMT")
    async with serve(archived) as server, visiting(server, attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.failure, answer.attempts, visitor.slept) == (status, "", 1, [])
    assert answer.is_memento


async def test_the_budget_is_of_work_and_ends_the_attempts() -> None:
    async with serve(hang) as server, visiting(server, attempts=9, timeout=0.3) as visitor:
        answer = await visitor.fetch(Request("http://site.test/"), budget=0.7)
    assert answer.failure == "timeout"
    assert answer.attempts == 3


async def test_waiting_uses_up_no_budget() -> None:
    async with (
        serve(first(response(b"", "429 Slow down", "Retry-After: 50"), 2)) as server,
        visiting(server, attempts=3) as visitor,
    ):
        answer = await visitor.fetch(Request("http://site.test/"), budget=1.0)
    assert (answer.status, visitor.slept) == (200, [50.0, 50.0])


async def test_a_cancelled_fetch_ends_at_once_and_leaves_the_next_one_well() -> None:
    asked = asyncio.Event()

    async def stall(talk: Talk) -> None:
        asked.set()
        await hang(talk)

    routes: dict[str, Route] = {"/hang": stall, "*": response(b"page")}
    async with serve(routes) as server, visiting(server, attempts=3) as visitor:
        for _ in range(20):
            task = asyncio.create_task(visitor.get("http://site.test/hang"))
            await asked.wait()
            asked.clear()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert (await visitor.get("http://site.test/")).status == 200


async def test_cancelled_between_two_attempts() -> None:
    async with serve(drop) as server, visiting(server) as visitor:
        waiting = asyncio.Event()

        async def sleep(seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(visitor.web.fetch(Request("http://site.test/"), sleep=sleep, attempts=3))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_fault_of_ours_is_raised_and_not_tried_again() -> None:
    async with serve(drop) as server, visiting(server, attempts=3) as visitor:
        with pytest.raises(TypeError):
            await visitor.get("http://site.test/", method="POST", json={"not": object()})
        assert server.asked == []

        async def broken(seconds: float) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await visitor.web.fetch(Request("http://site.test/"), sleep=broken, attempts=3)


async def test_redirect_chains_are_tried_again_from_their_start() -> None:
    routes = {"/": redirect("/end"), "/end": first(response(b"", "502 Bad Gateway"))}
    async with serve(routes) as server, visiting(server, attempts=2) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.requests) == (200, 4)
    assert server.targets == ["GET /", "GET /end"] * 2


async def test_what_goes_wrong_on_a_kept_connection_is_sent_again_on_a_new_one() -> None:
    """A server may close an idle connection just when the next request is under way (RFC 9112, 9.3.1)."""
    async with serve({"/": response(), "/end": first(drop)}) as server, visiting(server) as visitor:
        await visitor.get("http://site.test/")
        answer = await visitor.get("http://site.test/end")
        assert (answer.status, answer.attempts, answer.requests) == (200, 1, 2)
        await visitor.get("http://site.test/")
    async with serve({"/": response(), "/end": first(drop)}) as server, visiting(server) as visitor:
        await visitor.get("http://site.test/")
        posted = await visitor.get("http://site.test/end", method="POST", json={})
    assert (posted.failure, posted.requests) == ("connection_reset", 1)


async def test_a_408_that_was_meant_for_an_idle_connection_is_no_answer() -> None:
    """What balancers send when they tire of waiting; here it meets the next request under way."""

    async def tires(talk: Talk) -> None:
        await talk.send(response(b"page"))
        talk.keep = False
        await talk.reader.readuntil(b"\r\n\r\n")
        await talk.send(response(b"", "408 Request Timeout", "Connection: close"))

    async with (
        serve({"/1": tires, "/2": response(b"two")}) as server,
        visiting(server, attempts=2) as visitor,
    ):
        assert (await visitor.get("http://site.test/1")).body == b"page"
        answer = await visitor.get("http://site.test/2")
    assert (answer.status, answer.body, answer.attempts, server.connections) == (200, b"two", 2, 2)


async def test_a_wait_that_is_asked_for_is_told_to_all_who_ask_that_host() -> None:
    rests: list[float] = []
    async with (
        serve(first(response(b"", "429 Slow down", "Retry-After: 40"), 1)) as server,
        visiting(server, attempts=3) as visitor,
    ):
        answer = await visitor.fetch(Request("http://site.test/"), rest=rests.append)
    assert (answer.status, answer.attempts) == (200, 2)
    assert rests == [40.0]


async def test_a_back_off_of_our_own_is_nobody_elses_business() -> None:
    rests: list[float] = []
    async with (
        serve(first(response(b"", "500 Oh"), 1)) as server,
        visiting(server, attempts=3) as visitor,
    ):
        await visitor.fetch(Request("http://site.test/"), rest=rests.append)
    assert rests == []


async def test_the_pause_doubles_up_to_eight_seconds() -> None:
    async with (
        serve(response(b"", "500 Failed")) as server,
        visiting(server, attempts=8) as visitor,
    ):
        answer = await visitor.get("http://site.test/")
    assert answer.attempts == 8
    assert visitor.slept[0] < 1, "half a second and a random part of another half"
    for wait, least in zip(visitor.slept, (0.5, 1, 2, 4, 8, 8, 8), strict=True):
        assert least <= wait <= least + 0.5


@pytest.mark.parametrize(
    ("wait", "most", "bearable"),
    [("10", 10.0, True), ("11", 10.0, False), ("", 10.0, True), ("0", 0.0, True)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_is_bearable_up_to_the_very_second(
    status: int, wait: str, most: float, bearable: bool
) -> None:
    headers = {"retry-after": wait} if wait else {}
    answer = Answer("http://a.test/", "http://a.test/", status, headers)
    assert unbearable(answer, most) != bearable
    assert worth_another(answer, most) == bearable
    assert not unbearable(replace(answer, status=500), most)
    settledly = settled(answer, most)
    assert (settledly.failure == "rate_limited") == (status == 429 or not bearable)
