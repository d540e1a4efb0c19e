"""What the page shows of each link and each paper: short, so that a thousand links stay under 1 MB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from scraper.model import Health
from scraper.reports.model import Edition, Row
from scraper.reports.story import name_of, pressing, replacement
from scraper.reports.text import count, day, plain, shorten, shown_address, slug, web_address, words
from scraper.verdicts.reasons import REASONS

ABSTRACTS = 100_000
"""Bytes of abstracts in the page, divided among its papers; papers.csv has them whole."""
STRIP = 30
"""Runs in a history strip at most."""
_HEIGHTS = {"alive": 5, "moved": 7, "blocked": 8, "unverified": 3, "failing": 9, "broken": 10}
"""Of a run's mark in the strip, out of 10: trouble stands out by height, not by colour alone."""


class Strip(NamedTuple):
    """The last runs of a link, as marks and as words. Many links share one, and the page draws it once."""

    paths: tuple[tuple[str, str], ...]
    """(health, SVG path) of each stretch, 1 wide for a run, newest at the right end."""
    told: str
    trouble: int
    """Runs in which it was not alive."""


class LinkRow(NamedTuple):
    slug: str
    health: str
    reason: str
    meaning: str
    detail: str
    name: str
    """Title or repository; the address for a page without either."""
    href: str
    """Empty when the address may not stand in a link."""
    address: str
    """Empty when the name tells it."""
    site: str
    line: int | None
    mentions: int
    redirects: tuple[str, ...]
    replacement: str
    replacement_is: str
    archived_url: str
    archived_at: str
    strip: Strip | None
    as_of: str
    source: str
    stale: bool
    confirmed: bool
    since: str
    last_alive: str
    notes: tuple[str, ...]


class PaperRow(NamedTuple):
    number: int | None
    name: str
    href: str
    slug: str
    health: str
    decision: str
    rating: str
    abstract: str
    shortened: bool
    code_name: str
    code_href: str
    code_slug: str
    code_health: str
    code_source: str
    archived: bool
    facts: tuple[str, ...]
    """Stars, licence, last commit, completeness."""


def link_rows(edition: Edition) -> list[LinkRow]:
    """The links, worst first, then in the order of the article."""
    width = strip_width(edition)
    return [_link_row(row, edition, width) for row in sorted(edition.links, key=pressing)]


def paper_rows(edition: Edition) -> list[PaperRow]:
    """The papers in the order of the article, with as much of each abstract as fits the page."""
    share = max(160, min(6_000, ABSTRACTS // max(1, len(edition.papers))))
    return [_paper_row(row, share) for row in edition.papers]


def _link_row(row: Row, edition: Edition, width: int) -> LinkRow:
    known = REASONS.get(row["reason"])
    instead, kind = replacement(row)
    redirects = shorten(plain(row.get("redirects") or ""), 1_000)
    address, name = shown_address(row["url"]), shorten(plain(name_of(row)), 200)
    return LinkRow(
        slug=slug(row["target"]),
        health=row["health"],
        reason=words(row["reason"]),
        meaning=known.meaning if known and known.health != Health.ALIVE else "",
        detail=shorten(plain(row.get("detail") or ""), 300),
        name=address if name == plain(row["url"]) else name,
        href=web_address(row["url"]),
        address=""
        if name == plain(row["url"]) or address.lower() == f"github.com/{name}".lower()
        else address,
        site=row["site"],
        line=row.get("first_line"),
        mentions=row.get("mentions") or 1,
        redirects=tuple(redirects.split(" > ")) if redirects else (),
        replacement=web_address(instead),
        replacement_is=kind,
        archived_url=web_address(row.get("archived_url") or ""),
        archived_at=day(row.get("archived_at")),
        strip=_strip(edition.histories.get(row["target"], ()), width),
        as_of=day(row.get("metadata_as_of")),
        source=words(shorten(row.get("metadata_source") or "", 40)),
        stale=bool(row.get("metadata_stale")),
        confirmed=bool(row.get("confirmed_dead")),
        since=day(row.get("failing_since")),
        last_alive=day(row.get("last_alive")),
        notes=tuple(shorten(plain(note), 300) for note in row.get("notes") or ()),
    )


def strip_width(edition: Edition) -> int:
    """Runs that the strips have room for: as many as the oldest link has."""
    return min(STRIP, max(map(len, edition.histories.values()), default=0))


def _strip(history: Sequence[tuple[str, str]], width: int) -> Strip | None:
    healths = [health for _, health in history[-STRIP:]]
    if not healths:
        return None
    paths, told, at = [], [], width - len(healths)
    for health, stretch in groupby(healths):
        length = len(list(stretch))
        height = _HEIGHTS[health]
        paths.append((health, f"M{at} {10 - height}h{length}v{height}h-{length}z"))
        told.append(f"{length} {health}")
        at += length
    trouble = sum(health != "alive" for health in healths)
    return Strip(tuple(paths), ", then ".join(told), trouble)


def _paper_row(row: Row, share: int) -> PaperRow:
    abstract = plain((row.get("abstract") or "")[: share + 1])
    # A share is of bytes; a letter of Chinese takes three.
    cut = abstract.encode()[:share].decode(errors="ignore")
    code, rating = row.get("code_url") or "", row.get("rating_mean")
    return PaperRow(
        number=row.get("number"),
        name=shorten(
            plain(str(row.get("title") or row.get("section_title") or row.get("paper_url") or "")), 300
        ),
        href=web_address(row.get("paper_url") or ""),
        slug=slug(row["paper_target"]) if row.get("paper_target") else "",
        health=row.get("paper_health") or "",
        decision=shorten(plain(row.get("decision") or ""), 60),
        rating=f"{rating:.2f}".rstrip("0").rstrip(".") if rating is not None else "",
        abstract=cut,
        shortened=len(cut) < len(row.get("abstract") or ""),
        code_name=shown_address(code, 60).removeprefix("github.com/"),
        code_href=web_address(code),
        code_slug=slug(row["code_target"]) if row.get("code_target") else "",
        code_health=row.get("code_health") or "",
        code_source=row.get("code_source") or "",
        archived=bool(row.get("archived")),
        facts=tuple(_facts(row)),
    )


def _facts(row: Row) -> Iterator[str]:
    if row.get("stars") is not None:
        yield count(row["stars"], "star")
    if licence := _licence(row):
        yield licence
    if row.get("last_commit_at"):
        yield f"last commit {day(row['last_commit_at'])}"
    if row.get("code_completeness") is not None:
        yield f"completeness {row['code_completeness']} of 5"


def _licence(row: Row) -> str:
    if row.get("license_spdx"):
        return shorten(plain(row["license_spdx"]), 40)
    return {"none": "no licence", "unrecognised": "licence not recognised"}.get(
        row.get("license_state") or "", ""
    )
