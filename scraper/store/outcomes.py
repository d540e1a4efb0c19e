"""Outcomes: what a run learned of each target, kept as it comes, and what the next run asks of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from scraper.model import Called, Health, Outcome, Record
from scraper.records import MEMENTO as ARCHIVE
from scraper.records import archive_stamp, form, moment, normal, overlay, stamp
from scraper.store import values
from scraper.store.database import Database, Row
from scraper.store.rows import (
    EFFORT,
    MEMENTO,
    STATE,
    VERDICT,
    VISIT,
    as_json,
    insert,
    kept,
    listed,
    reader,
    row_of,
)
from scraper.store.runs import TRANSIENT, insert_target
from scraper.verdicts.history import LOOKED_BACK, State, advance, patience
from scraper.verdicts.reasons import PRESENT

_state = reader(State)
_VISIT = insert("visit", VISIT, "INSERT OR REPLACE")
_OF_RECORD = ("data", "source", "as_of", "read_run", "read_at")
_BEFORE = f"""
SELECT target.id, {listed(("run", "reason", *MEMENTO, *STATE), "visit.{}")},
    {listed(_OF_RECORD, "record.{}")}
FROM target LEFT JOIN record ON record.target = target.id
LEFT JOIN visit ON visit.target = target.id AND visit.run <= ?
WHERE target.key = ? ORDER BY visit.run DESC LIMIT 2
"""
"""The last two visits of a target, and with each its record: one statement for each outcome, not three."""
_LATEST_VISITS = """
SELECT visit.health, visit.checked_at FROM visit JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT ?
"""
_STATE = f"""
SELECT {listed(STATE, "visit.{}")} FROM visit JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT 1
"""
_RECORD = "SELECT record.* FROM record JOIN target ON target.id = record.target WHERE target.key = ?"
_CALLED = """
SELECT mention.text, mention.section_title, article.title FROM run_article
JOIN mention INDEXED BY mention_by_target
    ON mention.article = run_article.article AND mention.target = ?
JOIN article ON article.id = run_article.article
WHERE run_article.run = (SELECT max(run) FROM run_article) ORDER BY article.name, mention.position LIMIT 20
"""
_KEEP_RECORD = insert("record", ("target", *_OF_RECORD), "INSERT OR REPLACE")
_VALIDATORS = "SELECT url, etag FROM validator WHERE url BETWEEN ? AND ?"


class Outcomes:
    """The part of the store that keeps outcomes; it is the `Memory` of the sites."""

    _database: Database

    def commit(self, run: int, outcome: Outcome, run_started: datetime) -> bool:
        """Keep one outcome. False when the run has a final one of the target already: the first stays."""
        return self.commit_many(run, [outcome], run_started) == 1

    def commit_many(self, run: int, outcomes: Iterable[Outcome], run_started: datetime) -> int:
        """Keep many outcomes in one transaction, all or none; returns how many were new."""
        return len(self.commit_group(run, outcomes, run_started))

    def commit_group(self, run: int, outcomes: Iterable[Outcome], run_started: datetime) -> list[Outcome]:
        """The same; returns those that were new."""
        database = self._database
        with database.transaction():
            new = [outcome for outcome in outcomes if _commit(database, run, outcome, run_started)]
            if new:
                latest = stamp(max(outcome.checked_at for outcome in new))
                database.execute("UPDATE run SET active = max(active, ?) WHERE id = ?", (latest, run))
            return new

    def validator(self, url: str) -> str:
        """The ETag to send for a URL, or empty."""
        row = self._database.one("SELECT etag FROM validator WHERE url = ?", (url,))
        return "" if row is None else str(row["etag"])

    def validators(self, prefix: str) -> dict[str, str]:
        """The ETags of all URLs that begin so: what a worker of the cluster is told."""
        rows = self._database.stream(_VALIDATORS, (prefix, f"{prefix}\U0010ffff"))
        return {row["url"]: row["etag"] for row in rows}

    def last_read(self, target_key: str) -> datetime | None:
        """Start of the last run that read the target's metadata or had it confirmed."""
        row = self._database.one(_RECORD, (target_key,))
        return None if row is None else moment(row["read_at"])

    def state(self, target_key: str) -> State:
        """What the series of verdicts on the target came to, up to the last run."""
        row = self._database.one(_STATE, (target_key,))
        return State() if row is None else self._database.made(_state, row)

    def record(self, target_key: str) -> Record:
        """What is known of the target, in the form of `records.normal`; empty when nothing is."""
        row = self._database.one(_RECORD, (target_key,))
        return {} if row is None else self._database.made(_known, row)

    def called(self, target_key: str) -> Called:
        """What the articles of the present run call the target."""
        rows = self._database.all(_CALLED, (target_key,))
        texts = dict.fromkeys(row["text"] for row in rows)
        around = dict.fromkeys((*(row["section_title"] for row in rows), *(row["title"] for row in rows)))
        return Called(tuple(filter(None, texts)), tuple(filter(None, around)))

    def fresh(self, target_key: str, now: datetime, max_age: timedelta) -> bool:
        """Whether the link was alive so lately that it is left alone (`--max-age`); others never are.

        A steady link is left alone for longer, an unsteady one not so long: see `history.patience`.
        """
        rows = self._database.all(_LATEST_VISITS, (target_key, LOOKED_BACK))
        if not rows or rows[0]["health"] not in PRESENT:
            return False
        bearable = max_age * patience([self._database.made(_health, row) for row in rows])
        return timedelta() <= now - moment(rows[0]["checked_at"]) < bearable


