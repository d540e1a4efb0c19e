from __future__ import annotations

import asyncio
import gzip
import os
import tracemalloc
import zlib

import pytest
from servers import Talk, response, serve
from visiting import visiting

GZIP = "Content-Encoding: gzip"
PAGE = b"<html><HEAD><title>T</title></Head><body>" + b"text " * 20_000 + b"</body></html>"


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(bytes(1_048_576)) for _ in range(megabytes)]
    return b"".join([*pieces, packer.flush()])


@pytest.mark.parametrize("limit", [0, 1, 100, len(PAGE) - 1])
@pytest.mark.parametrize("packed", [False, True])
async def test_no_more_than_the_limit(limit: int, packed: bool) -> None:
    data = response(gzip.compress(PAGE, mtime=0), "200 OK", GZIP) if packed else response(PAGE)
    async with serve(data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/", body_limit=limit)
    assert (answer.body, answer.truncated, answer.failure) == (PAGE[:limit], True, "")


@pytest.mark.parametrize("fields", [(), (GZIP,), ("Content-Encoding: X-GZIP",)])
async def test_a_body_of_just_the_limit_is_whole(fields: tuple[str, ...]) -> None:
    data = response(gzip.compress(PAGE, mtime=0) if fields else PAGE, "200 OK", *fields)
    async with serve(data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/", body_limit=len(PAGE))
    assert (answer.body, answer.truncated) == (PAGE, False)
    assert server.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("fields", [(), (GZIP,)])
async def test_the_marker_ends_the_reading_in_any_case(fields: tuple[str, ...]) -> None:
    data = response(gzip.compress(PAGE, mtime=0) if fields else PAGE, "200 OK", *fields)
    async with serve(data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/", until=b"</head>")
    assert (answer.body, answer.truncated) == (b"<html><HEAD><title>T</title></Head>", True)


async def test_a_marker_that_comes_in_two_pieces() -> None:
    async def halves(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\n\r\n<title>T</title></he")
        await asyncio.sleep(0.05)
        await talk.send(b"ad><body>")
        await talk.close()

    async with serve(halves) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/", until=b"</head>")
    assert (answer.body, answer.truncated) == (b"<title>T</title></head>", True)


@pytest.mark.parametrize(
    ("body", "fields", "seen"),
    [
        (gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0), [GZIP], b"one two"),
        (gzip.compress(b"one", mtime=0) + b"junk behind", [GZIP], b"one"),
        (b"", [GZIP], b""),
        (b"plain", ["Content-Encoding: identity"], b"plain"),
        (b"plain", ["Content-Encoding:"], b"plain"),
        (b"plain", ["Content-Encoding: utf-8"], b"plain"),
        (b"plain", ["Content-Encoding: none, foo"], b"plain"),
        (gzip.compress(b"x", mtime=0), ["Content-Encoding: identity, GZIP"], b"x"),
    ],
)
async def test_codings_that_are_read(body: bytes, fields: list[str], seen: bytes) -> None:
    async with serve(response(body, "200 OK", *fields)) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.body, answer.failure, answer.truncated) == (200, seen, "", False)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip,gzip,gzip,gzip,gzip,gzip", "deflate"])
async def test_codings_that_were_not_asked_for_leave_the_status(coding: str) -> None:
    data = response(bomb(1), "200 OK", f"Content-Encoding: {coding}")
    async with serve(data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.body, answer.truncated, answer.failure) == (200, b"", True, "")
    assert "content coding" in answer.detail


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            response(gzip.compress(b"a page, and not all of it", mtime=0)[:-9], "200 OK", GZIP),
            "connection_reset",
        ),
        (response(b"no gzip at all", "200 OK", GZIP), "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of", "connection_reset"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "connection_reset"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n", "protocol_error"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"F" * 30 + b"\r\nhello",
            "protocol_error",
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 404])
async def test_a_page_that_breaks_off_is_no_page_and_a_404_is_a_404(
    data: bytes, reason: str, status: int
) -> None:
    async def broken(talk: Talk) -> None:
        await talk.send(data.replace(b" 200 ", b" %d " % status, 1))
        await talk.close()

    async with serve(broken) as server, visiting(server, attempts=2) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.failure) == ((404, "") if status == 404 else (None, reason))
    assert answer.truncated
    assert answer.detail
    # What broke off may be whole the next time; what is no HTTP will be none.
    assert answer.attempts == (2 if answer.failure == "connection_reset" else 1)


async def test_a_reset_in_the_middle_of_a_page_is_tried_again() -> None:
    async def once(talk: Talk) -> None:
        if len(server.asked) == 1:
            await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await talk.reset()
        else:
            await talk.send(response(b"whole"))

    async with serve(once) as server, visiting(server, attempts=2) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.body, answer.attempts, answer.requests) == (200, b"whole", 2, 2)


