"""A column is called like the field that it keeps: what follows for verdicts, mentions and articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.columns import CHECKS, LINKS
from scraper.model import Article, Finding, Health, Mention, Outcome, Problem, Target, Verdict
from scraper.store import rows, schema
from scraper.store.reading import Visit
from scraper.store.runs import ABOUT_ARTICLE
from scraper.store.store import Store
from scraper.verdicts.health import weigh
from scraper.verdicts.history import State

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
URL = "https://a.example/"
TARGET = Target(f"web:{URL}", "web", "page", URL, URL, "20220926095407")
MENTIONS = (
    Mention(3, 2, "Title", "text", f"<{URL}>", URL, "20220926095407", "web", TARGET.key),
    Mention(4, None, "", "again", URL, URL, "", "web", TARGET.key),
)
ARTICLE = Article("list", "list.md", "A list", MENTIONS, (Problem(9, "htp:/x", "no address"),), 2, 1)
FULL: dict[str, Any] = {
    "health": Health.BROKEN,
    "reason": "gone",
    "detail": "seen",
    "http_status": 410,
    "final_url": "https://b.example/",
    "redirects": "302 https://b.example/",
    "suggested_url": "https://c.example/",
    "archived_url": "https://web.archive.org/web/20220926095407/https://a.example/",
    "archived_at": "20220926095407",
    "notes": ("one", "two, with a comma"),
}
"""A verdict of which every field says something. A new field has its example here."""
LATER = [
    f"ALTER TABLE {table} ADD COLUMN later TEXT NOT NULL DEFAULT 'unheard of'"
    for table in ("run", "article", "mention", "target", "plan", "visit", "record", "validator", "tally")
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scraper.db"


def columns(path: Path, table: str) -> set[str]:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        return {row[1] for row in database.execute(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        ("visit", rows.VISIT),
        ("mention", rows.names(Mention)),
        ("article", (*ABOUT_ARTICLE, "problems")),
        # The places in a target are those of its mentions.
        ("target", {"ident", *rows.names(Target)} - {"id", "fragments"}),
    ],
)
def test_every_field_has_a_column_of_its_name(path: Path, table: str, kept: tuple[str, ...]) -> None:
    assert set(kept) <= columns(path, table), "a new field needs a migration that adds its column"


def test_no_field_of_a_verdict_is_missing_in_the_example() -> None:
    assert FULL.keys() == {field.name for field in fields(Verdict)}
    assert all(FULL.values())


def one_run(store: Store, *outcomes: Outcome, status: str = "published") -> int:
    number = store.begin_run([ARTICLE], NOW)
    store.plan(number, [(TARGET, "host")])
    assert store.planned(number, "host", 10) == [TARGET]
    store.commit_many(number, outcomes, NOW)
    store.finish_run(number, NOW, status)
    return number


def test_all_of_a_verdict_comes_back(path: Path) -> None:
    outcome = Outcome(TARGET, Verdict(**FULL), NOW, attempts=2, requests=1.5, elapsed_ms=70)
    with Store.open(path) as store:
        number = one_run(store, outcome)
        row = store.row(number, "list", TARGET.key)
        (check,) = store.checks(number, "list")
        (visit,) = store.history(TARGET.key)
    assert row is not None
    expected = {**FULL, "archived_at": "2022-09-26T09:54:07Z", "notes": list(FULL["notes"])}
    published = {column.name for column in LINKS.columns}
    assert {name: row[name] for name in expected if name in published} == {
        name: value for name, value in expected.items() if name in published
    }
    effort: dict[str, Any] = {"attempts": 2, "requests": 1.5, "elapsed_ms": 70}
    assert check.items() >= {**effort, "checked_at": "2026-11-23T07:00:00Z", "reason": "gone"}.items()
    assert list(check) == [column.name for column in CHECKS.columns]
    known = {name: FULL[name] for name in rows.names(Visit) if name in FULL}
    assert visit == Visit(run=number, started=NOW, checked_at=NOW, **known, **effort)


def test_a_verdict_says_nothing_but_its_health_and_reason(path: Path) -> None:
    with Store.open(path) as store:
        number = one_run(store, Outcome(TARGET, Verdict(Health.UNVERIFIED, "robots"), NOW))
        row = store.row(number, "list", TARGET.key)
    assert row is not None
    assert {name for name in rows.VERDICT if row[name] is not None} == {"health", "reason"}


def test_an_offline_run_takes_back_the_whole_verdict_but_the_copy(path: Path) -> None:
    with Store.open(path) as store:
        number = one_run(store, Outcome(TARGET, Verdict(**FULL), NOW), status="offline")
        row = store.row(number, "list", TARGET.key)
    assert row is not None
    said = {name: row[name] for name in rows.VERDICT if row[name] is not None}
    assert said == {
        "health": "unverified",
        "reason": "offline",
        "archived_url": FULL["archived_url"],
        "archived_at": "2022-09-26T09:54:07Z",
    }


def test_a_verdict_takes_over_all_that_its_finding_says() -> None:
    assert weigh([Finding(TARGET.key, "page", 2, **FULL)]) == Verdict(**FULL)


@pytest.fixture
def migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of today's version with a run in it, opened by a later one, whose tables have a column more."""
    with Store.open(path) as store:
        one_run(store, Outcome(TARGET, Verdict(**FULL), NOW, {"title": "T"}, "page"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ";\n".join(LATER)))
    with Store.open(path) as store:
        yield store


def test_a_column_that_a_migration_adds_shifts_nothing(migrated: Store) -> None:
    run = migrated.last_run("list")
    assert run is not None
    before = migrated.row(run, "list", TARGET.key)
    for _ in range(2):  # what the older version wrote, and what is written into the wider tables
        assert migrated.article(run, "list") == ARTICLE
        assert tuple(migrated.mentions(run, "list")) == MENTIONS
        assert migrated.row(run, "list", TARGET.key) == before
        assert migrated.history(TARGET.key)[-1].reason == "gone"
        assert migrated.record(TARGET.key) == {"title": "T"}
        again = Outcome(TARGET, Verdict(**FULL), NOW, {"title": "T"}, "page", validators=((URL, "tag"),))
        other = replace(ARTICLE, title="Another title")
        run = migrated.begin_run([ARTICLE, replace(other, name="other")], NOW)
        migrated.plan(run, [(TARGET, "host")])
        assert migrated.commit(run, again, NOW)
        migrated.finish_run(run, NOW, "published")
    assert migrated.article(run, "other").mentions == MENTIONS
    assert migrated.validator(URL) == "tag"
    assert migrated.check() == []


def test_nothing_known_is_the_state_of_a_link_never_seen(path: Path) -> None:
    with Store.open(path):
        pass
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        nothing = database.execute(
            "SELECT NULL AS last_alive, NULL AS failing_since, NULL AS failing_until, NULL AS failures"
        ).fetchone()
    assert rows.reader(State)(nothing) == State()
