"""The hostile web on real sockets: every host has a loopback address of its own, all share two ports.

By name, as our own tests reach it (`connect_to`), or by address, as tools do that have no such setting.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from servers import Route, Talk, response

from hostile.certificates import Certificates, refuse
from hostile.labels import Behaviour, Link

ELSEWHERE = "elsewhere.test"
"""The host that redirects to other hosts lead to."""


@dataclass
class Host:
    """One name, one address, one behaviour."""

    name: str
    address: str
    behaviour: Behaviour
    requests: int = 0
    connections: int = 0
    seen: list[dict[str, str]] = field(default_factory=list)
    """Header fields of the requests, with the method and the target under `:method` and `:target`."""
    memory: Counter[str] = field(default_factory=Counter)
    """What the handlers of the host remember: how often a target was asked for."""

    def route(self, target: str) -> Route:
        path = target.partition("?")[0]
        labelled = {key.partition("?")[0]: route for key, (route, _) in self.behaviour.on(self.name).items()}
        others = self.behaviour.others
        found = labelled.get(path) or others.get(path) or labelled.get("*") or others.get("*")
        return found or response(b"<title>Not Found</title>Not Found", "404 Not Found")


@dataclass
class Visited(Talk):
    """A request to the hostile web: the `Talk`, and where it takes place."""

    host: Host | None = None
    web: HostileWeb | None = None

    @property
    def asked(self) -> int:
        """How often this target was asked for, this time included."""
        assert self.host is not None
        return self.host.memory[f"{self.target}"]

    def filled(self, route: bytes) -> bytes:
        """Addresses in the header, as the visitor can reach them."""
        head, blank, body = route.partition(b"\r\n\r\n")
        if b"@" in head:
            assert self.web is not None and self.host is not None
            by_address = self.headers.get("host", "").startswith("127.")
            for mark, name, scheme in (
                (b"@HERE@", self.host.name, "http"),
                (b"@SECURE@", self.host.name, "https"),
                (b"@ELSEWHERE@", ELSEWHERE, "http"),
            ):
                head = head.replace(mark, self.web.base(name, scheme, by_address).encode())
        return head + blank + body


class HostileWeb:
    """An async context manager; `port` and `tls_port` are known inside."""

    def __init__(self, behaviours: Sequence[Behaviour], certificates: Certificates) -> None:
        self.certificates = certificates
        self.hosts: dict[str, Host] = {}
        self.port = self.tls_port = 0
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bound: list[socket.socket] = []
        for behaviour in behaviours:
            for name in behaviour.hosts():
                number = len(self.hosts) + 2
                address = f"127.0.{number // 250 + 1}.{number % 250 + 1}"
                assert name not in self.hosts, name
                self.hosts[name] = Host(name, address, behaviour)

    async def __aenter__(self) -> Self:
        self.port, self.tls_port = _free_port(), _free_port()
        for host in self.hosts.values():
            await self._open(host, self.port, host.behaviour.listens, "good")
            if kind := host.behaviour.certificate:
                await self._open(host, self.tls_port, "http" if kind == "plain" else "tls", kind)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*list(self._tasks), return_exceptions=True)
        for bound in self._bound:
            bound.close()
        await asyncio.sleep(0)  # lets the transports close their sockets

    # ── where things are ─────────────────────────────────────────────────────────────────────────────

    def base(self, name: str, scheme: str = "http", by_address: bool = False) -> str:
        """Scheme and authority of a host, by name or by address."""
        if not by_address:
            return f"{scheme}://{name}"
        return f"{scheme}://{self.hosts[name].address}:{self.tls_port if scheme == 'https' else self.port}"

    def links(self, by_address: bool = False) -> list[Link]:
        """Every labelled link; by address only those that do not depend on names."""
        found = []
        for host in self.hosts.values():
            behaviour = host.behaviour
            if by_address and behaviour.named:
                continue
            base = self.base(host.name, behaviour.scheme, by_address)
            for path, (_, reason) in behaviour.on(host.name).items():
                found.append(Link(base + path, reason, behaviour.name, behaviour.compared))
        return found

    @property
    def connect_to(self) -> list[str]:
        """curl's `HOST1:PORT1:HOST2:PORT2` for every host."""
        lines = []
        for host in self.hosts.values():
            name = host.name.encode("idna").decode()
            lines += [f"{name}:80:{host.address}:{self.port}", f"{name}:443:{host.address}:{self.tls_port}"]
        return lines

    @property
    def requests(self) -> int:
        return sum(host.requests for host in self.hosts.values())

    # ── sockets ──────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, host: Host, port: int, listens: str, certificate: str) -> None:
        if listens in ("nothing", "full"):
            self._bound.extend(_unanswering(host.address, port, listens))
            return
        tls = None
        if listens == "tls":
            name = host.name.encode("idna").decode()
            tls = self.certificates.context(certificate, name, host.address)
        alerting = tls if tls and certificate in ("old", "client") else None

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            host.connections += 1
            # Visitors come and go as they please: a broken pipe here is their business.
            with suppress(OSError, EOFError, asyncio.CancelledError, asyncio.LimitOverrunError):
                if certificate == "plain":
                    await _speaks_plainly(reader, writer)
                elif alerting is not None:
                    await refuse(alerting, reader, writer)
                else:
                    await self._converse(host, reader, writer)
            writer.transport.abort()
            self._tasks.discard(task)

        server = await asyncio.start_server(
            connected, host.address, port, ssl=None if alerting else tls, limit=262_144
        )
        await self._stack.enter_async_context(_closing(server))

    async def _converse(self, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip("\r\n").split("\r\n")
            method, target, _ = first.split(" ", 2)
            fields = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            body = await reader.readexactly(int(fields.get("content-length", "0")))
            host.requests += 1
            host.memory[target] += 1
            host.seen.append({**fields, ":method": method, ":target": target})
            talk = Visited(method, target, fields, body, reader, writer, host=host, web=self)
            await answer(talk, host.route(target))
            if not talk.keep:
                return


async def _speaks_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Plain HTTP on the port of https: it cannot read what it is told."""
    await reader.read(65_536)
    writer.write(response(b"Bad Request", "400 Bad Request"))
    await writer.drain()


async def answer(talk: Visited, route: Route) -> None:
    """Send a route's bytes, their body only when it was asked for; or let the route do as it likes."""
    if not isinstance(route, bytes):
        await route(talk)
        return
    data = talk.filled(route)
    head, blank, _ = data.partition(b"\r\n\r\n")
    await talk.send(head + blank if talk.method == "HEAD" else data)
    if b"\r\nContent-Length:" not in head:
        await talk.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _unanswering(address: str, port: int, how: str) -> list[socket.socket]:
    """A port where nothing listens; or a listener whose queue is full, so that no connection is made."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((address, port))
    if how == "nothing":
        return [bound]
    bound.listen(0)
    callers = []
    for _ in range(3):
        caller = socket.socket()
        caller.setblocking(False)
        with suppress(BlockingIOError):
            caller.connect((address, port))
        callers.append(caller)
    return [bound, *callers]


@asynccontextmanager
async def _closing(server: asyncio.Server) -> AsyncIterator[None]:
    try:
        yield
    finally:
        server.close()


def trust(web: HostileWeb, path: str) -> ssl.SSLContext:
    """The authority of the web as a file, and a visitor's context that trusts it."""
    web.certificates.authority.cert_pem.write_to_path(path)
    return ssl.create_default_context(cafile=path)
