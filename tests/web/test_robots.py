from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Route, hang, redirect, response, serve
from visiting import visiting

from scraper.model import Answer
from scraper.web.robots import LARGEST, Robots, rules

AGENT = "scraper/1.0 (+https://example.org/bot)"
RULES = b"""\
User-agent: *
Disallow: /all

User-agent: scraper
Disallow: /private
Allow: /private/open
Crawl-delay: 2.5

User-agent: bot
Disallow: /
"""


def text(body: bytes, status: str = "200 OK") -> bytes:
    return response(body, status, kind="text/plain")


async def test_rules_are_obeyed_and_asked_for_once() -> None:
    async with serve({"/robots.txt": text(RULES)}) as server, visiting(server) as visitor:
        robots = Robots(visitor.fetch, AGENT)
        paths = ["/", "/all", "/private", "/private/x?y", "/private/open"]
        allowed = await asyncio.gather(*(robots.allowed(f"http://site.test{path}") for path in paths))
        delay = await robots.crawl_delay("http://site.test/")
    assert allowed == [True, True, False, False, True]
    assert delay == 2.5
    assert server.targets == ["GET /robots.txt"]


async def test_each_origin_has_its_own() -> None:
    async with serve({"/robots.txt": text(RULES)}) as server, visiting(server) as visitor:
        robots = Robots(visitor.fetch, AGENT)
        assert not await robots.allowed("http://one.test/private")
        assert not await robots.allowed("http://two.test/private")
        assert await robots.allowed("ftp://one.test/private")
        assert await robots.allowed("no address")
    assert [talk.headers["host"] for talk in server.asked] == ["one.test", "two.test"]


@pytest.mark.parametrize(
    "route",
    [
        text(b"Disallow: /", "404 Not Found"),
        text(b"User-agent: *\nDisallow: /", "500 Oops"),
        text(b"User-agent: *\nDisallow: /", "403 Forbidden"),
        text(b"<!DOCTYPE html>\nUser-agent: *\nDisallow: /"),
        text(b"\x00User-agent: *\nDisallow: /"),
        text(b"User-agent: *\nDisallow: /\n" + b"#" * LARGEST),
        text(b"User-agent: a\n" * 10_000 + b"Disallow: /x\n" * 20_000),
        text(b""),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\nDisallow: /",
        redirect("/robots.txt"),
        hang,
    ],
)
async def test_a_missing_or_broken_file_never_blocks(route: Route) -> None:
    async with serve({"/robots.txt": route}) as server, visiting(server, timeout=0.5) as visitor:
        robots = Robots(visitor.fetch, AGENT)
        assert await robots.allowed("http://site.test/x")
        assert await robots.crawl_delay("http://site.test/x") is None


async def test_a_redirected_file_counts() -> None:
    routes = {
        "/robots.txt": redirect("http://other.test/r"),
        "/r": text(b"\xef\xbb\xbfUser-agent: *\nDisallow: /"),
    }
    async with serve(routes) as server, visiting(server) as visitor:
        assert not await Robots(visitor.fetch, AGENT).allowed("http://site.test/")


@pytest.mark.parametrize("delay", ["nan", "inf", "-1", "soon", ""])
async def test_delays_that_make_no_sense(delay: str) -> None:
    body = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
    async with serve({"/robots.txt": text(body)}) as server, visiting(server) as visitor:
        assert await Robots(visitor.fetch, AGENT).crawl_delay("http://site.test/") is None


async def test_one_callers_end_is_not_the_others() -> None:
    async with serve({"/robots.txt": text(RULES)}) as server, visiting(server) as visitor:
        robots = Robots(visitor.fetch, AGENT)
        first = asyncio.create_task(robots.allowed("http://site.test/private"))
        second = asyncio.create_task(robots.allowed("http://site.test/private"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second is False
        with pytest.raises(asyncio.CancelledError):
            await first


WORDS = st.sampled_from(
    ["User-agent: *", "User-agent: scraper", "Disallow: /*a*$", "Allow:", "Crawl-delay: 1e999"]
)


@given(st.lists(WORDS | st.text(max_size=30), max_size=20), st.text(max_size=30))
def test_no_file_raises(lines: list[str], path: str) -> None:
    found = rules(Answer("u", "u", 200, body="\n".join(lines).encode("utf-8", "replace")))
    assert found is None or found.can_fetch(f"https://site.test/{path}", "scraper") in (True, False)
