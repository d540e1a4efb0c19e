"""From what the user names to articles: files, patterns, addresses, standard input, names of the settings."""

from __future__ import annotations

import asyncio
import glob
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.articles.decoding import LIMIT
from scraper.articles.reading import load, read_article, shown
from scraper.errors import ArticleError, UsageError
from scraper.files import checked_name, safe_name
from scraper.model import Answer, Article, Health, Request
from scraper.verdicts.health import judge_answer
from scraper.verdicts.reasons import REASONS

if TYPE_CHECKING:
    from scraper.settings import Settings


class Inputs(NamedTuple):
    """What was read, and what could not be."""

    articles: list[Article]
    failed: list[str]
    """One line on each article that is missing, empty or no article; the others are done all the same."""


def read_articles(sources: Sequence[str], settings: Settings) -> Inputs:
    """The articles named, each once, ordered by name; without any name those of the settings.

    Raises:
        UsageError: nothing is named, or two articles would share a name.
        ArticleError: not one can be read.
    """
    found: list[Article] = []
    failed: list[ArticleError] = []
    for name, place in _places(sources, settings, failed):
        try:
            found.append(_read(name, place, settings))
        except ArticleError as error:
            failed.append(ArticleError(f"[articles.{name}]: {error}") if name else error)
    if not found and failed:
        raise failed[0] if len(failed) == 1 else ArticleError("\n".join(map(str, failed)))
    if not found:
        raise UsageError("No article: name a file or an address, or put [articles.NAME] into scraper.toml.")
    return Inputs(_by_name(found), [str(error) for error in failed])


def _by_name(found: Sequence[Article]) -> list[Article]:
    by_name: dict[str, Article] = {}
    for article in found:
        other = by_name.setdefault(article.name, article)
        if other.source != article.source:
            both = f"{other.source} and {article.source}"
            raise UsageError(f"{both} would both be called {article.name!r}: name them in [articles.NAME].")
    return sorted(by_name.values(), key=lambda article: article.name)


def _places(
    sources: Sequence[str], settings: Settings, failed: list[ArticleError]
) -> Iterator[tuple[str, str]]:
    """(name or empty, path or address) of each article; what matches nothing is added to `failed`."""
    for source in sources or settings.articles:
        if source in settings.articles:
            entry = settings.articles[source]
            if bool(entry.path) == bool(entry.url):
                raise UsageError(f"articles.{source}: give it either `path` or `url`.")
            yield source, entry.path or entry.url
        elif any(sign in source for sign in "*?[") and not _is_address(source) and not Path(source).exists():
            matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - a pattern may be absolute
            if not matches:
                failed.append(ArticleError(f"{source}: no file matches; check the pattern and the folder"))
            _stay_within(source, matches)
            yield from (("", match) for match in matches)
        else:
            yield "", source


def _stay_within(pattern: str, matches: Sequence[str]) -> None:
    """A pattern means the files of its folder; where a link among them leads was not named by the user.

    Raises:
        ArticleError: there is one.
    """
    folder = Path(re.split(r"[*?\[]", pattern, maxsplit=1)[0] + "x").parent.resolve()
    for match in matches:
        real = Path(match).resolve()
        if real.exists() and not real.is_relative_to(folder):
            raise ArticleError(
                f"{shown(match)}: is a link out of the folder, to {shown(str(real))}; name it if it is meant."
            )


def name_of(path: str, settings: Settings) -> str:
    """The name under which a run keeps the article in this file."""
    here = Path(path).resolve()
    own = (
        name for name, entry in settings.articles.items() if entry.path and Path(entry.path).resolve() == here
    )
    return next(own, safe_name(here.stem))


def _is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def _read(name: str, place: str, settings: Settings) -> Article:
    article = asyncio.run(_fetch(place, settings)) if _is_address(place) else load(place)
    return replace(article, name=checked_name(name or safe_name(article.name)))


async def _fetch(url: str, settings: Settings) -> Article:
    from scraper.visits.session import open_web

    async with open_web(settings) as web:
        answer = await web.fetch(Request(url, body_limit=LIMIT))
    claim = judge_answer(answer)
    if REASONS[claim.reason].health not in (Health.ALIVE, Health.MOVED):
        raise ArticleError(f"{url}: cannot be read: {claim.reason}{_because(answer)}.")
    if answer.truncated:
        raise ArticleError(f"{url}: is larger than {LIMIT // 2**20} MiB, or did not end; save it to a file.")
    last = unquote(urlsplit(answer.final_url).path).rstrip("/").rpartition("/")[2]
    stem = Path(last).stem or urlsplit(url).hostname or "article"
    return read_article(answer.body, url, safe_name(stem), answer.headers.get("content-type", ""))


def _because(answer: Answer) -> str:
    return f" ({answer.detail})" if answer.detail else ""
