"""A clock that is set back between runs, goes back during one, or was years ahead: nothing is lost.

The clock is the one that a run is given; how long something takes is measured by another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from running import article_of, settings_in

from scraper.model import Article, Health
from scraper.run import Clock, refresh
from scraper.sandbox import Sandbox
from scraper.snapshots.changes import compare
from scraper.snapshots.publish import Published
from scraper.snapshots.snapshot import Snapshot, pointed
from scraper.store.store import Store

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SHIFTS = {
    "a second": timedelta(seconds=1),
    "an hour": timedelta(hours=1),
    "winter time and a day": timedelta(days=1, hours=1),
    "a month": timedelta(days=31),
    "to 1970": NOW - datetime(1970, 1, 2, tzinfo=UTC),
}
ALIVE, DIES = "https://one.test/page/1", "https://two.test/page/2"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def article(tmp_path: Path) -> Article:
    return article_of(
        tmp_path, "# List", f"<{ALIVE}>", f"<{DIES}>", "<https://github.com/automl/robustdarts>"
    )


def run_at(sandbox: Sandbox, folder: Path, article: Article, clock: Clock, **more: float) -> Published:
    """One run by that clock; what it leaves is whole, and is what everybody is pointed to."""
    settings = settings_in(sandbox, folder, archive=False, **more)
    settings.data.mkdir(exist_ok=True)
    with Store.open(settings.store, sandbox=True) as store:
        published = refresh([article], settings, store, now=clock).published[article.name]
        assert store.check() == []
    assert Snapshot.at(published.path).damaged() == []
    assert pointed(published.path.parent) == published.path
    return published


def at(day: int) -> datetime:
    return NOW + timedelta(days=day)


def health(published: Published) -> dict[str, str]:
    return {row["url"]: row["health"] for row in Snapshot.at(published.path).rows()}


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_clock_set_back_between_runs_loses_nothing(
    shift: str, sandbox: Sandbox, article: Article, tmp_path: Path
) -> None:
    first = run_at(sandbox, tmp_path, article, lambda: NOW)
    sandbox.world.kill(DIES)
    second = run_at(sandbox, tmp_path, article, lambda: NOW - SHIFTS[shift])
    assert second.previous == first.path
    assert health(second)[DIES] == "broken"
    changes = compare(Snapshot.at(first.path), Snapshot.at(second.path))
    assert [change.kind for change in changes] == ["newly_broken"]
    third = run_at(sandbox, tmp_path, article, lambda: NOW + timedelta(hours=1))
    assert third.previous == second.path
    assert "newly_broken" not in {
        each.kind for each in compare(Snapshot.at(second.path), Snapshot.at(third.path))
    }
    with Store.open(tmp_path / "data" / "scraper.db") as store:
        assert [visit.health for visit in store.history(f"web:{DIES}")].count(Health.BROKEN) == 2


@pytest.mark.parametrize("step", [timedelta(seconds=-1), timedelta(hours=-7), timedelta(days=400)])
def test_a_clock_that_jumps_during_a_run_loses_nothing(
    step: timedelta, sandbox: Sandbox, article: Article, tmp_path: Path
) -> None:
    told = iter(NOW + step * number for number in range(1000))
    run_at(sandbox, tmp_path, article, lambda: next(told))
    after = run_at(sandbox, tmp_path, article, lambda: NOW)
    assert set(health(after).values()) == {"alive"}


def test_a_clock_that_was_years_ahead_once_keeps_no_link_unvisited_or_unconfirmed(
    sandbox: Sandbox, article: Article, tmp_path: Path
) -> None:
    run_at(sandbox, tmp_path, article, lambda: NOW)
    sandbox.world.kill(DIES)
    run_at(sandbox, tmp_path, article, partial(at, 3650))
    for day in range(1, 5):
        asked = sandbox.world.count("one.test")
        published = run_at(sandbox, tmp_path, article, partial(at, day), max_age=3600.0)
        assert sandbox.world.count("one.test") > asked
        (dead,) = (row for row in Snapshot.at(published.path).rows() if row["url"] == DIES)
        assert dead["confirmed_dead"] is (day == 4), day
