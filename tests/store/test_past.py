"""What changed, and with which run: rows that outlive the visits they came from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scraper.columns import HISTORY
from scraper.model import Article, Health, Mention, Outcome, Record, Target, Verdict
from scraper.store.store import Store

START = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST, SECOND, THIRD = ("2026-11-23T07:00:00Z", "2026-11-24T07:00:00Z", "2026-11-25T07:00:00Z")
UNCHECKED = (Health.UNVERIFIED, "rate_limited")


def target(name: str) -> Target:
    return Target(f"github:o/{name}", "github", "repository", f"o/{name}", f"https://github.com/o/{name}")


def article(*names: str) -> Article:
    made = [
        Mention(1, None, "", name, "", target(name).url, "", "github", target(name).key) for name in names
    ]
    return Article("list", "list.md", "A list", tuple(made))


def run(
    store: Store,
    day: int,
    verdict: tuple[Health, str] = (Health.ALIVE, "ok"),
    record: Record | None = None,
    *,
    name: str = "a",
    status: str = "published",
) -> int:
    at = START + day * DAY
    number = store.begin_run([article(name)], at)
    store.plan(number, [(target(name), "api")])
    source = "github-rest" if record else ""
    store.commit(number, Outcome(target(name), Verdict(*verdict), at, record or {}, source), at)
    if status == "published":
        store.note_changes(number)
    store.finish_run(number, at, status)
    return number


def told(store: Store, number: int) -> list[tuple[Any, ...]]:
    rows = list(store.past(number, "list"))
    assert all(list(row) == [column.name for column in HISTORY.columns] for row in rows)
    return [tuple(row.values())[1:] for row in rows]


ACTIVE: Record = {"stars": 10, "archived": False, "license_spdx": "MIT", "license_state": "spdx"}


def test_one_row_for_each_change_and_none_for_none(store: Store) -> None:
    run(store, 0, record=ACTIVE)
    run(store, 1, record=ACTIVE)
    last = run(store, 2, record=ACTIVE | {"stars": 12, "archived": True})
    assert told(store, last) == [
        (FIRST, "alive", 10, False, "MIT", None),
        (THIRD, "alive", 12, True, "MIT", None),
    ]


def test_a_run_that_could_not_check_changes_no_health(store: Store) -> None:
    run(store, 0, record=ACTIVE)
    run(store, 1, UNCHECKED)
    last = run(store, 2, (Health.BROKEN, "not_found"))
    assert [row[:2] for row in told(store, last)] == [(FIRST, "alive"), (THIRD, "broken")]


def test_nothing_is_said_of_what_was_never_checked(store: Store) -> None:
    assert told(store, run(store, 0, UNCHECKED)) == []


@pytest.mark.parametrize(
    ("record", "licence"),
    [
        ({"license_state": "unrecognised", "license_spdx": None}, "unrecognised"),
        ({"license_state": "none", "license_spdx": None}, "none"),
        ({"license_spdx": "CC-BY-4.0"}, "CC-BY-4.0"),
        ({"stars": 1}, None),
    ],
)
def test_the_licence_in_its_states(store: Store, record: Record, licence: str | None) -> None:
    assert told(store, run(store, 0, record=record))[0][4] == licence


def test_noted_twice_is_noted_once(store: Store) -> None:
    number = run(store, 0, record=ACTIVE)
    store.note_changes(number)
    assert len(told(store, number)) == 1


def test_a_run_that_was_not_published_leaves_nothing(store: Store) -> None:
    run(store, 0, record=ACTIVE)
    run(store, 1, (Health.FAILING, "timeout"), status="offline")
    assert len(told(store, run(store, 2, record=ACTIVE))) == 1


def test_the_past_outlives_the_visits(store: Store) -> None:
    run(store, 0, record=ACTIVE)
    run(store, 1, record=ACTIVE | {"stars": 11})
    last = run(store, 2, record=ACTIVE | {"stars": 12})
    assert store.prune(keep_runs=1) == 1, "the first visit of a state stays"
    assert [row[2] for row in told(store, last)] == [10, 11, 12]


def test_an_earlier_run_knows_nothing_of_later_ones_and_an_article_of_others(store: Store) -> None:
    first = run(store, 0, record=ACTIVE)
    other = run(store, 1, record=ACTIVE | {"stars": 11}, name="b")
    run(store, 2, record=ACTIVE | {"stars": 12})
    assert [row[2] for row in told(store, first)] == [10]
    assert [row["target"] for row in store.past(other, "list")] == ["github:o/b"]


def test_the_views_are_there_for_other_programs(store: Store) -> None:
    run(store, 0, record=ACTIVE | {"full_name": "o/a", "title": None})
    run(store, 1, (Health.BROKEN, "not_found"))
    with closing(sqlite3.connect(store.path)) as database:
        database.row_factory = sqlite3.Row
        [link] = database.execute("SELECT * FROM links").fetchall()
        history = [tuple(row) for row in database.execute("SELECT * FROM history ORDER BY as_of")]
    assert (link["target"], link["health"], link["full_name"], link["stars"], link["license"]) == (
        *("github:o/a", "broken", "o/a", 10, "MIT"),
    )
    assert link["metadata_as_of"] == FIRST
    assert history == [
        ("github:o/a", FIRST, "alive", 10, 0, "MIT", None),
        ("github:o/a", SECOND, "broken", 10, 0, "MIT", None),
    ]
