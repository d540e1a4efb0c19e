"""A preprint's page, read when the API is unwell: it says the same, in other words. Pure.

    <meta name="citation_author" content="Lovelace, Ada"/>            the API: Ada Lovelace
    <td class="tablecell comments mathjax">Code: <a href="…">this https URL</a></td>
    <div class="submission-history">… <strong><a href="/abs/1912.00001v1">[v1]</a></strong>
      Thu, 7 Feb 2019 09:52:32 UTC (1,234 KB)<br/><strong>[v2]</strong> Fri, 21 Jun 2019 …

`citation_date` has the day of the first version and not its time; the history has both, of every version.
"""

from __future__ import annotations

import html
import re
from email.utils import parsedate_to_datetime

from scraper.model import Record
from scraper.records import stamp
from scraper.sites.arxiv.records import Preprint, preprint_record
from scraper.sites.citation import Head, citation_record
from scraper.sites.values import one_line

_LONGEST = 20_000
_CELL = r'<td[^>]{0,100}class="[^"]{0,60}\b%s\b[^"]{0,60}"[^>]{0,100}>(.{0,%d}?)</td>'
_COMMENTS = re.compile(_CELL % ("comments", _LONGEST), re.DOTALL)
_JOURNAL = re.compile(_CELL % ("jref", _LONGEST), re.DOTALL)
_LINK = re.compile(r'<a\b[^>]{0,500}?href="([^"]{1,2000})"[^>]{0,500}>[^<]{0,300}</a>')
_VERSIONS = re.compile(
    r"<strong>\s*(<a\b[^>]{0,300}>)?\s*\[v(\d{1,3})\]\s*(?:</a>)?\s*</strong>\s*"
    r"((?:\w{3}, )?\d{1,2} \w{3} \d{4} \d{2}:\d{2}:\d{2} (?:UTC|GMT))"
)


def page_record(head: Head, body: bytes, identifier: str) -> Record:
    """What the page shows of the preprint, as the API would give it."""
    said, page = citation_record(head), body.decode("utf-8", "replace")
    history = {int(number): date for _, number, date in _VERSIONS.findall(page)}
    shown = next((int(number) for link, number, _ in _VERSIONS.findall(page) if not link), None)
    return preprint_record(
        Preprint(
            id=head.first("citation_arxiv_id") or identifier,
            version=f"v{shown}" if shown else None,
            title=one_line(said.get("title")),
            abstract=one_line(said.get("abstract")),
            authors=said.get("authors"),
            published_at=_instant(history.get(1)) or said.get("published_at"),
            modified_at=_instant(history.get(shown or 0)),
            comment=_cell(_COMMENTS, page),
            journal=_cell(_JOURNAL, page),
        )
    )


def _cell(pattern: re.Pattern[str], page: str) -> str | None:
    """The text of a cell, with the addresses that the page hides behind `this https URL`."""
    match = pattern.search(page)
    shown = _LINK.sub(lambda link: f" {link[1]} ", match[1]) if match else ""
    return one_line(html.unescape(re.sub(r"<[^>]{0,2000}>", "", shown)))


def _instant(written: str | None) -> str | None:
    try:
        return stamp(parsedate_to_datetime(written.replace("UTC", "+0000"))) if written else None
    except (ValueError, OverflowError):
        return None
