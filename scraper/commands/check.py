"""`scraper check`: verdicts now, on addresses or articles; nothing is remembered and nothing is kept.

With `--since` only what the working tree adds to an article is visited. Of the rest the last snapshot tells,
where there is one, and it never fails the command.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.api.checking import Nothing, visit
from scraper.api.links import Link, link_of
from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.local.looking import outcomes as beside
from scraper.articles.reading import read_article, read_bytes
from scraper.commands.inputs import ground_of, looks_like_address, name_of, read_articles
from scraper.commands.since import History, new_mentions
from scraper.errors import ArticleError, SnapshotError
from scraper.model import Article, Called, Mention
from scraper.reports.annotations import FORMATS, PLAIN_RESULTS
from scraper.reports.checked import Checked, Fix, Report
from scraper.sites.identity import identify, is_visited, recall, unwrap
from scraper.snapshots import snapshot

if TYPE_CHECKING:
    from scraper.settings import Settings


class Answer(NamedTuple):
    text: str
    code: int
    """1 a fault of ours, 3 a link that was checked is broken or failing, 5 the time was up before all were
    checked, else 0."""
    aside: Sequence[str] = ()
    """Lines for stderr: messages for which the format has no place."""


def check(words: Sequence[str], settings: Settings, *, since: str | None, style: str) -> Answer:
    """Check addresses and articles; with `since` only the mentions that articles gained after it.

    Raises:
        UsageError: an article or a revision is not there, or `--since` was given without an article.
        Offline: this machine has no network.
    """
    begun = time.monotonic()
    named = [word for word in words if not _is_address(word)]
    # Before the loop, which would wait for a thread in which a server is silent.
    articles = _articles(named, settings, begun)
    report = asyncio.run(_report(words, articles, settings, since, begun))
    aside = report.complaints if style in PLAIN_RESULTS else ()
    return Answer(FORMATS[style](report), _code(report), aside)


def _code(report: Report) -> int:
    from scraper.reports.story import DEADLINE  # the first request does not wait for it

    reasons = {one.link.reason for one in report.checked}
    if "internal_error" in reasons:
        return 1
    if any(one.link.dead for one in report.checked):
        return 3
    return 5 if DEADLINE in reasons else 0


async def _report(
    words: Sequence[str], articles: Sequence[Article], settings: Settings, since: str | None, begun: float
) -> Report:
    wanted = [
        (article, mention, by) for article in articles for mention, by in _chosen(article, settings, since)
    ]
    loose = [_whole(word) for word in words if _is_address(word)]
    targets = {
        mention.target: recall(mention.target, mention.url, mention.archived_at) for _, mention, _ in wanted
    }
    meant = {word: identify(*unwrap(word)) for word in loose}
    every = [*targets.values(), *meant.values()]
    asked = [target for target in every if is_visited(target)]
    outcomes, complaints = await visit(asked, settings, _Calling(articles), lambda _: None, begun)
    outcomes |= {one.target.key: one for one in beside(articles, datetime.now(UTC))}
    found = [Checked(link_of(outcomes[meant[word].key], word)) for word in loose]
    links = [
        (link_of(outcomes[mention.target], mention.url, article.source, mention), by)
        for article, mention, by in wanted
    ]
    fixes = {article.source: _fixes(article, settings, [link for link, _ in links]) for article in articles}
    found += [Checked(link, by, fixes[link.source].get(_place(link))) for link, by in links]
    rest = [row for article in articles if since for row in _known(article, settings, set(targets))]
    return Report(tuple(found), tuple(complaints), since or "", rest)


def _is_address(word: str) -> bool:
    """`https://…`, and what needs no scheme: `github.com/a/b`, `doi:10.1/x`, `www.example.org`."""
    return not Path(word).exists() and (looks_like_address(word) or identify(word).site != "web")


def _whole(word: str) -> str:
    """An address with its scheme, which people leave out."""
    return word if "://" in word or identify(word).site != "web" else f"https://{word}"


def _articles(names: Sequence[str], settings: Settings, begun: float) -> list[Article]:
    if not names:
        return []
    inputs = read_articles(names, settings, begun)
    if inputs.failed:
        raise ArticleError("\n".join(inputs.failed))
    return inputs.articles


def _chosen(article: Article, settings: Settings, since: str | None) -> Iterator[tuple[Mention, str]]:
    """The mentions to check, each with its author where it is known."""
    if since is None:
        yield from ((mention, "") for mention in article.mentions)
        return
    history = History(Path(article.source), since)
    before = history.before()
    ground = ground_of(article.source, settings)
    old = read_article(before, article.source, ground=ground).mentions if before else ()
    for mention in new_mentions(old, article.mentions):
        yield mention, history.author(mention.line)


class _Calling(Nothing):
    """No memory but of what the articles call their links."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._texts: dict[str, list[str]] = {}
        self._around: dict[str, list[str]] = {}
        for article in articles:
            for mention in article.mentions:
                self._texts.setdefault(mention.target, []).append(mention.text)
                self._around.setdefault(mention.target, []).extend((mention.section_title, article.title))

    def called(self, target: str) -> Called:
        return Called(tuple(self._texts.get(target, ())), tuple(self._around.get(target, ())))


def _place(link: Link) -> tuple[int, str]:
    return (link.mention.line, link.mention.href) if link.mention else (0, "")


def _fixes(article: Article, settings: Settings, links: Iterable[Link]) -> dict[tuple[int, str], Fix]:
    """What `scraper fix` would write for these links, by line and href."""
    rows: dict[str, Mapping[str, Any]] = {
        link.target: link.row() for link in links if link.source == article.source and link.suggested_url
    }
    if not rows:
        return {}
    data, ground = read_bytes(article.source), ground_of(article.source, settings)
    whole = read_article(data, article.source, ground=ground)  # with what the settings leave out
    edits = fixing.propose(decode(data, article.source).text, whole, rows, ground=ground).edits
    text = decode(data, article.source).text
    return {(edit.line, edit.old): _fix(text, edit) for edit in edits}


def _fix(text: str, edit: fixing.Edit) -> Fix:
    """Lines and columns count from 1, columns in characters."""

    def place(offset: int) -> tuple[int, int]:
        return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1

    return Fix(*place(edit.start), *place(edit.end), edit.new)


def _known(article: Article, settings: Settings, asked: set[str]) -> list[Mapping[str, Any]]:
    """What the last run knew of the links that were not asked this time; nothing where there was none."""
    try:
        shot = snapshot.find(settings.data, name_of(article.source, settings))
    except SnapshotError:
        return []
    linked = {mention.target for mention in article.mentions} - asked
    return [row for row in shot.rows(only=("target", "health")) if row["target"] in linked]
