from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import Server, Talk, hang, redirect, response, serve, serve_bytes
from visiting import PlainSettings, Visitor, visiting

from scraper.model import Answer, Request
from scraper.verdicts.reasons import REASONS
from scraper.web import Web, WebSettings

PAGE = response(b"<title>T</title>", "200 OK", "X-Two: a", "X-Two: b", 'ETag: "caf\u00e9"')


async def test_an_answer() -> None:
    before = datetime.now(UTC)
    async with serve(PAGE) as server, visiting(server) as visitor:
        answer = await visitor.get("http://Site.test/forum?id=X&noteId=Y#part")
    assert (answer.url, answer.final_url) == (
        "http://Site.test/forum?id=X&noteId=Y#part",
        "http://Site.test/forum?id=X&noteId=Y",
    )
    assert (answer.status, answer.body, answer.truncated) == (200, b"<title>T</title>", False)
    assert (answer.headers["x-two"], answer.headers["etag"]) == ("a, b", '"caf\u00e9"')
    assert (answer.attempts, answer.requests, answer.hops) == (1, 1, ())
    assert (answer.failure, answer.detail, answer.certificate_expires) == ("", "", None)
    assert answer.at is not None
    assert before <= answer.at <= datetime.now(UTC)
    assert answer.elapsed > 0
    asked = server.asked[0]
    assert asked.method == "GET"
    assert asked.target == "/forum?id=X&noteId=Y"
    assert asked.headers["host"] == "site.test"
    assert "referer" not in asked.headers


async def test_a_question_with_a_body_and_fields_of_its_own() -> None:
    fields = (("Accept", "application/json"), ("If-None-Match", '"caf\u00e9"'), ("user-agent", "other/1"))
    async with serve(response(b"{}")) as server, visiting(server) as visitor:
        await visitor.get("http://site.test/graphql", method="POST", headers=fields, json={"query": "\u00fc"})
    asked = server.asked[0]
    assert (asked.method, asked.body) == ("POST", b'{"query": "\\u00fc"}')
    assert asked.headers["content-type"] == "application/json"
    assert (asked.headers["accept"], asked.headers["user-agent"]) == ("application/json", "other/1")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "unsupported"),
        ("site.test/x", "unsupported"),
        ("ftp://site.test/", "unsupported"),
        ("javascript:alert(1)", "unsupported"),
        ("git@github.com:a/b.git", "unsupported"),
        ("http://", "invalid_url"),
        ("http:///x", "invalid_url"),
        ("http://[::1/", "invalid_url"),
        ("http://exa mple.test/", "invalid_url"),
        ("http://site.test:99999/", "invalid_url"),
        ("http://site.test:0/", "invalid_url"),
        ("http://site.test:-1/", "invalid_url"),
        ("http://\u202eevil.test/", "invalid_url"),
        ("http://so\u00adft.test\x00/", "invalid_url"),
        ("http://a..b/", "invalid_url"),
        ("http://" + "a" * 64 + ".test/", "invalid_url"),
        ("http://site.test/" + "x" * 100_000, "invalid_url"),
    ],
)
async def test_addresses_that_cannot_be_visited(url: str, reason: str) -> None:
    async with visiting(attempts=3) as visitor:
        answer = await visitor.get(url)
    assert (answer.failure, answer.status, answer.requests, answer.attempts) == (reason, None, 0, 1)
    assert answer.url == url


async def test_user_and_password_are_neither_sent_nor_kept() -> None:
    async with serve(PAGE) as server, visiting(server) as visitor:
        answer = await visitor.get("http://user:secret@site.test/x")
    assert answer.final_url == "http://site.test/x"
    assert "authorization" not in server.asked[0].headers


# What servers do to the protocol.


@dataclass(frozen=True)
class Fault:
    name: str
    data: bytes
    status: int | None = None
    failure: str = ""


