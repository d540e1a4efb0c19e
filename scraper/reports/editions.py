"""From the store and two snapshots to an `Edition`, all that reports are rendered from; and its reports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from scraper import __version__
from scraper.model import Health
from scraper.records import stamp
from scraper.reports.model import Edition, Summary
from scraper.reports.write import write_index, write_reports
from scraper.snapshots.changes import compare
from scraper.snapshots.mentions import mention_rows
from scraper.snapshots.papers import paper_rows
from scraper.snapshots.snapshot import Snapshot, articles
from scraper.store.store import Store
from scraper.verdicts.history import rule_of

if TYPE_CHECKING:
    from scraper.settings import Settings

HISTORY = 30
"""Verdicts shown per link."""


def edition(
    store: Store,
    run: int,
    name: str,
    settings: Settings,
    before: Snapshot | None,
    after: Snapshot,
    *,
    elapsed: float = 0.0,
) -> Edition:
    """One article as the run left it; `before` and `after` are the snapshots whose difference is told."""
    article = store.article(run, name)
    rule = rule_of(settings)
    links = list(store.rows(run, name, rule))
    rows = {row["target"]: row for row in links}
    checks = list(store.checks(run, name))
    return Edition(
        name=name,
        title=article.title,
        source=article.source,
        made_at=store.started(run),
        version=__version__,
        sandbox=store.sandbox,
        links=links,
        papers=list(paper_rows(article.mentions, rows.get)),
        mentions=list(mention_rows(article.mentions)),
        checks=checks,
        changes=compare(before, after),
        histories={
            key: [(stamp(visit.started), visit.health) for visit in visits]
            for key, visits in store.histories(rows, HISTORY).items()
        },
        trend=[(stamp(started), counts) for started, counts in store.trend(name)],
        requests=sum(check["requests"] for check in checks),
        elapsed=elapsed,
        problems=article.problems,
        repaired=article.repaired,
        lost=article.lost,
    )


def render(store: Store, editions: Iterable[Edition], settings: Settings) -> list[Path]:
    """Write the reports of the editions, and the index over all articles that were ever published."""
    paths: list[Path] = []
    for each in editions:
        paths += write_reports(each, settings.reports / each.name)
    known = [line for name in articles(settings.data) if (line := summary(store, name))]
    return [*paths, write_index(known, settings.reports / "index.html")]


def summary(store: Store, name: str) -> Summary | None:
    """One line of the index for an article, as its last published run left it; None when there is none."""
    run = store.last_run(name)
    trend = store.trend(name)
    if run is None or not trend:
        return None
    counts = dict.fromkeys((health.value for health in Health), 0) | trend[-1][1]
    lines = [(stamp(started), tally) for started, tally in trend]
    return Summary(name, store.article(run, name).title, store.started(run), store.sandbox, counts, lines)
