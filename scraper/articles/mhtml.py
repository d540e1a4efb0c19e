"""MHTML, a page that a browser saved as one file: its HTML parts, with the lines of the file."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from typing import NamedTuple

from scraper.articles import html
from scraper.articles.decoding import decode
from scraper.articles.outline import Document, Lines
from scraper.errors import ArticleError

_HEADERS_END = re.compile(r"\r?\n\r?\n")


class _Part(NamedTuple):
    headers: EmailMessage
    body: str
    line: int
    """Of the file, where the body begins."""


def read(text: str, document: Document, source: str) -> None:
    whole = _part(text, 1)
    document.base = str(whole.headers.get("Snapshot-Content-Location", ""))
    pages = [part for part in _parts(whole) if part.headers.get_content_type() in _PAGES]
    if not pages:
        raise ArticleError(f"{source}: holds no HTML page; save the page again, as HTML or as MHTML")
    for part in pages:
        _page(part, document)


_PAGES = ("text/html", "application/xhtml+xml")


def _part(text: str, line: int) -> _Part:
    end = _HEADERS_END.search(text)
    head = text[: end.start()] if end else text
    body = text[end.end() :] if end else ""
    headers = message_from_string(f"{head}\n\n", policy=policy.default)
    return _Part(headers, body, line + len(Lines(text[: end.end()] if end else text).starts) - 1)


def _parts(part: _Part) -> Iterator[_Part]:
    boundary = part.headers.get_boundary()
    if part.headers.get_content_maintype() != "multipart" or not boundary:
        yield part
        return
    mark = re.compile(rf"^--{re.escape(boundary)}(?:--)?[ \t]*\r?$\n?", re.MULTILINE)
    marks = list(mark.finditer(part.body))
    lines = Lines(part.body)
    for one, following in zip(marks, [*marks[1:], None], strict=True):
        inner = part.body[one.end() : following.start() if following else len(part.body)]
        if inner.strip():
            yield from _parts(_part(inner, part.line + lines.number(one.end()) - 1))


def _page(part: _Part, document: Document) -> None:
    """One page; the first one's address is what relative links are relative to."""
    data, in_file = _body(part)
    text = decode(data, "the page in the file", str(part.headers.get("Content-Type", ""))).text
    inner = Document(title=document.title)
    html.read(text, inner, "")
    location = str(part.headers.get("Content-Location", ""))
    document.base = document.base or inner.base or location
    document.title = inner.title
    document.links += [
        link._replace(line=in_file[min(link.line, len(in_file)) - 1], place=None) for link in inner.links
    ]


def _body(part: _Part) -> tuple[bytes, list[int]]:
    """The decoded bytes, and the line of the file for each of their lines."""
    transfer = str(part.headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if transfer == "base64":
        data = b64decode(part.body.encode("ascii", "ignore"))
        return data, [part.line] * (data.count(b"\n") + 1)
    if transfer == "quoted-printable":
        return _quoted_printable(part)
    data = part.body.encode("utf-8", "surrogateescape")
    return data, list(range(part.line, part.line + part.body.count("\n") + 1))


def _quoted_printable(part: _Part) -> tuple[bytes, list[int]]:
    """RFC 2045 §6.7: a line that ends with `=` goes on in the next one."""
    pieces: list[bytes] = []
    in_file = [part.line]
    for number, line in enumerate(part.body.split("\n"), part.line):
        stripped = line.rstrip("\r \t")
        soft = stripped.endswith("=")
        said = re.sub(
            rb"=([0-9A-Fa-f]{2})",
            lambda match: bytes.fromhex(match[1].decode()),
            stripped.removesuffix("=").encode("utf-8", "surrogateescape"),
        )
        pieces.append(said if soft else said + b"\n")
        in_file += [number + 1] * (said.count(b"\n") + (not soft))
    return b"".join(pieces), in_file