OK = b"HTTP/1.1 200 OK\r\n"
FAULTS = [
    Fault("nothing", b"", failure="connection_reset"),
    Fault("half a head", OK + b"Content-Le", failure="connection_reset"),
    Fault("HTTP/0.9", b"hello\n", failure="protocol_error"),
    Fault("HTTP/9.9", b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n", failure="protocol_error"),
    Fault("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", failure="protocol_error"),
    Fault("LF only", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", status=200),
    Fault("NUL in a field", OK + b"X: a\x00b\r\n\r\n", failure="protocol_error"),
    Fault("folded field", OK + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n", status=200),
    Fault("Latin-1 field", OK + b"X: caf\xe9\r\nContent-Length: 0\r\n\r\n", status=200),
    Fault("no colon", OK + b"X\r\nContent-Length: 2\r\n\r\nhi", status=200),
    Fault("no name", OK + b": x\r\nContent-Length: 2\r\n\r\nhi", status=200),
    Fault("a blank before the colon", OK + b"Content-Length : 2\r\n\r\nhi", status=200),
    Fault(
        "a folded field among odd ones", OK + b"X: a\r\n b\r\nodd\r\nContent-Length: 0\r\n\r\n", status=200
    ),
    Fault("small letters", b"http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", status=200),
    Fault(
        "4,000 fields of 1 KB",
        OK + (b"X: " + b"y" * 1000 + b"\r\n") * 4000 + b"\r\n",
        failure="protocol_error",
    ),
    Fault("a field of 3 MB", OK + b"X: " + b"y" * 3_000_000 + b"\r\n\r\n", failure="protocol_error"),
    Fault(
        "2,000 times 100", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000 + OK + b"\r\n", failure="protocol_error"
    ),
    Fault("103 before 200", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + b"\r\n", status=200),
    Fault("unasked 101", b"HTTP/1.1 101 Switching Protocols\r\n\r\n", failure="protocol_error"),
    Fault("status 20O", b"HTTP/1.1 20O OK\r\n\r\n", failure="protocol_error"),
    Fault("status -1", b"HTTP/1.1 -1 OK\r\n\r\n", failure="protocol_error"),
    Fault("status 099", b"HTTP/1.1 099 Low\r\n\r\n", failure="protocol_error"),
    Fault("status 600", b"HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n", status=600),
    Fault("status 999", b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", status=999),
    Fault("204 with a body", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", status=204),
    Fault("304 unasked", b"HTTP/1.1 304 Not Modified\r\n\r\n", status=304),
    Fault("negative length", OK + b"Content-Length: -5\r\n\r\nhello", failure="protocol_error"),
    Fault("length in words", OK + b"Content-Length: five\r\n\r\nhello", failure="protocol_error"),
    Fault(
        "two lengths", OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", failure="protocol_error"
    ),
    Fault("one length twice", OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", status=200),
    Fault(
        "length and chunks",
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        status=200,
    ),
    Fault(
        "chunked said twice in the same words",
        OK + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n2\r\nhi\r\n0\r\n\r\n",
        status=200,
    ),
    Fault(
        "chunked said twice",
        OK + b"Transfer-Encoding: chunked\r\ntransfer-encoding:Chunked \r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        status=200,
    ),
    Fault(
        "a transfer coding that is none",
        OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi",
        status=200,
    ),
    Fault(
        "chunks in gzip",
        OK + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        failure="protocol_error",
    ),
    Fault("unknown transfer coding", OK + b"Transfer-Encoding: foo\r\n\r\nhello", failure="protocol_error"),
    Fault("more than announced", OK + b"Content-Length: 2\r\n\r\nhi there", status=200),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_faults_of_the_protocol(fault: Fault) -> None:
    async with serve_bytes(fault.data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.failure) == (fault.status, fault.failure), answer.detail
    assert bool(answer.detail) == bool(fault.failure)
    assert answer.detail.isprintable()


async def test_headers_in_drips_and_silence_end_in_time() -> None:
    async def drip(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nX: ")
        while not talk.writer.transport.is_closing():
            await talk.send(b"y")
            await asyncio.sleep(0.02)
        talk.keep = False

    for route in (drip, hang):
        async with serve(route) as server, visiting(server, timeout=0.3) as visitor:
            answer = await visitor.get("http://site.test/")
        assert (answer.failure, answer.status) == ("timeout", None)
        assert answer.detail == "no answer within 0.3 s", "the setting, not what a clock had left"
        assert answer.elapsed > 0.2


async def test_a_slow_chain_of_redirects_shares_one_attempts_time() -> None:
    async def step(talk: Talk) -> None:
        await asyncio.sleep(0.15)
        await talk.send(redirect(f"{talk.target}x"))

    async with serve(step) as server, visiting(server, timeout=0.4) as visitor:
        answer = await visitor.get("http://site.test/")
    assert answer.failure == "timeout"
    assert 1 <= len(answer.hops) <= 2


async def test_bytes_behind_an_answer_do_not_become_the_next_one() -> None:
    smuggled = response(b"first") + response(b"smuggled")
    async with serve({"/1": smuggled, "/2": response(b"second")}) as server, visiting(server) as visitor:
        assert (await visitor.get("http://site.test/1")).body == b"first"
        assert (await visitor.get("http://site.test/2")).body == b"second"
    assert server.connections == 2


# Whatever is sent, there is an answer.


Fetch = Callable[[bytes, Request], Answer]


@contextmanager
def answering(**settings: Any) -> Iterator[Fetch]:
    """`fetch(data, request)`, with a server that says just the data."""
    said = [b""]

    async def up() -> Visitor:
        server = await stack.enter_async_context(serve_bytes(lambda: said[0]))
        return await stack.enter_async_context(visiting(server, timeout=2.0, **settings))

    def fetch(data: bytes, request: Request) -> Answer:
        said[0] = data
        return runner.run(visitor.fetch(request))

    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        visitor = runner.run(up())
        try:
            yield fetch
        finally:
            runner.run(stack.aclose())


def check(answer: Answer) -> None:
    assert (answer.status is None) == bool(answer.failure) or answer.failure == "rate_limited"
    assert not answer.failure or answer.failure in REASONS
    assert answer.detail.isprintable()


STATUSES = [b"200 OK", b"301 Moved", b"302 Found", b"304 Not Modified", b"429 Slow", b"503 Busy", b"100 Go"]
NAMES = [b"Location", b"Content-Length", b"Content-Encoding", b"Transfer-Encoding", b"Retry-After"]
FIELDS = st.tuples(st.sampled_from([*NAMES, b"Set-Cookie", b"Date", b"X"]), st.binary(max_size=40))


def test_no_header_set_or_body_raises() -> None:
    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(STATUSES),
        st.lists(FIELDS, max_size=5),
        st.binary(max_size=200),
        st.sampled_from(["GET", "POST"]),
    )
    def holds(status: bytes, fields: list[tuple[bytes, bytes]], body: bytes, method: str) -> None:
        head = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
        data = b"HTTP/1.1 " + status + b"\r\n" + head + b"\r\n" + body
        check(fetch(data, Request("http://site.test/", method=method, until=b"</head>")))

    with answering() as fetch:
        holds()


def test_no_bytes_raise() -> None:
    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=300))
    def holds(data: bytes) -> None:
        check(fetch(data, Request("http://site.test/")))

    with answering() as fetch:
        holds()


def test_no_address_raises() -> None:
    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"http://{text}/"))
    def holds(url: str) -> None:
        answer = fetch(b"", Request(url))
        check(answer)
        assert answer.failure in ("invalid_url", "unsupported", "policy")

    with answering(connect_to=[], lookup=lambda host: ["10.0.0.1"]) as fetch:
        holds()


# Manners.


async def test_no_more_than_so_many_at_once_at_a_host() -> None:
    under_way = 0
    most = 0

    async def slow(talk: Talk) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        await talk.send(PAGE)

    async with serve(slow) as server, visiting(server, host_concurrency=3, timeout=1.0) as visitor:
        answers = await asyncio.gather(*(visitor.get(f"http://site.test/{n}") for n in range(45)))
    assert {answer.status for answer in answers} == {200}, "waiting for a turn is no slowness of the host"
    assert most == 3


async def test_hosts_do_not_wait_for_each_other() -> None:
    async def stall(talk: Talk) -> None:
        await (hang(talk) if talk.headers["host"] == "slow.test" else talk.send(PAGE))

    async with serve(stall) as server, visiting(server, host_concurrency=1) as visitor:
        slow = asyncio.create_task(visitor.get("http://slow.test/"))
        quick = await asyncio.gather(*(visitor.get(f"http://h{n}.test/") for n in range(20)))
        assert not slow.done()
        assert {answer.status for answer in quick} == {200}
        slow.cancel()


def test_plain_settings_are_web_settings() -> None:
    fits: WebSettings = PlainSettings()
    assert fits.attempts == 1


async def test_a_web_can_be_closed_with_requests_under_way() -> None:
    async with serve(hang) as server:
        web = Web(PlainSettings(connect_to=[f"::127.0.0.1:{server.port}"]))
        async with web:
            task = asyncio.create_task(web.fetch(Request("http://site.test/")))
            await asked(server)
        answer = await task
    assert answer.failure == "connection_reset"


async def asked(server: Server) -> None:
    """Until the server was asked something; ends by the test's own failure if it never is."""
    for _ in range(500):
        if server.asked:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was asked")
