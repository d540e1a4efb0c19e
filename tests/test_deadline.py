"""The deadline holds whatever the web does, and what is published says that it is incomplete.

Each obstacle lasts for longer than the test is patient: what outlasts the deadline shows by not ending.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from servers import Route, Talk, hang, response, serve

pytestmark = pytest.mark.long

PATIENCE = 40.0

RUN = """
import socket, sys, threading
if "dns" in sys.argv[1]:
    known = socket.getaddrinfo
    def silent(host, *more, **named):
        if host.endswith("silent.test"):
            threading.Event().wait()
        return known(host, *more, **named)
    socket.getaddrinfo = silent
from scraper.cli import main
main(sys.argv[2:])
"""


async def drip(talk: Talk) -> None:
    await talk.send(response(b"", "200 OK", "Content-Length: 9000000", length=False))
    while True:
        await talk.send(b"x" * 600)
        await asyncio.sleep(0.1)


async def slow_head(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await talk.send(b"X-A: b\r\n")
        await asyncio.sleep(0.1)


OBSTACLES: dict[str, Route] = {
    "dns": hang,
    "an answer": hang,
    "a body": drip,
    "a head": slow_head,
    "a handshake": hang,
    "a pause": response(b"", "503 Service Unavailable", "Retry-After: 50"),
    "a page": response(b"<a href=b><table>" * 30_000),
    "a login": hang,
    "an archive": hang,
    "a batch": hang,
}
LINKS = {
    "a handshake": "https://far.test/a",
    "dns": "http://silent.test/a",
    "a login": "https://openreview.net/forum?id=abcdefghij",
    "an archive": "http://web.archive.org/web/2020/http://far.test/a",
    "a batch": "https://github.com/a/b",
}


CREDENTIALS = {
    "a login": {"OPENREVIEW_USERNAME": "a", "OPENREVIEW_PASSWORD": "b"},
    "a batch": {"GITHUB_TOKEN": "t"},
}
HOSTS = (
    *("near.test", "far.test", "openreview.net", "api.openreview.net", "api2.openreview.net"),
    *("api.github.com", "web.archive.org", "archive.org"),
)


@asynccontextmanager
async def obstructed(obstacle: str, folder: Path) -> AsyncIterator[None]:
    """A list with a good link and links behind the obstacle, and settings that lead there."""
    good = response(b"<title>A</title><p>" + b"word " * 400)
    async with serve({"/good": good, "*": OBSTACLES[obstacle]}) as web:
        links = ["http://near.test/good", LINKS.get(obstacle, "http://far.test/a")]
        links += [f"http://far.test/{number}" for number in range(9)]
        (folder / "list.md").write_text("".join(f"[x]({link})\n" for link in links))
        routes = [f"{host}::127.0.0.1:{web.port}" for host in HOSTS]
        settings = f"connect_to = {json.dumps(routes)}\nmax_wait = 60\narchive = false\ntimeout = 60\n"
        (folder / "own.toml").write_text(settings)
        yield


async def ended(obstacle: str, folder: Path, *words: str) -> tuple[int, bytes]:
    """Exit code and stderr of a command with a second of time, within our patience."""
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, obstacle, *words, "--config=own.toml", "--deadline=1s"),
        cwd=folder,
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, **CREDENTIALS.get(obstacle, {})},
    )
    try:
        _, told = await asyncio.wait_for(run.communicate(), PATIENCE)
    finally:
        if run.returncode is None:
            run.kill()
    assert b"Traceback" not in told
    assert run.returncode is not None
    return run.returncode, told


@pytest.mark.parametrize("obstacle", OBSTACLES)
async def test_nothing_outlasts_the_deadline(obstacle: str, tmp_path: Path) -> None:
    async with obstructed(obstacle, tmp_path):
        code, told = await ended(obstacle, tmp_path, "refresh", "list.md")
    if obstacle != "a page":
        assert code == 5, told.decode()
        assert b"the deadline of 1 s came" in told
        report = (tmp_path / "reports/list/report.html").read_text()
        assert 'class="incomplete"' in report


@pytest.mark.parametrize("obstacle", OBSTACLES)
async def test_no_check_outlasts_the_deadline(obstacle: str, tmp_path: Path) -> None:
    async with obstructed(obstacle, tmp_path):
        code, told = await ended(obstacle, tmp_path, "check", "list.md")
    # The host that is only handshaken with, or says 503, may be found dead before the time is up.
    assert code in (3, 5) if obstacle != "a page" else code in (0, 3, 5), told.decode()


async def test_many_silent_articles_share_one_deadline(tmp_path: Path) -> None:
    async with obstructed("an answer", tmp_path):
        places = [f"http://far.test/list{number}.md" for number in range(2 * int(PATIENCE))]
        code, told = await ended("an answer", tmp_path, "refresh", *places)
    assert code == 2, told.decode()
    assert told.count(b"the deadline came before it had been read") == len(places)


async def test_a_cluster_that_still_starts_is_within_the_deadline(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    async with obstructed("an answer", tmp_path):
        code, told = await ended("an answer", tmp_path, "refresh", "list.md", "--cluster=local:2")
    assert code == 5, told.decode()
    assert b"the deadline of 1 s came" in told
    assert b"distributed" not in told
