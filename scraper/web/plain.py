"""The plain case of HTTP/1.1, told at a glance: most responses, for a tenth of what a whole parser costs.

What is read here is a small part of what h11 takes, and means the same to it. Everything else (a head that
came in pieces, folded lines, two lengths, interim responses, bodies that end with the connection) is not
plain, and h11 reads it from its first byte.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.web.call import Call, Field

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_STATUS = re.compile(rb"HTTP/1\.1 ([2-5][0-9]{2})(?: [\t -~\x80-\xff]*)?\r\n")
_FIELD = re.compile(rb"(" + _TOKEN + rb"):[ \t]*([!-~\x80-\xff]?[\t -~\x80-\xff]*)\r\n")
_LINE = re.compile(rb"[ \t]|" + _TOKEN + rb"[ \t]*:")
"""A field, or what a folded one goes on with."""
_BLANKS = re.compile(rb"\A(" + _TOKEN + rb")[ \t]+:")
_CHUNKED = re.compile(rb"transfer-encoding:[ \t]*chunked[ \t]*", re.I)
_CODED = re.compile(rb"transfer-encoding:[ \t]*(?:chunked|identity)[ \t]*", re.I)
_SENT = re.compile(rb"(?:" + _TOKEN + rb": [!-~](?:[ -~]*[!-~])?\r\n)+")
_TARGET = re.compile(rb"/[!-~]*")
_NUMBER = re.compile(rb"[0-9]{1,15}")
_BODILESS = frozenset({204, 304})
CHUNKED = -1


class Head(NamedTuple):
    """The head of a response."""

    status: int
    fields: list[Field]
    length: int = 0
    """Bytes of its body; `CHUNKED` when it comes in chunks."""
    keeps: bool = False
    """Whether the connection may be used again."""


def encode(call: Call) -> bytes | None:
    """The bytes of a GET without a body; None when the request is not plain."""
    if call.method != "GET" or call.content:
        return None
    target, fields = call.target, b"".join(b"%b: %b\r\n" % field for field in call.fields)
    if not (_TARGET.fullmatch(target) and _SENT.fullmatch(fields)):
        return None
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target, fields)


def read_head(data: bytes) -> tuple[Head, bytes] | None:
    """The head that the bytes begin with, and what follows it; None when it is not plain."""
    end = data.find(b"\r\n\r\n")
    start = _STATUS.match(data, 0, end + 2) if end >= 0 else None
    if start is None:
        return None
    fields, at = [], start.end()
    while at < end + 2:
        field = _FIELD.match(data, at, end + 2)
        if field is None:
            return None
        fields.append((field[1], field[2].rstrip(b" \t")))
        at = field.end()
    head = _framed(int(start[1]), fields)
    return None if head is None else (head, data[end + 4 :])


def mended(data: bytes) -> bytes:
    """The same without what browsers overlook in a head: lines that no field is, blanks before a colon, a
    protocol in small letters, `chunked` said twice (by an application and its server), a coding that is none
    (`identity`, of RFC 2616). A head that has not come whole is left as it is."""
    head, end, rest = data.partition(b"\r\n\r\n")
    protocol, *lines = head.split(b"\r\n")
    if not end or protocol[:5].upper() != b"HTTP/":
        return data
    fields = [_BLANKS.sub(rb"\1:", line) for line in lines if _LINE.match(line)]
    chunked = [line for line in fields if _CHUNKED.fullmatch(line)][:1]
    fields = [*(line for line in fields if not _CODED.fullmatch(line)), *chunked]
    return b"\r\n".join([protocol[:5].upper() + protocol[5:], *fields]) + end + rest


def _framed(status: int, fields: list[Field]) -> Head | None:
    """With the length of its body and what becomes of the connection; None when either takes thought."""
    named = [(name.lower(), value) for name, value in fields]
    told = {
        kind: [value for name, value in named if name == kind]
        for kind in (b"content-length", b"transfer-encoding", b"connection")
    }
    lengths, codings, connection = told.values()
    if [value.lower() for value in connection] not in ([], [b"keep-alive"], [b"close"]):
        return None
    keeps = not connection or connection[0].lower() != b"close"
    if codings == [b"chunked"] and not lengths:
        return Head(status, fields, 0 if status in _BODILESS else CHUNKED, keeps)
    if not codings and len(lengths) == 1 and _NUMBER.fullmatch(lengths[0]):
        return Head(status, fields, 0 if status in _BODILESS else int(lengths[0]), keeps)
    if status in _BODILESS and not codings and not lengths:
        return Head(status, fields, 0, keeps)
    return None
