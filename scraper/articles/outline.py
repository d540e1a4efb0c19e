"""What a reader hands over: the links of a document, each under its heading. Headings are kept here."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from scraper.model import Problem
from scraper.verdicts.patterns import lazily


class Section(NamedTuple):
    number: int | None
    title: str


class Place(NamedTuple):
    """Where a link is written, as offsets into the text that was read; for `[x][label]` its definition."""

    start: int
    end: int
    form: str
    """What is written there, and so how another address would be: see `articles.writing`."""
    exact: bool = False
    """Whether it is the address alone, without what the form puts around it."""


class Link(NamedTuple):
    """One link as a reader found it, whatever it points at."""

    line: int
    href: str
    text: str
    section: Section
    place: Place | None = None
    means: str = ""
    """The address that an identifier stands for (`arXiv:1706.03762`); empty where `href` is one itself."""
    embedded: bool = False
    """Whether it is a picture, or another part of a manual: only those beside the article are looked at."""


@dataclass(slots=True)
class Document:
    """What was read so far. Readers add to it from the first line to the last."""

    title: str = ""
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    base: str = ""
    """What relative addresses are relative to, where the document says so (HTML `<base>`)."""
    outline: Outline = field(default_factory=lambda: Outline())
    placed: bool = True
    """Whether anybody asks where the links are written: of a long list that is a third of the memory."""

    def heading(self, level: int, text: str) -> None:
        self.outline.heading(level, text)
        if level == 1 and not self.title:
            self.title = self.outline.section.title

    def link(
        self,
        line: int,
        href: str,
        text: str,
        place: Place | None = None,
        means: str = "",
        *,
        embedded: bool = False,
    ) -> None:
        said = " ".join(text.split())
        where = place if self.placed else None
        self.links.append(Link(line, href, said, self.outline.section, where, means, embedded))

    def adopt(self, inner: Document, start: int, line: int, placed: bool = True) -> None:
        """Take what was found in a part of the text, which begins at an offset and on a line of it."""
        for one in inner.links:
            place = one.place if placed else None
            moved = place and place._replace(start=place.start + start, end=place.end + start)
            self.links.append(one._replace(line=one.line + line - 1, place=moved))
        self.problems += [replace(one, line=one.line + line - 1) for one in inner.problems]


# "1。…", "7 .。…", "10。…", "11.…", "3) …", but not "3.5 Results": a number, one or more separators, a title.
_NUMBERED = lazily(r"\s*(\d{1,5})\s*[.．。、:：)）](?!\d)[\s.．。、:：)）]*(.*)", re.DOTALL)


def numbered(heading: str) -> Section:
    """Number and title of an emphasis-free heading; the marks that broken emphasis leaves go too."""
    text = " ".join(heading.replace("**", "").split())
    match = _NUMBERED.fullmatch(text)
    return Section(int(match[1]), match[2]) if match else Section(None, text)


class Outline:
    """The headings that are open at a place of the document."""

    def __init__(self) -> None:
        self.section = Section(None, "")
        self._numbered: list[tuple[int, int]] = []
        """Open numbered headings as (level, number), outermost first."""

    def heading(self, level: int, text: str) -> None:
        """Enter a heading. The number of the innermost open numbered heading stays in force below others.

        "First author" on the level of "2. A paper" is a part of paper 2: an unnumbered heading of the same
        level ends nothing, unless it is an h1 or h2.
        """
        number, title = numbered(text)
        while self._numbered and self._ends(level, number):
            self._numbered.pop()
        if number is not None:
            self._numbered.append((level, number))
        self.section = Section(self._numbered[-1][1] if self._numbered else None, title)

    def _ends(self, level: int, number: int | None) -> bool:
        open_level = self._numbered[-1][0]
        return level < open_level or (level == open_level and (number is not None or level <= 2))


class Lines:
    """Lines of a text and their offsets. CommonMark: a line ends with LF, CR or CR LF, and nothing else."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = array("I", chain((0,), (match.end() for match in re.finditer(r"\r\n|\r|\n", text))))

    def number(self, offset: int) -> int:
        """Line of an offset, from 1."""
        return bisect_right(self.starts, offset)

    def start(self, line: int) -> int:
        return self.starts[line - 1]

    def content(self, line: int) -> str:
        """The line, from 1, without its end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")
