"""Small loopback servers that say, byte for byte, what a test wants said.

    async with serve({"/": response(b"hello"), "/hang": hang}) as server: ...

A route is the bytes to send, or a coroutine that gets the `Talk` and does as it likes with the connection.
What was asked is kept in `server.asked`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Talk:
    """One request, and the connection to answer it on."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keep: bool = True
    """Whether another request is read from the connection after this one."""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def close(self) -> None:
        """End the connection in good order."""
        self.keep = False
        self.writer.close()

    async def reset(self) -> None:
        """End the connection with a TCP reset."""
        self.keep = False
        await asyncio.sleep(0.02)  # what was sent must arrive first: a reset overtakes it
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Route = bytes | Callable[[Talk], Awaitable[None]]


@dataclass
class Server:
    """Where it listens, and what it was asked."""

    port: int
    asked: list[Talk] = field(default_factory=list)
    connections: int = 0

    @property
    def targets(self) -> list[str]:
        return [f"{talk.method} {talk.target}" for talk in self.asked]


def response(
    body: bytes = b"", status: str = "200 OK", *fields: str, length: bool = True, kind: str = "text/html"
) -> bytes:
    """A whole HTTP/1.1 response; `length=False` leaves its end to the end of the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *fields]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: str = "302 Found", *fields: str) -> bytes:
    return response(b"", status, f"Location: {location}", *fields)


async def hang(talk: Talk) -> None:
    """Say nothing until the other side has had enough."""
    await talk.reader.read()
    talk.keep = False


async def drop(talk: Talk) -> None:
    """Close without a word."""
    await talk.close()


@asynccontextmanager
async def serve(
    routes: Mapping[str, Route] | Route, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server on 127.0.0.1 with a route per path (`*` for all others), or one route for everything."""
    table = routes if isinstance(routes, Mapping) else {"*": routes}
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.connections += 1
        # Visitors come and go as they please: a broken pipe here is their business.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _converse(server, table, reader, writer)
        writer.transport.abort()
        tasks.discard(task)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server = Server(listener.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*list(tasks), return_exceptions=True)
        await listener.wait_closed()
        await asyncio.sleep(0)  # lets the transports close their sockets


async def _converse(
    server: Server, table: Mapping[str, Route], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        talk = Talk(method, target, headers, body, reader, writer)
        server.asked.append(talk)
        route = table.get(target.partition("?")[0]) or table.get("*") or response(b"", "404 Not Found")
        if isinstance(route, bytes):
            head_only = route.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            await talk.send(head_only if method == "HEAD" else route)
            if b"\r\nContent-Length:" not in head_only:
                await talk.close()
        else:
            await route(talk)
        if not talk.keep:
            return


@asynccontextmanager
async def serve_bytes(data: bytes | Callable[[], bytes]) -> AsyncIterator[Server]:
    """A server that waits for the first bytes of a visitor, whatever they are, says `data` and closes."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        with suppress(OSError):
            await reader.read(65_536)
            writer.write(data if isinstance(data, bytes) else data())
            await writer.drain()
            writer.close()

    listener = await asyncio.start_server(connected, "127.0.0.1", 0)
    server = Server(listener.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        listener.close()
        await listener.wait_closed()
        await asyncio.sleep(0)


@asynccontextmanager
async def serve_in_thread(context: ssl.SSLContext, data: bytes) -> AsyncIterator[Server]:
    """A TLS server on a blocking socket: unlike asyncio's it sends the alert when the handshake fails."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])

    def run() -> None:
        with suppress(OSError):  # the listener's end, a failed handshake, a visitor who left
            raw, _ = listener.accept()
            with context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False) as stream:
                try:
                    stream.do_handshake()
                except ssl.SSLError:
                    while socket.socket.recv(stream, 65_536):
                        pass  # to close with bytes unread would be a reset, and overtake the alert
                    return
                stream.recv(65_536)
                stream.sendall(data)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        await asyncio.to_thread(thread.join)
