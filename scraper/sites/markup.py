"""Text out of the JATS and HTML that Crossref and DataCite hold: one line a paragraph. Pure."""

from __future__ import annotations

import html
import re

from scraper.sites.formulas import one_notation
from scraper.sites.values import text

_LONGEST = 200_000
_BLOCK = re.compile(
    r"</?(?:jats:)?(?:p|sec|title|list|list-item|ul|ol|li|div|h[1-6]|br)\b[^<>]{0,500}>", re.IGNORECASE
)
# Changing the tree instead of the text takes a minute for thirty thousand nested paragraphs.
_TAG = re.compile(r"</?[a-z][\w:.-]{0,40}(?:\s[^<>]{0,2000})?/?>|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,20}\d{0,2});", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"</?(?:(?:jats|mml):[\w-]{1,30}|scp|sub|sup|em|strong|italic|bold|tt|sc|ovl|small|span|p|br|b|i|u)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""Tags that somebody escaped: `&lt;scp&gt;HVDC&lt;/scp&gt;`. A `<` before anything else is a sign."""
_HEADINGS = frozenset(("abstract", "abstract:", "abstract."))


def plain(markup: object) -> str | None:
    """The text: entities read, tags gone, one line a paragraph, without the heading `Abstract`.

    Where paragraphs are marked, line breaks of the source mean nothing; where nothing is, they stay.
    """
    written = text(markup)
    if written is None:
        return None
    written = written[:_LONGEST]
    if _TAG.search(written):
        written = _untagged(one_notation(written))
    for _ in range(2):  # `&amp;lt;` is a sign that was escaped twice
        written = _ESCAPED_TAG.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), written))
    lines = (" ".join(line.split()) for line in written.splitlines())
    return text("\n".join(line for line in lines if line.lower() not in _HEADINGS).strip("\n"))


def _untagged(written: str) -> str:
    from bs4 import BeautifulSoup  # where a page has come: it takes longer to import than all of `sites/`

    marked = written
    if _BLOCK.search(written):
        marked = _BLOCK.sub("\n", " ".join(written.split()))
    soup = BeautifulSoup(f"<!doctype html>\n{marked}", "lxml")
    return "\n".join(line for line in soup.get_text().splitlines() if line.strip())
