"""Names to addresses, once each in a run.

`getaddrinfo` blocks a thread for as long as a name server is silent. In asyncio's default executor, a few
threads per core, dead names starve the living ones (220 of 540 living hosts were called dead): hence threads
of its own. They are daemons: the pools of `concurrent.futures` are waited for when the program ends, for as
long as a name server is silent. Callers that ask for one name at the same time share one look-up.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from scraper.web.failures import Failed

Lookup = Callable[[str], list[str]]
"""Addresses of a name; raises `socket.gaierror` as `getaddrinfo` does. Called in a thread."""

THREADS = 64
LIFETIME = 600.0
"""Seconds for which an answer is believed. `getaddrinfo` tells no TTL, and a run may take hours."""
MOST_NAMES = 50_000

# EAI_NONAME "the name does not resolve", EAI_NODATA "exists but has no address": a definite no, both.
# All other codes (EAI_AGAIN, EAI_FAIL, …) tell of the resolver, not of the name.
_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def system_lookup(host: str) -> list[str]:
    """Addresses by the system's own rules, its order of preference (RFC 6724) included."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def literal(host: str) -> str:
    """The address, when the host is one as it stands, else empty."""
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


_THIS_MACHINE = re.compile(r"(?:.+\.)?localhost|localhost\.localdomain|ip6-(?:localhost|loopback)")
"""Names that mean this machine wherever they are asked for (RFC 6761, 6.3, and the usual hosts file)."""


def spelled_out(host: str) -> str:
    """The address that the host means to whoever looks it up, as far as its spelling tells; else empty.

    A proxy resolves by its own rules, and C's `inet_aton` takes `127.1`, `0x7f000001` and `2130706433` too.
    """
    name = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    if address := literal(name):
        return address
    if _THIS_MACHINE.fullmatch(name):
        return "127.0.0.1"
    try:
        return socket.inet_ntoa(socket.inet_aton(name)) if name[:1].isdigit() else ""
    except (OSError, UnicodeError):
        return ""


class Resolver:
    """Resolves names in threads of its own; remembers what it learnt, the definite no included."""

    def __init__(self, lookup: Lookup = system_lookup, limit: float = 10.0) -> None:
        """`limit` is how long one look-up may take, in seconds."""
        self._limit = limit
        self._threads = _Threads(lookup)
        self._known: dict[str, tuple[float, asyncio.Future[list[str] | Failed]]] = {}

    async def resolve(self, host: str) -> list[str]:
        """Addresses of the host, at least one. Raises Failed: host_not_found, dns_failure, invalid_url."""
        if address := literal(host):
            return [address]
        try:
            # Shielded: one caller's end must not take the answer from the others.
            found = await asyncio.wait_for(asyncio.shield(self._answer(host)), self._limit)
        except TimeoutError:
            raise Failed("dns_failure", f"no answer about {host} within {self._limit:g} s") from None
        if isinstance(found, Failed):
            raise Failed(found.reason, found.detail)
        return found

    def close(self) -> None:
        self._threads.close()

    def _answer(self, host: str) -> asyncio.Future[list[str] | Failed]:
        expires, answer = self._known.get(host, (0.0, None))
        if answer is None or expires < time.monotonic() or _passing(answer):
            answer = self._threads.ask(host)
            self._known.pop(host, None)
            self._known[host] = (time.monotonic() + LIFETIME, answer)
            if len(self._known) > MOST_NAMES:
                del self._known[next(iter(self._known))]
        return answer


class _Threads:
    """Daemons that look names up, as many as there are look-ups under way, and at most `THREADS`."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._jobs: SimpleQueue[tuple[str, asyncio.Future[list[str] | Failed]] | None] = SimpleQueue()
        self._threads = 0
        self._asked = 0

    def ask(self, host: str) -> asyncio.Future[list[str] | Failed]:
        answer: asyncio.Future[list[str] | Failed] = asyncio.get_running_loop().create_future()
        self._asked += 1
        self._jobs.put((host, answer))
        if self._threads < min(self._asked, THREADS):
            self._threads += 1
            threading.Thread(target=self._work, name="resolver", daemon=True).start()
        return answer

    def close(self) -> None:
        """What has not been begun is not begun any more; nobody waits for the rest."""
        with suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            host, answer = job
            found: list[str] | Failed | Exception
            try:
                found = _ask(self._lookup, host)
            except Exception as bug:  # noqa: BLE001 - a fault of ours: raised where the name was asked for
                found = bug
            with suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                answer.get_loop().call_soon_threadsafe(self._told, answer, found)

    def _told(
        self, answer: asyncio.Future[list[str] | Failed], found: list[str] | Failed | Exception
    ) -> None:
        self._asked -= 1
        if answer.done():
            return
        if isinstance(found, Exception) and not isinstance(found, Failed):
            answer.set_exception(found)
        else:
            answer.set_result(found)


def _passing(answer: asyncio.Future[list[str] | Failed]) -> bool:
    """A failure of the resolver may be over by the next time; only answers about the name are kept."""
    if not answer.done():
        return False
    found = answer.result()
    return isinstance(found, Failed) and found.reason == "dns_failure"


def _ask(lookup: Lookup, host: str) -> list[str] | Failed:
    """Returned, not raised: nobody may be left waiting to hear of it."""
    try:
        found = lookup(host)
    except socket.gaierror as error:
        reason = "host_not_found" if error.errno in _NO_SUCH_HOST else "dns_failure"
        return Failed(reason, f"{host}: {error.strerror}")
    except UnicodeError:
        return Failed("invalid_url", f"{host[:80]}: not a host name (an empty or too long label)")
    except OSError as error:
        return Failed("dns_failure", f"{host}: {error}")
    return found or Failed("host_not_found", f"{host}: no address")
