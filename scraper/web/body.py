"""A response's body within bounds of time, memory and wire, whatever the server does with it.

The bounds: `limit` decoded bytes; a few seconds, and more only as long as bytes earn them; one gzip coding at
most, inflated piece by piece (gzip in gzip made 1.5 GiB of 2.6 KB in one step of the library's own decoder).
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Mapping
from contextlib import aclosing
from typing import NamedTuple

from scraper.web.failures import Failed, explain
from scraper.web.transport import Response

GRACE = 5.0
"""Seconds a body has to itself; what came by then is taken."""
SLOWEST = 1024.0
"""Bytes that earn it another second: the pace below which a body counts as a drip."""
DRAIN = 32_768
"""Declared rest that is read and thrown away, for it costs less than a new connection does."""
DRAIN_GRACE = 0.5
"""Seconds for a body, or the rest of one, that nobody wants."""
MOST_WIRE = 4
"""Bytes on the wire for each byte wanted: gzip may also be used to send much that means nothing."""

TELLING = 1_500
"""Bytes of text outside of markup that are enough to tell a page by."""

_CODINGS = frozenset(
    ("aes128gcm", "br", "bzip2", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip", "zstd")
) | {"x-compress", "x-gzip"}
"""IANA's registry of HTTP content codings, and what servers send besides."""
_GZIP_MAGIC = b"\x1f\x8b"


class Body(NamedTuple):
    """What was read; `failure`, a reason and one line, when it ended before its end."""

    data: bytes = b""
    truncated: bool = False
    failure: str = ""
    detail: str = ""


class Want(NamedTuple):
    """How much of a body is of use: `limit` bytes, or up to and with the marker."""

    limit: int = 0
    until: bytes = b""
    read_on: int = 0
    """Bytes read of an HTML page that shows less than `TELLING` of text; 0: no more than `limit`."""


async def read_body(response: Response, fields: Mapping[str, str], want: Want, latest: float) -> Body:
    """Read what is wanted, at the latest until `latest` on the loop's clock. The response stays open."""
    coding = content_coding(fields)
    if coding not in ("", "gzip"):
        return Body(truncated=True, detail=f"the body's content coding {coding[:40]!r} was not asked for")
    if "html" not in fields.get("content-type", "html"):
        want = want._replace(read_on=0)
    sink = _Sink(want, gzip=coding == "gzip")
    try:
        if (whole := response.whole()) is None:
            await _fill(sink, response, fields, latest)
        elif whole:  # nothing is left to wait for
            sink.take(whole)
    except TimeoutError:
        if not sink.full:
            return Body(bytes(sink.data), True, detail=f"the body was cut after {sink.wire} slow bytes")
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        if not sink.full:  # else it broke in what nobody wanted to read
            return Body(bytes(sink.data), True, *failure)
    return sink.finish()


def content_coding(fields: Mapping[str, str]) -> str:
    """The codings applied; `gzip` for its alias too (RFC 9110, 8.4.1.3).

    What is not a coding (`identity`, `none`, `utf-8`) does nothing to a body, to browsers as well.
    """
    names = [name.strip().lower() for name in fields.get("content-encoding", "").split(",")]
    coding = ",".join(name for name in names if name in _CODINGS)
    return "gzip" if coding == "x-gzip" else coding


async def _fill(sink: _Sink, response: Response, fields: Mapping[str, str], latest: float) -> None:
    length = fields.get("content-length", "")
    declared = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else -1
    now = asyncio.get_running_loop().time
    start = now()
    grace = GRACE if sink.want.limit else DRAIN_GRACE
    async with asyncio.timeout_at(min(latest, start + grace)) as clock, aclosing(response.body()) as chunks:
        async for chunk in chunks:
            was_full = sink.full
            sink.take(chunk)
            if not sink.full:
                clock.reschedule(min(latest, start + grace + sink.wire / SLOWEST))
            elif not 0 <= declared - sink.wire <= DRAIN:
                return
            elif not was_full:
                clock.reschedule(min(latest, now() + DRAIN_GRACE))


class _Sink:
    """Takes what comes over the wire, keeps what is wanted of it."""

    def __init__(self, want: Want, gzip: bool) -> None:
        self.want = want
        self.limit = want.limit
        self.data = bytearray()
        self.wire = 0
        self.full = False
        self._until = want.until.lower()
        self._decoder = zlib.decompressobj(31) if gzip else None

    def take(self, chunk: bytes) -> None:
        self.wire += len(chunk)
        if self.full:
            return
        if self._decoder is None:
            self._keep(chunk)
        else:
            self._inflate(chunk)
        self.full = self.full or self.wire > MOST_WIRE * self.limit + DRAIN

    def finish(self) -> Body:
        if self._decoder is not None and self.wire and not (self.full or self._decoder.eof):
            return Body(bytes(self.data), True, "connection_reset", "the gzip body ends before its end")
        return Body(bytes(self.data), self.full)

    def _inflate(self, chunk: bytes) -> None:
        assert self._decoder is not None
        while chunk and not self.full:
            if self._decoder.eof:
                # RFC 1952, 2.2: "A gzip file consists of a series of members"; anything else is ignored.
                if not _GZIP_MAGIC.startswith(chunk[:2]):
                    return
                self._decoder = zlib.decompressobj(31)
            try:
                self._keep(self._decoder.decompress(chunk, self.limit + 1 - len(self.data)))
            except zlib.error:
                raise Failed("protocol_error", "the body is not the gzip it says it is") from None
            chunk = self._decoder.unconsumed_tail or self._decoder.unused_data

    def _keep(self, piece: bytes) -> None:
        start = max(0, len(self.data) - len(self._until) + 1)
        self.data += piece
        if self._until:
            found = bytes(self.data[start:]).lower().find(self._until)
            if found >= 0:
                del self.data[start + found + len(self._until) :]
                self.full = True
        while self.limit < len(self.data) and self.limit < self.want.read_on and not self._tells():
            self.limit = min(2 * self.limit, self.want.read_on)
        if len(self.data) > self.limit:
            del self.data[self.limit :]
            self.full = True

    def _tells(self) -> bool:
        return text_bytes(bytes(self.data[: self.limit])) >= TELLING


_UNREAD = re.compile(rb"<(script|style|svg|noscript|template)\b", re.I)
_TAG = re.compile(rb"<[^<>]*>")


def text_bytes(markup: bytes) -> int:
    """Bytes of text outside of tags and of what no reader sees, without blanks; roughly, in linear time."""
    lower = markup.lower()
    shown: list[bytes] = []
    at = 0
    while match := _UNREAD.search(lower, at):
        shown.append(markup[at : match.start()])
        at = lower.find(b"</" + match[1], match.end())
        if at < 0:
            at = len(markup)
    shown.append(markup[at:])
    return sum(map(len, _TAG.sub(b" ", b" ".join(shown)).split()))
