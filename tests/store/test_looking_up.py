"""What is asked once for every link is looked up by the link: an article may have 100,000 of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.model import Article, Mention, Target
from scraper.store.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
LOOK_UPS: dict[str, Callable[[Store], Any]] = {
    "called": lambda store: store.called(target(7).key),
    "planned": lambda store: store.planned(1, "api", 1, target(6).key),
    "row": lambda store: store.row(1, "list", target(7).key),
    "record": lambda store: store.record(target(7).key),
}
STEPS = 200


def target(number: int) -> Target:
    name = f"o/r{number:06}"
    return Target(f"github:{name}", "github", "repository", name, f"https://github.com/{name}")


def mention(number: int) -> Mention:
    url = f"{target(number).url}#usage"
    return Mention(number, None, "Code", "code", url, url, "", "github", target(number).key)


@pytest.fixture(scope="module", params=[100, 4_000])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    links: int = request.param
    with Store.open(tmp_path_factory.mktemp("large") / "scraper.db") as opened:
        opened.begin_run([Article("list", "list.md", "List", tuple(map(mention, range(links))))], NOW)
        opened.plan(1, ((target(number), "api") for number in range(links)))
        yield opened


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_takes_the_same_steps_in_a_small_list_and_in_a_large_one(name: str, store: Store) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection: sqlite3.Connection = store._database._connection
    connection.set_progress_handler(count, 10)  # of SQLite's own machine
    try:
        assert LOOK_UPS[name](store) is not None
    finally:
        connection.set_progress_handler(None, 0)
    assert steps < STEPS


def test_the_index_is_there(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as database:
        assert database.execute("SELECT 1 FROM sqlite_master WHERE name = 'mention_by_target'").fetchone()
