"""XML: RSS and Atom with the HTML in their entries, sitemaps, OPML, and any other XML with addresses in it.

Read by its tags, so that every address has its place and one fault costs no more than what it stands in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.articles.escapes import XML, Unescaped, unescape, xml_meaning
from scraper.articles.fields import link
from scraper.articles.identifiers import Found, kind_of, value
from scraper.articles.outline import Document, Lines, Link, Place, Section

if TYPE_CHECKING:
    from scraper.articles.html import Piece  # lxml, only for HTML

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!(?:[^<>\[]|\[[^\]]*\])*>"
    r"|</(?P<end>[^\s<>]+)\s*>"
    r"|<(?P<tag>[^\s<>/!?=]+)(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?P<name>[^\s=/\"']+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
_ADDRESSES = frozenset({"href", "url", "src", "htmlurl", "xmlurl", "resource", "about"})
_ITEMS = frozenset({"item", "entry"})
# Texts that hold HTML, whether it is escaped or in CDATA.
_HTML = frozenset({"description", "encoded", "content", "summary", "body", "text"})
# Names of namespaces and of the entry itself: addresses by their looks only.
_NAMES = frozenset({"id", "generator", "docs"})


class _Text(NamedTuple):
    start: int
    end: int
    cdata: bool


def read(text: str, document: Document, source: str) -> None:
    _Reader(text, document).read()


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)
        self.open: list[str] = []
        self.items = 0
        self.title = ""
        self.pending: list[Link] = []
        """The links of an item whose title may still come."""

    def read(self) -> None:
        position = 0
        for match in _TOKEN.finditer(self.text):
            self._text(_Text(position, match.start(), False))
            position = match.end()
            if match["tag"]:
                self._start(match)
            elif match["end"]:
                self._end(_local(match["end"]))
            elif match["cdata"] is not None:
                self._text(_Text(*match.span("cdata"), True))
        self._text(_Text(position, len(self.text), False))
        self._finish()

    def _start(self, match: re.Match[str]) -> None:
        name = _local(match["tag"])
        if name in _ITEMS:
            self._finish()
            self.items += 1
        closed = match["attributes"].endswith("/")
        self.open.append(name)
        self._attributes(match)
        if closed:
            self.open.pop()

    def _attributes(self, match: re.Match[str]) -> None:
        for each in _ATTRIBUTE.finditer(self.text, *match.span("attributes")):
            if _local(each["name"]) in _ADDRESSES:
                group = "single" if each["double"] is None else "double"
                said = self._said(_Text(*each.span(group), False))
                self._add(value(said.text), said, "xml")

    def _end(self, name: str) -> None:
        if name in self.open:
            while self.open.pop() != name:
                pass
        if name in _ITEMS:
            self._finish()

    def _said(self, part: _Text) -> Unescaped:
        if part.cdata:
            return Unescaped(self.text[part.start : part.end], range(part.start, part.end + 1))
        return unescape(self.text, part.start, part.end, XML, xml_meaning)

    def _text(self, part: _Text) -> None:
        name = self.open[-1] if self.open else ""
        if part.end == part.start or not self.text[part.start : part.end].strip():
            return
        said = self._said(part)
        if name == "title":
            self._entitle(said.text)
        if name in _HTML and "<" in said.text:
            self._html(said, "xml" if part.cdata else "xml_twice")
        elif name not in _NAMES:
            self._add(value(said.text, kind_of(name)), said, "value" if part.cdata else "xml")

    def _entitle(self, title: str) -> None:
        title = " ".join(re.sub(r"<[^<>]*>", "", title).split())
        if self.items:
            self.title = self.title or title
        elif not self.document.title and len(self.open) <= 3:
            self.document.title = title

    def _html(self, said: Unescaped, form: str) -> None:
        """HTML in an entry, which is escaped once more than the file around it."""
        from scraper.articles import html

        for piece in html.pieces(said.text):
            if piece.tag == "a" and piece.href:
                span = html.attribute(said.text[piece.place.start : piece.place.end]) if piece.place else None
                self._piece(piece, span, said, form)

    def _piece(self, piece: Piece, span: tuple[int, int] | None, said: Unescaped, form: str) -> None:
        if piece.place is None:
            line = self.lines.number(said.places[0])
            self.pending.append(Link(line, piece.href or "", piece.text, Section(None, "")))
            return
        start = piece.place.start + (span[0] if span else 0)
        end = piece.place.start + span[1] if span else piece.place.end
        place = Place(*said.span(start, end), form)
        text = " ".join(piece.text.split())
        line = self.lines.number(place.start)
        self.pending.append(Link(line, piece.href or "", text, Section(None, ""), place if span else None))

    def _add(self, every: list[Found], said: Unescaped, form: str) -> None:
        section = Section(None, "")
        name = self.open[-1] if self.open else ""
        self.pending += [link(one, said, self.lines, section, name, form) for one in every if one.certain]

    def _finish(self) -> None:
        """The links of an item, under its title."""
        section = Section(self.items, self.title) if self.items and self.title else Section(None, "")
        self.document.links += [one._replace(section=section) for one in self.pending]
        self.pending, self.title = [], ""


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
