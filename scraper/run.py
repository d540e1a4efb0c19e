"""The main job, top to bottom.

    articles ─► targets ─► plan ─► visits ─► outcomes in the store ─► snapshot

`refresh` is the whole of it; what follows below it are its steps in order. Reports are rendered from what it
leaves (`commands/refresh.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import starmap
from typing import TYPE_CHECKING

from scraper.articles.local.looking import outcomes as beside
from scraper.errors import NotPublished, Offline
from scraper.model import Article, Health, Outcome, Target, Verdict
from scraper.sites import sites
from scraper.sites.identity import identify
from scraper.snapshots.mentions import mention_rows
from scraper.snapshots.package import Package
from scraper.snapshots.papers import paper_rows
from scraper.snapshots.publish import Published, publish
from scraper.snapshots.retention import Keep
from scraper.snapshots.tables import Row
from scraper.store.grouping import Groups
from scraper.store.store import Store
from scraper.verdicts.history import Rule
from scraper.visits.asking import Tally
from scraper.visits.interrupts import interruptible
from scraper.visits.local import visits_here
from scraper.visits.visits import Visits

if TYPE_CHECKING:
    from scraper.cluster.coordinator import ClusterVisits
    from scraper.settings import Settings

log = logging.getLogger(__name__)

OnOutcome = Callable[[Outcome], None]
"""Called with every outcome as it is committed, for the progress line."""

Watch = Callable[["Visits | ClusterVisits"], None]
"""Given the visits before they begin: they tell what they wait for (progress)."""

Clock = Callable[[], datetime]
"""Tells the time of day, for what is remembered; how long something takes is measured by another clock."""

AFTER_DEADLINE = 1.0
"""Seconds for the question whether there is a network at all, once the time is up."""


def time_of_day() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Result:
    """What a run left behind."""

    run: int = 0
    published: dict[str, Published] = field(default_factory=dict)
    """By article."""
    tally: Tally = field(default_factory=Tally)
    complaints: list[str] = field(default_factory=list)
    """Messages for the user: a refused token, a login that wants a second factor."""
    incomplete: str = ""
    """Why not everything was asked; empty when it was."""
    elapsed: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds spent on each stage (`plan`, `visit`, `publish`), for `--profile`."""

    def spent(self, stage: str, since: float) -> None:
        self.stages[stage] = time.monotonic() - since


def refresh(
    articles: Sequence[Article],
    settings: Settings,
    store: Store,
    on_outcome: OnOutcome = lambda _: None,
    now: Clock = time_of_day,
    cluster: str = "",
    watch: Watch = lambda _: None,
    begun: float | None = None,
) -> Result:
    """Visit every link of the articles and publish their tables.

    `cluster` is `local:N` or the address of a Dask scheduler; without it this process makes the visits.
    `begun` is when the time began to run, on the monotonic clock, if that was before now.

    Raises:
        Offline: there is no network; nothing was published.
        NotPublished: interrupted, or too much that was alive failed at once, or the disk refused.
    """
    begun = time.monotonic() if begun is None else begun
    run = _begin(store, articles, settings, now())
    result = Result(run)
    result.spent("plan", begun)
    visiting = time.monotonic()
    try:
        asyncio.run(_visit(articles, store, run, settings, result, on_outcome, now, cluster, watch, begun))
        _check_outage(store, run, settings)
    except Offline as why:
        store.finish_run(run, now(), "offline")
        raise Offline(f"There is no network: {why}. Nothing was published; try again later.") from None
    result.spent("visit", visiting)
    publishing = time.monotonic()
    _publish(store, run, settings, result)
    store.finish_run(run, now(), "incomplete" if result.incomplete else "published")
    if settings.keep_visits:
        store.forget(store.started(run) - timedelta(seconds=settings.keep_visits))
    result.spent("publish", publishing)
    result.elapsed = time.monotonic() - begun
    return result


def _begin(store: Store, articles: Sequence[Article], settings: Settings, now: datetime) -> int:
    """A new run with its plan on disk, or the one that was cut off less than an hour ago.

    The plan is made for both: a run may have been cut off before all of its plan was on the disk.
    """
    run = store.resumable(articles, now, timedelta(seconds=settings.resume)) if settings.resume else None
    if run is None:
        run = store.begin_run(articles, now)
    else:
        log.info("resuming the run of %s", store.started(run))
    known = sites(settings, store)
    age = timedelta(seconds=settings.max_age)
    store.plan(
        run,
        (
            (target, known[target.site].key(target))
            for target in starmap(identify, store.linked(run))
            if not (age and store.fresh(target.key, now, age))
        ),
    )
    return run


