"""Whatever SQLite refuses, wherever it is asked, is a `StoreError` of one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import StoreError
from scraper.model import Article, Health, Outcome, Target, Verdict
from scraper.store.database import Database
from scraper.store.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
TARGET = Target("web:a", "web", "page", "a", "a")
ARTICLE = Article("list", "list.md", "A list", ())
OUTCOME = Outcome(TARGET, Verdict(Health.ALIVE, "ok"), NOW)

USES: dict[str, Callable[[Store], Any]] = {
    "begin_run": lambda store: store.begin_run([ARTICLE], NOW),
    "resumable": lambda store: store.resumable([ARTICLE], NOW),
    "started": lambda store: store.started(1),
    "finish_run": lambda store: store.finish_run(1, NOW, "published"),
    "last_run": lambda store: store.last_run("list"),
    "last_shown": lambda store: store.last_shown("list"),
    "last_success": lambda store: store.last_success(),
    "articles": lambda store: store.articles(1),
    "lost_hosts": lambda store: store.lost_hosts(1),
    "plan": lambda store: store.plan(1, [(TARGET, "host")]),
    "remaining": lambda store: store.remaining(1),
    "planned": lambda store: store.planned(1, "host", 10),
    "commit": lambda store: store.commit(1, OUTCOME, NOW),
    "commit_group": lambda store: store.commit_group(1, [OUTCOME], NOW),
    "commit_many": lambda store: store.commit_many(1, [OUTCOME], NOW),
    "validator": lambda store: store.validator("a"),
    "validators": lambda store: store.validators("a"),
    "last_read": lambda store: store.last_read("web:a"),
    "state": lambda store: store.state("web:a"),
    "record": lambda store: store.record("web:a"),
    "called": lambda store: store.called("web:a"),
    "states": lambda store: store.states(["web:a"]),
    "records": lambda store: store.records(["web:a"]),
    "names": lambda store: store.names(["web:a"]),
    "fresh": lambda store: store.fresh("web:a", NOW, timedelta(days=1)),
    "article": lambda store: store.article(1, "list"),
    "about": lambda store: store.about(1, "list"),
    "linked": lambda store: store.linked(1),
    "mentions": lambda store: store.mentions(1, "list"),
    "rows": lambda store: store.rows(1, "list"),
    "row": lambda store: store.row(1, "list", "web:a"),
    "checks": lambda store: store.checks(1, "list"),
    "history": lambda store: store.history("web:a"),
    "healths": lambda store: store.healths(1, "list"),
    "note_changes": lambda store: store.note_changes(1),
    "past": lambda store: store.past(1, "list"),
    "counts": lambda store: store.counts(1, "list"),
    "trend": lambda store: store.trend("list"),
    "backup": lambda store: store.backup(store.path.with_name("copy.db")),
    "check": lambda store: store.check(),
    "prune": lambda store: store.prune(keep_runs=1),
    "forget": lambda store: store.forget(NOW),
}


def test_every_use_of_a_store_is_in_the_list() -> None:
    public = {name for name in dir(Store) if not name.startswith("_")}
    assert public - {"open", "close"} == set(USES)


@pytest.mark.parametrize("use", sorted(set(USES) - {"check"}))
def test_a_refusal_is_told_in_a_line_whatever_was_asked(use: str, tmp_path: Path) -> None:
    path = tmp_path / "scraper.db"
    with Store.open(path) as store:
        run = store.begin_run([ARTICLE], NOW)
        store.finish_run(run, NOW, "published")
    with pytest.raises(StoreError) as caught:
        found = USES[use](store)
        if isinstance(found, Iterable):
            list(found)
    assert "\n" not in str(caught.value)
    assert "closed database" in str(caught.value)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "some.db")
    made.execute("CREATE TABLE fruit (name TEXT UNIQUE)")
    return made


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(StoreError, match="UNIQUE"), database.transaction():
        database.execute("INSERT INTO fruit VALUES ('apple')")
        database.many("INSERT INTO fruit VALUES (?)", [("pear",), ("apple",)])
    assert database.all("SELECT * FROM fruit") == []
    with pytest.raises(ZeroDivisionError), database.transaction():
        database.execute("INSERT INTO fruit VALUES ('apple')")
        _ = 1 / 0
    with database.transaction():
        database.execute("INSERT INTO fruit VALUES ('apple')")
    assert [row["name"] for row in database.stream("SELECT * FROM fruit")] == ["apple"]
    database.close()


def test_a_fault_of_who_reads_a_stream_stays_his_own(database: Database) -> None:
    database.execute("INSERT INTO fruit VALUES ('apple')")
    with pytest.raises(sqlite3.IntegrityError):
        for _ in database.stream("SELECT * FROM fruit"):
            raise sqlite3.IntegrityError("not of this database")
    database.close()


def test_a_stream_that_breaks_on_the_way_is_told(database: Database) -> None:
    database.many(
        "INSERT INTO fruit VALUES (?)", [*((str(number),) for number in range(1, 1000)), ("not json",)]
    )
    found = database.stream("SELECT json_extract(name, '$') AS value FROM fruit ORDER BY rowid")
    assert next(found)["value"] == 1
    with pytest.raises(StoreError, match="malformed JSON"):
        list(found)
    database.close()
