"""What the store gives back: targets, rows of the tables, histories. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from scraper.errors import StoreError
from scraper.model import Article, Health, LinkRow, Mention, Problem, Target
from scraper.records import METADATA, moment
from scraper.verdicts.history import Rule, State, confirmed_dead
from scraper.verdicts.reasons import PRESENT
from scraper.visits.network import OFFLINE_FAILURES

TRANSIENT = ("deadline", "offline")
"""Reasons of outcomes that are not final within a run: a resumed run asks these targets."""

_NOT_DONE = """NOT EXISTS (SELECT 1 FROM visit WHERE visit.target = plan.target AND visit.run = plan.run
    AND visit.reason NOT IN ('deadline', 'offline'))"""
REMAINING = f"""
SELECT turn, count(*) AS targets FROM plan WHERE run = ? AND {_NOT_DONE} GROUP BY turn ORDER BY turn
"""
PLANNED = f"""
SELECT target.* FROM plan JOIN target ON target.id = plan.target
WHERE plan.run = ? AND plan.turn = ? AND plan.key > ? AND {_NOT_DONE} ORDER BY plan.key LIMIT ?
"""
LAST_RUN = """
SELECT run.id FROM run
JOIN run_article ON run_article.run = run.id JOIN article ON article.id = run_article.article
WHERE article.name = ? AND run.status = ? ORDER BY run.id DESC LIMIT 1
"""
ARTICLES = """
SELECT article.name FROM run_article JOIN article ON article.id = run_article.article
WHERE run_article.run = ? ORDER BY article.name
"""
RECORD = "SELECT record.* FROM record JOIN target ON target.id = record.target WHERE target.key = ?"
CALLED = """
SELECT mention.text, mention.section_title, article.title FROM run_article
JOIN mention ON mention.article = run_article.article AND mention.target = ?
JOIN article ON article.id = run_article.article
WHERE run_article.run = (SELECT max(run) FROM run_article) ORDER BY article.name, mention.position LIMIT 20
"""
VALIDATORS = "SELECT url, etag FROM validator WHERE url BETWEEN ? AND ?"
LATEST_VISIT = """
SELECT visit.* FROM visit JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT 1
"""
LINKED = """
SELECT mention.target, mention.url, mention.archived_at FROM run_article
JOIN article ON article.id = run_article.article JOIN mention ON mention.article = article.id
WHERE run_article.run = ? AND mention.target <> '' ORDER BY mention.target, article.name, mention.position
"""
_SITES = """
SELECT site, count(DISTINCT target) AS links FROM mention
WHERE article = ? AND target <> '' GROUP BY site ORDER BY site
"""
_ARTICLE = """
SELECT article.* FROM run_article JOIN article ON article.id = run_article.article
WHERE run_article.run = ? AND article.name = ?
"""
_ROWS = """
SELECT mention.target AS target_key, min(mention.line) AS first_line, count(*) AS mentions,
    mention.url AS mention_url, mention.site AS mention_site, target.url, target.kind, target.first_seen,
    visit.*, record.data, record.source, record.as_of, record.read_run
FROM mention
LEFT JOIN target ON target.key = mention.target
LEFT JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id AND v.run <= :run)
LEFT JOIN record ON record.target = target.id
WHERE mention.article = :article AND {which} GROUP BY mention.target ORDER BY mention.target
"""
_CHECKS = """
SELECT target.key AS target, visit.checked_at, visit.health, visit.reason, visit.http_status, visit.attempts,
    visit.elapsed_ms, round(visit.requests, 4) AS requests
FROM (SELECT DISTINCT target FROM mention WHERE article = ? AND target <> '') AS link
JOIN target ON target.key = link.target JOIN visit ON visit.target = target.id AND visit.run = ?
ORDER BY target.key
"""
_HISTORY = """
SELECT visit.*, run.started FROM visit JOIN run ON run.id = visit.run JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT ?
"""
_TREND = """
SELECT run.started, run.id, tally.health, tally.links FROM tally JOIN run ON run.id = tally.run
WHERE tally.article = ?1 AND run.id IN (
    SELECT DISTINCT run.id FROM tally JOIN run ON run.id = tally.run
    WHERE tally.article = ?1 AND run.status = 'published' ORDER BY run.id DESC LIMIT ?2)
