"""What the page shows of each link: short, so that ten thousand links open in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from scraper.model import Health
from scraper.reports.findings import more, phrase
from scraper.reports.items import Teller, pressing, replacement
from scraper.reports.model import Edition, Row
from scraper.reports.news import told
from scraper.reports.story import Story
from scraper.reports.text import (
    date_words,
    day,
    plain,
    shorten,
    shown_address,
    slug,
    web_address,
    words,
)

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
    phrase: str
    """The finding in words; empty for a link that is simply alive."""
    detail: str
    name: str
    """Title, repository or link text; the address for a page without any."""
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
    news: tuple[str, ...]
    """Headings of what is new about it."""


def link_rows(edition: Edition, story: Story) -> list[LinkRow]:
    """The links, worst first, then in the order of the article."""
    width, teller, changed = strip_width(edition), Teller(edition), _news(story)
    return [
        _link_row(row, edition, width, teller, changed.get(row["target"], ()))
        for row in sorted(edition.links, key=pressing)
    ]


def _news(story: Story) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for item in (*story.told, *story.other):
        found.setdefault(item.target, {})[told(item.kind).heading] = None
    return {target: tuple(headings) for target, headings in found.items()}


def _link_row(row: Row, edition: Edition, width: int, teller: Teller, changed: tuple[str, ...]) -> LinkRow:
    instead, kind = replacement(row)
    redirects = shorten(plain(row.get("redirects") or ""), 1_000)
    address, name = shown_address(row["url"]), shorten(plain(teller.name(row)), 200)
    fine = row["health"] == Health.ALIVE and row["reason"] != "drifted"
    return LinkRow(
        slug=slug(row["target"]),
        health=row["health"],
        phrase="" if fine else _phrase(row, teller),
        detail="" if fine else more(row["reason"], row.get("detail") or ""),
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
        archived_at=date_words(row.get("archived_at")),
        strip=_strip(tuple(health for _, health in edition.histories.get(row["target"], ())[-STRIP:]), width),
        as_of=day(row.get("metadata_as_of")),
        source=words(shorten(row.get("metadata_source") or "", 40)),
        stale=bool(row.get("metadata_stale")),
        confirmed=bool(row.get("confirmed_dead")),
        since=day(row.get("failing_since")),
        last_alive=day(row.get("last_alive")),
        notes=tuple(shorten(plain(note), 300) for note in row.get("notes") or ()),
        news=changed,
    )


def _phrase(row: Row, teller: Teller) -> str:
    return phrase(
        row["reason"],
        row.get("http_status"),
        attempts=teller.attempts(row),
        timeout=teller.timeout,
    )


def strip_width(edition: Edition) -> int:
    """Runs that the strips have room for: as many as the oldest link has."""
    return min(STRIP, max(map(len, edition.histories.values()), default=0))


@lru_cache(4096)  # most links have one of a few
def _strip(healths: tuple[str, ...], width: int) -> Strip | None:
    if not healths:
        return None
    paths, said, at = [], [], width - len(healths)
    for health, stretch in groupby(healths):
        length = len(list(stretch))
        height = _HEIGHTS[health]
        paths.append((health, f"M{at} {10 - height}h{length}v{height}h-{length}z"))
        said.append(f"{length} {health}")
        at += length
    trouble = sum(health != "alive" for health in healths)
    return Strip(tuple(paths), ", then ".join(said), trouble)
