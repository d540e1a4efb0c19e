"""HTTP/1.1 over one stream: a request out, a response in, and whether another may follow."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

import h11

from scraper.web import plain
from scraper.web.call import Call, Origin
from scraper.web.failures import Failed
from scraper.web.network import Stream
from scraper.web.plain import Head

MOST_HEADERS = 2_097_152
"""Bytes of a response's head: a cookie of 160 kB is clumsy, and no reason to call a link dead."""
MOST_INTERIM = 20
"""Interim responses (1xx) before the response itself; RFC 9110, 15.2, sets no limit."""

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,7})\r\n")
_LAST = b"0\r\n\r\n"


class Connection:
    """One request at a time. Raises Failed, OSError, ssl.SSLError and h11's errors.

    What is plain is read by `plain`; at the first byte that is not, h11 is told what was asked and what came,
    and goes on from there.
    """

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self.stream = stream
        self.idle_since = 0.0
        self._http: h11.Connection | None = None
        """None as long as everything was plain."""
        self._head_bytes = b""
        self._rest = b""
        """What came after the head, or after the last chunk, and was not given out yet."""
        self._length = 0
        self._keeps = False
        self._heard = False
        self._ended = False
        self._call: Call | None = None

    @property
    def unheard(self) -> bool:
        """Whether no byte of a response has come."""
        return not self._heard

    async def send(self, call: Call) -> Head:
        """The head of the response; its body is still to be read."""
        self._heard = self._ended = self._keeps = False
        self._http, self._call, self._rest = None, call, b""
        encoded = plain.encode(call)
        await self.stream.write(self._explain() if encoded is None else encoded)
        return await self._plain_head() if encoded is not None else await self._head()

    def whole(self) -> bytes | None:
        """The body, where all of it has come with the head; it is read by that. Else None."""
        if self._http is not None or not 0 <= self._length <= len(self._rest):
            return None
        body, self._rest, self._length = self._rest[: self._length], self._rest[self._length :], 0
        return body

    async def body(self) -> AsyncGenerator[bytes]:
        """Bytes of the body as they come, its content coding still on it."""
        if self._http is None:
            parts = self._chunks() if self._length == plain.CHUNKED else self._counted()
            async for part in parts:
                yield part
        while self._http is not None:
            event = await self._event(self._http)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return

    def reuse(self) -> bool:
        """Whether the connection is ready for the next request; else it is of no more use."""
        if self._http is None:
            return self._keeps and self._length == 0 and not self._rest and self.stream.silent
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        return done and self.stream.silent and not self._http.trailing_data[0]

    # What is plain.

    async def _plain_head(self) -> Head:
        data = await self.stream.read()
        self._heard = bool(data)
        found = plain.read_head(data)
        if found is None:
            self._explain()
            return await self._head(plain.mended(data))
        head, self._rest = found
        self._head_bytes = data[: len(data) - len(self._rest)]
        self._length, self._keeps = head.length, head.keeps
        return head

    async def _counted(self) -> AsyncGenerator[bytes]:
        expected = self._length
        while self._length > 0:
            data = self._rest or await self.stream.read()
            if not data:
                got = f"received {expected - self._length} bytes, expected {expected}"
                raise Failed("connection_reset", f"{_INCOMPLETE} ({got})")
            part, self._rest = data[: self._length], data[self._length :]
            self._length -= len(part)
            yield part

    async def _chunks(self) -> AsyncGenerator[bytes]:
        """Chunk by chunk, up to the last one, or to the first that is not plain."""
        while not self._rest.startswith(_LAST):
            chunk = _CHUNK.match(self._rest)
            if chunk is None or int(chunk[1], 16) == 0:
                if len(self._rest) < 9 and (data := await self.stream.read()):
                    self._rest += data
                    continue
                self._hand_over()
                return
            left, self._rest = int(chunk[1], 16), self._rest[chunk.end() :]
            while left > 0:
                data = self._rest or await self._more()
                part, self._rest = data[:left], data[left:]
                left -= len(part)
                yield part
            while len(self._rest) < 2:
                self._rest += await self._more()
            if not self._rest.startswith(b"\r\n"):
                raise Failed("protocol_error", "a chunk is longer than it says")
            self._rest = self._rest[2:]
        self._rest, self._length = self._rest[len(_LAST) :], 0

    async def _more(self) -> bytes:
        if data := await self.stream.read():
            return data
        raise Failed("connection_reset", f"{_INCOMPLETE} (incomplete chunked read)")

    # What is not.

    def _explain(self) -> bytes:
        """Tell h11 what is asked; the bytes that it would send."""
        assert self._call is not None
        call = self._call
        self._http = http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
        parts = [http.send(h11.Request(method=call.method, target=call.target, headers=call.fields))]
        if call.content:
            parts.append(http.send(h11.Data(data=call.content)))
        parts.append(http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _hand_over(self) -> None:
        """Let h11 go on at this chunk: it is told the head, and what came after the chunks that were read."""
        self._explain()
        assert self._http is not None
        self._http.receive_data(self._head_bytes)
        self._http.next_event()
        if self._rest:  # nothing would mean to it that the connection has ended
            self._http.receive_data(self._rest)

    async def _head(self, data: bytes | None = None) -> Head:
        assert self._http is not None
        if data is not None:
            self._receive(self._http, data)
        for _ in range(MOST_INTERIM + 1):
            event = await self._event(self._http)
            if isinstance(event, h11.Response):
                if not event.http_version.startswith(b"1."):
                    raise Failed("protocol_error", f"HTTP/{event.http_version.decode()} was not spoken to it")
                return Head(event.status_code, event.headers.raw_items())
            if not isinstance(event, h11.InformationalResponse):
                raise Failed("protocol_error", "the connection was switched to another protocol, unasked")
        raise Failed("protocol_error", f"more than {MOST_INTERIM} interim responses")

    async def _event(self, http: h11.Connection) -> Any:
        while (event := self._next_event(http)) is h11.NEED_DATA:
            self._receive(http, await self.stream.read())
        return event

    def _receive(self, http: h11.Connection, data: bytes) -> None:
        if not data and http.their_state is h11.SEND_RESPONSE:
            raise self._closed(http)
        self._heard = True
        self._ended = not data
        http.receive_data(data)

    def _closed(self, http: h11.Connection) -> Failed:
        """Why there is no response at the end of the connection."""
        begun = http.trailing_data[0]
        if begun and not b"HTTP/".startswith(begun[:5]):
            return Failed("protocol_error", "what it sends is not HTTP")
        where = "in the middle of the headers" if self._heard else "without a response"
        return Failed("connection_reset", f"the server closed the connection {where}")

    def _next_event(self, http: h11.Connection) -> Any:
        try:
            return http.next_event()
        except h11.RemoteProtocolError as error:
            if self._ended:  # nothing is wrong with what came; it is not all of it
                raise Failed("connection_reset", str(error)) from None
            raise


_INCOMPLETE = "peer closed connection without sending complete message body"