@dataclass(frozen=True, slots=True)
class _StoredPlan:
    """The run's plan, as the visits see it."""

    store: Store
    run: int

    def remaining(self) -> dict[str, int]:
        return self.store.remaining(self.run)

    def planned(self, key: str, limit: int, after: str) -> Sequence[Target]:
        return self.store.planned(self.run, key, limit, after)


async def _visit(
    articles: Sequence[Article],
    store: Store,
    run: int,
    settings: Settings,
    result: Result,
    on_outcome: OnOutcome,
    now: Clock,
    cluster: str,
    watch: Watch,
    begun: float,
) -> None:
    """Ask everything that is planned; outcomes are committed as they come, in small groups.

    The login counts as well, and the start of a cluster: who answers slowly there holds nobody up either.
    """
    started = store.started(run)
    groups = Groups(store, run, started, on_outcome)
    for outcome in beside(articles, now()):
        groups.add(outcome)
    groups.flush()
    plan = _StoredPlan(store, run)
    opening: AbstractAsyncContextManager[Visits | ClusterVisits]
    if cluster:
        from scraper.cluster.coordinator import visits_on

        opening = visits_on(cluster, settings, store, plan, groups.add, result.complaints, now)
    else:
        opening = visits_here(settings, store, plan, groups.add, result.complaints, now)
    visits: Visits | ClusterVisits | None = None
    async with AsyncExitStack() as stack:
        try:
            with interruptible():
                async with asyncio.timeout_at(begun + settings.deadline if settings.deadline else None):
                    opened: Visits | ClusterVisits = await stack.enter_async_context(opening)
                    visits, result.tally = opened, opened.tally
                    watch(opened)
                    try:
                        await opened.run()
                    finally:
                        groups.flush()
        except TimeoutError:
            result.incomplete = (
                f"the deadline of {settings.deadline:g} s came before all links had their turn"
            )
        except asyncio.CancelledError:
            left = sum(store.remaining(run).values())
            again = "run again within an hour to resume"
            raise NotPublished(f"Interrupted with {left} links left; {again}.") from None
        if visits and (why := await _offline(visits, late=bool(result.incomplete))):
            raise Offline(why)
    if result.incomplete:
        _leave(store, run, started, now)


async def _offline(visits: Visits | ClusterVisits, *, late: bool) -> str:
    """Why nothing may be believed; after the deadline nobody waits long for the answer."""
    try:
        async with asyncio.timeout(AFTER_DEADLINE if late else None):
            return await visits.offline()
    except TimeoutError:
        return "nothing answered up to the deadline, and a known address did not after it"


def _leave(store: Store, run: int, started: datetime, now: Clock) -> None:
    """Say of each target whose turn never came that it was not visited."""
    verdict = Verdict(Health.UNVERIFIED, "deadline", "the run's time was up before its turn came")
    for key in store.remaining(run):
        after = ""
        while chosen := store.planned(run, key, 1000, after):
            at = now()
            store.commit_many(run, (Outcome(target, verdict, at) for target in chosen), started)
            after = chosen[-1].key


def _check_outage(store: Store, run: int, settings: Settings) -> None:
    """When most of the hosts that answered last time answer no more, the network is the likelier culprit."""
    lost, before = store.lost_hosts(run)
    if before >= 3 and lost > settings.outage * before:
        raise Offline(f"{lost} of {before} hosts that answered last time answer no more")


def _publish(store: Store, run: int, settings: Settings, result: Result) -> None:
    started = store.started(run)
    store.note_changes(run, thin_from=started if settings.keep_visits else None)
    keep = Keep(settings.keep_snapshots, thinned=settings.thin_snapshots)
    for name in store.articles(run):
        article = store.about(run, name)
        about = Package(
            name,
            article.title,
            article.source,
            started,
            sites=list(article.sites),
            sandbox=store.sandbox,
        )
        tables = _tables(store, run, name, settings.rule)
        result.published[name] = publish(settings.data, about, tables, keep=keep, parquet=settings.parquet)


def _tables(store: Store, run: int, name: str, rule: Rule) -> dict[str, Iterable[Row]]:
    """Streamed, all of them: an article may have a million links."""
    return {
        "links": store.rows(run, name, rule),
        "papers": paper_rows(store.mentions(run, name), lambda key: store.row(run, name, key, rule)),
        "mentions": mention_rows(store.mentions(run, name)),
        "history": store.past(run, name),
        "checks": store.checks(run, name),
    }
