"""What the user has decided on: links that are left out, and known states that are accepted for a while."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scraper.addresses import parts
from scraper.model import Article, Health, Mention
from scraper.verdicts.patterns import lazily

if TYPE_CHECKING:
    from scraper.settings import Expectation

_SECTION = "section:"
_HOST = lazily(r"(?:[a-z0-9_-]+\.)+[a-z0-9_-]+(?::\d+)?", re.IGNORECASE)


def without(article: Article, patterns: Sequence[str]) -> Article:
    """The article without the mentions that a pattern excludes."""
    if not patterns:
        return article
    kept = tuple(one for one in article.mentions if not any(excludes(pattern, one) for pattern in patterns))
    return article if len(kept) == len(article.mentions) else replace(article, mentions=kept)


def excludes(pattern: str, mention: Mention) -> bool:
    """Whether a host (with those below it), an address with `*`, or `section:TITLE` means this mention."""
    if pattern.startswith(_SECTION):
        title = pattern.removeprefix(_SECTION).strip().casefold()
        return fnmatchcase(mention.section_title.casefold(), title)
    return means(pattern, mention.url) or means(pattern, mention.target)


def means(pattern: str, address: str) -> bool:
    """Whether a pattern means an address or a target's key."""
    if _HOST.fullmatch(pattern) and (known := parts(address)):
        host = pattern.partition(":")[0].lower()
        return known.host == host or known.host.endswith(f".{host}")
    # Brackets are common in addresses, and are not classes of characters here.
    return fnmatchcase(address, pattern.replace("[", "[[]"))


# Known states -------------------------------------------------------------------------------------


def unexpected(
    rows: Iterable[Mapping[str, Any]], expected: Sequence[Expectation], today: date
) -> Iterator[Mapping[str, Any]]:
    """The rows that are not in a state that was accepted and still is."""
    open_ = [one for one in expected if today <= one.until]
    return (row for row in rows if not any(_is(one, row) and _holds(one, row) for one in open_))


def news(rows: Iterable[Mapping[str, Any]], expected: Sequence[Expectation], today: date) -> Iterator[str]:
    """What the user should know of what was expected: what has run out, and what is no longer true.

    A link that could not be checked may be as it was.
    """
    every = [row for row in rows if row["health"] != Health.UNVERIFIED] if expected else []
    for one in expected:
        if today > one.until:
            yield f"expect {one.url}: was accepted as {one.state} until {one.until}; it counts again"
            continue
        for row in every:
            if _is(one, row) and not _holds(one, row):
                now = f"{row['health']} ({row['reason']})"
                yield f"expect {one.url}: is {now} and no longer {one.state}; remove it from the settings"


def _is(one: Expectation, row: Mapping[str, Any]) -> bool:
    return means(one.url, str(row["url"])) or means(one.url, str(row["target"]))


def _holds(one: Expectation, row: Mapping[str, Any]) -> bool:
    return one.state in (row["health"], row["reason"])
