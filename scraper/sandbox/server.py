"""The sandbox's sockets: one ASGI application behind http and https on two free ports of 127.0.0.1.

The certificate for a host is made when a client asks for it by name (SNI), so one port is every host. uvicorn
runs in a thread of its own and ends with the sandbox: open connections are dropped, nothing is left behind.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from typing import Any

import trustme
import uvicorn
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http import h11_impl

from scraper.files import explain
from scraper.sandbox import faces
from scraper.sandbox.messages import Ask, Reply
from scraper.sandbox.world import Seen, World

log = logging.getLogger(__name__)

# uvicorn knows the phrases of 100 to 599 and fails on LinkedIn's status
h11_impl.STATUS_PHRASES.setdefault(999, b"Request denied")


class Application:
    """ASGI: bytes to an `Ask`, the faces' `Reply` to bytes; keeps the world's list of requests."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = Seen(time.monotonic(), await _ask(scope, receive))
        self.world.requests.append(seen)
        drop = scope["state"]["drop"]
        if self.world.faults.on("connection_reset", seen.host):
            await _dropped(receive, drop)
            return
        reply = faces.answer(self.world, seen.ask)
        await asyncio.sleep(reply.delay)
        seen.status, seen.ended = reply.status, time.monotonic()
        if reply.cut:
            await _cut(reply, receive, send, drop)
            return
        await GZipMiddleware(_response(reply))(scope, receive, send)


async def _ask(scope: Scope, receive: Receive) -> Ask:
    request = Request(scope, receive)
    host = request.headers.get("host", "").rpartition("@")[2].partition(":")[0].lower()
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
    return Ask(scope["scheme"], host, scope["method"], path, query, headers, await request.body())


def _response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, {"x-sandbox": "scraper", **reply.headers})


async def _dropped(receive: Receive, drop: Any) -> None:
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(reply: Reply, receive: Receive, send: Send, drop: Any) -> None:
    """Promise a whole body, send half of it, drop the connection."""
    response = _response(reply)
    await send({"type": "http.response.start", "status": reply.status, "headers": response.raw_headers})
    half = reply.body[: len(reply.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await _dropped(receive, drop)


class _Protocol(h11_impl.H11Protocol):
    """Gives the application a way to drop its connection, which ASGI has not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app_state = {**self.app_state, "drop": self.drop}

    def drop(self) -> None:
        # `close` sends what is buffered first, so that half a body does arrive
        self.transport.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A TLS connection that is closed waits for its peer's farewell, for up to 30 s
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await super().shutdown(sockets)


class Certificates:
    """A certificate authority, and a context that shows every name a certificate of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.authority, self.stranger = trustme.CA(), trustme.CA()
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}
        self.context = self._context("127.0.0.1", "")
        self.context.sni_callback = self._choose

    def _choose(self, connection: Any, name: str | None, _: ssl.SSLContext) -> int | None:
        host = name or "127.0.0.1"
        wrong = ("tls_expired", "tls_hostname", "tls_untrusted")
        fault = next((one for one in wrong if self.world.faults.on(one, host)), "")
        try:
            connection.context = self._context(host, fault)
        except OSError as error:  # a certificate goes through a temporary file
            log.warning("The sandbox has no certificate for %s: %s", host, explain(error))
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        return None

    def _context(self, host: str, fault: str) -> ssl.SSLContext:
        if (host, fault) not in self._contexts:
            authority = self.stranger if fault == "tls_untrusted" else self.authority
            name = "elsewhere.sandbox.test" if fault == "tls_hostname" else host
            until = datetime(2020, 1, 1, tzinfo=UTC) if fault == "tls_expired" else None
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name, not_after=until).configure_cert(context)
            self._contexts[host, fault] = context
        return self._contexts[host, fault]


class Servers:
    """http and https in one thread, from construction to `stop`; ports are `http_port` and `https_port`."""

    def __init__(self, world: World) -> None:
        self.certificates = Certificates(world)
        self._sockets = [_listening(), _listening()]
        self.http_port: int = self._sockets[0].getsockname()[1]
        self.https_port: int = self._sockets[1].getsockname()[1]
        # Bound and not listening: whoever connects is refused, and nobody else can take the port
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))
        self.closed_port: int = self._closed.getsockname()[1]
        self._servers = [_Server(self._config(world)), _Server(self._config(world))]
        self._servers[1].config.load()
        self._servers[1].config.ssl = self.certificates.context
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        for server in self._servers:
            if not server.ready.wait(10):
                raise RuntimeError("the sandbox did not start within ten seconds")

    def _config(self, world: World) -> uvicorn.Config:
        return uvicorn.Config(
            Application(world),
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            log_level="critical",
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=1 << 20,
        )

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        pairs = zip(self._servers, self._sockets, strict=True)
        await asyncio.gather(*(server.serve(sockets=[one]) for server, one in pairs))

    def stop(self) -> None:
        for server in self._servers:
            server.should_exit = True
        self._thread.join(10)
        self._closed.close()


def _listening() -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; without, answers wait 40 ms for acknowledgements
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.bind(("127.0.0.1", 0))
    return one
