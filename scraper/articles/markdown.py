"""Markdown as GitHub reads it: every link with its line, its place in the text and the heading above it.

A link remembers its place in its paragraph (`articles.commonmark`); the paragraph is found again in the
text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it.token import Token

from scraper.articles import bare, front_matter, html
from scraper.articles.commonmark import parser
from scraper.articles.literal import LITERAL
from scraper.articles.outline import Document, Lines, Place
from scraper.articles.portions import portions
from scraper.model import Problem

# Tags, comments and code inside an HTML block: there Markdown is not read, even on kramdown pages.
_NOT_PROSE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|pre|code|textarea)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_DIRECTIVE = re.compile(r"\{([A-Za-z][\w:.+-]*)\}")
_IN_HTML = "a Markdown link inside an HTML block: plain text on GitHub, a link on some other sites"


def read(text: str, document: Document, source: str) -> None:
    """Read a whole text; line numbers count from its first line."""
    after = front_matter.read(text, document)
    if after:
        text = re.sub(r"[^\r\n]", " ", text[:after]) + text[after:]
    _Reader(text, document).read()


@dataclass
class _Open:
    """A link whose text is still being read."""

    href: str
    start: int
    end: int
    form: str
    label: str = ""
    means: str = ""
    text: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.document = document
        self.lines = Lines(text)
        self.references: dict[str, Any] = {}
        self._read_up_to: dict[int, int] = {}
        """Columns up to which lines are done: two cells of a table row may hold the same link."""

    def read(self) -> None:
        for tokens, first in portions(parser(), self.lines.text, self.references):
            self._portion(tokens, first)

    def _portion(self, tokens: Sequence[Token], line: int) -> None:
        level = 0
        for token in tokens:
            if token.map:
                token.map = [token.map[0] + line, token.map[1] + line]
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "inline":
                if level:
                    self.document.heading(level, _plain(token.children or []))
                self._inline(token)
                level = 0
            elif token.type == "html_block":
                self._html(token)
            elif token.type == "fence" and _is_directive(token.info):
                self._directive(token)

    def _inline(self, token: Token) -> None:
        links = _links(token.children or [])
        if not links:
            return
        where = _Where(token, self.lines, self._read_up_to)
        for found in links:
            place = self._definition(found.label) if found.label else where.place(found)
            line = where.line(found.start)
            self.document.link(line, found.href, "".join(found.text), place, found.means)
            if found.form == "bare":
                told = bare.doubts(found.href, token.content, found.start, found.end)
                self.document.problems += [Problem(line, found.href, message) for message in told]

    def _definition(self, label: str) -> Place | None:
        first, after = self.references[label]["map"]
        start = self.lines.start(first + 1)
        return Place(start, self.lines.start(after) + len(self.lines.content(after)), "definition")

    def _directive(self, token: Token) -> None:
        """A directive of MyST: what is fenced is Markdown again."""
        first = (token.map or [0, 0])[0] + 1
        start = self.lines.start(min(first + 1, len(self.lines.starts)))
        exact = self.lines.text.startswith(token.content, start)
        inner = Document(title=self.document.title, outline=self.document.outline)
        _Reader(token.content, inner).read()
        for one in inner.links:
            place = (
                one.place._replace(start=one.place.start + start, end=one.place.end + start)
                if one.place
                else None
            )
            self.document.links.append(replace(one, line=one.line + first, place=place if exact else None))
        self.document.problems += [replace(one, line=one.line + first) for one in inner.problems]

    def _html(self, token: Token) -> None:
        """HTML pieces and, between its tags, Markdown that some sites read; in the order of the text."""
        first, after = token.map or [0, 0]
        start = self.lines.start(first + 1)
        block = self.lines.text[start : self.lines.start(after) + len(self.lines.content(after))]
        found = [*html.pieces(block), *_markdown_in(block)]
        for piece in sorted(found, key=lambda one: (one.line, one.place.start if one.place else 0)):
            place = piece.place and Place(
                piece.place.start + start, piece.place.end + start, piece.place.form
            )
            line = piece.line + first
            if place and place.form == "inline":
                self.document.problems.append(Problem(line, piece.href or "", _IN_HTML))
            html.add(self.document, piece._replace(line=line, place=place))


def _is_directive(info: str) -> bool:
    """Whether a fence says `{note}` or the like, and not that it holds code."""
    match = _DIRECTIVE.match(info.strip())
    return match is not None and match[1].lower() not in LITERAL


def _markdown_in(block: str) -> list[html.Piece]:
    prose = _NOT_PROSE.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), block)
    if "](" not in prose:
        return []
    (token,) = parser().parseInline(prose)
    lines = Lines(prose)
    return [
        html.Piece(
            "a", lines.number(one.start), one.href, "".join(one.text), Place(one.start, one.end, "inline")
        )
        for one in _links(token.children or [])
        if one.form == "inline"
    ]


def _links(tokens: Sequence[Token]) -> list[_Open]:
    """The links of a paragraph in the order in which they open."""
    found: list[_Open] = []
    pending: list[_Open] = []
    for token in tokens:
        opened = _opened(token)
        if opened:
            found.append(opened)
            if not re.match(r"<area\b", token.content, re.IGNORECASE):  # It has no text, and no end.
                pending.append(opened)
        elif token.meta.get("named"):
            pending.append(_Open("", 0, 0, "named"))
        elif pending and (token.type == "link_close" or re.match(r"</a\b", token.content, re.IGNORECASE)):
            pending.pop()
        else:
            for one in pending:
                one.text.append(_plain([token]))
    return found


def _opened(token: Token) -> _Open | None:
    if token.type == "link_open":
        label = str(token.meta.get("label", ""))
        form = token.markup or ("definition" if label else "inline")
        means = str(token.meta.get("means", ""))
        return _Open(str(token.attrs["href"]), token.meta["start"], token.meta["end"], form, label, means)
    if token.type == "html_inline" and re.match(r"<a(?:rea)?\s", token.content, re.IGNORECASE):
        href = html.value(token.content)
        if href is not None:
            return _Open(href, token.meta["start"], token.meta["end"], "html")
    return None


def _plain(tokens: Sequence[Token]) -> str:
    """Text without emphasis; a line break is a blank, an image is its alternative text."""
    spoken = {"text", "code_inline", "image", "text_special"}
    return "".join(
        token.content if token.type in spoken else " " if token.type.endswith("break") else ""
        for token in tokens
    )


class _Where:
    """Finds places of an inline token's content in the text it was made from.

    A line of a paragraph is the end of a line of the text, behind quote marks and indentation; a heading or a
    cell of a table is a part of one. A cell with an escaped pipe is not found, and its links have no place.
    """

    def __init__(self, token: Token, lines: Lines, read_up_to: dict[int, int]) -> None:
        self._lines = lines
        self._first = token.map[0] + 1 if token.map else 1
        self._read_up_to = read_up_to
        self._pieces = token.content.split("\n")
        self._starts = [0]
        for piece in self._pieces:
            self._starts.append(self._starts[-1] + len(piece) + 1)
        self._columns: dict[int, int] = {}

    def line(self, position: int) -> int:
        return self._first + bisect_right(self._starts, position) - 1

    def place(self, found: _Open) -> Place | None:
        start, end = self._offset(found.start), self._offset(found.end - 1)
        return None if start is None or end is None else Place(start, end + 1, found.form)

    def _offset(self, position: int) -> int | None:
        index = bisect_right(self._starts, position) - 1
        line = self._first + index
        if index not in self._columns:
            piece = self._pieces[index]
            column = self._lines.content(line).find(piece, self._read_up_to.get(line, 0))
            self._columns[index] = column
            self._read_up_to[line] = column + len(piece)
        column = self._columns[index]
        return None if column < 0 else self._lines.start(line) + column + position - self._starts[index]
