"""Outcomes: what a run learned of each target, kept as it comes, and what the next run asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
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
from scraper.store.runs import TRANSIENT, insert_targets
from scraper.verdicts.history import LOOKED_BACK, State, advance, patience
from scraper.verdicts.reasons import PRESENT

_state = reader(State)
_VISIT = insert("visit", VISIT, "INSERT OR REPLACE")
_OPEN = (None, *TRANSIENT)
"""What a run may have said of a target that it is still to visit."""
_READ = ("read_run", "read_at")
_OF_RECORD = ("data", "source", "as_of", *_READ)
_BEFORE = f"""
SELECT target.key, target.id, now.reason, {listed((*MEMENTO, *STATE), "last.{}")},
    {listed(_OF_RECORD, "record.{}")}
FROM json_each(:keys) AS wanted JOIN target ON target.key = wanted.value
LEFT JOIN record ON record.target = target.id
LEFT JOIN visit AS now ON now.target = target.id AND now.run = :run
LEFT JOIN visit AS last ON last.target = target.id
    AND last.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id AND v.run < :run)
"""
"""What the run said of targets already, the visit of each before it, its record: one statement a group."""
_LATEST_VISITS = """
SELECT visit.health, visit.checked_at FROM visit JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT ?
"""
_STATES = f"""
SELECT target.key, {listed(STATE, "visit.{}")}
FROM json_each(?) AS wanted JOIN target ON target.key = wanted.value JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id)
"""
_RECORDS = """
SELECT target.key, record.data, record.read_at
FROM json_each(?) AS wanted JOIN target ON target.key = wanted.value JOIN record ON record.target = target.id
"""
_CALLED = """
SELECT mention.target AS target_key, mention.text, mention.section_title, article.title
FROM json_each(?) AS wanted
JOIN run_article ON run_article.run = (SELECT max(run) FROM run_article)
JOIN mention INDEXED BY mention_by_target
    ON mention.article = run_article.article AND mention.target = wanted.value
