"""A web under load: one process that answers for every address and every host name, and keeps the books.

    with LoadServer(latency=0.05) as server: ...   # http://127.x.y.z:PORT/… and whatever name is led there

What it answers is in the address: `/page/7` a page of 2 KB, `/big/7` one of 20 KB (for what is no number
404), `/file/7.zip` nothing but headers, `/404/7` and any other status that way, `/hang/7` nothing ever. It
listens on all of 127.0.0.0/8, so that a program which cannot be told where names lead still sees many hosts.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from types import TracebackType
from typing import Any, Self, cast
from urllib.request import ProxyHandler, build_opener

from benchmarks.report import child

_WORDS = b"<p>A paragraph of a page that has something to say of its own, as pages have.</p>\n"


def _html(size: int, title: str) -> bytes:
    head = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>\n".encode()
    return head + _WORDS * max(1, (size - len(head)) // len(_WORDS)) + b"</body></html>"


def _response(status: int, body: bytes = b"", kind: str = "text/html") -> bytes:
    # The last field lets linkchecker be as fast as it is told to; else it never goes below 0.1 s per host.
    lines = [f"HTTP/1.1 {status} Measured", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "LinkChecker: yes", "", ""]).encode() + body


_SIZES = {b"page": 2_000, b"big": 20_000}


@lru_cache(8192)
def _answer(kind: bytes, host: str) -> bytes:
    """Each host has a page of its own: the same one everywhere would be a captive portal's."""
    if kind in _SIZES:
        return _response(200, _html(_SIZES[kind], f"Measured page of {host}"))
    if kind == b"file":
        return _response(200, b"", "application/zip")
    return _response(int(kind) if kind.isdigit() else 404)


class Books:
    """What was asked: requests by host, connections, and the gaps between two requests to a host."""

    def __init__(self) -> None:
        self.begin(0.0)

    def begin(self, latency: float) -> None:
        self.latency = latency
        self.connections = 0
        self.requests: Counter[str] = Counter()
        self._gaps: list[float] = []
        self._last: dict[str, float] = {}

    def note(self, host: str, now: float) -> None:
        self.requests[host] += 1
        last = self._last.get(host)
        self._last[host] = now
        if last is not None:
            self._gaps.append(now - last)

    def report(self) -> dict[str, Any]:
        return {
            "requests": sum(self.requests.values()),
            "hosts": len(self.requests),
            "connections": self.connections,
            # All but the shortest hundredth: what a stall of either side pushes together says nothing.
            "gap": sorted(self._gaps)[len(self._gaps) // 100] if self._gaps else None,
        }


class _Talk(asyncio.Protocol):
    """HTTP/1.1 as far as a client of good will needs it."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._loop = asyncio.get_running_loop()
        self._left = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._books.connections += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        *heads, self._left = (self._left + data).split(b"\r\n\r\n")
        for head in heads:
            self._asked(head)

    def _asked(self, head: bytes) -> None:
        method, target, _ = head.split(b" ", 2)
        if target.startswith(b"http://"):
            target = b"/" + target.split(b"/", 3)[3]
        kind, number = (target + b"/").split(b"/", 3)[1:3]
        host = (head.lower() + b"\r\n").partition(b"\r\nhost:")[2].partition(b"\r\n")[0]
        if kind == b"books":
            self._keep_books(target)
            return
        name = host.strip().decode("latin-1")
        self._books.note(name, self._loop.time())
        if kind == b"hang":
            return
        made_up = kind in _SIZES and not number.isdigit()  # what asks for a soft 404 is told the truth
        answer = _answer(b"404" if made_up else kind, name)
        if method == b"HEAD":
            answer = answer[: answer.index(b"\r\n\r\n") + 4]
        if self._books.latency:
            self._loop.call_later(self._books.latency, self._say, answer)
        else:
            self._say(answer)

    def _keep_books(self, target: bytes) -> None:
        said = json.dumps(self._books.report()).encode()
        if b"latency=" in target:
            self._books.begin(float(target.rpartition(b"=")[2]))
        self._say(_response(200, said, "application/json"))

    def _say(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


async def _serve() -> None:
    books = Books()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Talk(books), "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)  # until the other side is gone


class LoadServer:
    """The server in a process of its own, which ends with the block, or with this program."""

    def __init__(self, latency: float = 0.0) -> None:
        self._latency = latency
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        command, environment = child("load")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.open_books(self._latency)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.communicate()

    def open_books(self, latency: float) -> dict[str, Any]:
        """Begin to count anew, and answer after so many seconds; returns what was counted before."""
        return self._books(f"?latency={latency}")

    def books(self) -> dict[str, Any]:
        return self._books("")

    def _books(self, query: str) -> dict[str, Any]:
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/books/{query}", timeout=10) as answer:
            report: dict[str, Any] = json.loads(answer.read())
        return report


def main() -> None:
    asyncio.run(_serve())


if __name__ == "__main__":
    main()
