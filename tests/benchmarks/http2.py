"""HTTP/2 beside HTTP/1.1, over TLS on loopback: what a request costs the client. Needs `h2` and `hypercorn`.

`python -m tests.benchmarks.http2` prints a table for reports/benchmarks/transport.md. One host, for only its
own links can share a connection; 8 requests at once, as a host gets at most here.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import trustme

from benchmarks.report import machine, table
from scraper.model import Request
from scraper.settings import Settings
from scraper.web.client import Web

LINKS, AT_ONCE, REPEATS = 900, 8, 5  # hypercorn ends a connection after 1,000 requests
BODY = b"<html><title>A page</title>" + b"<p>It has something to say.</p>" * 60


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What hypercorn serves: a page of 2 KB at every address."""
    if scope["type"] == "http":
        head = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(BODY))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": BODY})


Fetch = Callable[[str], Awaitable[int | None]]


async def _cost(fetch: Fetch, port: int) -> float:
    """Seconds of processor time for 1,000 requests."""
    urls = [f"https://localhost:{port}/page/{number}" for number in range(LINKS)]

    async def work() -> None:
        while urls:
            assert await fetch(urls.pop()) == 200

    await fetch(urls[0])
    began = time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return 1000 * (time.process_time() - began) / LINKS


async def _by_httpx(port: int, authority: Path, http2: bool) -> float:
    context = ssl.create_default_context(cafile=str(authority))
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(http2=http2, verify=context, limits=limits, trust_env=False) as client:

        async def fetch(url: str) -> int:
            answer = await client.get(url)
            assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
            return answer.status_code

        return await _cost(fetch, port)


async def _by_ours(port: int, authority: Path) -> float:
    settings = Settings(
        allow_networks=["127.0.0.0/8", "::1"],
        allow_ports=[port],
        ca_file=str(authority),
        host_concurrency=AT_ONCE,
    )
    async with Web(settings) as web:

        async def fetch(url: str) -> int | None:
            return (await web.fetch(Request(url))).status

        return await _cost(fetch, port)


def main() -> str:
    with tempfile.TemporaryDirectory() as place:
        authority, key = Path(place) / "authority.pem", Path(place) / "server.pem"
        made = trustme.CA()
        made.cert_pem.write_to_path(str(authority))
        made.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(key))
        with socket.create_server(("127.0.0.1", 0)) as spare:
            port = spare.getsockname()[1]
        command = [sys.executable, "-m", "hypercorn", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        command += ["--certfile", str(key), "--keyfile", str(key), "benchmarks.http2:app"]
        with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as server:
            time.sleep(3)
            try:
                rows = [_row(*case) for case in _cases(port, authority)]
            finally:
                server.terminate()
    head = ("client", "protocol", "CPU s / 1,000, least", "all")
    return f"{machine()}\n\n{table(head, rows)}\n"


def _cases(port: int, authority: Path) -> list[tuple[str, str, Callable[[], Awaitable[float]]]]:
    return [
        ("`Web`", "HTTP/1.1", lambda: _by_ours(port, authority)),
        ("httpx", "HTTP/1.1", lambda: _by_httpx(port, authority, False)),
        ("httpx", "HTTP/2", lambda: _by_httpx(port, authority, True)),
    ]


def _row(client: str, protocol: str, cost: Callable[[], Awaitable[float]]) -> tuple[str, ...]:
    async def measured() -> float:
        return await cost()

    costs = sorted(asyncio.run(measured()) for _ in range(REPEATS))
    return client, protocol, f"**{costs[0]:.2f}**", ", ".join(f"{one:.2f}" for one in costs)


if __name__ == "__main__":
    print(main())
