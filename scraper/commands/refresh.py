"""What the commands do: the main job as cron runs it, and the commands that look at what it left.

lock ─► pings ─► articles ─► refresh ─► reports ─► metrics, summary and exit code

What only the last three need is imported there: the first request does not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.cluster.client import check as check_cluster
from scraper.commands.console import Options
from scraper.commands.cron import Metrics, Pings, only_run, write_metrics
from scraper.commands.inputs import read_articles, taken_over
from scraper.commands.progress import progress
from scraper.errors import NotPublished, ScraperError, SettingsError, UsageError
from scraper.files import published_or_told, sweep
from scraper.model import Change, Health, Request
from scraper.run import Result, refresh
from scraper.store.store import Store
from scraper.visits.asking import Tally
from scraper.visits.deadline import ending
from scraper.visits.interrupts import again

if TYPE_CHECKING:
    from scraper.reports.model import Edition
    from scraper.settings import Settings

log = logging.getLogger(__name__)


def run(sources: Sequence[str], settings: Settings, options: Options) -> int:
    """The main job; returns the exit code. Errors of the user's making are raised for the CLI to tell."""
    check_fail_on(settings.fail_on)
    _check_parquet(settings)
    if options.dry_run:
        return dry_run(sources, settings, options)
    if options.cluster:
        check_cluster(options.cluster)
    begun = time.monotonic()
    pings = Pings(settings.ping_url, _post, ending(begun, settings.deadline))
    code, told = 1, ""
    try:
        asyncio.run(pings.start())
        code, told = _run(sources, settings, options, begun)
    except KeyboardInterrupt:
        error: ScraperError = NotPublished(f"Interrupted; {again(settings.resume)}.")
        code, told = error.exit_code, str(error)
        raise error from None
    except ScraperError as known:
        code, told = known.exit_code, str(known)
        raise
    finally:
        asyncio.run(pings.end(code, told))
    return code


def _check_parquet(settings: Settings) -> None:
    """Before the first visit, and not when all of them are done."""
    if settings.parquet and find_spec("pyarrow") is None:
        raise SettingsError(
            "The setting `parquet` needs pyarrow: `pip install 'paperlinks[parquet]'`, or unset it."
        )


def dry_run(sources: Sequence[str], settings: Settings, options: Options) -> int:
    """Print what a run would ask, and how long it would take. No link is visited, nothing is written.

    An article that cannot be read counts as in a run.
    """
    from scraper.commands import dry_run as forecast

    inputs, now = read_articles(sources, settings), datetime.now(UTC)
    articles = inputs.articles
    for line in inputs.failed:
        log.warning("Not read: %s", line)
    path = settings.store
    if path.exists() or path.is_symlink():
        with Store.open(path, create=False) as store:
            _never_mixed(store, settings)
            plan = forecast.foresee(articles, settings, store, now)
    else:
        plan = forecast.foresee(articles, settings, None, now)
    print(forecast.as_json(plan) if options.as_json else forecast.as_text(plan))
    return 2 if inputs.failed else 0


def _run(sources: Sequence[str], settings: Settings, options: Options, begun: float) -> tuple[int, str]:
    tally = Tally()
    with only_run(settings.data), Store.open(settings.store, sandbox=settings.sandbox) as store:
        _never_mixed(store, settings)
        try:
            result, editions, failed = _work(sources, settings, options, store, begun, tally)
        except ScraperError as error:
            _measure_failure(store, settings, error.exit_code, time.monotonic() - begun, tally.total)
            raise
        code = exit_code(result, failed, _matches(store, settings, result, editions))
        _measure(store, settings, code, result.elapsed, tally.total)
    from scraper.commands.telling import tell

    return code, tell(result, editions, settings, options, failed)


def _work(
    sources: Sequence[str], settings: Settings, options: Options, store: Store, begun: float, tally: Tally
) -> tuple[Result, list[Edition], list[str]]:
    started = time.monotonic()
    articles, failed = read_articles(sources, settings, begun)
    reading = time.monotonic() - started
    renamed = [told for article in articles if (told := taken_over(store, article))]
    with progress(articles, options) as shown:
        result = refresh(
            articles,
            settings,
            store,
            shown.on_outcome,
            cluster=options.cluster or "",
            watch=shown.watch,
            begun=begun,
            tally=tally,
        )
    result.stages = {"read": reading, **result.stages}
    result.complaints += renamed
    try:
        editions = _render(store, settings, result)
    except KeyboardInterrupt:
        raise NotPublished(
            "Interrupted after the tables were published: `scraper report` renders them."
        ) from None
    if options.profile:
        from scraper.commands.profiling import write_profile

        log.info("profile: %s", write_profile(result, settings.reports))
    return result, editions, failed


def _render(store: Store, settings: Settings, result: Result) -> list[Edition]:
    from scraper.reports.editions import render

    rendering = time.monotonic()
    editions = list(_editions(store, settings, result))
    _sweep(settings.reports, *(settings.reports / each.name for each in editions))
    render(store, editions, settings)
    result.spent("report", rendering)
    return editions