async def test_a_break_behind_what_was_wanted_does_not_matter() -> None:
    async def broken(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<title>T</title></head><body>")
        await talk.reset()

    async with serve(broken) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/", until=b"</head>")
    assert (answer.status, answer.body, answer.failure) == (200, b"<title>T</title></head>", "")


@pytest.mark.usefixtures("_short_grace")
@pytest.mark.parametrize("head", ["", "Content-Length: 500000\r\n", "Transfer-Encoding: chunked\r\n"])
async def test_a_drip_is_cut_and_its_status_stands(head: str) -> None:
    async def drip(talk: Talk) -> None:
        await talk.send(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode())
        while not talk.writer.transport.is_closing():
            await talk.send(b"1\r\nx\r\n" if "chunked" in head else b"x")
            await asyncio.sleep(0.02)
        talk.keep = False

    async with serve(drip) as server, visiting(server, attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.failure, answer.truncated, answer.attempts) == (200, "", True, 1)
    assert set(answer.body) <= set(b"x")
    assert "slow" in answer.detail


@pytest.mark.usefixtures("_short_grace")
async def test_headers_and_then_nothing() -> None:
    async def stall(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        await talk.reader.read()
        talk.keep = False

    async with serve(stall) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.failure, answer.truncated, answer.body) == (200, "", True, b"")


@pytest.mark.usefixtures("_short_grace")
async def test_a_slow_body_that_earns_its_time_is_read_to_the_end() -> None:
    piece = b"y" * 2000

    async def steady(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(10):
            await talk.send(piece)
            await asyncio.sleep(0.05)

    async with serve(steady) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.body, answer.truncated) == (piece * 10, False)


@pytest.mark.parametrize("kind", ["endless", "bomb", "gzip in gzip", "empty members", "noise"])
async def test_hostile_bodies_cost_bounded_memory(kind: str) -> None:
    inner = bomb(32)
    blocks = {
        "endless": (b"z" * 65_536, ""),
        "bomb": (inner, f"{GZIP}\r\n"),
        "gzip in gzip": (gzip.compress(inner, mtime=0), f"{GZIP}\r\n"),
        "empty members": (gzip.compress(b"", mtime=0) * 2000, f"{GZIP}\r\n"),
        "noise": (gzip.compress(os.urandom(65_536)), f"{GZIP}\r\n"),
    }
    block, field = blocks[kind]
    sent = 0

    async def pour(talk: Talk) -> None:
        nonlocal sent
        await talk.send(f"HTTP/1.1 200 OK\r\n{field}\r\n".encode())
        while sent < 64 * 1_048_576 and not talk.writer.transport.is_closing():
            await talk.send(block)
            sent += len(block)
        talk.keep = False

    async with serve(pour) as server, visiting(server) as visitor:
        tracemalloc.start()
        answer = await visitor.get("http://site.test/", body_limit=100_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (answer.status, answer.truncated, answer.failure) == (200, True, "")
    assert len(answer.body) <= 100_000
    assert peak < 8 * 1_048_576
    assert sent < 64 * 1_048_576


async def test_a_small_declared_rest_keeps_the_connection() -> None:
    page = b"<title>T</title></head>" + b"x" * 20_000
    async with serve(response(page)) as server, visiting(server) as visitor:
        for _ in range(3):
            await visitor.get("http://site.test/", until=b"</head>")
    assert server.connections == 1


@pytest.mark.parametrize(("rest", "connections"), [(1, 1), (32_768, 1), (32_769, 2)])
async def test_a_rest_of_up_to_32_KiB_is_cheaper_than_a_connection(rest: int, connections: int) -> None:
    async def halves(talk: Talk) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {1_000 + rest}\r\n\r\n"
        await talk.send(head.encode() + b"x" * 1_000)
        await asyncio.sleep(0.05)
        await talk.send(b"x" * rest)

    async with serve(halves) as server, visiting(server) as visitor:
        for _ in range(2):
            answer = await visitor.get("http://site.test/", body_limit=500)
    assert (len(answer.body), answer.truncated, server.connections) == (500, True, connections)


async def test_a_page_that_came_whole_and_is_too_long_keeps_the_connection() -> None:
    """All of it is there before anybody can say that it was enough."""
    async with serve(response(b"x" * 3_000)) as server, visiting(server) as visitor:
        for _ in range(3):
            answer = await visitor.get("http://site.test/", body_limit=1_000)
    assert (len(answer.body), answer.truncated, server.connections) == (1_000, True, 1)


async def test_a_large_rest_is_not_read_for_the_connections_sake() -> None:
    page = b"<title>T</title></head>" + b"x" * 2_000_000
    async with serve(response(page)) as server, visiting(server) as visitor:
        for _ in range(2):
            await visitor.get("http://site.test/", until=b"</head>")
    assert server.connections == 2
