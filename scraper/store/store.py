"""The memory of all runs: what was planned, visited, read and judged, in one SQLite file.

Every outcome is committed as it comes, in a transaction of its own or of its batch: a kill loses at most what
was in flight. Whatever SQLite or the disk refuses is a `StoreError` of one line. One connection, one thread.
Times go in and out as aware datetimes and are kept to the second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from scraper.errors import StoreError
from scraper.model import Article, Called, LinkRow, Mention, Outcome, Record, Target
from scraper.records import moment, stamp
from scraper.store import reading, schema, writing
from scraper.store.reading import About, Visit
from scraper.verdicts.history import Rule
from scraper.verdicts.reasons import PRESENT

FINISHED = frozenset({"published", "incomplete", "offline", "failed"})
"""How a run can end; `running` is one that did not, `abandoned` one that never will."""

_BATCH = 10_000


class Store:
    """The store at a path. `Memory` of the sites: `validator`, `last_read`, `record`, `called`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, created: bool) -> None:
        self.path = path
        self.created = created
        """Nothing was at the path: the history begins with this run."""
        self._connection = connection
        self.sandbox = schema.is_sandbox(connection)
        """Every answer in it came from the sandbox."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, wait: float = 5.0, sandbox: bool = False) -> Store:
        """Open the store, migrate an older one, make one where there is none and `create` is set.

        Args:
            wait: seconds to wait for another program that is writing.
            sandbox: mark a new store as one of the sandbox.

        Raises:
            StoreError: missing, damaged, foreign, newer, locked or out of reach; nothing was changed.
        """
        path = Path(path)
        with schema.told(path):
            missing = not path.exists() and not path.is_symlink()
            if missing and not create:
                raise StoreError(f"There is no store at {path} yet: `scraper refresh` makes it.")
            return cls(path, schema.connect(path, wait=wait, sandbox=sandbox), created=missing)

    def close(self) -> None:
        with schema.told(self.path):
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        database = self._connection
        with schema.told(self.path):
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # on a full disk SQLite has rolled back by itself
                    database.execute("ROLLBACK")
                raise

    def _one(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Row | None:
        with schema.told(self.path):
            row: sqlite3.Row | None = self._connection.execute(statement, parameters).fetchone()
            return row

    # Runs

    def begin_run(self, articles: Sequence[Article], now: datetime) -> int:
        """Begin a run over these articles, which are kept with their mentions; ends runs that never ended."""
        with self._transaction() as database:
            for (run,) in database.execute("SELECT id FROM run WHERE status = 'running'").fetchall():
                writing.abandon(database, run)
            database.execute("DELETE FROM plan")
            run = writing.insert_run(database, stamp(now), writing.digest(articles))
            for article in articles:
                writing.insert_article(database, run, article, writing.digest([article]))
            return run

    def resumable(
        self, articles: Sequence[Article], now: datetime, within: timedelta = timedelta(hours=1)
    ) -> int | None:
        """The last run, if it was cut off or left incomplete lately, over the same articles."""
        row = self._one("SELECT * FROM run ORDER BY id DESC LIMIT 1")
        if (
            row is None
            or row["status"] not in ("running", "incomplete")
            or row["articles"] != writing.digest(articles)
        ):
            return None
        return int(row["id"]) if timedelta() <= now - moment(row["active"]) <= within else None

    def started(self, run: int) -> datetime:
        """When the run began: a resumed run keeps the start of its first part."""
        row = self._one("SELECT started FROM run WHERE id = ?", (run,))
        if row is None:
            raise StoreError(f"The store {self.path} knows no run {run}.")
        return moment(row["started"])

    def finish_run(self, run: int, now: datetime, status: str) -> None:
        """End a run (`published`, `incomplete`, `offline`, `failed`) and have everything on the disk.

        `offline` takes back the run's failures: they said something about this machine (design rule 6).
        """
        if status not in FINISHED:
            raise ValueError(f"no such status: {status}")
        with self._transaction() as database:
            if status == "offline":
                writing.take_back_failures(database, run)
            if status != "incomplete":
                database.execute("DELETE FROM plan WHERE run = ?", (run,))
            writing.count(database, run)
            database.execute(
                "UPDATE run SET ended = ?, active = ?, status = ? WHERE id = ?",
                (stamp(now), stamp(now), status, run),
            )
        with schema.told(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def last_run(self, article: str, status: str = "published") -> int | None:
        """The newest run over the article that ended so."""
        row = self._one(reading.LAST_RUN, (article, status))
        return None if row is None else int(row["id"])

    def last_success(self) -> datetime | None:
        """When the last published run ended."""
        row = self._one("SELECT ended FROM run WHERE status = 'published' ORDER BY id DESC LIMIT 1")
        return None if row is None else moment(row["ended"])

    def lost_hosts(self, run: int) -> tuple[int, int]:
        """How many keys of the run's plan answered nothing at all, of those that answered the time before."""
        row = self._one(reading.LOST_HOSTS, {"run": run})
        return (int(row["lost"]), int(row["before"])) if row else (0, 0)

    # The plan of a run

    def plan(self, run: int, entries: Iterable[tuple[Target, str]]) -> None:
        """Note which targets the run visits, and whose turn each takes (pacing key); again is no harm."""
        started = stamp(self.started(run))
        remaining = iter(entries)
        while batch := list(islice(remaining, _BATCH)):
            with self._transaction() as database:
                writing.insert_plan(database, run, batch, started)

    def remaining(self, run: int) -> dict[str, int]:
        """How many planned targets of each pacing key have no final outcome in this run."""
        with schema.told(self.path):
            rows = self._connection.execute(reading.REMAINING, (run,)).fetchall()
            return {row["turn"]: row["targets"] for row in rows}

    def planned(self, run: int, key: str, limit: int, after: str = "") -> list[Target]:
        """The next planned targets of a pacing key without a final outcome, in the order of their keys.

        Pass the last key as `after` to go on: an outcome that is not final (`deadline`, `offline`) leaves its
        target in the plan, to be asked when the run is resumed.
        """
        with schema.told(self.path):
            rows = self._connection.execute(reading.PLANNED, (run, key, after, limit)).fetchall()
            return [reading.target(row) for row in rows]

    # Outcomes

    def commit(self, run: int, outcome: Outcome, run_started: datetime) -> bool:
        """Keep one outcome. False when the run has a final one of the target already: the first stays."""
        return self.commit_many(run, [outcome], run_started) == 1

    def commit_many(self, run: int, outcomes: Iterable[Outcome], run_started: datetime) -> int:
        """Keep many outcomes in one transaction, all or none; returns how many were new."""
        with self._transaction() as database:
            kept = [outcome for outcome in outcomes if writing.commit(database, run, outcome, run_started)]
            if kept:
                latest = stamp(max(outcome.checked_at for outcome in kept))
                database.execute("UPDATE run SET active = max(active, ?) WHERE id = ?", (latest, run))
            return len(kept)

    # The memory that sites ask

    def validator(self, url: str) -> str:
        """The ETag to send for a URL, or empty."""
        row = self._one("SELECT etag FROM validator WHERE url = ?", (url,))
        return "" if row is None else str(row["etag"])

    def validators(self, prefix: str) -> dict[str, str]:
        """The ETags of all URLs that begin so: what a worker of the cluster is told."""
        with schema.told(self.path):
            return dict(self._connection.execute(reading.VALIDATORS, (prefix, f"{prefix}\U0010ffff")))

    def last_read(self, target_key: str) -> datetime | None:
        """Start of the last run that read the target's metadata or had it confirmed."""
        row = self._one(reading.RECORD, (target_key,))
        return None if row is None else moment(row["read_at"])

    def record(self, target_key: str) -> Record:
        """What is known of the target, in the form of `records.normal`; empty when nothing is."""
        row = self._one(reading.RECORD, (target_key,))
        return {} if row is None else dict(json.loads(row["data"]))

    def called(self, target_key: str) -> Called:
        """What the articles of the present run call the target."""
        with schema.told(self.path):
            rows = self._connection.execute(reading.CALLED, (target_key,)).fetchall()
        texts = dict.fromkeys(row["text"] for row in rows)
        around = dict.fromkeys((*(row["section_title"] for row in rows), *(row["title"] for row in rows)))
        return Called(tuple(filter(None, texts)), tuple(filter(None, around)))

    def fresh(self, target_key: str, now: datetime, max_age: timedelta) -> bool:
        """Whether the link was alive so lately that it is left alone (`--max-age`); others never are."""
        row = self._one(reading.LATEST_VISIT, (target_key,))
        if row is None or row["health"] not in PRESENT:
            return False
        return timedelta() <= now - moment(row["checked_at"]) < max_age

    # What is published and shown

    def articles(self, run: int) -> list[str]:
        """Names of the run's articles, in order."""
        with schema.told(self.path):
            rows = self._connection.execute(reading.ARTICLES, (run,)).fetchall()
            return [str(row["name"]) for row in rows]

    def article(self, run: int, article: str) -> Article:
        """The article as the run read it, with all mentions."""
        with schema.told(self.path):
            return reading.article(self._connection, run, article)

    def about(self, run: int, article: str) -> About:
        """What is said of the article without a look at its mentions, which may be a million."""
        with schema.told(self.path):
            return reading.about(self._connection, run, article)

    def linked(self, run: int) -> Iterator[tuple[str, str]]:
        """Every target of the run's articles, ordered by key: its address at the first mention, and the first
        time stamp of a memento that a mention names. Streamed."""
        with schema.told(self.path):
            yield from reading.linked(self._connection, run)

    def mentions(self, run: int, article: str) -> Iterator[Mention]:
        """The article's mentions in reading order, streamed."""
        with schema.told(self.path):
            yield from reading.mentions(self._connection, run, article)

    def rows(self, run: int, article: str, rule: Rule | None = None) -> Iterator[LinkRow]:
        """The rows of links.csv after this run, ordered by target, streamed."""
        with schema.told(self.path):
            yield from reading.rows(self._connection, run, article, rule or Rule())

    def row(self, run: int, article: str, target_key: str, rule: Rule | None = None) -> LinkRow | None:
        """One row of links.csv, or None when the article does not link to the target."""
        with schema.told(self.path):
            return next(reading.rows(self._connection, run, article, rule or Rule(), target_key), None)

    def checks(self, run: int, article: str) -> Iterator[Mapping[str, Any]]:
        """The rows of checks.csv: what was visited in this very run, ordered by target, streamed."""
        with schema.told(self.path):
            yield from reading.checks(self._connection, run, article)

    def history(self, target_key: str, limit: int = 1000) -> list[Visit]:
        """The last visits of a target, oldest first."""
        with schema.told(self.path):
            return reading.history(self._connection, target_key, limit)

    def histories(self, target_keys: Iterable[str], last: int = 30) -> dict[str, list[Visit]]:
        """The last visits of each target, oldest first."""
        return {key: self.history(key, last) for key in target_keys}

    def trend(self, article: str, last: int = 60) -> list[tuple[datetime, dict[str, int]]]:
        """Start and links by health of the article's last published runs, oldest first."""
        with schema.told(self.path):
            return reading.trend(self._connection, article, last)

    # Upkeep

    def backup(self, path: Path) -> None:
        """Write a whole copy (`VACUUM INTO`; a copied file without its `-wal` would lack the newest commits).

        Raises:
            StoreError: something is at `path` already, or it cannot be written.
        """
        schema.copy(self._connection, Path(path))

    def check(self) -> list[str]:
        """Everything that is wrong inside the file, one line each; empty when it is whole."""
        return schema.damage(self._connection)

    def prune(self, *, keep_runs: int | None = None, older_than: datetime | None = None) -> int:
        """Forget old visits; returns how many.

        Kept are the visits of the last `keep_runs` runs and of runs begun since `older_than`, and always the
        latest visit of each target (it carries the link's state), all records, the tallies of the trend.
        """
        if keep_runs is None and older_than is None:
            raise ValueError("say which runs to keep: keep_runs, older_than or both")
        with self._transaction() as database:
            forgotten = writing.prune(database, keep_runs, stamp(older_than) if older_than else None)
        with schema.told(self.path), closing(self._connection.cursor()) as cursor:
            cursor.execute("VACUUM")
        return forgotten