def _commit(database: Database, run: int, outcome: Outcome, started: datetime) -> bool:
    """Keep one outcome: visit, state, record and validators. False when a final one is there already."""
    before = database.all(_BEFORE, (run, kept(outcome.target.key)))
    number = before[0]["id"] if before else insert_target(database, outcome.target, stamp(started))
    visits = [row for row in before if row["run"] is not None]
    if visits and visits[0]["run"] == run:
        if visits[0]["reason"] not in TRANSIENT:
            return False
        visits = visits[1:]
    visit = _visit(outcome, visits[0] if visits else None, started)
    database.execute(_VISIT, {**visit, "target": number, "run": run})
    if outcome.record or outcome.unchanged:
        record = before[0] if before and before[0]["data"] is not None else None
        _keep_record(database, number, run, outcome, stamp(started), record)
    for url, etag in outcome.validators:
        database.execute(
            "INSERT OR REPLACE INTO validator (url, etag) VALUES (?, ?)", (kept(url), kept(etag))
        )
    return True


def _visit(outcome: Outcome, previous: Row | None, started: datetime) -> dict[str, Any]:
    verdict = outcome.verdict
    state = _state(previous) if previous else State()
    row = row_of(verdict, VERDICT) | row_of(outcome, EFFORT)
    row |= row_of(advance(state, verdict.health, started), STATE)
    if not verdict.archived_url and previous:
        return row | {name: previous[name] for name in MEMENTO}
    return row | {"archived_at": archive_stamp(verdict.archived_at) or ""}


def _health(row: Row) -> Health:
    return Health(row["health"])


def _known(row: Row) -> Record:
    return values.record(row["data"])


def _keep_record(
    database: Database, number: int, run: int, outcome: Outcome, started: str, row: Row | None
) -> None:
    """Lay the record over the one in `row`, where there is one."""
    known = database.made(_known, row) if row else {}
    source, as_of = (row["source"], row["as_of"]) if row else (outcome.metadata_source, started)
    past = bool(row) and outcome.metadata_source == ARCHIVE and source != ARCHIVE
    record = overlay(known, normal(outcome.record), past=past)
    if form(record) != form(known):
        as_of = started
        source = source if past else outcome.metadata_source or source
    if not row and not record:
        return
    new = {
        "target": number,
        "data": as_json(record),
        "source": source,
        "as_of": as_of,
        "read_run": run,
        "read_at": started,
    }
    if row and past:  # what the archive says of the past confirms nothing: the record stays stale
        new |= {name: row[name] for name in ("read_run", "read_at")}
    database.execute(_KEEP_RECORD, new)
