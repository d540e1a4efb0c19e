"""Where archived copies (mementos) are: the Wayback Machine's addresses and what its lookups answer.

Its availability API answers fast and often `{}` although there are captures; then its index (CDX) is asked.
https://archive.org/help/wayback_api.php
https://github.com/internetarchive/wayback/blob/master/wayback-cdx-server/README.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from scraper.model import Answer, Finding, Pace, Question, Request, Target
from scraper.sites.values import items, mapping, parse_json
from scraper.verdicts.health import ARCHIVE, finding

KEY = "web.archive.org"
"""The budget of the copies themselves."""
INDEX = "web.archive.org/cdx"
AVAILABILITY = "archive.org"

PACES = {KEY: Pace(0.125, 2), INDEX: Pace(2.5, 1), AVAILABILITY: Pace(1.0, 1)}
"""480 mementos and 24 looks into the index a minute are what the archive's staff agreed to (EDGI's `wayback`,
release notes). For the availability API, a service of its own, no limit is published."""

LOOK_UPS = frozenset({INDEX, AVAILABILITY})
"""Keys of the services that say where a copy is."""

_MEMENTO = re.compile(
    r"(?:https?:)?//(?:web\.)?archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.IGNORECASE | re.DOTALL
)
_TIMESTAMP = re.compile(r"[0-9]{4,14}\Z")


class Capture(NamedTuple):
    """One archived copy: when it was taken (`YYYYMMDDhhmmss`) and of what address."""

    timestamp: str
    url: str

    @property
    def view(self) -> str:
        """Where people see it."""
        return f"https://web.archive.org/web/{self.timestamp}/{self.url}"

    @property
    def raw(self) -> str:
        """The bytes as they were captured: `id_` leaves out the archive's banner and rewriting."""
        return f"https://web.archive.org/web/{self.timestamp}id_/{self.url}"


def capture_of(address: str) -> Capture | None:
    """The capture that a memento's address names, in any of its forms."""
    match = _MEMENTO.match(address)
    return Capture(match[1], match[2]) if match else None


def availability_url(url: str, wanted: str = "") -> str:
    """`wanted` is a time stamp: the capture closest to it is given, else the newest."""
    query = {"url": url} | ({"timestamp": wanted} if wanted else {})
    return f"https://archive.org/wayback/available?{urlencode(query, quote_via=quote)}"


def index_url(url: str, until: str = "") -> str:
    """The last three captures that answered 200, the newest last; taken before `until` if it is given."""
    query = {
        "url": url,
        "output": "json",
        "fl": "timestamp,original",
        "filter": "statuscode:200",
        "limit": "-3",
    }
    query |= {"to": until} if until else {}
    return f"https://web.archive.org/cdx/search/cdx?{urlencode(query, quote_via=quote)}"


def lookup(
    site: str, step: str, target: Target, context: Mapping[str, Any], wanted: str = "", until: str = ""
) -> Question:
    """Ask where copies are: `step` is `availability` or `cdx`."""
    if step == "availability":
        key, url = AVAILABILITY, availability_url(target.url, wanted)
    else:
        key, url = INDEX, index_url(target.url, until)
    return Question(key, site, step, (target,), Request(url), context)


def captures(step: str, answer: Answer, url: str) -> list[Capture]:
    """The captures in the answer to a lookup, the best first; those that are known not to be 200 left out."""
    if answer.failure or answer.status != 200:
        return []
    document = parse_json(answer.body)
    if step == "availability":
        return _closest(mapping(document), url)
    rows = [row for row in items(document) if isinstance(row, list) and len(row) >= 2]
    found = [Capture(row[0], row[1]) for row in rows if _is_timestamp(row[0]) and isinstance(row[1], str)]
    return found[::-1]


def _closest(document: Mapping[str, Any], url: str) -> list[Capture]:
    closest = mapping(mapping(document.get("archived_snapshots")).get("closest"))
    timestamp, address = closest.get("timestamp"), closest.get("url")
    if not closest.get("available") or str(closest.get("status", "200")) != "200":
        return []
    if not _is_timestamp(timestamp):
        return []
    named = capture_of(address) if isinstance(address, str) else None
    return [Capture(str(timestamp), named.url if named else url)]


def _is_timestamp(value: object) -> bool:
    return isinstance(value, str) and bool(_TIMESTAMP.match(value))


def silent(target: Target, source: str, answer: Answer, detail: str) -> Finding:
    """The archive had nothing to say; that is not news about the link."""
    return replace(finding(target, source, ARCHIVE, None, answer), detail=detail)
