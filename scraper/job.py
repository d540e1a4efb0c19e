"""What the commands do: the main job as cron runs it, and the commands that look at what it left.

lock ─► pings ─► articles ─► refresh ─► reports ─► metrics, summary and exit code
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper import console, snapshot
from scraper.console import Options
from scraper.cron import Metrics, Pings, only_run, terminable, write_metrics
from scraper.editions import edition, render
from scraper.errors import NotPublished, ScraperError, UsageError
from scraper.inputs import read_articles
from scraper.model import Health, Request
from scraper.refresh import Result, refresh
from scraper.reports.model import Edition, counts_of
from scraper.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings

STORE = "scraper.db"


def run(sources: Sequence[str], settings: Settings, options: Options) -> int:
    """The main job; returns the exit code. Errors of the user's making are raised for the CLI to tell."""
    check_fail_on(settings.fail_on)
    pings = Pings(settings.ping_url, _post)
    asyncio.run(pings.start())
    code, told = 1, ""
    try:
        with terminable():
            code, told = _run(sources, settings, options)
    except KeyboardInterrupt:
        error: ScraperError = NotPublished("Interrupted; run again within an hour to go on.")
        code, told = error.exit_code, str(error)
        raise error from None
    except ScraperError as known:
        code, told = known.exit_code, str(known)
        raise
    finally:
        asyncio.run(pings.end(code, told))
    return code


def _run(sources: Sequence[str], settings: Settings, options: Options) -> tuple[int, str]:
    with only_run(settings.data), Store.open(settings.data / STORE, sandbox=settings.sandbox) as store:
        _never_mixed(store, settings)
        articles = read_articles(sources, settings)
        with console.progress(articles, options) as heard:
            result = refresh(articles, settings, store, heard)
        editions = list(_editions(store, settings, result))
        render(store, editions, settings)
        code = exit_code(result, editions, settings.fail_on)
        if settings.prometheus:
            counts = {each.name: counts_of(each.links) for each in editions}
            requests = sum(result.tally.requests.values())
            metrics = Metrics(result.elapsed, requests, code, store.last_success(), counts)
            write_metrics(Path(settings.prometheus), metrics)
    return code, console.tell(result, editions, settings, options)


def _never_mixed(store: Store, settings: Settings) -> None:
    """What the sandbox made up must not become somebody's history, nor the other way round."""
    if store.sandbox != settings.sandbox:
        whose = "the sandbox's" if store.sandbox else "the real web's"
        raise UsageError(
            f"{store.path} holds {whose} answers: choose another --data, or remove {settings.data}."
        )


def _editions(store: Store, settings: Settings, result: Result) -> Iterator[Edition]:
    for name, shot in result.published.items():
        before = snapshot.Snapshot.at(shot.previous) if shot.previous else None
        after = snapshot.Snapshot.at(shot.path)
        yield edition(store, result.run, name, settings, before, after, elapsed=result.elapsed)


def exit_code(result: Result, editions: Sequence[Edition], fail_on: Sequence[str]) -> int:
    """1 a fault of ours, 5 incomplete, 3 `--fail-on` matched, else 0."""
    if result.tally.faults:
        return 1
    if result.incomplete:
        return 5
    rows = [row for each in editions for row in each.links]
    confirmed = "confirmed" in fail_on
    matched = any(row["health"] in fail_on or (confirmed and row["confirmed_dead"]) for row in rows)
    return 3 if matched else 0


def check_fail_on(names: Sequence[str]) -> None:
    known = [*Health, "confirmed"]
    for name in names:
        if name not in known:
            raise UsageError(f"--fail-on: {name!r} is no health; known are {', '.join(known)}.")


async def _post(url: str, body: bytes) -> str:
    """Deliver a health ping. The address is the user's own word, so it may be on his own network."""
    from scraper.settings import Settings
    from scraper.web.client import Web

    port = urlsplit(url).port or 443
    everywhere = Settings(allow_networks=["0.0.0.0/0", "::/0"], allow_ports=[80, 443, port], timeout=10.0)
    async with Web(everywhere) as web:
        answer = await web.fetch(Request(url, method="POST", content=body), attempts=2)
    return answer.failure or ("" if answer.status in range(200, 300) else f"HTTP {answer.status}")


def demo(folder: Path, settings: Settings, mode: str) -> int:
    """The main job against the sandbox, over real sockets and real TLS."""
    from scraper.sandbox import Sandbox

    sources = [str(path) for path in sorted(folder.glob("*.md"))]
    if not sources:
        raise UsageError(f"{folder} has no article (*.md): name another folder with --articles.")
    with Sandbox(mode=mode) as sandbox:
        login = (
            sandbox.credentials if mode == "login" else {"github_token": sandbox.credentials["github_token"]}
        )
        inside = type(settings)(**{**settings.model_dump(exclude_unset=True), **sandbox.settings, **login})
        return run(sources, inside, Options())
