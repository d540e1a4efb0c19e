"""`scraper publish github`: an issue and a pull request per article, from its last snapshot."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scraper.articles.local.ground import repository_of
from scraper.articles.replacing import Row
from scraper.commands import publish_issue, publish_pull
from scraper.commands.github_desk import Desk
from scraper.commands.inputs import name_of
from scraper.commands.published import run_of, the_articles
from scraper.errors import NotPublished, UsageError
from scraper.model import Health
from scraper.reports import changes, news
from scraper.reports.editions import difference, edition
from scraper.reports.markdown import summary_markdown, uncalled
from scraper.reports.model import Edition
from scraper.reports.story import kind_of, tell
from scraper.reports.text import count, plain, shorten
from scraper.snapshots import snapshot
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store
from scraper.visits.deadline import ending
from scraper.visits.session import open_web

if TYPE_CHECKING:
    from scraper.settings import Settings

TITLE = 160
"""Characters of an article's title in that of an issue, which may have 256, zero-width spaces among them."""

_REPOSITORY = re.compile(r"[A-Za-z0-9_-]+/(?!\.{1,2}\Z)[A-Za-z0-9._-]+")


class Found(NamedTuple):
    """An article that is to be told of."""

    edition: Edition
    snapshot: Snapshot
    path: str
    """Of its file within the repository; empty where it has none."""

    @property
    def rows(self) -> Mapping[str, Row]:
        return {row["target"]: row for row in self.edition.links}


Say = Callable[[str], object]
"""Called with a line on each thing that was done, as soon as it was."""


def publish(repository: str, article: str | None, settings: Settings, say: Say) -> None:
    """Keep the issue and the pull request of the articles up to date, within the deadline of the settings.

    Raises:
        UsageError: there is no token, or the data come from the sandbox.
        NotPublished: GitHub refuses, or does not answer, or the time is up; what was said is done.
    """
    ends = ending(time.monotonic(), settings.deadline)
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError(f"--repository: {plain(repository)} is not an owner/name.")
    if not settings.github_token:
        raise UsageError("publish: there is no token: set GITHUB_TOKEN.")
    with Store.open(settings.store, create=False) as store:
        if store.sandbox and not settings.sandbox:
            raise UsageError(
                f"{settings.store} is of the sandbox: its answers are made up, and not published."
            )
        found = list(_found(store, article, settings))
    asyncio.run(_in_time(repository, found, settings, say, ends))


def _found(store: Store, article: str | None, settings: Settings) -> Iterator[Found]:
    known = the_articles(settings)
    names = known if article is None else [article if article in known else name_of(article, settings)]
    for name in names:
        after = snapshot.find(settings.data, name)
        told = edition(store, run_of(store, name), name, settings, snapshot.before(after), after)
        entry = settings.articles.get(name)
        places = (article or "", entry.path if entry else "", told.source)
        path = next((place for place in places if place and Path(place).is_file()), "")
        yield Found(told, after, within(path) if path else "")


def within(path: str) -> str:
    """A file's path in its repository: seen from where `.git` is, or else from the current folder."""
    file = Path(path).resolve()
    top = repository_of(file) or Path.cwd()
    if not file.is_relative_to(top):
        raise UsageError(f"{plain(path)} is in no repository: run the command where the article's is.")
    return file.relative_to(top).as_posix()


async def _in_time(
    repository: str, found: list[Found], settings: Settings, say: Say, ends: float | None
) -> None:
    """What is cut off in the middle is found by its marker, and finished, the next time."""
    left = [one.edition.name for one in found]
    try:
        async with asyncio.timeout_at(ends):
            await _publish(repository, found, settings, say, left)
    except TimeoutError:
        names = f"{count(len(left), 'article')} left, {plain(left[0])} first"
        raise NotPublished(
            f"{repository}: the deadline of {settings.deadline:g} s came with {names}; publish again."
        ) from None


async def _publish(
    repository: str, found: list[Found], settings: Settings, say: Say, left: list[str]
) -> None:
    """Takes every article that is done off what is `left`."""
    async with open_web(settings) as web:
        desk = Desk(web, settings.github_api, repository)
        account = await desk.account()
        for one in found:
            name = one.edition.name
            there = await publish_issue.find(desk, account, name)
            recent = _news(one, publish_issue.last_told(there), settings) if there else ""
            say(f"{name}: issue {await publish_issue.put(desk, there, _issue(one), recent)}")
            if one.path:
                say(f"{name}: pull request {await publish_pull.put(desk, name, one.path, one.rows)}")
            left.pop(0)


def _issue(one: Found) -> publish_issue.Issue:
    story, about = tell(one.edition), one.edition
    alarming = any(news.told(kind_of(change)).calls for change in about.changes)
    return publish_issue.Issue(
        name=about.name,
        title=f"Links of {uncalled(shorten(plain(about.title or about.name), TITLE))}",
        summary=summary_markdown(about),
        snapshot=one.snapshot.name,
        needed=bool(story.hand) or alarming,
        certain=not (story.unasked or any(map(_doubtful, about.links))),
    )


def _doubtful(row: Mapping[str, object]) -> bool:
    """Whether the link was dead when it was checked last, and could not be checked this time."""
    return row["health"] == Health.UNVERIFIED and bool(row.get("failing_since"))


def _news(one: Found, told: str, settings: Settings) -> str:
    """What changed since the snapshot that the issue told of, as Markdown; empty when it is not news.

    Where that snapshot is gone, the last before it or the oldest of all stands in; where somebody took the
    word out of the issue, nothing is said this once.
    """
    every = snapshot.listing(one.snapshot.path.parent)
    named = [path for path in every if path.name == told]
    earlier = (named or [path for path in every if path.name < told] or every[:1])[-1]
    if not told or earlier == one.snapshot.path:
        return ""
    since = difference(Snapshot.at(earlier), one.snapshot, settings)
    if not any(news.is_news(kind_of(change)) for change in since.changes):
        return ""
    return changes.as_markdown([since])
