"""From a `Call` to a `Response`: connections kept by origin, and httpx's own transport behind a proxy.

httpx's own transport keeps all connections in one pool and searches it for every request: at 500 connections
it called 17 % of healthy links dead. Here only *idle* connections are kept, by origin; one in use belongs to
its response until that is closed, so that nothing is closed under a reader, and a cancelled request cannot
leave a place occupied.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any, Protocol, cast
from urllib.request import getproxies_environment, proxy_bypass

from scraper.errors import SettingsError
from scraper.web.call import Call, Field, Origin
from scraper.web.connection import Connection
from scraper.web.failures import Failed
from scraper.web.library import httpx
from scraper.web.network import Connector, Stream
from scraper.web.plain import Head

KEEP_ALIVE = 5.0
"""Seconds an idle connection is kept."""
MOST_OPEN = 800
"""Connections, idle ones among them: a process may often have no more than 1,024 files open (`ulimit -n`)."""
Hold = Callable[[], Awaitable[None]]
"""Awaited once, between connecting and writing."""


class Response(Protocol):
    """A response whose body is still to be read."""

    status: int
    fields: list[Field]

    def whole(self) -> bytes | None:
        """The body, where all of it has come already; asked once, before anything of it is read."""

    def body(self) -> AsyncGenerator[bytes]:
        """The body as it comes, its content coding still on it."""

    def tls(self) -> Any:
        """The `ssl.SSLObject` that it came by; None for none."""

    async def aclose(self) -> None: ...


class Transport:
    """Sends requests, directly or through the environment's proxy. Raises what `failures` explains."""

    def __init__(self, connector: Connector, tls: ssl.SSLContext) -> None:
        self._connector = connector
        self._idle = _Idle()
        self._open: set[Stream] = set()
        self._proxies = _proxies(tls)

    @property
    def proxied(self) -> bool:
        return bool(self._proxies)

    async def ask(self, call: Call, hold: Hold | None = None) -> Response:
        """The response to the call, which is to be closed."""
        origin = call.origin
        if self._proxies and (proxy := self._proxy(*origin)) is not None:
            if why := self._connector.refuses(*origin[1:]):
                raise Failed("policy", why)
            if hold is not None:
                await hold()
            call.sent = 1
            request = httpx.Request(call.method, call.url, headers=call.fields, content=call.content)
            return _Proxied(await proxy.handle_async_request(request))
        connection = self._idle.take(origin)
        if connection is not None:
            try:
                return await self._send(connection, call, hold)
            except (Failed, OSError):
                # RFC 9112, 9.3.1: a server may close an idle connection just when the next request is under
                # way; "a client ... SHOULD" then try again, on a new one, what is safe to send twice.
                if not connection.unheard or call.method != "GET":
                    raise
                hold = None
        stream = await self._connector.connect(*origin)
        self._open.add(stream)
        stream.closed.add_done_callback(lambda _: self._open.discard(stream))
        return await self._send(Connection(origin, stream), call, hold)

    async def aclose(self) -> None:
        for stream in list(self._open):
            stream.abort()
        await asyncio.gather(*(stream.closed for stream in list(self._open)))
        for proxy in self._proxies.values():
            await proxy.aclose()

    async def _send(self, connection: Connection, call: Call, hold: Hold | None) -> Response:
        self._idle.busy += 1
        try:
            if hold is not None:
                await hold()
            call.sent += 1
            head = await connection.send(call)
        except BaseException:
            self._idle.busy -= 1
            connection.stream.abort()
            raise
        return _Direct(head, connection, self._idle)

    def _proxy(self, scheme: str, host: str, port: int) -> httpx.AsyncBaseTransport | None:
        if self._connector.routed(host, port) or proxy_bypass(f"{host}:{port}"):
            return None
        return self._proxies.get(scheme) or self._proxies.get("all")


class _Direct:
    """A response by a connection of ours; closing it gives the connection back, or ends it."""

    __slots__ = ("_connection", "_idle", "fields", "status")

    def __init__(self, head: Head, connection: Connection, idle: _Idle) -> None:
        self.status = head.status
        self.fields = head.fields
        self._connection = connection
        self._idle = idle

    def whole(self) -> bytes | None:
        return self._connection.whole()

    def body(self) -> AsyncGenerator[bytes]:
        return self._connection.body()

    def tls(self) -> Any:
        return self._connection.stream.get_extra_info("ssl_object")

    async def aclose(self) -> None:
        self._idle.busy -= 1
        if self._connection.reuse():
            self._idle.give(self._connection)
        else:
            self._connection.stream.abort()


class _Proxied:
    """A response that came by a proxy."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.fields = response.headers.raw
        self._response = response

    def whole(self) -> None:
        return None

    def body(self) -> AsyncGenerator[bytes]:
        stream = cast(httpx.AsyncByteStream, self._response.stream)
        return cast("AsyncGenerator[bytes]", aiter(stream))

    def tls(self) -> Any:
        return self._response.extensions["network_stream"].get_extra_info("ssl_object")

    async def aclose(self) -> None:
        await self._response.aclose()


class _Idle:
    """Connections that nobody uses, the longest idle first."""

    def __init__(self) -> None:
        self.busy = 0
        """Connections in use."""
        self._all: OrderedDict[Connection, None] = OrderedDict()
        self._by_origin: dict[Origin, list[Connection]] = {}

    def take(self, origin: Origin) -> Connection | None:
        """The one of this origin that was used last, if it is still fresh and silent."""
        self._expire()
        kept = self._by_origin.get(origin)
        while kept:
            connection = kept[-1]
            self._remove(connection)
            if connection.stream.silent:
                return connection
            connection.stream.abort()
        return None

    def give(self, connection: Connection) -> None:
        connection.idle_since = time.monotonic()
        self._all[connection] = None
        self._by_origin.setdefault(connection.origin, []).append(connection)
        self._expire()

    def _expire(self) -> None:
        too_old = time.monotonic() - KEEP_ALIVE
        while self._all:
            oldest = next(iter(self._all))
            if oldest.idle_since > too_old and len(self._all) + self.busy <= MOST_OPEN:
                return
            self._remove(oldest)
            oldest.stream.abort()

    def _remove(self, connection: Connection) -> None:
        del self._all[connection]
        kept = self._by_origin[connection.origin]
        kept.remove(connection)
        if not kept:
            del self._by_origin[connection.origin]


def _proxies(tls: ssl.SSLContext) -> dict[str, httpx.AsyncHTTPTransport]:
    """Transports through HTTP_PROXY, HTTPS_PROXY and ALL_PROXY. Raises SettingsError."""
    named = getproxies_environment()
    return {scheme: _through(scheme, named[scheme], tls) for scheme in _KINDS if named.get(scheme)}


_KINDS: Iterable[str] = ("http", "https", "all")


def _through(scheme: str, address: str, tls: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        return httpx.AsyncHTTPTransport(
            verify=tls, proxy=proxy, limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE)
        )
    except (ValueError, httpx.InvalidURL, ImportError) as error:
        # The address may hold a password: it is not repeated.
        raise SettingsError(
            f"{scheme.upper()}_PROXY in the environment cannot be used: {type(error).__name__}"
        ) from None
