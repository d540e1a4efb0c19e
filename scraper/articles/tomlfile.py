"""TOML, in files of its own and as the front matter of Markdown: the strings with their places.

tomllib says whether it is TOML and tells no places; what it has accepted is read again here, token by token.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

from scraper.articles import records
from scraper.articles.escapes import JSON, Unescaped, json_meaning, unescape
from scraper.articles.fields import add_prose
from scraper.articles.outline import Document, Lines
from scraper.articles.records import Leaf, Path
from scraper.model import Problem

_STRING = (
    r'"""(?P<long_basic>(?:[^"\\]|\\.|"(?!""))*+"{0,2})"""'
    r"|'''(?P<long_literal>(?:[^']|'(?!''))*+'{0,2})'''"
    r'|"(?P<basic>(?:[^"\\\r\n]|\\.)*+)"'
    r"|'(?P<literal>[^'\r\n]*)'"
)
_TOKEN = re.compile(
    rf"{_STRING}|(?P<comment>#[^\r\n]*)|(?P<sign>[\[\]{{}},=.]|[\r\n]+)|(?P<word>[-+]?[0-9]+\.[0-9]+|[^\s\[\]{{}},=.#\"']+)",
    re.S,
)
# tomllib takes the square of a dotted key; nobody writes one of a hundred parts.
_LONG_KEY = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){100}")
_BASIC = ("long_basic", "basic")


class _Token(NamedTuple):
    sign: str
    said: Unescaped


def read(text: str, document: Document, source: str) -> None:
    add(text, 0, len(text), document, Lines(text))


def add(text: str, start: int, end: int, document: Document, lines: Lines) -> None:
    """The links of a part of a text that is TOML."""
    try:
        if _LONG_KEY.search(text, start, end):
            raise ValueError("a key of a hundred parts")
        tomllib.loads(text[start:end].replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        message = f"is not valid TOML ({' '.join(str(error).split())}): read as plain text"
        document.problems.append(Problem(lines.number(start), "", message))
        add_prose(text, start, end, document, lines)
        return
    records.add(_Reader(list(_tokens(text, start, end))).leaves(), document, lines)


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text, start, end):
        group = match.lastgroup or ""
        if group == "sign":
            yield _Token("\n" if match[0][0] in "\r\n" else match[0], Unescaped("", ()))
        elif group in _BASIC:
            yield _Token("", unescape(text, *match.span(group), JSON, json_meaning))
        elif group != "comment":
            first, last = match.span(group)
            yield _Token("", Unescaped(text[first:last], range(first, last + 1)))


class _Reader:
    """A walk over the tokens of a document that is known to be right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.table: Path = ()
        self.counts: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def leaves(self) -> Iterator[Leaf]:
        while self.at < len(self.tokens):
            sign = self.tokens[self.at].sign
            if sign == "[":
                self._header()
            elif sign == "\n":
                self.at += 1
            else:
                yield from self._pair(self.table)

    def _next(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _peek(self) -> str:
        return self.tokens[self.at].sign if self.at < len(self.tokens) else "\n"

    def _header(self) -> None:
        """`[a.b]`, or `[[a.b]]`, which begins one more table of an array."""
        self.at += 1
        array = self._peek() == "["
        self.at += array
        keys = self._key("]")
        self.at += 1 + array
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if array and number == len(keys) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        self.table = path

    def _key(self, end: str) -> list[str]:
        """The parts of a dotted key, up to a sign. A number with a dot in it cannot be told from two keys."""
        parts = []
        while self._peek() != end:
            token = self._next()
            if not token.sign:
                parts.append(token.said.text)
        return parts

    def _pair(self, table: Path) -> Iterator[Leaf]:
        path = (*table, *self._key("="))
        self.at += 1
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[Leaf]:
        token = self._next()
        if token.sign == "[":
            yield from self._array(path)
        elif token.sign == "{":
            yield from self._inline_table(path)
        elif not token.sign:
            yield Leaf(path, token.said)
            self._rest_of_number()

    def _rest_of_number(self) -> None:
        """`1.5` and `2020-01-01 10:00:00.5` are several tokens and never an address."""
        while self._peek() in {"", "."} and self.at < len(self.tokens):
            self.at += 1

    def _array(self, path: Path) -> Iterator[Leaf]:
        number = 0
        while self._peek() != "]":
            if self._peek() in {",", "\n"}:
                self.at += 1
                continue
            yield from self._value((*path, number))
            number += 1
        self.at += 1

    def _inline_table(self, path: Path) -> Iterator[Leaf]:
        while self._peek() != "}":
            if self._peek() in {",", "\n"}:
                self.at += 1
                continue
            yield from self._pair(path)
        self.at += 1
