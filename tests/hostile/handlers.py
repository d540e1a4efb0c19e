"""What hostile servers do with a connection; each is a route, or makes one."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from functools import cache
from typing import cast

from servers import Route, Talk, drop, redirect, response

from hostile.pages import GOOD, html
from hostile.server import Visited, answer

Handler = Callable[[Talk], Awaitable[None]]


def raw(*lines: str | bytes, body: bytes = b"") -> Handler:
    """Exactly these lines and this body, then the end of the connection."""
    head = b"\r\n".join(line if isinstance(line, bytes) else line.encode("latin-1") for line in lines)

    async def say(talk: Talk) -> None:
        await talk.send(head + b"\r\n\r\n" + body)
        await talk.close()

    return say


def status(line: str, *fields: str, body: bytes = b"<title>Error</title>Error") -> bytes:
    """A response with this status line."""
    return response(body, line, *fields)


async def close_at_once(talk: Talk) -> None:
    await drop(talk)


async def reset_in_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht")
    await talk.reset()


async def reset_in_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n<title>Half")
    await talk.reset()


async def drip_headers(talk: Talk) -> None:
    """One byte of a header every 0.3 seconds, for ever."""
    await talk.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    talk.keep = False
    while True:
        await asyncio.sleep(0.3)
        await talk.send(b"a")


async def drip_body(talk: Talk) -> None:
    """A page whose head comes at once, and whose text comes byte by byte."""
    await talk.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<title>Slow</title>"
    )
    talk.keep = False
    while True:
        await asyncio.sleep(0.3)
        await talk.send(b"a")


async def endless_body(talk: Talk) -> None:
    """A page without an end or a length; blocks of 64 KiB as long as somebody reads them."""
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html("Log", "Log")[:-30])
    talk.keep = False
    block = b"<p>another line of the log that never ends and never repeats " * 1024
    while True:
        await talk.send(block)


async def endless_chunks(talk: Talk) -> None:
    """The same in chunks."""
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.keep = False
    block = b"%x\r\n" % (11 * 6000) + b"<p>endless " * 6000 + b"\r\n"
    while True:
        await talk.send(block)


async def declared_huge(talk: Talk) -> None:
    """A page that says it has 10 GiB, and has them for whoever reads."""
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10737418240\r\n\r\n")
    talk.keep = False
    while True:
        await talk.send(b"<p>a line of many" * 4096)


async def tls_alert(talk: Talk) -> None:
    """What a TLS server says to plain HTTP: alert 70 of RFC 8446, 6.2, `protocol_version`, fatal."""
    await talk.send(b"\x15\x03\x01\x00\x02\x02\x46")
    await talk.close()


async def never_ends_redirect_body(talk: Talk) -> None:
    """A redirect with an endless body: it must be followed all the same."""
    assert isinstance(talk, Visited)
    await talk.send(talk.filled(b"HTTP/1.1 302 Found\r\nLocation: @HERE@/good\r\n\r\n"))
    talk.keep = False
    while True:
        await talk.send(b"x" * 65_536)


def from_second_on(first: Route, then: Route = GOOD, times: int = 1) -> Handler:
    """The first so many times it is asked one thing, later another."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        await answer(talk, first if talk.asked <= times else then)

    return decide


def by_method(head: Route, get: Route) -> Handler:
    """One answer to HEAD, another to everything else."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        await answer(talk, head if talk.method == "HEAD" else get)

    return decide


def by_cookie(name: str, without: Route, having: Route = GOOD) -> Handler:
    """What is shown depends on a cookie."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        await answer(talk, having if name in talk.headers.get("cookie", "") else without)

    return decide


def upgraded(to: Route, secure: Route = GOOD) -> Handler:
    """What is shown over http, and over https."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        await answer(talk, secure if talk.writer.get_extra_info("ssl_object") else to)

    return decide


def marked(query: str, found: Route = GOOD) -> Handler:
    """Redirects for good, once, to put something of this visit into the address."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        onward = redirect(f"{talk.target}?{query}", "301 Moved Permanently")
        await answer(talk, found if "?" in talk.target else onward)

    return decide


def exactly(target: str, found: Route = GOOD) -> Handler:
    """Only this very target, to the byte, is there."""

    async def decide(talk: Talk) -> None:
        assert isinstance(talk, Visited)
        missing = status("404 Not Found", body=html("Not Found", "Not Found"))
        await answer(talk, found if talk.target == target else missing)

    return decide


async def counting_redirect(talk: Talk) -> None:
    """Every redirect leads to a further number."""
    assert isinstance(talk, Visited)
    number = int(talk.target.rpartition("=")[2]) if "=" in talk.target else 0
    path = talk.target.partition("?")[0]
    await answer(talk, response(b"", "302 Found", f"Location: {path}?n={number + 1}"))


async def cookie_loop(talk: Talk) -> None:
    """A redirect to itself that sets another cookie each time."""
    assert isinstance(talk, Visited)
    await answer(
        talk, response(b"", "302 Found", f"Location: {talk.target}", f"Set-Cookie: v={talk.asked}; Path=/")
    )


async def says_its_path(talk: Talk) -> None:
    """200 for every address, with the address in it."""
    assert isinstance(talk, Visited)
    await answer(
        talk, response(html("Acme", "Acme", f"Welcome to {talk.target}. Acme makes many fine things."))
    )


@cache
def bomb(kind: str) -> bytes:
    """A small body that becomes a big one: `gzip` (256 MiB), `twice` (gzip in gzip, 200 MiB inside)."""
    zeros = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    count = {"gzip": 256, "twice": 200}[kind]
    packed = b"".join(zeros.compress(block) for _ in range(count)) + zeros.flush()
    return gzip.compress(packed) if kind == "twice" else packed


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return response(body, "200 OK", f"Content-Encoding: {coding}")


def lazily(make: Callable[[], bytes]) -> Handler:
    """A response that is made when it is first asked for."""

    async def say(talk: Talk) -> None:
        await answer(cast(Visited, talk), make())

    return say
