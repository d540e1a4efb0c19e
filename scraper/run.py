"""The main job, top to bottom.

    articles ─► targets ─► plan ─► visits ─► outcomes in the store ─► snapshot

`refresh` is the whole of it; what follows below it are its steps in order. Reports are rendered from what it
leaves (`commands/refresh.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import starmap
from typing import TYPE_CHECKING

from scraper.articles.local.looking import outcomes as beside
from scraper.errors import NotPublished, Offline
from scraper.model import Article, Outcome, Target
from scraper.sites import sites
from scraper.sites.identity import identify
from scraper.store.grouping import Groups
from scraper.store.store import Store
from scraper.visits.asking import Tally
from scraper.visits.deadline import Cost, ending, late, offline
from scraper.visits.interrupts import again, interruptible
from scraper.visits.local import visits_here
from scraper.visits.visits import Visits

if TYPE_CHECKING:
    from scraper.cluster.coordinator import ClusterVisits
    from scraper.settings import Settings
    from scraper.snapshots.publish import Published
    from scraper.snapshots.tables import Row

log = logging.getLogger(__name__)

OnOutcome = Callable[[Outcome], None]
"""Called with every outcome as it is committed, for the progress line."""

Watch = Callable[["Visits | ClusterVisits"], None]
"""Given the visits before they begin: they tell what they wait for (progress)."""

Clock = Callable[[], datetime]
"""Tells the time of day, for what is remembered; how long something takes is measured by another clock."""


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
    tally: Tally | None = None,
) -> Result:
    """Visit every link of the articles and publish their tables.

    `cluster` is `local:N` or the address of a Dask scheduler; without it this process makes the visits.
    `begun` is when the time began to run, on the monotonic clock, if that was before now. To `tally` is added
    what it cost, whether or not anything comes of it.

    Raises:
        Offline: there is no network; nothing was published.
        NotPublished: interrupted, or too much that was alive failed at once, or the disk refused.
    """
    begun = time.monotonic() if begun is None else begun
    number = _begin(store, articles, settings, now())
    result = Result(number, tally=tally or Tally())
    run = _Run(
        articles,
        settings,
        store,
        on_outcome,
        now,
        cluster,
        watch,
        begun,
        number,
        store.started(number),
        result,
    )
    result.spent("plan", begun)
    visiting = time.monotonic()
    try:
        asyncio.run(_visit(run))
        _check_outage(run)
    except Offline as why:
        store.finish_run(number, now(), "offline")
        raise Offline(f"There is no network: {why}. Nothing was published; try again later.") from None
    result.spent("visit", visiting)
    publishing = time.monotonic()
    _publish(run)
    store.finish_run(number, now(), "incomplete" if result.incomplete else "published")
    if settings.keep_visits:
        store.forget(run.started - timedelta(seconds=settings.keep_visits))
    result.spent("publish", publishing)
    result.elapsed = time.monotonic() - begun
    return result


@dataclass(frozen=True, slots=True)
class _Run:
    """A run under way: what its steps go by."""

    articles: Sequence[Article]
    settings: Settings
    store: Store
    on_outcome: OnOutcome
    now: Clock
    cluster: str
    watch: Watch
    begun: float
    """On the monotonic clock."""
    number: int
    started: datetime
    result: Result

    @property
    def ends(self) -> float | None:
        """When its time is up, on the monotonic clock; None when it may take as long as it needs."""
        return ending(self.begun, self.settings.deadline)

    def remaining(self) -> dict[str, int]:
        """How many targets of its plan are left, by key."""
        return self.store.remaining(self.number)

    def planned(self, key: str, limit: int, after: str) -> Sequence[Target]:
        """The next targets of its plan with this key, at most `limit`, whose identities follow `after`."""
        return self.store.planned(self.number, key, limit, after)


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


async def _visit(run: _Run) -> None:
    """Ask everything that is planned; outcomes are committed as they come, in small groups.

    The login counts as well, and the start of a cluster: who answers slowly there holds nobody up either.
    """
    groups = Groups(run.store, run.number, run.started, run.on_outcome)
    for outcome in beside(run.articles, run.now()):
        groups.add(outcome)
    groups.flush()
    visits: Visits | ClusterVisits | None = None
    async with AsyncExitStack() as stack:
        try:
            with interruptible():
                async with asyncio.timeout_at(run.ends):
                    visits = await stack.enter_async_context(_visits(run, groups.add))
                    run.watch(visits)
                    try:
                        await visits.run()
                    finally:
                        groups.flush()
        except TimeoutError:
            deadline = f"the deadline of {run.settings.deadline:g} s"
            run.result.incomplete = f"{deadline} came before all links were checked"
        except asyncio.CancelledError:
            left = sum(run.remaining().values())
            links = "1 link" if left == 1 else f"{left} links"
            raise NotPublished(f"Interrupted with {links} left; {again(run.settings.resume)}.") from None
        if visits and (why := await offline(visits, run.ends)):
            raise Offline(why)
    if run.result.incomplete:
        _leave(run, visits.costs() if visits else {})


def _visits(run: _Run, settle: OnOutcome) -> AbstractAsyncContextManager[Visits | ClusterVisits]:
    """The visits of this process or of a cluster, not yet begun."""
    complaints, tally = run.result.complaints, run.result.tally
    if run.cluster:
        from scraper.cluster.coordinator import visits_on

        return visits_on(run.cluster, run.settings, run.store, run, settle, complaints, run.now, tally)
    return visits_here(run.settings, run.store, run, settle, complaints, run.now, tally)


def _leave(run: _Run, costs: Mapping[str, Cost]) -> None:
    """Say of each target whose turn never came, or that had not answered, that it was not checked."""
    for key in run.remaining():
        after = ""
        while chosen := run.planned(key, 1000, after):
            at = run.now()
            outcomes = (late(target, at, costs.get(target.key)) for target in chosen)
            run.store.commit_many(run.number, outcomes, run.started)
            after = chosen[-1].key


def _check_outage(run: _Run) -> None:
    """When most of the hosts that answered last time answer no more, the network is the likelier culprit."""
    lost, before = run.store.lost_hosts(run.number)
    if before >= 3 and lost > run.settings.outage * before:
        raise Offline(f"{lost} of {before} hosts that answered last time answer no more")


def _publish(run: _Run) -> None:
    # Here, as in `_tables`: the first request does not wait for what the tables need.
    from scraper.snapshots.package import Package
    from scraper.snapshots.publish import publish
    from scraper.snapshots.retention import Keep

    settings, store = run.settings, run.store
    store.note_changes(run.number, thin_from=run.started if settings.keep_visits else None)
    keep = Keep(settings.keep_snapshots, thinned=settings.thin_snapshots)
    for name in store.articles(run.number):
        article = store.about(run.number, name)
        about = Package(
            name,
            article.title,
            article.source,
            run.started,
            sites=list(article.sites),
            sandbox=store.sandbox,
        )
        tables = _tables(run, name, article.sites)
        run.result.published[name] = publish(
            settings.data, about, tables, keep=keep, parquet=settings.parquet
        )


def _tables(run: _Run, name: str, linked: Iterable[str]) -> dict[str, Iterable[Row]]:
    """Streamed, all of them: an article may have a million links. `linked` are the sites it links to."""
    from scraper.snapshots.mentions import mention_rows
    from scraper.snapshots.papers import PAPERS, paper_rows

    store, number, rule = run.store, run.number, run.settings.rule
    papers = paper_rows(store.mentions(number, name), lambda key: store.row(number, name, key, rule))
    return {
        "links": store.rows(number, name, rule),
        "papers": papers if any(f"{site}:" in PAPERS for site in linked) else (),
        "mentions": mention_rows(store.mentions(number, name)),
        "history": store.past(number, name),
        "checks": store.checks(number, name),
    }