JOIN article ON article.id = run_article.article ORDER BY wanted.key, article.name, mention.position
"""
_NAMED = 20
"""Mentions by which a target is called something: one may be mentioned a thousand times."""
_KEEP_RECORD = insert("record", ("target", *_OF_RECORD), "INSERT OR REPLACE")
_KEEP_VALIDATOR = insert("validator", ("url", "etag"), "INSERT OR REPLACE")
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
            chosen = _one_each(outcomes)
            before = _before(database, run, chosen, run_started)
            new = {key: outcome for key, outcome in chosen.items() if before[key]["reason"] in _OPEN}
            if new:
                _keep(database, run, new, before, run_started)
            return list(new.values())

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
        return next((read_at for read_at, _ in self.records([target_key]).values()), None)

    def state(self, target_key: str) -> State:
        """What the series of verdicts on the target came to, up to the last run."""
        return self.states([target_key]).get(target_key, State())

    def record(self, target_key: str) -> Record:
        """What is known of the target, in the form of `records.normal`; empty when nothing is."""
        return next((record for _, record in self.records([target_key]).values()), {})

    def called(self, target_key: str) -> Called:
        """What the articles of the present run call the target."""
        return self.names([target_key]).get(target_key, Called())

    def states(self, keys: Iterable[str]) -> dict[str, State]:
        """`state` of those of the targets that were ever visited."""
        rows = self._database.stream(_STATES, (as_json([*keys]),))
        return {row["key"]: self._database.made(_state, row) for row in rows}

    def records(self, keys: Iterable[str]) -> dict[str, tuple[datetime, Record]]:
        """`last_read` and `record` of those of the targets whose metadata was ever read."""
        rows = self._database.stream(_RECORDS, (as_json([*keys]),))
        return {row["key"]: (moment(row["read_at"]), self._database.made(_known, row)) for row in rows}

    def names(self, keys: Iterable[str]) -> dict[str, Called]:
        """`called` of those of the targets that the present run links to."""
        rows = self._database.stream(_CALLED, (as_json([*keys]),))
        mentions = groupby(rows, itemgetter("target_key"))
        return {key: _called([*islice(same, _NAMED)]) for key, same in mentions}

    def fresh(self, target_key: str, now: datetime, max_age: timedelta) -> bool:
        """Whether the link was alive so lately that it is left alone (`--max-age`); others never are.

        A steady link is left alone for longer, an unsteady one not so long: see `history.patience`.
        """
        rows = self._database.all(_LATEST_VISITS, (target_key, LOOKED_BACK))
        if not rows or rows[0]["health"] not in PRESENT:
            return False
        bearable = max_age * patience([self._database.made(_health, row) for row in rows])
        return timedelta() <= now - moment(rows[0]["checked_at"]) < bearable


def _one_each(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """The outcome of each target, by key: of several the first that is final."""
    chosen: dict[str, Outcome] = {}
    for outcome in outcomes:
        key = kept(outcome.target.key)
        if key not in chosen or chosen[key].verdict.reason in TRANSIENT:
            chosen[key] = outcome
    return chosen


def _before(database: Database, run: int, chosen: Mapping[str, Outcome], started: datetime) -> dict[str, Row]:
    """What is known of each target, by key; targets that are not are made."""
    asked = {"run": run, "keys": as_json([*chosen])}
    known = {row["key"]: row for row in database.all(_BEFORE, asked)}
    if len(known) == len(chosen):
        return known
    insert_targets(database, (chosen[key].target for key in chosen if key not in known), stamp(started))
    return {row["key"]: row for row in database.all(_BEFORE, asked)}


def _keep(
    database: Database, run: int, new: Mapping[str, Outcome], before: Mapping[str, Row], started: datetime
) -> None:
    """Visits, states, records and validators, and when the run was last at work."""
    pairs = [(outcome, before[key]) for key, outcome in new.items()]
    database.many(_VISIT, ({**_visit(*pair, started), "run": run} for pair in pairs))
    records = (_record(database, run, *pair, stamp(started)) for pair in pairs)
    database.many(_KEEP_RECORD, (record for record in records if record))
    validators = (pair for outcome in new.values() for pair in outcome.validators)
    database.many(_KEEP_VALIDATOR, ({"url": kept(url), "etag": kept(etag)} for url, etag in validators))
    latest = stamp(max(outcome.checked_at for outcome in new.values()))
    database.execute("UPDATE run SET active = max(active, ?) WHERE id = ?", (latest, run))


def _visit(outcome: Outcome, before: Row, started: datetime) -> dict[str, Any]:
    verdict = outcome.verdict
    row = {
        "target": before["id"],
        **row_of(verdict, VERDICT),
        **row_of(outcome, EFFORT),
        **row_of(advance(_state(before), verdict.health, started), STATE),
    }
    if not verdict.archived_url and before["archived_url"]:
        return row | {name: before[name] for name in MEMENTO}
    return row | {"archived_at": archive_stamp(verdict.archived_at) or ""}


def _called(mentions: Sequence[Row]) -> Called:
    texts = dict.fromkeys(row["text"] for row in mentions)
    titles = (row[name] for name in ("section_title", "title") for row in mentions)
    return Called(tuple(filter(None, texts)), tuple(filter(None, dict.fromkeys(titles))))


def _health(row: Row) -> Health:
    return Health(row["health"])


def _known(row: Row) -> Record:
    return values.record(row["data"])


def _record(
    database: Database, run: int, outcome: Outcome, before: Row, started: str
) -> dict[str, Any] | None:
    """The outcome's record laid over the one before; None where there is nothing to keep."""
    there = before["data"] is not None
    if not (outcome.record or (outcome.unchanged and there)):
        return None
    known = database.made(_known, before) if there else {}
    source, as_of = (before["source"], before["as_of"]) if there else (outcome.metadata_source, started)
    past = there and outcome.metadata_source == ARCHIVE and source != ARCHIVE
    record = overlay(known, normal(outcome.record), past=past)
    if form(record) != form(known):
        as_of = started
        source = source if past else outcome.metadata_source or source
    # What the archive says of the past confirms nothing: the record stays stale.
    read = {name: before[name] for name in _READ} if past else {"read_run": run, "read_at": started}
    return {"target": before["id"], "data": as_json(record), "source": source, "as_of": as_of, **read}
