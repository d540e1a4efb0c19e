"""The rows of mentions.csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scraper.model import Mention
from scraper.records import archive_stamp


def mention_rows(mentions: Iterable[Mention]) -> Iterator[dict[str, Any]]:
    """The rows of mentions.csv (`columns.MENTIONS`), in reading order; what `scraper links --json` prints."""
    for mention in mentions:
        yield {
            "line": mention.line,
            "section_number": mention.section_number,
            "section_title": mention.section_title,
            "text": mention.text,
            "href": mention.href,
            "url": mention.url,
            "archived_at": archive_stamp(mention.archived_at),
            "site": mention.site,
            "target": mention.target,
        }