def _measure(store: Store, settings: Settings, code: int, duration: float, requests: int) -> None:
    """Write the metrics of all articles that have tables, not only of those of this run: as the tables have
    them, those that an incomplete run published too."""
    if settings.prometheus:
        from scraper.snapshots import snapshot

        runs = {name: store.last_shown(name) for name in snapshot.articles(settings.data)}
        counts = {name: store.counts(run, name) for name, run in runs.items() if run is not None}
        metrics = Metrics(duration, requests, code, store.last_success(), counts)
        write_metrics(Path(settings.prometheus), metrics)


def _measure_failure(store: Store, settings: Settings, code: int, duration: float, requests: int) -> None:
    """The failure is what matters: that its metrics cannot be written either is only logged."""
    try:
        _measure(store, settings, code, duration, requests)
    except ScraperError as error:
        log.warning("%s", error)


def _sweep(*folders: Path) -> None:
    """Remove the reports that a killed run left half written; those of the data are swept with the lock."""
    with published_or_told("the reports"):
        for folder in folders:
            sweep(folder, shared=True)


def _never_mixed(store: Store, settings: Settings) -> None:
    """What the sandbox made up must not become somebody's history, nor the other way round."""
    if store.sandbox != settings.sandbox:
        whose = "the sandbox's" if store.sandbox else "the real web's"
        raise UsageError(
            f"{store.path} holds {whose} answers: choose another --data, or remove the store and "
            f"{settings.data / 'snapshots'}."
        )


def _editions(store: Store, settings: Settings, result: Result) -> Iterator[Edition]:
    from scraper.reports.editions import MOST_SHOWN, edition
    from scraper.snapshots import snapshot

    for name, shot in result.published.items():
        if (links := store.about(result.run, name).links) > MOST_SHOWN:
            result.complaints.append(
                f"{name}: {links} links are more than the {MOST_SHOWN} that a report shows; "
                f"the tables are in {shot.path}."
            )
            continue
        before = snapshot.Snapshot.at(shot.previous) if shot.previous else None
        after = snapshot.Snapshot.at(shot.path)
        yield edition(store, result.run, name, settings, before, after, elapsed=result.elapsed)


def _rows(
    store: Store, settings: Settings, result: Result, editions: Sequence[Edition]
) -> Iterator[Mapping[str, Any]]:
    """The links of all articles, of those too that are too large for a report."""
    shown = {each.name for each in editions}
    for each in editions:
        yield from each.links
    for name in result.published.keys() - shown:
        yield from store.rows(result.run, name, settings.rule)


def exit_code(result: Result, failed: Sequence[str], matched: bool) -> int:
    """1 a fault of ours, 2 an article that could not be read, 5 incomplete, 3 `--fail-on` matched, else 0."""
    if result.tally.faults:
        return 1
    if failed:
        return 2
    if result.incomplete:
        return 5
    return 3 if matched else 0


def _matches(store: Store, settings: Settings, result: Result, editions: Sequence[Edition]) -> bool:
    """Whether `--fail-on` matches anything of the run."""
    from scraper.commands.accepted import news, unexpected
    from scraper.reports.story import calls

    fail_on, today = settings.fail_on, datetime.now(UTC).date()
    rows = list(_rows(store, settings, result, editions)) if settings.expect else []
    result.complaints += news(rows, settings.expect, today)
    counted = {row["target"] for row in unexpected(rows, settings.expect, today)}
    accepted = {row["target"] for row in rows} - counted
    if "new" in fail_on and any(
        calls([one for one in changes if one.target not in accepted])
        for changes in _changes(result, editions)
    ):
        return True
    confirmed = "confirmed" in fail_on
    every = _rows(store, settings, result, editions) if set(fail_on) - {"new"} else ()
    return any(
        row["health"] in fail_on or (confirmed and row["confirmed_dead"])
        for row in every
        if row["target"] not in accepted
    )


def _changes(result: Result, editions: Sequence[Edition]) -> Iterator[Sequence[Change]]:
    """Of all articles, of those too that are too large for a report."""
    from scraper.snapshots import snapshot
    from scraper.snapshots.changes import compare

    shown = {each.name for each in editions}
    yield from (each.changes for each in editions)
    for name in result.published.keys() - shown:
        shot = result.published[name]
        if shot.previous:
            yield compare(snapshot.Snapshot.at(shot.previous), snapshot.Snapshot.at(shot.path))


def check_fail_on(names: Sequence[str]) -> None:
    known = [*Health, "new", "confirmed"]
    for name in names:
        if name not in known:
            raise UsageError(f"--fail-on: {name!r} is unknown; known are {', '.join(known)}.")


async def _post(url: str, body: bytes) -> str:
    """Deliver a health ping. Its address is the user's own word, and may be on a private network; where it
    redirects to is not."""
    from scraper.settings import Settings
    from scraper.web.client import Web

    port = urlsplit(url).port or 443
    everywhere = Settings(allow_networks=["0.0.0.0/0", "::/0"], allow_ports=[80, 443, port], timeout=10.0)
    async with Web(everywhere) as web:
        answer = await web.fetch(Request(url, method="POST", content=body, follow=False), attempts=2)
    return answer.failure or ("" if answer.status in range(200, 300) else f"HTTP {answer.status}")
