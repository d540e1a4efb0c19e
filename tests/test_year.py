"""More than a year of daily runs: what is on the disk, and that no run has more to do than the one before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from years import BEGIN, DEATH, DIES, FLAKY, play

from scraper.store.store import Store

pytestmark = pytest.mark.long

DAYS = 430


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """The folder, and the bytes in it after each run."""
    folder = tmp_path_factory.mktemp("year")
    return folder, [day.size for day in play(folder, DAYS)]


def test_a_run_adds_little_after_the_first_hundred(year: tuple[Path, list[int]]) -> None:
    _, sizes = year
    assert (sizes[-1] - sizes[100]) / (DAYS - 101) <= 20_000
    assert (sizes[-1] - sizes[380]) / (DAYS - 381) <= 20_000


def test_what_a_run_looks_through_grows_no_more(year: tuple[Path, list[int]]) -> None:
    folder, _ = year
    with closing(sqlite3.connect(folder / "data" / "scraper.db")) as store:
        (visits,) = store.execute("SELECT count(*) FROM visit").fetchone()
        (changes,) = store.execute("SELECT count(*) FROM past").fetchone()
        (plans,) = store.execute("SELECT count(*) FROM plan").fetchone()
    assert visits <= 40 * 366 + 40 * 2 + DAYS
    assert changes <= 40 + 18 * (31 + 52 + 6) + 2 * DAYS / 10 + 1
    assert plans == 0
    assert len(list((folder / "data" / "snapshots" / "list").iterdir())) <= 14 + 13 + 16 + 1


def test_history_tells_what_was_pruned(year: tuple[Path, list[int]]) -> None:
    folder, _ = year
    history = (folder / "data/snapshots/list/latest/history.csv").read_text("utf-8").splitlines()
    of_the_dead = [line for line in history if DIES in line]
    assert len(of_the_dead) == 2
    assert (BEGIN + timedelta(days=DEATH)).strftime("%Y-%m-%d") in of_the_dead[1]
    assert sum(FLAKY in line for line in history) >= 2 * (DAYS // 10) - 1
    with Store.open(folder / "data" / "scraper.db", create=False) as store:
        assert store.check() == []
        visits = store.history(f"web:{DIES}")
        ends = [(visit.started - BEGIN).days for visit in visits if visit.health == "alive"]
        assert ends == [0, DEATH - 1], "was alive until"
        (last,) = [row for row in store.rows(DAYS, "list") if row["url"] == DIES]
    assert last["failing_since"] == (BEGIN + timedelta(days=DEATH)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert last["confirmed_dead"] is True
