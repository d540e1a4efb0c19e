"""The `citation_*` tags that scholarly pages carry for search engines; read from the head alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.model import Record
from scraper.sites.pages.view import bearable
from scraper.sites.values import date_time, one_line, text, texts

_HEAD_END = re.compile(rb"</head\s*>|<body[\s>]", re.IGNORECASE)
_HEAD_LIMIT = 131_072
_LONGEST_TLDR = 250
"""OpenReview's limit for a TL;DR, in characters: a longer description must be the abstract."""


_INSTITUTION = re.compile(
    r"\b(?:of|for|the|and|universit\w*|institut\w*|department|cent(?:er|re)|laborator\w*|survey|agency|ministry"
    r"|group|team|consortium|collaboration|inc|ltd|llc|gmbh)\b|&",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """Title and named tags of a page; names are in lower case, values in the order of the page."""

    title: str
    tags: dict[str, list[str]]

    def first(self, *names: str) -> str | None:
        """The first value that is not empty, under the first name that has one."""
        return next((value for name in names for value in self.tags.get(name, ()) if value.strip()), None)


def read_head(body: bytes) -> Head:
    """The head of a page. The rest may be of any size and depth, and is not parsed."""
    end = _HEAD_END.search(body)
    part = body[: end.start() if end else _HEAD_LIMIT][:_HEAD_LIMIT]
    tree = LexborHTMLParser(bearable(part.decode("utf-8", "replace")))
    tags: dict[str, list[str]] = {}
    for tag in tree.css("meta"):
        name, content = (
            tag.attributes.get("name") or tag.attributes.get("property"),
            tag.attributes.get("content"),
        )
        if name and content:
            tags.setdefault(name.lower(), []).append(content)
    title = tree.css_first("title")
    return Head(one_line(title.text()) or "" if title else "", tags)


def citation_record(head: Head) -> Record:
    """What the tags say; a tag that is absent leaves its column unknown."""
    venue = head.first("citation_conference_title", "citation_journal_title")
    # `citation_online_date` is the last version's on arXiv, where `citation_date` is the first's.
    published = head.first("citation_publication_date", "citation_date", "citation_online_date")
    record: Record = {
        "title": text(head.first("citation_title")),
        "abstract": _abstract(head),
        "authors": texts(list(map(given_first, head.tags.get("citation_author", [])))) or None,
        "venue": one_line(venue),
        "published_at": date_time(published),
        "pdf_url": text(head.first("citation_pdf_url")),
    }
    return {name: value for name, value in record.items() if value is not None}


def given_first(name: str) -> str:
    """`Family, Given` as people and the APIs write it; institutions and names of more commas stay."""
    family, comma, given = name.partition(",")
    if _INSTITUTION.search(name):
        return name
    return f"{given.strip()} {family.strip()}" if comma and given.strip() and "," not in given else name


def _abstract(head: Head) -> str | None:
    """`description` is the TL;DR where there is one, so it counts only when it is too long to be that."""
    if abstract := text(head.first("citation_abstract")):
        return abstract
    description = text(head.first("description"))
    return description if description and len(description) > _LONGEST_TLDR else None
