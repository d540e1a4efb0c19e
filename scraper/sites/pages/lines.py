"""The lines in which a page says what it is: segments of its title, its first headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from scraper.sites.pages.view import PageView

_SEPARATOR = re.compile(r"\s+(?:[|·•»«–—:-]|::)\s+|\s*(?:[|»«]|::)\s*")
_SHORTHAND = re.compile(r":[a-z_]{3,20}:")
"""Emoji that their page did not draw (`:confused:`)."""


@lru_cache(8)  # each rule asks for those of the one page that is looked at
def segments(title: str) -> tuple[str, ...]:
    """The parts of a title, which often names the site as well; the whole title is the first."""
    parts = [part.strip() for part in _SEPARATOR.split(title)]
    return tuple(line for line in dict.fromkeys((title, *parts)) if line)


_LINE = 200
"""Characters of a text that is a line."""


def first_whole(pattern: re.Pattern[str], page: PageView, most: int = 3) -> str:
    """The segment of the title, or the heading, that is what the pattern says and nothing else.

    A line of text without either is looked at itself: what programs say to programs.
    """
    lines = (*segments(page.title), *page.headings[:most]) or (page.text[:_LINE],)
    return next((line for line in lines if pattern.fullmatch(bare(line))), "")


def search_where(words: Iterable[str], pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The pattern in a text in which one of these words stands, in small letters.

    To look for words takes a small part of an expression's time, and most pages have none.
    """
    folded = text.casefold()
    return pattern.search(text) if any(map(folded.__contains__, words)) else None


def bare(line: str) -> str:
    return _SHORTHAND.sub("", line).strip()


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def quote(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
