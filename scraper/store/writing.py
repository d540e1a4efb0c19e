"""What the store writes: each function works within the caller's transaction."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from scraper.model import Article, Mention, Outcome, Target
from scraper.records import MEMENTO, archive_stamp, clean, form, normal, overlay, stamp
from scraper.store.reading import TRANSIENT, state
from scraper.verdicts.history import State, advance

_parts = attrgetter(*(each.name for each in fields(Mention)))
_TARGET = """
INSERT INTO target (key, site, kind, ident, url, archived_at, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET site = excluded.site, kind = excluded.kind, ident = excluded.ident,
    url = excluded.url, archived_at = excluded.archived_at
"""
_VISIT = """
INSERT OR REPLACE INTO visit (target, run, checked_at, health, reason, detail, http_status, final_url,
    redirects, suggested_url, archived_url, archived_at, notes, attempts, requests, elapsed_ms,
    last_alive, failing_since, failing_until, failures)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LAST_VISITS = """
SELECT run, reason, archived_url, archived_at, last_alive, failing_since, failing_until, failures
FROM visit WHERE target = ? AND run <= ? ORDER BY run DESC LIMIT 2
"""
_TAKE_BACK = """
UPDATE visit SET health = 'unverified', reason = 'offline', detail = '', http_status = NULL, final_url = '',
    redirects = '', suggested_url = '',
    (last_alive, failing_since, failing_until, failures) = (
        SELECT last_alive, failing_since, failing_until, failures FROM visit AS earlier
        WHERE earlier.target = visit.target AND earlier.run < visit.run ORDER BY earlier.run DESC LIMIT 1)
WHERE run = ? AND health IN ('broken', 'failing')
"""
_COUNT = """
INSERT INTO tally (run, article, health, links)
SELECT :run, article.name, coalesce(visit.health, 'unverified'), count(*)
FROM run_article
JOIN article ON article.id = run_article.article
JOIN (SELECT DISTINCT article, target FROM mention WHERE target <> '') AS link ON link.article = article.id
LEFT JOIN target ON target.key = link.target
LEFT JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id AND v.run <= :run)
WHERE run_article.run = :run GROUP BY 2, 3
"""


def digest(articles: Sequence[Article]) -> str:
    """Identity of what a run is over: names, titles and mentions, wherever the articles were read from."""
    digest = hashlib.sha256()
    for article in articles:
        digest.update(repr((article.name, article.title, article.problems)).encode())
        for mention in article.mentions:
            digest.update(repr(mention).encode())
    return digest.hexdigest()


def insert_run(database: sqlite3.Connection, started: str, articles: str) -> int:
    cursor = database.execute(
        "INSERT INTO run (started, active, status, articles) VALUES (?, ?, 'running', ?)",
        (started, started, articles),
    )
    return int(cursor.lastrowid or 0)


def insert_article(database: sqlite3.Connection, run: int, article: Article, digest: str) -> None:
    """Keep the article once for all runs that read the same, and tie it to this run."""
    found = database.execute("SELECT id FROM article WHERE digest = ?", (digest,)).fetchone()
    number = found[0] if found else _insert_new_article(database, article, digest)
    database.execute("INSERT INTO run_article (run, article) VALUES (?, ?)", (run, number))


def _insert_new_article(database: sqlite3.Connection, article: Article, digest: str) -> int:
    problems = json.dumps([[problem.line, problem.href, problem.message] for problem in article.problems])
    number = database.execute(
        "INSERT INTO article VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
        (
            digest,
            clean(article.name),
            clean(article.source),
            clean(article.title),
            problems,
            article.repaired,
            article.lost,
        ),
    ).lastrowid
    database.executemany(
        "INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, position, *(clean(part) if isinstance(part, str) else part for part in _parts(mention)))
            for position, mention in enumerate(article.mentions)
        ),
    )
    return int(number or 0)


def insert_plan(
    database: sqlite3.Connection, run: int, entries: Sequence[tuple[Target, str]], started: str
) -> None:
    database.executemany(_TARGET, (_target_values(target, started) for target, _ in entries))
    database.executemany(
        "INSERT OR IGNORE INTO plan (run, target, turn, key) SELECT ?, id, ?, key FROM target WHERE key = ?",
        ((run, turn, clean(target.key)) for target, turn in entries),
    )


def _target_values(target: Target, started: str) -> tuple[str, ...]:
    values = (target.key, target.site, target.kind, target.id, target.url, target.archived_at, started)
    return tuple(clean(value) for value in values)


