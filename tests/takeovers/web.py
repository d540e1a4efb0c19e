"""The set on real sockets: one loopback server that every name leads to, and the archive beside it."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hostile.certificates import Certificates
from servers import Route, Talk, response, serve

from takeovers.cases import Case, Routes

_RAW = re.compile(r"/web/(\d+)id_/(.+)")
_MISSING = response(b"<title>404 Not Found</title><h1>Not Found</h1>", "404 Not Found")


class TakenWeb:
    """What stands where: `then` first, and `now` after `turn`. The archive answers on the port of https."""

    def __init__(self, cases: Iterable[Case], *, archived: bool = False) -> None:
        cases = list(cases)
        self._then = {place: route for case in cases for place, route in case.then.items()}
        self._now = {place: route for case in cases for place, route in case.now.items()}
        self._copies = {case.url: route for case in cases for route in case.then.values() if archived}
        self._places: Routes = self._now
        self.archived = archived
        self.raw_copies = 0
        """How often the archive was asked for a copy as it was captured."""
        self.connect_to: list[str] = []
        self.authority = ""

    def turn(self, *, back: bool = False) -> None:
        """Let the new owners move in; `back`: what it was before."""
        self._places = self._then if back else self._now

    async def answer(self, talk: Talk) -> None:
        host, path = talk.headers.get("host", "").partition(":")[0], talk.target.partition("?")[0]
        route = self._places.get(f"{host}{path}") or self._places.get(f"{host}*") or _MISSING
        await (talk.send(route) if isinstance(route, bytes) else route(talk))

    async def archive(self, talk: Talk) -> None:
        route = self._archived(talk.target)
        await (talk.send(route) if isinstance(route, bytes) else route(talk))

    def _archived(self, target: str) -> Route:
        if raw := _RAW.fullmatch(target):
            self.raw_copies += 1
            return self._copies.get(raw[2], _MISSING)
        if not target.startswith(("/wayback/", "/cdx/")):
            return _MISSING
        return response(json.dumps({} if "available" in target else []).encode(), kind="application/json")

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve from a thread of its own: a run has a loop of its own, too."""
        loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
        certificates = Certificates()
        tls = certificates.context("good", "web.archive.org", "archive.org")

        async def stand() -> None:
            async with serve(self.answer) as plain, serve(self.archive, tls) as secure:
                self.connect_to = [f":80:127.0.0.1:{plain.port}", f":443:127.0.0.1:{secure.port}"]
                ready.set()
                await over.wait()

        with tempfile.TemporaryDirectory() as folder:
            self.authority = str(Path(folder) / "authority.pem")
            certificates.authority.cert_pem.write_to_path(self.authority)
            thread = threading.Thread(target=lambda: loop.run_until_complete(stand()))
            thread.start()
            ready.wait()
            try:
                yield
            finally:
                loop.call_soon_threadsafe(over.set)
                thread.join()
                loop.close()
