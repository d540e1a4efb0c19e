"""From what the user names to articles: files, folders, patterns, addresses, names of the settings."""

from __future__ import annotations

import glob
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.articles.forms import by_ending
from scraper.articles.local.ground import home_of
from scraper.articles.reading import load, shown, warn
from scraper.commands.accepted import without
from scraper.errors import ArticleError, UsageError
from scraper.files import checked_name, safe_name
from scraper.model import Article
from scraper.reports.text import plain
from scraper.sites.local.address import Ground
from scraper.verdicts.patterns import lazily
from scraper.visits.deadline import ending

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.store.store import Store


class Inputs(NamedTuple):
    """What was read, and what could not be."""

    articles: list[Article]
    failed: list[str]
    """One line on each article that is missing, empty or no article; the others are done all the same."""


def read_articles(sources: Sequence[str], settings: Settings, begun: float | None = None) -> Inputs:
    """The articles named, each once, ordered by name; without any name those of the settings.

    `begun` is when the time for all of them began to run, on the monotonic clock, if that was before now.

    Raises:
        UsageError: nothing is named, or two articles would share a name.
        ArticleError: not one can be read.
    """
    found: list[Article] = []
    failed: list[ArticleError] = []
    ends = ending(time.monotonic() if begun is None else begun, settings.deadline)
    for name, place in _places(sources, settings, failed):
        try:
            found.append(_read(name, place, settings, ends))
        except ArticleError as error:
            failed.append(ArticleError(f"[articles.{name}]: {error}") if name in settings.articles else error)
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
                failed.append(ArticleError(_unmatched(source)))
            _stay_within(source, matches)
            yield from _told_apart([Path(match) for match in matches])
        elif Path(source).is_dir():
            yield from _in_folder(source, failed)
        else:
            yield "", source


def _unmatched(source: str) -> str:
    """Of a pattern without a file. The `?` of an address makes it look like one."""
    if not looks_like_address(source):
        return f"{shown(source)}: no file matches; check the pattern and the folder"
    return (
        f"{shown(source)}: is an address, and an article is a list with links: `scraper check {source}` "
        f"checks the address alone, https://{source} is read as a list"
    )


_NOT_DOCUMENTS = lazily(r"\.|node_modules$|__pycache__$|venv$|.*[-.]lock\b", re.IGNORECASE)
"""Names of files and folders that hold no documents of the user's own, whatever their ending."""


def _in_folder(folder: str, failed: list[ArticleError]) -> Iterator[tuple[str, str]]:
    """All documents in a folder and those in it. Where two have one stem, the name tells their folders."""
    paths = sorted(path for path in _documents(Path(folder)) if by_ending(path.name))
    if not paths:
        failed.append(ArticleError(f"{shown(folder)}: there is no document in this folder; name a file"))
    _stay_within(f"{folder}/*", [str(path) for path in paths])
    yield from _told_apart(paths)


def _told_apart(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Each path with its name: none of its own, or its folders and stem where others have that stem."""
    stems = Counter(safe_name(path.stem) for path in paths)
    above = len(Path(os.path.commonpath([path.parent for path in paths])).parts) if paths else 0
    for path in paths:
        place = "-".join(path.with_suffix("").parts[above:])
        yield safe_name(place) if stems[safe_name(path.stem)] > 1 else "", str(path)


def _documents(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if _NOT_DOCUMENTS.match(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _documents(path)
        elif path.is_file():
            yield path


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


_BARE_ADDRESS = lazily(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*|www\.\S+", re.IGNORECASE)


def looks_like_address(word: str) -> bool:
    """`https://…`, or what people type of one, `openreview.net/forum?id=X`, where no such folder is."""
    bare = _BARE_ADDRESS.fullmatch(word) and not Path(word.partition("/")[0]).exists()
    return "://" in word or bool(bare)


def _is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://", "git@github.com:"))


def _path(place: str) -> str:
    """A file's path, also from its `file://` address."""
    return unquote(urlsplit(place).path) if place.lower().startswith("file://") else place


def _read(name: str, place: str, settings: Settings, ends: float | None) -> Article:
    article = _fetched(place, settings, ends) if _is_address(place) else _loaded(name, _path(place), settings)
    warn(article)
    article = without(article, settings.exclude)
    return replace(article, name=checked_name(name or safe_name(article.name)))


def _loaded(name: str, path: str, settings: Settings) -> Article:
    """The article in a file, with its links to other files where the settings want them."""
    if looks_like_address(path):
        raise ArticleError(_unmatched(path))
    home = home_of(path, checked_name(name or safe_name(Path(path).stem))) if settings.local_links else None
    return load(path, home.ground if home else None)


def taken_over(store: Store, article: Article) -> str:
    """That the article has the name of another file, whose links will seem to be gone; else empty.

    Only two files that are both there are told apart: one that was moved, or is read from another folder, is
    the same article.
    """
    run = store.last_shown(article.name)
    before = store.about(run, article.name).source if run is not None else article.source
    both = map(os.path.isfile, (before, article.source))  # of an address too: `Path` raises for a long one
    if not all(both) or Path(before).samefile(article.source):
        return ""
    return (
        f"{plain(article.source)} has the name of {plain(before)}, whose tables were {article.name!r} until "
        "now: name one of them in [articles.NAME]."
    )


def ground_of(path: str, settings: Settings) -> Ground | None:
    """On what ground a run reads the article in this file."""
    home = home_of(path, name_of(path, settings)) if settings.local_links else None
    return home.ground if home else None


def _fetched(place: str, settings: Settings, ends: float | None) -> Article:
    import asyncio  # only here: reading a file needs no loop, and `links` starts in a tenth of a second

    from scraper.commands.fetching import fetch

    async def in_time() -> Article:
        async with asyncio.timeout_at(ends):
            return await fetch(place, settings)

    try:
        return asyncio.run(in_time())
    except TimeoutError:
        raise ArticleError(f"{shown(place)}: the deadline came before it had been read.") from None
