"""The plain reader takes a part of what h11 takes, and reads the same in it."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.web import plain
from scraper.web.call import Field

PIECES = st.sampled_from(
    [
        b"Content-Length: 2", b"content-length:2", b"Content-Length: 2, 2", b"Content-Length: +2",
        b"Content-Length: 0x2", b"Content-Length:", b"Transfer-Encoding: chunked",
        b"transfer-encoding: CHUNKED", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity",
        b"Connection: close", b"Connection: Keep-Alive", b"Connection: keep-alive, close",
        b"Connection: upgrade", b"X: a b\t", b"X:", b"X : y", b" folded", b"X: \xff\xfe", b"X: a\x00b",
        b"X: \x7f", b"no colon", b"Set-Cookie: a=b", b": empty", b"X: a\rb", b"X: a\nY: b",
    ]
)  # fmt: skip
STATUS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK", b"HTTP/1.1 404", b"HTTP/1.1 404 ", b"HTTP/1.1 204 No", b"HTTP/1.1 304 Same",
        b"HTTP/1.0 200 OK", b"HTTP/2.0 200 OK", b"HTTP/1.1 100 Continue", b"HTTP/1.1 999 No",
        b"HTTP/1.1 20 OK", b"HTTP/1.1  200 OK", b"http/1.1 200 OK", b"HTTP/1.1 500 \xc3\xa9",
    ]
)  # fmt: skip


def by_h11(data: bytes) -> tuple[int, list[Field], bool, list[bytes]]:
    """Status, fields, whether the connection may go on, and the body."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a.test")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    head = connection.next_event()
    assert isinstance(head, h11.Response)
    parts = []
    while isinstance(event := connection.next_event(), h11.Data):
        parts.append(bytes(event.data))
    done = isinstance(event, h11.EndOfMessage)
    return head.status_code, head.headers.raw_items(), done and connection.their_state is h11.DONE, parts


@settings(max_examples=1500, deadline=None)
@given(STATUS, st.lists(PIECES, max_size=4), st.sampled_from([b"\r\n", b"\n"]))
def test_what_is_plain_means_the_same_to_h11(status: bytes, fields: list[bytes], end: bytes) -> None:
    head = end.join([status, *fields, b"", b""])
    found = plain.read_head(head + b"2\r\nok\r\n0\r\n\r\n")
    if found is None:
        return
    read, rest = found
    body = {plain.CHUNKED: b"2\r\nok\r\n0\r\n\r\n", 2: b"ok", 0: b""}[read.length]
    code, raw, keeps, parts = by_h11(head + body)
    assert (read.status, read.fields, read.keeps) == (code, raw, keeps)
    assert b"".join(parts) == (b"" if read.length == 0 else b"ok")
    assert rest == b"2\r\nok\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        b"HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ],
)
def test_what_servers_mostly_send_is_plain(head: bytes) -> None:
    assert plain.read_head(head) is not None
