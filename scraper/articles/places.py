"""Where exactly an href is written: from the place of a link to the characters of its address."""

from __future__ import annotations

import re
from bisect import bisect_left

from scraper.articles import html
from scraper.articles.commonmark import unescaped
from scraper.articles.outline import Lines, Link
from scraper.articles.templates import with_anchors

_TITLE = r"""(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^)\\]|\\.)*\)))?"""
_BEHIND = {
    "inline": (re.compile(r"\]\(\s*"), re.compile(rf"{_TITLE}\s*\)", re.DOTALL)),
    "definition": (re.compile(r"\]:[\s>]*"), re.compile(rf"{_TITLE}\s*", re.DOTALL)),
}


_POINTED = re.compile(r"<((?:[^<>\\\r\n]|\\.)*+)>")
_MARKS = re.compile(r"\\.|[()]|[\x00-\x20\x7f]|\Z", re.DOTALL)


def href_span(text: str, link: Link) -> tuple[int, int] | None:
    """Offsets of the address of a link, without its delimiters; None where that is not certain."""
    if link.place is None:
        return None
    start, end, form, exact = link.place
    if exact:
        return start, end
    written = text[start:end]
    if form == "autolink":
        span: tuple[int, int] | None = (1, end - start - 1)
    elif form == "html":
        span = html.attribute(written) if html.value(with_anchors(written)) == link.href else None
    elif form in _BEHIND:
        span = _destination(written, link.href, form)
    else:
        span = (0, end - start)
    return None if span is None else (start + span[0], start + span[1])


def _destination(written: str, href: str, form: str) -> tuple[int, int] | None:
    """The link destination (CommonMark §6.3, §4.7) that means this href, with at most a title behind it."""
    before, after = _BEHIND[form]
    for match in before.finditer(written):
        start, end, behind = _written(written, match.end())
        if unescaped(written[start:end]) == href and after.fullmatch(written, behind):
            return start, end
    return None


def _written(text: str, position: int) -> tuple[int, int, int]:
    """Where a destination begins and ends, and where it is over: in angles, or its brackets in pairs."""
    if pointed := _POINTED.match(text, position):
        return pointed.start(1), pointed.end(1), pointed.end()
    depth = 0
    for mark in _MARKS.finditer(text, position):
        depth += (mark[0] == "(") - (mark[0] == ")")
        if depth < 0 or not mark[0] or mark[0] <= " " or mark[0] == "\x7f":
            return position, mark.start(), mark.start()
    return position, len(text), len(text)


class Alignment:
    """From offsets in the text that was read to offsets in the text as it is in the file.

    Reading repairs characters, never lines and never ASCII: the n-th ASCII character of a line is the
    same one in both texts. That holds for mojibake, for lost bytes and for a byte-order mark.
    """

    def __init__(self, read: str, written: str) -> None:
        self._read, self._written = Lines(read), Lines(written)
        self._same = read == written
        self._known: dict[int, tuple[list[int], list[int]]] = {}

    def line(self, offset: int) -> int:
        """The line of an offset in the text that was read, which is the same one in the file."""
        return self._read.number(offset)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The same characters in the file, or None for a span that is not plain ASCII on one line."""
        if self._same:
            return start, end
        line = self._read.number(start)
        here, there = self._columns(line)
        first, last = start - self._read.start(line), end - 1 - self._read.start(line)
        index, final = bisect_left(here, first), bisect_left(here, last)
        if here[index : final + 1] != list(range(first, last + 1)) or final - index != last - first:
            return None
        begin, stop = there[index], there[final]
        return (
            (self._written.start(line) + begin, self._written.start(line) + stop + 1)
            if stop - begin == last - first
            else None
        )

    def _columns(self, line: int) -> tuple[list[int], list[int]]:
        if line not in self._known:
            self._known[line] = (_ascii(self._read.content(line)), _ascii(self._written.content(line)))
        return self._known[line]


def _ascii(line: str) -> list[int]:
    return [column for column, character in enumerate(line) if character < "\x80"]
