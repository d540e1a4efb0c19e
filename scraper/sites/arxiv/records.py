"""A preprint as a record, the same whether the API or the page was read. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.model import Record
from scraper.sites.code_links import code_addresses, code_fields
from scraper.sites.doi.notices import Notice, notice_record

_WITHDRAWN = re.compile(
    r"(?:this|the) (?:paper|article|submission|manuscript|work|preprint|version)\b.{0,80}"
    r"\b(?:has been|have been|was|is) (?:temporarily )?withdrawn",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\bwithdrawn\b(?! (?:paper|article|submission|preprint|version|arxiv))", re.IGNORECASE)
"""In a comment the word is enough, unless it is said of another paper: `replaces the withdrawn paper`."""
_BY_ARXIV = re.compile(r"withdrawn by (?:the )?arxiv|arxiv admin note:.{0,80}\bwithdrawn\b", re.IGNORECASE)


class Preprint(NamedTuple):
    """What is read of a preprint; None where the source does not say it."""

    id: str
    version: str | None
    title: str | None
    abstract: str | None
    authors: list[str] | None
    published_at: str | None
    modified_at: str | None
    comment: str | None
    journal: str | None


def preprint_record(read: Preprint) -> Record:
    """The record; what is always there and was not read is unknown, and left out.

    The authors withdraw a preprint, or arXiv's administrators do; only the former is `withdrawn`.
    """
    told = (read.comment or "", read.abstract or "")
    by_arxiv = any(map(_BY_ARXIV.search, told))
    withdrawn = bool(_COMMENT.search(told[0]) or _WITHDRAWN.search(told[1]))
    record: Record = {
        "title": read.title,
        "abstract": read.abstract,
        "authors": read.authors,
        "published_at": read.published_at,
        "modified_at": read.modified_at,
        "version": read.version,
        "pdf_url": f"https://arxiv.org/pdf/{read.id}{read.version or ''}",
    }
    known = {name: value for name, value in record.items() if value is not None}
    found = code_addresses((), [part for part in told if part])
    more = {"venue": read.journal, "withdrawn": withdrawn and not by_arxiv}
    return known | more | notice_record([Notice("withdrawal")] if by_arxiv else []) | code_fields(found)
