"""The gap between two requests to a host, by the clock of the server, while our loop is busy."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from scraper.model import Answer, Pace, Question, Request
from scraper.settings import Settings
from scraper.visits.asking import Asking
from scraper.visits.dispatcher import Sleep, dispatch
from scraper.visits.keys import Key
from scraper.visits.turns import Turns
from scraper.web.client import Web

INTERVAL = 0.1
HOSTS, EACH = 6, 12

STAMPS = 35
"""SO_TIMESTAMPNS on Linux: with what is received the kernel says when it came in, however late it is read."""
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class Clock:
    """A server that notes when each request came in, by host."""

    def __init__(self) -> None:
        self.came: dict[bytes, list[float]] = {}
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.listening.setsockopt(socket.SOL_SOCKET, STAMPS, 1)
        self.port: int = self.listening.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, STAMPS, 1)
            while True:
                head, notes, _, _ = connection.recvmsg(65_536, 64)
                if not head:
                    return
                # The kernel begins to stamp a moment after it was asked to.
                stamp = struct.unpack("qq", notes[0][2]) if notes else divmod(time.time_ns(), 10**9)
                host = head.lower().partition(b"host: ")[2].partition(b"\r\n")[0]
                self.came.setdefault(host, []).append(stamp[0] + stamp[1] / 1e9)
                connection.sendall(PAGE)

    def gaps(self) -> list[float]:
        """All gaps between two requests to a host, the shortest first."""
        pairs = (pair for times in self.came.values() for pair in itertools.pairwise(sorted(times)))
        return sorted(later - earlier for earlier, later in pairs)


@contextmanager
def clock() -> Iterator[Clock]:
    server = Clock()
    threading.Thread(target=server.serve, daemon=True).start()
    yield server
    server.listening.shutdown(socket.SHUT_RDWR)
    server.listening.close()


async def _visit(settings: Settings, busy: Callable[[], float]) -> list[Answer]:
    """All questions, with a loop that stands still again and again for as long as `busy` says."""
    turns = Turns(48, lambda key: Pace(INTERVAL, 8))
    for host in range(HOSTS):
        for number in range(EACH):
            name = f"h{host}.test"
            request = Request(f"http://{name}/page/{number}")
            turns.add(Question(name, "web", "page", (), request, polite=True), 0.0)
    answers: list[Answer] = []

    async def perform(question: Question, sleep: Sleep) -> list[Question]:
        answers.append(await asking.answer(question, sleep))
        return []

    async def hold_up() -> None:
        while True:
            time.sleep(busy())  # noqa: ASYNC251 - the loop shall stand still
            await asyncio.sleep(0.04)

    async with Web(settings) as web:
        asking = Asking(settings, web, turns, None, None)
        holding = asyncio.create_task(hold_up())
        await dispatch(turns, perform)
        holding.cancel()
    return answers


async def test_the_server_sees_the_gap_under_a_busy_loop() -> None:
    stalls = iter([0.06, 0.02, 0.15, 0.0, 0.08] * 10_000)
    with clock() as server:
        settings = Settings(
            slots=48, connect_to=[f":80:127.0.0.1:{server.port}"], allow_networks=["127.0.0.0/8"]
        )
        answers = await _visit(settings, lambda: next(stalls))
    assert [answer.status for answer in answers] == [200] * HOSTS * EACH
    gaps = server.gaps()
    assert len(gaps) == HOSTS * (EACH - 1)
    assert gaps[len(gaps) // 100] >= 0.95 * INTERVAL


def test_what_was_held_up_goes_out_one_after_the_other() -> None:
    key = Key("a", Pace(1.0, 3), 1.0, 3)
    assert key.write(10.0) == 0.0
    assert key.write(10.0) == pytest.approx(1.0)
    assert key.write(11.001) == 0.0
    assert key.write(11.5) > 0
