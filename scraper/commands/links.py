"""What an article links to, as rows of a table and as text for a terminal; all of it without pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.addresses import without_userinfo
from scraper.articles.local.ground import home_of
from scraper.articles.reading import STDIN, load, warn
from scraper.files import safe_name
from scraper.model import Article, Mention
from scraper.reports.text import NAMES, plain, shorten
from scraper.trust import found

if TYPE_CHECKING:
    from scraper.settings import Settings


def read(
    source: str, settings: Callable[[], Settings], config: Path | None
) -> tuple[list[Article], list[str]]:
    """The articles that are meant, and a line on each that cannot be read.

    A plain file where there is no settings file needs no settings: they take longer to load than it to read.
    """
    if (source == STDIN or Path(source).is_file()) and not found.read(config).table:
        home = home_of(source, safe_name(Path(source).stem))
        article = load(source, home.ground if home else None)
        warn(article)
        return [article], []
    from scraper.commands.inputs import read_articles

    articles, failed = read_articles([source], settings())
    return articles, failed


def as_text(article: Article) -> str:
    """One line per mention, 80 columns where the addresses let it: line, section, what is linked."""
    rows = [_line(mention) for mention in article.mentions]
    targets = len({mention.target for mention in article.mentions})
    title = shorten(plain(article.title), NAMES) or article.source
    rows.append(f"{len(article.mentions)} links to {targets} targets in {title}")
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
