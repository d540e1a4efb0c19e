"""From an `httpx.Request` to an `httpx.Response`: connections kept by origin, behind httpx's interface.

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
from collections.abc import AsyncIterator, Iterable
from urllib.request import getproxies_environment, proxy_bypass

from scraper.errors import SettingsError
from scraper.web.connection import Connection, Origin
from scraper.web.failures import Failed
from scraper.web.library import httpx
from scraper.web.network import Connector, Stream

KEEP_ALIVE = 5.0
"""Seconds an idle connection is kept."""
MOST_OPEN = 800
"""Connections, idle ones among them: a process may often have no more than 1,024 files open (`ulimit -n`)."""
SENT = "requests"
"""Extension of a request: how often it went out. None when no connection was made."""
HOLD = "hold"
"""Extension of a request: what is awaited, once, between connecting and writing."""
DEFAULT_PORTS = {"http": 80, "https": 443}


class Transport(httpx.AsyncBaseTransport):
    """Sends requests, directly or through the environment's proxy. Raises what `failures` explains."""

    def __init__(self, connector: Connector, tls: ssl.SSLContext) -> None:
        self._connector = connector
        self._idle = _Idle()
        self._open: set[Stream] = set()
        self._proxies = _proxies(tls)

    @property
    def proxied(self) -> bool:
        return bool(self._proxies)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        origin = (url.scheme, url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme])
        if self._proxies and (proxy := self._proxy(*origin)) is not None:
            if why := self._connector.refuses(*origin[1:]):
                raise Failed("policy", why)
            if hold := request.extensions.pop(HOLD, None):
                await hold()
            request.extensions[SENT] = 1
            return await proxy.handle_async_request(request)
        connection = self._idle.take(origin)
        if connection is not None:
            try:
                return await self._send(connection, request)
            except (Failed, OSError):
                # RFC 9112, 9.3.1: a server may close an idle connection just when the next request is under
                # way; "a client ... SHOULD" then try again, on a new one, what is safe to send twice.
                if not connection.unheard or request.method != "GET":
                    raise
        stream = await self._connector.connect(*origin)
        self._open.add(stream)
        stream.closed.add_done_callback(lambda _: self._open.discard(stream))
        return await self._send(Connection(origin, stream), request)

    async def aclose(self) -> None:
        for stream in list(self._open):
            stream.abort()
        await asyncio.gather(*(stream.closed for stream in list(self._open)))
        for proxy in self._proxies.values():
            await proxy.aclose()

    async def _send(self, connection: Connection, request: httpx.Request) -> httpx.Response:
        self._idle.busy += 1
        try:
            if hold := request.extensions.pop(HOLD, None):
                await hold()
            request.extensions[SENT] = request.extensions.get(SENT, 0) + 1
            head = await connection.send(request)
        except BaseException:
            self._idle.busy -= 1
            connection.stream.abort()
            raise
        return httpx.Response(
            head.status,
            headers=head.fields,
            stream=_Body(connection, self._idle),
            extensions={"network_stream": connection.stream},
        )

    def _proxy(self, scheme: str, host: str, port: int) -> httpx.AsyncBaseTransport | None:
        if self._connector.routed(host, port) or proxy_bypass(f"{host}:{port}"):
            return None
        return self._proxies.get(scheme) or self._proxies.get("all")


class _Body(httpx.AsyncByteStream):
    """The body of a response; closing it gives the connection back, or ends it."""

    def __init__(self, connection: Connection, idle: _Idle) -> None:
        self._connection = connection
        self._idle = idle

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.body()

    async def aclose(self) -> None:
        self._idle.busy -= 1
        if self._connection.reuse():
            self._idle.give(self._connection)
        else:
            self._connection.stream.abort()


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
