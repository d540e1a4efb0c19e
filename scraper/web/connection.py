"""HTTP/1.1 over one stream: a request out, a response in, and whether another may follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import h11
import httpx

from scraper.web.failures import Failed
from scraper.web.network import Stream

MOST_HEADERS = 2_097_152
"""Bytes of a response's head: a cookie of 160 kB is clumsy, and no reason to call a link dead."""
MOST_INTERIM = 20
"""Interim responses (1xx) before the response itself; RFC 9110, 15.2, sets no limit."""

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class Connection:
    """One request at a time. Raises Failed, OSError, ssl.SSLError and h11's errors."""

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self.stream = stream
        self.idle_since = 0.0
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
        self._heard = False
        self._ended = False

    @property
    def unheard(self) -> bool:
        """Whether no byte of a response has come."""
        return not self._heard

    async def send(self, request: httpx.Request) -> h11.Response:
        """The head of the response; its body is still to be read."""
        self._heard = False
        await self.stream.write(self._encode(request))
        return await self._head()

    async def body(self) -> AsyncIterator[bytes]:
        """Bytes of the body as they come, its content coding still on it."""
        while True:
            event = await self._event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return

    def reuse(self) -> bool:
        """Make ready for the next request; False when the connection is of no more use."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not done or not self.stream.silent or self._http.trailing_data[0]:
            return False
        self._http.start_next_cycle()
        return True

    def _encode(self, request: httpx.Request) -> bytes:
        head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        parts = [self._http.send(head)]
        if request.content:
            parts.append(self._http.send(h11.Data(data=request.content)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    async def _head(self) -> h11.Response:
        for _ in range(MOST_INTERIM + 1):
            event = await self._event()
            if isinstance(event, h11.Response):
                if not event.http_version.startswith(b"1."):
                    raise Failed("protocol_error", f"HTTP/{event.http_version.decode()} was not spoken to it")
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise Failed("protocol_error", "the connection was switched to another protocol, unasked")
        raise Failed("protocol_error", f"more than {MOST_INTERIM} interim responses")

    async def _event(self) -> Any:
        while (event := self._next_event()) is h11.NEED_DATA:
            data = await self.stream.read()
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise self._closed()
            self._heard = True
            self._ended = not data
            self._http.receive_data(data)
        return event

    def _closed(self) -> Failed:
        """Why there is no response at the end of the connection."""
        begun = self._http.trailing_data[0]
        if begun and not b"HTTP/".startswith(begun[:5]):
            return Failed("protocol_error", "what it sends is not HTTP")
        where = "in the middle of the headers" if self._heard else "without a response"
        return Failed("connection_reset", f"the server closed the connection {where}")

    def _next_event(self) -> Any:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            if self._ended:  # nothing is wrong with what came; it is not all of it
                raise Failed("connection_reset", str(error)) from None
            raise