ORDER BY run.id, tally.health
"""

_SILENT = ", ".join(f"'{name}'" for name in sorted(OFFLINE_FAILURES))
LOST_HOSTS = f"""
WITH now AS (
    SELECT plan.turn, visit.target,
        visit.http_status IS NULL AND visit.reason IN ({_SILENT}) AS silent
    FROM plan JOIN visit ON visit.target = plan.target AND visit.run = plan.run WHERE plan.run = :run
), turns AS (
    SELECT turn, min(silent) AS lost, max(EXISTS (
        SELECT 1 FROM visit WHERE visit.target = now.target AND visit.http_status IS NOT NULL
        AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = now.target AND v.run < :run)
    )) AS answered FROM now GROUP BY turn
)
SELECT coalesce(sum(lost), 0) AS lost, count(*) AS before FROM turns WHERE answered
"""


@dataclass(frozen=True, slots=True)
class About:
    """An article without its mentions."""

    title: str
    source: str
    sites: dict[str, int]
    """The sites it links to, each with its number of targets."""

    @property
    def links(self) -> int:
        return sum(self.sites.values())


@dataclass(frozen=True, slots=True)
class Visit:
    """One verdict of the past."""

    run: int
    started: datetime
    """Start of the run."""
    checked_at: datetime
    health: Health
    reason: str
    detail: str
    http_status: int | None
    final_url: str
    attempts: int
    requests: float
    elapsed_ms: int


def target(row: sqlite3.Row) -> Target:
    return Target(row["key"], row["site"], row["kind"], row["ident"], row["url"], row["archived_at"])


def state(row: sqlite3.Row) -> State:
    """The state that a visit carries."""
    alive, since, until = (
        moment(row[name]) if row[name] else None for name in ("last_alive", "failing_since", "failing_until")
    )
    return State(alive, since, until, row["failures"] or 0)


def _article_row(database: sqlite3.Connection, run: int, name: str) -> sqlite3.Row:
    row: sqlite3.Row | None = database.execute(_ARTICLE, (run, name)).fetchone()
    if row is None:
        raise StoreError(f"Run {run} knows no article {name!r}: `scraper refresh` it first.")
    return row


def article(database: sqlite3.Connection, run: int, name: str) -> Article:
    row = _article_row(database, run, name)
    problems = tuple(Problem(*problem) for problem in json.loads(row["problems"]))
    found = tuple(mentions(database, run, name))
    return Article(row["name"], row["source"], row["title"], found, problems, row["repaired"], row["lost"])


def about(database: sqlite3.Connection, run: int, name: str) -> About:
    row = _article_row(database, run, name)
    sites = {site["site"]: site["links"] for site in database.execute(_SITES, (row["id"],))}
    return About(row["title"], row["source"], sites)


def linked(database: sqlite3.Connection, run: int) -> Iterator[tuple[str, str]]:
    for _, same in groupby(database.execute(LINKED, (run,)), itemgetter(0)):
        first = next(same)
        stamps = (row["archived_at"] for row in chain((first,), same))
        yield first["url"], next(filter(None, stamps), "")


def mentions(database: sqlite3.Connection, run: int, name: str) -> Iterator[Mention]:
    number = _article_row(database, run, name)["id"]
    for row in database.execute("SELECT * FROM mention WHERE article = ? ORDER BY position", (number,)):
        yield Mention(*tuple(row)[2:])


def rows(
    database: sqlite3.Connection, run: int, name: str, rule: Rule, only: str | None = None
) -> Iterator[LinkRow]:
    number = _article_row(database, run, name)["id"]
    which = "mention.target <> ''" if only is None else "mention.target = :only"
    cursor = database.execute(_ROWS.format(which=which), {"run": run, "article": number, "only": only})
    return (_link_row(row, rule) for row in cursor)


def _link_row(row: sqlite3.Row, rule: Rule) -> LinkRow:
    known: Mapping[str, Any] = json.loads(row["data"]) if row["data"] else {}
    return {
        "target": row["target_key"],
        "url": row["url"] or row["mention_url"],
        "site": row["mention_site"],
        "kind": row["kind"],
        "first_line": row["first_line"],
        "mentions": row["mentions"],
        "first_seen": row["first_seen"],
        **{column: known.get(column) for column in METADATA},
        **_verdict(row),
        **_state(row, rule),
        "metadata_source": row["source"],
        "metadata_as_of": row["as_of"],
        "metadata_stale": None if row["data"] is None else row["read_run"] != row["run"],
    }


def _verdict(row: sqlite3.Row) -> LinkRow:
    names = ("final_url", "redirects", "suggested_url", "archived_url", "archived_at")
    never = {"health": "unverified", "reason": "deadline"}
    if row["health"] is None:  # planned perhaps, never visited: the run's time was up
        return dict.fromkeys((*names, "http_status", "detail", "notes")) | never
    return {
        "health": row["health"],
        "reason": row["reason"],
        "http_status": row["http_status"],
        **{name: row[name] or None for name in names},
        "detail": None if row["health"] == Health.ALIVE else row["detail"] or None,
        "notes": json.loads(row["notes"]) or None,
    }


def _state(row: sqlite3.Row, rule: Rule) -> LinkRow:
    now = state(row)
    return {
        "confirmed_dead": confirmed_dead(now, rule),
        # Of a link that is there this would change at every run, and say what `health` says.
        "last_alive": None if row["health"] in PRESENT else row["last_alive"],
        "failing_since": row["failing_since"],
    }


def checks(database: sqlite3.Connection, run: int, name: str) -> Iterator[dict[str, Any]]:
    number = _article_row(database, run, name)["id"]
    return (dict(row) for row in database.execute(_CHECKS, (number, run)))


def history(database: sqlite3.Connection, key: str, limit: int) -> list[Visit]:
    return [_visit(row) for row in reversed(database.execute(_HISTORY, (key, limit)).fetchall())]


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(
        run=row["run"],
        started=moment(row["started"]),
        checked_at=moment(row["checked_at"]),
        health=Health(row["health"]),
        reason=row["reason"],
        detail=row["detail"],
        http_status=row["http_status"],
        final_url=row["final_url"],
        attempts=row["attempts"],
        requests=row["requests"],
        elapsed_ms=row["elapsed_ms"],
    )


def trend(database: sqlite3.Connection, name: str, last: int) -> list[tuple[datetime, dict[str, int]]]:
    counts: dict[int, tuple[datetime, dict[str, int]]] = {}
    for row in database.execute(_TREND, (name, last)):
        counts.setdefault(row["id"], (moment(row["started"]), {}))[1][row["health"]] = row["links"]
    return list(counts.values())
