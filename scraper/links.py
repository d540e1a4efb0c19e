"""`scraper links`: what an article links to, as JSON rows and as text for a terminal. No network."""

from __future__ import annotations

from typing import Any

from scraper.model import Article, Mention
from scraper.records import archive_stamp
from scraper.reports.text import plain


def as_rows(article: Article) -> list[dict[str, Any]]:
    """One object per mention in reading order, under the names of mentions.csv (`columns.MENTIONS`)."""
    return [
        {
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
        for mention in article.mentions
    ]


def as_text(article: Article) -> str:
    """One line per mention, 80 columns where the addresses let it: line, section, what is linked."""
    rows = [_line(mention) for mention in article.mentions]
    targets = len({mention.target for mention in article.mentions})
    rows.append(
        f"{len(article.mentions)} links to {targets} targets in {plain(article.title) or article.source}"
    )
    if article.repaired or article.lost:
        rows.append(f"{article.repaired} characters were repaired, {article.lost} are lost")
    rows += [
        f"line {problem.line}: {plain(problem.message)}: {plain(problem.href)}"
        for problem in article.problems
    ]
    return "\n".join(rows)


def _line(mention: Mention) -> str:
    section = f"§{mention.section_number}" if mention.section_number is not None else ""
    return f"{mention.line:>5} {section:>4} {plain(mention.target)}"