def commit(database: sqlite3.Connection, run: int, outcome: Outcome, started: datetime) -> bool:
    """Keep one outcome: visit, state, record and validators. False when a final one is there already."""
    number = _target_number(database, outcome.target, stamp(started))
    visits = database.execute(_LAST_VISITS, (number, run)).fetchall()
    if visits and visits[0]["run"] == run:
        if visits[0]["reason"] not in TRANSIENT:
            return False
        visits = visits[1:]
    database.execute(_VISIT, (number, run, *_visit_values(outcome, visits[0] if visits else None, started)))
    if outcome.record or outcome.unchanged:
        _keep_record(database, number, run, outcome, stamp(started))
    for url, etag in outcome.validators:
        database.execute("INSERT OR REPLACE INTO validator VALUES (?, ?)", (clean(url), clean(etag)))
    return True


def _target_number(database: sqlite3.Connection, target: Target, started: str) -> int:
    found = database.execute("SELECT id FROM target WHERE key = ?", (clean(target.key),)).fetchone()
    if found is None:
        found = (database.execute(_TARGET, _target_values(target, started)).lastrowid,)
    return int(found[0])


def _visit_values(outcome: Outcome, previous: sqlite3.Row | None, started: datetime) -> tuple[Any, ...]:
    verdict = outcome.verdict
    after = advance(state(previous) if previous else State(), verdict.health, started)
    # A memento found once is remembered: it is looked for when a link is in trouble, and wanted ever after.
    archived: tuple[str, str] = (clean(verdict.archived_url), archive_stamp(verdict.archived_at) or "")
    if not archived[0] and previous:
        archived = (previous["archived_url"], previous["archived_at"])
    texts = (verdict.final_url, verdict.redirects, verdict.suggested_url)
    return (
        stamp(outcome.checked_at),
        str(verdict.health),
        verdict.reason,
        clean(verdict.detail),
        verdict.http_status,
        *(clean(text) for text in texts),
        *archived,
        json.dumps([clean(note) for note in verdict.notes], ensure_ascii=False),
        outcome.attempts,
        outcome.requests,
        outcome.elapsed_ms,
        *(after_time and stamp(after_time) for after_time in (after.last_alive, after.failing_since)),
        after.failing_until and stamp(after.failing_until),
        after.failures,
    )


def _keep_record(database: sqlite3.Connection, number: int, run: int, outcome: Outcome, started: str) -> None:
    row = database.execute("SELECT * FROM record WHERE target = ?", (number,)).fetchone()
    known = json.loads(row["data"]) if row else {}
    source, as_of = (row["source"], row["as_of"]) if row else (outcome.metadata_source, started)
    past = bool(row) and outcome.metadata_source == MEMENTO and source != MEMENTO
    record = overlay(known, normal(outcome.record), past=past)
    if form(record) != form(known):
        as_of = started
        source = source if past else outcome.metadata_source or source
    if not row and not record:
        return
    # What the archive says of the past does not confirm what the living source said: the record stays stale.
    read = (row["read_run"], row["read_at"]) if past else (run, started)
    database.execute(
        "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
        (number, json.dumps(record, ensure_ascii=False, sort_keys=True), source, as_of, *read),
    )


def take_back_failures(database: sqlite3.Connection, run: int) -> None:
    """The machine was offline: the run's failures become `unverified`, with the state from before."""
    database.execute(_TAKE_BACK, (run,))


def count(database: sqlite3.Connection, run: int) -> None:
    """Keep how many links of each article have which health, for the trend."""
    database.execute("DELETE FROM tally WHERE run = ?", (run,))
    database.execute(_COUNT, {"run": run})


def abandon(database: sqlite3.Connection, run: int) -> None:
    """End a run that was cut off and not resumed. Where nobody answered, it says nothing of the links."""
    answered = "SELECT 1 FROM visit WHERE run = ? AND (health NOT IN ('failing', 'unverified', 'broken')"
    if not database.execute(f"{answered} OR http_status IS NOT NULL) LIMIT 1", (run,)).fetchone():
        take_back_failures(database, run)
    database.execute("UPDATE run SET status = 'abandoned', ended = active WHERE id = ?", (run,))


def prune(database: sqlite3.Connection, keep_runs: int | None, older_than: str | None) -> int:
    kept = database.execute(
        "SELECT min(id) FROM (SELECT id FROM run ORDER BY id DESC LIMIT ?)", (max(keep_runs or 1, 1),)
    ).fetchone()[0]
    recent = database.execute(
        "SELECT min(id) FROM run WHERE started >= ?", (older_than or "9999",)
    ).fetchone()[0]
    first = min(run for run in (kept, recent) if run is not None) if kept is not None else 0
    cursor = database.execute(
        "DELETE FROM visit WHERE run < ?"
        " AND run < (SELECT max(run) FROM visit AS v WHERE v.target = visit.target)",
        (first,),
    )
    database.execute("DELETE FROM run_article WHERE run < ?", (first,))
    database.execute("DELETE FROM mention WHERE article NOT IN (SELECT article FROM run_article)")
    database.execute("DELETE FROM article WHERE id NOT IN (SELECT article FROM run_article)")
    return cursor.rowcount
