"""What an article calls the targets that it links to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scraper.reports.text import plain

_SAYS_NOTHING = frozenset(
    {"code", "demo", "github", "here", "homepage", "link", "page", "paper", "pdf", "project", "project page"}
    | {"repo", "repository", "slides", "source", "this", "video", "web", "website"}
)
"""Link texts that tell one link from another only together with their heading."""


def texts(mentions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the article calls each target: the text of its first link that says something."""
    found: dict[str, str] = {}
    for row in mentions:
        for text in _named(row):
            found.setdefault(row["target"], text)
    return found


def _named(row: Mapping[str, Any]) -> Iterator[str]:
    text = " ".join(plain(row.get("text") or "").split())
    if not any(letter.isalpha() for letter in text) or "://" in text or text in (row["href"], row["url"]):
        return
    if text.lower().strip(" .:[]()") not in _SAYS_NOTHING:
        yield text
    elif section := plain(row.get("section_title") or ""):
        yield f"{section}: {text}"
