"""From the store and two snapshots to an `Edition`, all that reports are rendered from; and its reports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper import __version__
from scraper.columns import CHECKS, LINKS, MENTIONS, Table
from scraper.model import Change, Health
from scraper.records import stamp
from scraper.reports.model import Edition, Row, Summary
from scraper.reports.overview import Told, headings, summarise
from scraper.reports.story import DEADLINE, tell
from scraper.reports.write import write_index, write_reports
from scraper.snapshots.changes import compare
from scraper.snapshots.mentions import mention_rows
from scraper.snapshots.package import MADE_UP
from scraper.snapshots.papers import paper_rows
from scraper.snapshots.snapshot import Snapshot, articles, before, find
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings

HISTORY = 30
"""Verdicts shown per link."""

MOST_SHOWN = 50_000
"""Links up to which an article has reports: a page with more helps nobody, and would be made in memory."""


def edition(
    store: Store,
    run: int,
    name: str,
    settings: Settings,
    earlier: Snapshot | None,
    later: Snapshot,
    *,
    elapsed: float = 0.0,
) -> Edition:
    """One article as the run left it; `earlier` and `later` are the snapshots whose difference is told."""
    article = store.article(run, name)
    rule = settings.rule
    links = list(store.rows(run, name, rule))
    rows = {row["target"]: row for row in links}
    checks = list(store.checks(run, name))
    changes = compare(earlier, later)
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
        changes=changes,
        gone=_gone(earlier, changes),
        compared=earlier.started if earlier else None,
        histories=store.healths(run, name, HISTORY),
        trend=[(stamp(started), counts) for started, counts in store.trend(name)],
        requests=sum(check["requests"] for check in checks),
        elapsed=elapsed,
        notices=article.notices,
        problems=article.problems,
        repaired=article.repaired,
        lost=article.lost,
        timeout=settings.timeout,
        data="" if settings.data == type(settings).model_fields["data"].default else str(settings.data),
        report_url=page_url(settings, name),
    )


def _gone(earlier: Snapshot | None, changes: Iterable[Change]) -> list[Row]:
    """How the article mentioned what it no longer does: people know a link by that."""
    left = {change.target for change in changes if change.kind == "removed"}
    if earlier is None or not left:
        return []
    return [row for row in earlier.rows(MENTIONS.name) if row["target"] in left]


def page_url(settings: Settings, name: str) -> str:
    """Where readers find the page of an article; empty when the settings do not say."""
    folder = settings.report_url.rstrip("/")
    return f"{folder}/{quote(name, safe='')}/report.html" if folder else ""


def difference(earlier: Snapshot | None, later: Snapshot, settings: Settings) -> Edition:
    """What differs between two snapshots, told from them alone: no store is needed.

    It holds the rows of what changed and of nothing else, so that a million links need no memory; whether
    the run was complete is counted.
    """
    name = later.path.parent.name
    changes = compare(earlier, later)
    changed = {change.target for change in changes}
    title, description = (str(later.package.get(key) or "") for key in ("title", "description"))

    def rows(table: Table) -> list[Row]:
        return [row for row in later.rows(table.name) if row["target"] in changed]

    unasked = sum(row["reason"] == DEADLINE for row in later.rows(CHECKS.name, ("reason",)))
    links = sum(1 for _ in later.rows(LINKS.name, ("target",))) if unasked else 0
    return Edition(
        name=name,
        title=title or name,
        source=name,
        made_at=later.started,
        version=__version__,
        sandbox=description.startswith(MADE_UP),
        links=rows(LINKS),
        papers=(),
        mentions=rows(MENTIONS),
        checks=rows(CHECKS),
        changes=changes,
        gone=_gone(earlier, changes),
        compared=earlier.started if earlier else None,
        unasked=(unasked, links),
        timeout=settings.timeout,
        report_url=page_url(settings, name),
    )


def render(store: Store, editions: Iterable[Edition], settings: Settings) -> list[Path]:
    """Write the reports of the editions, and the index over all articles that were ever published."""
    paths: list[Path] = []
    lines: dict[str, Summary] = {}
    for each in editions:
        paths += write_reports(each, settings.reports / each.name)
        lines[each.name] = summarise(each)
    for name in articles(settings.data):
        if name not in lines and (line := summary(store, name, settings)):
            lines[name] = line
    return [*paths, write_index(list(lines.values()), settings.reports / "index.html")]


def summary(store: Store, name: str, settings: Settings) -> Summary | None:
    """One line of the index for an article, as its last published run left it; None when there is none."""
    run = store.last_shown(name)
    if run is None:
        return None
    counts = dict.fromkeys((health.value for health in Health), 0) | store.counts(run, name)
    lines = [(stamp(started), tally) for started, tally in store.trend(name)]
    told: tuple[tuple[str, int], ...] = ()
    unasked = 0
    if sum(counts.values()) <= MOST_SHOWN:
        after = find(settings.data, name)
        differs = difference(before(after), after, settings)
        story = tell(differs)
        told, unasked = tuple(headings([Told(differs, story)])), story.unasked
    title = store.about(run, name).title
    return Summary(name, title, store.started(run), store.sandbox, counts, lines, told, unasked)
