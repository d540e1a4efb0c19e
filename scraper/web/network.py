"""Connections: where to, whether that is allowed, and the bytes in both directions.

Every connection of every hop passes through `Connector.connect`, and no other code opens a socket (but a
proxy's): the name is resolved once, all its addresses are judged, and a judged address is connected to. The
certificate and the `Host` field stay with the name.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple, cast

from scraper.errors import SettingsError
from scraper.web.failures import Failed
from scraper.web.guard import Guard
from scraper.web.resolver import Resolver, spelled_out

SHARE = 3.0
"""Seconds an address gets to accept when there are others to try (RFC 8305 races them)."""
MOST_ADDRESSES = 4
HIGH_WATER = 131_072
"""Bytes received and not yet read, above which the other side is made to wait."""

_ROUTE = re.compile(r"(\[[^\]]*\]|[^:\[\]]*):([0-9]*):(\[[^\]]*\]|[^:\[\]]*):([0-9]*)")


class Route(NamedTuple):
    """What is meant for `host:port` goes to `to_host:to_port`; empty and 0 match all and change nothing."""

    host: str
    port: int
    to_host: str
    to_port: int

    def matches(self, host: str, port: int) -> bool:
        # "Any host" is any *name*: a link to an address is for the guard to judge, not for a stand-in.
        named = self.host == host if self.host else not _numeric(host)
        return named and self.port in (0, port)


def routes(lines: Iterable[str]) -> tuple[Route, ...]:
    """`connect_to` in curl's form, `HOST1:PORT1:HOST2:PORT2`. Raises SettingsError."""
    found = []
    for line in lines:
        match = _ROUTE.fullmatch(line.strip())
        if not match or not all(int(port or 0) <= 65_535 for port in match.group(2, 4)):
            raise SettingsError(f"connect_to: {line!r} is not HOST1:PORT1:HOST2:PORT2")
        host, port, to_host, to_port = match.groups()
        found.append(Route(host.strip("[]").lower(), int(port or 0), to_host.strip("[]"), int(to_port or 0)))
    return tuple(found)


def _numeric(host: str) -> bool:
    """Whether getaddrinfo may take the host for an address: its last label is a number (WHATWG URL, 3.5)."""
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdigit() or last.startswith("0x")


class Connector:
    """Opens the connections of a run."""

    def __init__(
        self, resolver: Resolver, guard: Guard, connect_to: tuple[Route, ...], tls: ssl.SSLContext
    ) -> None:
        self._resolver = resolver
        self._guard = guard
        self._routes = connect_to
        self._tls = tls

    def routed(self, host: str, port: int) -> Route | None:
        return next((route for route in self._routes if route.matches(host, port)), None)

    def refuses(self, host: str, port: int) -> str:
        """Why not to go there, as far as can be told without a look-up; empty when nothing is against it."""
        route = self.routed(host, port)
        if route and route.to_host:
            # The destination is the user's own word; a port that only a wildcard covers is the article's.
            return "" if route.port else self._guard.refuses_port(port)
        address = spelled_out(host)
        return self._guard.refuses_port(port) or (self._guard.refuses([address]) if address else "")

    async def connect(self, scheme: str, host: str, port: int) -> Stream:
        """A connection to the origin. Raises Failed, OSError, ssl.SSLError."""
        if why := self.refuses(host, port):
            raise Failed("policy", why)
        route = self.routed(host, port)
        addresses = await self._resolver.resolve((route and route.to_host) or host)
        if not (route and route.to_host) and (why := self._guard.refuses(addresses)):
            raise Failed("policy", f"{host}: {why}")
        tls = self._tls if scheme == "https" else None
        return await _open(addresses[:MOST_ADDRESSES], (route and route.to_port) or port, tls, host)


async def _open(addresses: list[str], port: int, tls: ssl.SSLContext | None, host: str) -> Stream:
    """The first address that accepts; the last one's error when none does."""
    for address in addresses[:-1]:
        with suppress(OSError):
            async with asyncio.timeout(SHARE):
                return await _dial(address, port, tls, host)
    return await _dial(addresses[-1], port, tls, host)


async def _dial(address: str, port: int, tls: ssl.SSLContext | None, host: str) -> Stream:
    loop = asyncio.get_running_loop()
    # RFC 6066, 3: a name "without a trailing dot"; certificates have none either.
    name = host.removesuffix(".") if tls else None
    _, stream = await loop.create_connection(Stream, address, port, ssl=tls, server_hostname=name)
    return stream


class Stream(asyncio.Protocol):
    """One connection, TCP or TLS, read and written by one task at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._paused = False
        self._ended = False
        self._error: Exception | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > HIGH_WATER and self._transport and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        self._writable.set()
        self._wake()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What the connection's user calls.

    @property
    def silent(self) -> bool:
        """Whether nothing has come since the last read: only then may an idle connection be used again."""
        return not self._received and not self._ended

    def get_extra_info(self, name: str) -> Any:
        """`ssl_object`, under the name and in the way that httpx's own transport has it."""
        return self._transport and self._transport.get_extra_info(name)

    async def read(self) -> bytes:
        """What has come, as soon as anything has; empty at the end. Raises OSError, ssl.SSLError."""
        while not self._received:
            if self._error is not None:
                raise self._error
            if self._ended:
                return b""
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        data = bytes(self._received)
        self._received.clear()
        if self._paused and self._transport and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()
        return data

    async def write(self, data: bytes) -> None:
        """Hand over the bytes; waits while the other side does not take them."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
        await self._writable.wait()

    def abort(self) -> None:
        """Close at once: the polite end of TLS waits for an answer, which an endless body never lets come."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
