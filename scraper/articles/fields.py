"""From what is found in a part of a text to links of the document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.articles.escapes import Unescaped
from scraper.articles.identifiers import Found, prose
from scraper.articles.outline import Document, Lines, Link, Place, Section

TITLES = ("title", "name", "paper", "paper title", "paper_title", "paper name")
"""Names of the field that says what a record is about, in lower case, the best first."""


def link(
    found: Found, said: Unescaped, lines: Lines, section: Section, text: str = "", form: str = "bare"
) -> Link:
    """What was found, at its place. `form` says how an address is escaped there."""
    start, end = said.span(found.start, found.end)
    place = Place(start, end, form if found.form in {"bare", "value"} else found.form)
    shown = " ".join(text.split()) or found.href
    return Link(lines.number(start), found.href, shown, section, place, found.means)


def whole(text: str, start: int, end: int) -> Unescaped:
    """A part of a text in which nothing is escaped."""
    return Unescaped(text[start:end], range(start, end + 1))


def add_prose(
    text: str,
    start: int,
    end: int,
    document: Document,
    lines: Lines,
    stop: re.Pattern[str] | None = None,
) -> None:
    """The links of running text under the heading that is open."""
    for found in prose(text, start, end, stop):
        place = Place(found.start, found.end, found.form)
        document.link(lines.number(found.start), found.href, found.href, place, found.means)


def title_field(names: Iterable[str]) -> str | None:
    """The name of the field that holds a record's title, if there is one."""
    by_name = {name.strip().lower(): name for name in reversed(list(names))}
    return next((by_name[name] for name in TITLES if name in by_name), None)
