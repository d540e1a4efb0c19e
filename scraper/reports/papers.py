"""What the page shows of each paper and its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scraper.reports.model import Edition, Row
from scraper.reports.text import day, plain, shorten, shown_address, slug, web_address, words
from scraper.verdicts.reasons import DEAD

ABSTRACTS = 100_000
"""Bytes of abstracts in the page, divided among its papers; papers.csv has them whole."""
NO_CODE, DEAD_CODE, ARCHIVED_CODE, LIVE_CODE = "none", "dead", "archived", "available"


class PaperRow(NamedTuple):
    number: int | None
    name: str
    href: str
    slug: str
    health: str
    decision: str
    presentation: str
    rating: str
    notices: tuple[str, ...]
    """Retracted, corrected, withdrawn, …: what a reader of the paper must know."""
    abstract: str
    shortened: bool
    code: str
    """none, dead, archived or available."""
    code_name: str
    code_href: str
    code_slug: str
    code_health: str
    code_source: str
    stars: int | None
    licence: str
    last_commit: str
    completeness: int | None


def paper_rows(edition: Edition) -> list[PaperRow]:
    """The papers in the order of the article, with as much of each abstract as fits the page."""
    share = max(160, min(6_000, ABSTRACTS // max(1, len(edition.papers))))
    links = {row["target"]: row for row in edition.links}
    return [_paper_row(row, links.get(row.get("paper_target") or "", {}), share) for row in edition.papers]


def _paper_row(row: Row, link: Row, share: int) -> PaperRow:
    abstract = plain((row.get("abstract") or "")[: share + 1])
    # A share is of bytes; a letter of Chinese takes three.
    cut = abstract.encode()[:share].decode(errors="ignore")
    code, rating = row.get("code_url") or "", row.get("rating_mean")
    name = row.get("title") or row.get("section_title") or row.get("paper_url") or ""
    return PaperRow(
        number=row.get("number"),
        name=shorten(plain(str(name)), 300),
        href=web_address(row.get("paper_url") or ""),
        slug=slug(row["paper_target"]) if row.get("paper_target") else "",
        health=row.get("paper_health") or "",
        decision=_short(_either("decision", row, link)),
        presentation=_short(_either("presentation", row, link)),
        rating=f"{rating:.2f}".rstrip("0").rstrip(".") if rating is not None else "",
        notices=_notices(row, link),
        abstract=cut,
        shortened=len(cut) < len(row.get("abstract") or ""),
        code=_code(row),
        code_name=shown_address(code, 60).removeprefix("github.com/"),
        code_href=web_address(code),
        code_slug=slug(row["code_target"]) if row.get("code_target") else "",
        code_health=row.get("code_health") or "",
        code_source=row.get("code_source") or "",
        stars=row.get("stars"),
        licence=_licence(row),
        last_commit=day(row.get("last_commit_at")),
        completeness=row.get("code_completeness"),
    )


def _either(name: str, *rows: Mapping[str, Any]) -> Any:
    """Of the paper's own row, else of its link's."""
    return next((row[name] for row in rows if row.get(name)), None)


def _notices(row: Row, link: Row) -> tuple[str, ...]:
    notice = _either("notice_type", row, link) or ()
    kinds = notice.split("; ") if isinstance(notice, str) else notice
    withdrawn = ("withdrawn",) if _either("withdrawn", row, link) else ()
    return tuple(dict.fromkeys(_short(words(str(kind))).lower() for kind in (*kinds, *withdrawn) if kind))


def _code(row: Row) -> str:
    if not row.get("code_url"):
        return NO_CODE
    if row.get("code_health") in DEAD:
        return DEAD_CODE
    return ARCHIVED_CODE if row.get("archived") else LIVE_CODE


def _licence(row: Row) -> str:
    if row.get("license_spdx"):
        return _short(row["license_spdx"])
    return {"none": "none", "unrecognised": "not recognised"}.get(row.get("license_state") or "", "")


def _short(value: Any) -> str:
    return shorten(plain(str(value or "")), 60)
