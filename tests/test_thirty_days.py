"""Thirty simulated days: planned deaths, recoveries, outages renames; and what each morning's run says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from running import article_of, settings_in

from scraper.errors import Offline
from scraper.model import Article
from scraper.run import refresh
from scraper.sandbox import Sandbox
from scraper.sandbox.world import World
from scraper.snapshots.changes import compare
from scraper.snapshots.publish import Published
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store

pytestmark = pytest.mark.long

BEGIN = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
DAYS = 30
STAYS = [f"https://stays{number}.test/page/1" for number in range(4)]
OUTAGE = [f"https://outage.test/page/{number}" for number in range(3)]
DARK = [f"https://dark.test/page/{number}" for number in range(2)]
DIES, RETURNS, TWICE, LATE = (f"https://{name}.test/page/1" for name in ("dies", "returns", "twice", "late"))
REPOSITORY = "https://github.com/automl/RobustDARTS"
ARTICLE = [*STAYS, *OUTAGE, *DARK, DIES, RETURNS, TWICE, LATE, REPOSITORY]

Event = Callable[[World], object]


def _all(urls: list[str], happens: Callable[[World, str], None]) -> Event:
    def event(world: World) -> None:
        for url in urls:
            happens(world, url)

    return event


def _repository(**values: object) -> Event:
    return lambda world: world.repositories["automl/robustdarts2"].update(values)


EVENTS: dict[int, list[Event]] = {
    3: [_all([DIES], World.kill)],
    5: [_all([RETURNS, TWICE], World.kill)],
    8: [_all([RETURNS, TWICE], World.revive)],
    9: [_all([TWICE], World.kill)],
    # Three runs in a row, and only two days: an outage that recovers.
    10: [lambda world: world.faults.add("host_outage:outage.test")],
    13: [lambda world: world.faults.discard("host_outage:outage.test")],
    14: [lambda world: world.faults.add("offline_host:dark.test")],
    15: [_all([LATE], World.kill)],
    16: [lambda world: world.faults.discard("offline_host:dark.test")],
    # No network here: a run that says nothing of the links, and neither counts nor ends a series.
    17: [lambda world: world.faults.add("network_down")],
    18: [lambda world: world.faults.discard("network_down")],
    20: [lambda world: world.rename("automl/RobustDARTS", "automl/RobustDARTS2")],
    22: [_repository(archived=True)],
    26: [_all([DIES], World.revive)],
}
CHANGES: dict[int, set[tuple[str, str]]] = {
    3: {("newly_broken", DIES)},
    5: {("newly_broken", RETURNS), ("newly_broken", TWICE)},
    6: {("confirmed_dead", DIES)},
    8: {("recovered", RETURNS), ("recovered", TWICE)},
    9: {("newly_broken", TWICE)},
    10: {("newly_failing", url) for url in OUTAGE},
    12: {("confirmed_dead", TWICE)},
    13: {("recovered", url) for url in OUTAGE},
    14: {("newly_failing", url) for url in DARK},
    15: {("newly_broken", LATE)},
    16: {("recovered", url) for url in DARK},
    18: {("confirmed_dead", LATE)},
    20: {("renamed", REPOSITORY)},
    22: {("archived", REPOSITORY)},
    26: {("recovered", DIES)},
}
"""What the morning of each day brings; nothing on all other days."""
CONFIRMED = {DIES: range(6, 26), TWICE: range(12, DAYS), LATE: range(18, DAYS)}
"""Days on which a link is confirmed dead: from its third day of failing on, three runs at least."""


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


class Morning(NamedTuple):
    day: int
    published: Published | None
    confirmed: set[str]


def mornings(sandbox: Sandbox, folder: Path, article: Article) -> Iterator[Morning]:
    for day in range(DAYS):
        for event in EVENTS.get(day, []):
            event(sandbox.world)
        settings = settings_in(
            sandbox,
            folder,
            probe=False,
            archive=False,
            attempts=1,
            thin_snapshots=False,
            github_token=sandbox.credentials["github_token"],
        )
        settings.data.mkdir(exist_ok=True)
        with Store.open(settings.data / "scraper.db", sandbox=True) as store:
            begun = BEGIN + timedelta(days=day)
            try:
                result = refresh([article], settings, store, now=standing(begun))
            except Offline:
                yield Morning(day, None, set())
                continue
            rows = store.rows(result.run, article.name)
            dead = {row["url"] for row in rows if row["confirmed_dead"]}
            yield Morning(day, result.published[article.name], dead)


def test_thirty_days_are_told_as_they_were_planned(tmp_path: Path) -> None:
    article = article_of(tmp_path, *(f"- <{url}>" for url in ARTICLE))
    with Sandbox() as sandbox:
        for morning in mornings(sandbox, tmp_path, article):
            if morning.published is None:
                assert morning.day == 17
                continue
            assert morning.confirmed == {url for url, days in CONFIRMED.items() if morning.day in days}, (
                morning.day
            )
            before = morning.published.previous
            changes = compare(Snapshot.at(before) if before else None, Snapshot.at(morning.published.path))
            told = {(change.kind, change.url) for change in changes}
            assert told == CHANGES.get(morning.day, set()), morning.day
            assert bool(morning.published.changed) == (bool(told) or morning.day == 0), morning.day
    assert len(list((tmp_path / "data" / "snapshots" / "list").iterdir())) == DAYS - 1 + 1  # and `latest`


@pytest.mark.parametrize("hours", [12, 1])
def test_many_runs_in_a_short_outage_convict_nobody(hours: int, tmp_path: Path) -> None:
    article = article_of(tmp_path, *(f"- <{url}>" for url in [*STAYS, *OUTAGE]))
    with Sandbox(faults=["host_outage:outage.test"]) as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, archive=False, attempts=1)
        settings.data.mkdir()
        with Store.open(settings.data / "scraper.db", sandbox=True) as store:
            for number in range(6):
                begun = BEGIN + timedelta(hours=hours * number)
                result = refresh([article], settings, store, now=standing(begun))
                rows = list(store.rows(result.run, article.name))
                assert sum(row["health"] == "failing" for row in rows) == len(OUTAGE)
                assert not any(row["confirmed_dead"] for row in rows)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_within_and_between_runs_loses_nothing(jump: timedelta, tmp_path: Path) -> None:
    """Pauses are measured by the monotonic clock, so nobody waits for the jump to be made good."""
    article = article_of(tmp_path, *(f"- <{url}>" for url in STAYS), "- <https://gone.test/404>")
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, archive=False, host_interval=0.01)
        settings.data.mkdir()
        clock = iter([BEGIN + number % 2 * jump for number in range(1000)])
        latest = settings.data / "snapshots" / "list" / "latest"
        with Store.open(settings.data / "scraper.db", sandbox=True) as store:
            seen = []
            for _ in range(3):
                result = refresh([article], settings, store, now=lambda: next(clock))
                assert result.elapsed >= 0
                rows = {row["target"]: row for row in store.rows(result.run, "list")}
                assert [row["health"] for row in rows.values()].count("alive") == len(STAYS)
                assert not rows["web:https://gone.test/404"]["confirmed_dead"]
                seen.append(latest.resolve())
            assert len(set(seen)) == 3
            assert store.check() == []
            assert len(store.history("web:https://gone.test/404")) == 3
