"""CSV and TSV: every cell that is an address or an identifier, or that speaks of one.

RFC 4180 with what spreadsheets make of it: `;`, tab or `|` between cells, a quote that opens none. The csv
module tells no places, and one stray quote makes it swallow the rows behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from scraper.articles.escapes import DOUBLED_DOUBLE, Unescaped, first_of_two, unescape
from scraper.articles.fields import link, title_field
from scraper.articles.identifiers import Found, arxiv, kind_of, value
from scraper.articles.outline import Document, Lines, Link, Section

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")


class _Cell(NamedTuple):
    start: int
    end: int
    quoted: bool


_Record = list[_Cell]


def read(text: str, document: Document, source: str) -> None:
    _Reader(text, document).read(_delimiter(text, source))


def _delimiter(text: str, source: str) -> str:
    """The sign that cuts the first records into the same number of cells, two at least."""
    if source.lower().endswith((".tsv", ".tab")):
        return "\t"

    def fitness(sign: str) -> tuple[bool, int]:
        widths = [len(record) for record in islice(_records(text, sign), 20)]
        return min(widths) > 1 and max(widths) == min(widths), widths[0]

    return max(",;\t|", key=fitness)


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    cell = re.compile(
        rf'(?:"(?P<quoted>(?:[^"]++|"")*+)"(?=[{delimiter}\r\n]|\Z)|(?P<plain>[^{delimiter}\r\n]*+))'
        rf"(?P<after>{re.escape(delimiter)}|\r\n|\r|\n|\Z)"
    )
    record: _Record = []
    position = 0
    while position <= len(text):
        match = cell.match(text, position)
        if match is None:  # Nothing is left but what every alternative takes.
            return
        group = "plain" if match["quoted"] is None else "quoted"
        record.append(_Cell(*match.span(group), group == "quoted"))
        if match["after"] != delimiter:
            if len(record) > 1 or record[0].end > record[0].start:
                yield record
            record = []
            if match.end() == len(text):
                return
        position = match.end()


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.title: int | None = None
        self.numbers: set[int] = set()
        """Columns of numbers: what looks like a bare arXiv identifier there is none."""
        self.found: list[tuple[int, bool, Link]] = []
        """Each link with its column, and whether it is certain to be one."""

    def read(self, delimiter: str) -> None:
        for number, record in enumerate(self._headed(_records(self.text, delimiter)), 1):
            title = self._titled(record)
            for column, cell in enumerate(record):
                self._cell(cell, column, number, title)
        self.document.links += [
            one for column, certain, one in self.found if certain or column not in self.numbers
        ]

    def _titled(self, record: _Record) -> str:
        known = self.title is not None and self.title < len(record)
        return self._said(record[self.title]).text if known and self.title is not None else ""

    def _headed(self, records: Iterator[_Record]) -> Iterator[_Record]:
        """The records without the header, which is the first one where no cell of it links to anything."""
        first = next(records, [])
        names = [self._said(cell).text.strip() for cell in first]
        if any(value(name) or _NUMBER.fullmatch(name) for name in names):
            self._name([""] * len(names))
            yield first
        else:
            self._name(names)
        yield from records

    def _name(self, names: list[str]) -> None:
        self.names, self.kinds = names, [kind_of(name) for name in names]
        titled = title_field(names)
        self.title = None if titled is None else names.index(titled)

    def _said(self, cell: _Cell) -> Unescaped:
        if cell.quoted:
            return unescape(self.text, cell.start, cell.end, DOUBLED_DOUBLE, first_of_two)
        return Unescaped(self.text[cell.start : cell.end], range(cell.start, cell.end + 1))

    def _cell(self, cell: _Cell, column: int, number: int, title: str) -> None:
        said = self._said(cell)
        known = column < len(self.names)
        self._count(said.text.strip(), column)
        for one in value(said.text, self.kinds[column] if known else ""):
            section = Section(number, self.names[column] if known else "")
            self.found.append((column, one.certain, self._link(one, said, section, title)))

    def _link(self, one: Found, said: Unescaped, section: Section, title: str) -> Link:
        text = "" if title == said.text else title
        return link(one, said, self.lines, section, text, "value")

    def _count(self, cell: str, column: int) -> None:
        if column not in self.numbers and _NUMBER.fullmatch(cell) and not arxiv(cell):
            self.numbers.add(column)
