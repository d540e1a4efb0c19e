"""CommonMark with GitHub's tables by pulldown-cmark, which takes linear time whatever the text is made of.

It tells the place of everything, in bytes of UTF-8. A long text is read in portions, so that its tree is
never in memory as a whole: a portion ends at a blank line with text at the margin behind it, where every
list, quote and paragraph has ended, or before an item of a list that has no blank lines; only fenced code and
some HTML may go on, and then so does the portion.
Link definitions count for the whole text, and are collected before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from html.entities import html5
from typing import Any, NamedTuple, cast

from pyromark import Options, events_with_range, html, reference_definitions

from scraper.verdicts.patterns import lazily

SIZE = 262_144
"""Characters of a portion, at least."""
_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_FOOTNOTES
_END = r"(?:\r\n|\n|\r(?!\n))"
_BOUNDARY = lazily(rf"{_END}[ \t]*{_END}(?=\S)")
_ITEM = lazily(rf"{_END}(?=(?:[-*+]|#{{1,6}})[ \t]+[^\s])")
"""An item or a heading at the margin interrupts all but code and some HTML: a list may be one long block."""
_BEHIND_THE_FIRST = lazily(rb"[\x80-\xbf]")
"""Bytes of UTF-8 that begin no character: a place in bytes is so many more than in characters."""
_LABEL = lazily(r"\[((?:[^\[\]\\]|\\.)++)\]", re.DOTALL)
_ESCAPE = lazily(
    r"\\(?P<sign>[!-/:-@\[-`{-~])|&(?:#(?P<number>[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
)

_FENCE = lazily(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]++(?=\r?$)", re.MULTILINE)


class Event(NamedTuple):
    """What begins, ends or stands somewhere: `Start` of a `Link` and its properties, `Text` and its words."""

    kind: str
    what: str
    value: Any
    start: int
    end: int


class Definition(NamedTuple):
    href: str
    start: int
    end: int


def with_blanks(text: str) -> str:
    """The text with blanks for tabs behind fences, which CommonMark (4.5) allows, and pulldown-cmark not."""
    return _FENCE.sub(lambda fence: fence[0].rstrip().ljust(len(fence[0])), text) if "\t" in text else text


def normal(label: str) -> str:
    """A label as it is compared with others (CommonMark 4.7)."""
    return " ".join(label.split()).casefold()


def unescaped(text: str) -> str:
    """What a text means: without the backslashes before punctuation, entities spelled out."""
    return _ESCAPE.sub(_meaning, text)


def _meaning(match: re.Match[str]) -> str:
    if match["sign"]:
        return match["sign"]
    if match["name"]:
        return html5.get(f"{match['name']};", match[0])
    digits = match["number"]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def definitions(text: str) -> dict[str, Definition]:
    """The link definitions of a whole text by their labels; of two with one label the first counts."""
    if "]:" not in text:
        return {}
    offset = _Offsets(text)
    found: dict[str, Definition] = {}
    for label, one in reference_definitions(text, options=_OPTIONS).items():
        start, end = offset.span(one["span"]["start"], one["span"]["end"])
        found.setdefault(normal(label), Definition(one["dest"], start, end))
    return found


def events(text: str, defined: dict[str, Definition]) -> Iterator[Event]:
    """All that a text holds, in its order, with offsets into it."""
    start = 0
    while start < len(text):
        start, portion = _portion(text, start, defined)
        yield from portion


def rendered(text: str) -> str:
    """The text as HTML."""
    return html(text, options=_OPTIONS)


def _portion(text: str, start: int, defined: dict[str, Definition]) -> tuple[int, list[Event]]:
    """Where the portion that starts here ends, and its events. What does not end is tried twice as long."""
    size = SIZE
    while True:
        boundary = _BOUNDARY.search(text, start + size, start + 2 * size) or _ITEM.search(text, start + size)
        end = boundary.end() if boundary else len(text)
        portion = text[start:end]
        # What the portion refers to and another one defines is said again before it.
        known = _said(portion, defined) if len(portion) < len(text) else ""
        found = list(_events(f"{known}{portion}", start - len(known)))
        if boundary is None or not found or not _is_open(found[-1], end):
            return end, found
        size *= 2


def _said(portion: str, defined: dict[str, Definition]) -> str:
    labels = {match[1] for match in _LABEL.finditer(portion)} if defined else set()
    lines = [f"[{' '.join(label.split())}]: x\n" for label in sorted(labels) if normal(label) in defined]
    return "".join([*lines, "\n"]) if lines else ""


def _events(text: str, first: int) -> Iterator[Event]:
    # A text has a million of them: each step here is a second.
    behind = [] if text.isascii() else [match.start() for match in _BEHIND_THE_FIRST.finditer(text.encode())]
    make = tuple.__new__  # At half the cost of the constructor.
    before = False
    for event, place in events_with_range(text, options=_OPTIONS):
        start, end = place["start"], place["end"]
        if behind:
            start, end = start - bisect_left(behind, start), end - bisect_left(behind, end)
        if isinstance(event, str):
            before = False
            yield make(Event, (event, "", "", first + start, first + end))
            continue
        kind, value = cast("dict[str, Any]", event).popitem()
        what: str = ""
        if kind == "Start" or kind == "End":
            what, value = value.popitem() if isinstance(value, dict) else (value, None)
        before, again = what == "Item" or what == "List", before
        if not (before and again):  # The end of an item and the beginning of the next are one thing.
            yield make(Event, (kind, what, value, first + start, first + end))


def _is_open(last: Event, end: int) -> bool:
    """Whether code or HTML goes on behind a portion: then the blank line at its end is a part of it."""
    return last.what in {"CodeBlock", "HtmlBlock"} and last.end >= end


class _Offsets:
    """From bytes of UTF-8 to characters, for places that come in the order of the text, or nearly so."""

    def __init__(self, text: str) -> None:
        self._data = None if text.isascii() else text.encode()
        self._byte = self._character = 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self._data is None:
            return start, end
        first = self._to(start)
        return first, first + len(self._data[start:end].decode())

    def _to(self, byte: int) -> int:
        assert self._data is not None
        if byte < self._byte:
            return self._character - len(self._data[byte : self._byte].decode())
        self._character += len(self._data[self._byte : byte].decode())
        self._byte = byte
        return self._character
