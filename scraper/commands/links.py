"""What an article links to, as rows of a table and as text for a terminal; all of it without pandas."""

from __future__ import annotations

from scraper.addresses import without_userinfo
from scraper.model import Article, Mention
from scraper.reports.text import plain


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
        f"line {problem.line}: {plain(problem.message)}: {plain(without_userinfo(problem.href.strip()))}"
        for problem in article.problems
    ]
    return "\n".join(rows)


def _line(mention: Mention) -> str:
    section = f"§{mention.section_number}" if mention.section_number is not None else ""
    return f"{mention.line:>5} {section:>4} {plain(mention.target)}"
