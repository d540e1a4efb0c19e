"""Real workers in processes of their own, some of them killed: nothing is lost, almost nobody asked twice."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from clusters import (
    Cluster,
    asked_of,
    busy,
    command_for,
    ending_process,
    owner_of,
    pages,
    run_on,
    running_cluster,
    tables,
    wait_for_workers,
    wait_until,
)
from running import READING_LIST, article_of, settings_in

from scraper.cluster import client as cluster_client
from scraper.cluster import coordinator
from scraper.cluster.client import check
from scraper.cluster.shards import ARCHIVE, family, fill
from scraper.errors import NotPublished, Offline, UsageError
from scraper.model import Outcome
from scraper.sandbox import Sandbox
from scraper.sandbox.server import Application
from scraper.store.store import Store

pytestmark = pytest.mark.long

psutil: Any = importlib.import_module("psutil")  # comes with Dask, without types

TOKEN = "github_token"
MAY = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize("address", ["", "local", "local:0", "local:x", "localhost:8786", "8786"])
def test_what_is_no_cluster_is_told_in_one_line(address: str) -> None:
    with pytest.raises(UsageError, match=r"neither local:N nor"):
        check(address)


def test_the_missing_extra_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"needs the extra `cluster`"):
        check("local:2")


@pytest.fixture(scope="module")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def shared_cluster(_cluster: Cluster) -> Cluster:
    """Two workers, whatever the test before did to them."""
    wait_for_workers(_cluster, 2)
    return _cluster


def test_a_local_cluster_gives_the_same_tables_byte_for_byte_and_says_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        token: dict[str, Any] = {TOKEN: sandbox.credentials[TOKEN], "now": lambda: MAY}
        alone, _ = run_on(sandbox, tmp_path / "alone", "", **token)
        asked = asked_of(sandbox)
        sandbox.world.requests.clear()
        together, rows = run_on(sandbox, tmp_path / "together", "local:2", **token)
        assert asked_of(sandbox) == asked
    assert tables(together) == tables(alone)
    assert together.tally.requests == alone.tally.requests
    assert [row for row in rows.values() if row["health"] == "broken" and row["archived_url"]]
    assert capfd.readouterr() == ("", "")
    children = psutil.Process().children(recursive=True)
    assert not [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.parametrize("mode", ["gated", "login"])
def test_memory_and_credentials_make_every_run_like_the_local_one(
    mode: str, tmp_path: Path, shared_cluster: Cluster
) -> None:
    lines = READING_LIST.read_text("utf-8").splitlines()
    article = article_of(tmp_path, *lines, "<https://gone.test/404>", name=READING_LIST.stem)
    found = []
    for name, cluster in (("alone", ""), ("together", shared_cluster.address)):
        with Sandbox(mode=mode) as sandbox:
            more: dict[str, Any] = {"check_mementos": True, "now": lambda: MAY}
            more |= sandbox.credentials if mode == "login" else {}
            first, _ = run_on(sandbox, tmp_path / name, cluster, article, **more)
            second, _ = run_on(sandbox, tmp_path / name, cluster, article, **more)
            found.append((tables(first), tables(second), asked_of(sandbox)))
    assert found[0][0] == found[1][0]
    assert found[0][1] == found[1][1]
    assert found[0][2] == found[1][2]
    said = shared_cluster.said.read_text("utf-8", "replace")
    assert not [value for value in sandbox.credentials.values() if value in said]


def test_a_large_shard_goes_out_in_portions(
    tmp_path: Path, shared_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[list[str]] = []

    def filled(turns: list[Any], *told: Any, **more: Any) -> Any:
        loads.append([target.key for target, _ in turns])
        return fill(turns, *told, **more)

    monkeypatch.setattr(coordinator, "PORTION", 4)
    monkeypatch.setattr("scraper.cluster.shards.fill", filled)
    with Sandbox() as sandbox:
        result, _ = run_on(sandbox, tmp_path, shared_cluster.address, pages(tmp_path, 40))
        asked = asked_of(sandbox)
    assert {asked[f"host{number % 6}.test/page/{number}?"] for number in range(40)} == {1}
    assert max(map(len, loads)) <= 4 + 6  # no fewer than one of each of six hosts
    assert sorted(key for load in loads for key in load) == sorted({key for load in loads for key in load})
    assert len({key for load in loads for key in load}) == 40
    assert result.incomplete == ""


def test_no_two_workers_ask_one_host(
    tmp_path: Path, shared_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, list[int]] = {}
    answer = Application.__call__

    async def noting(self: Application, scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope["headers"])[b"host"].decode().partition(":")[0]
        asked.setdefault(family(host), []).append(owner_of(shared_cluster, scope["client"][1]))
        await answer(self, scope, receive, send)

    monkeypatch.setattr(Application, "__call__", noting)
    dead = [f"<https://host{n}.test/404> <https://www.host{n}.test/page/{n}>" for n in range(6)]
    article = article_of(tmp_path, *READING_LIST.read_text("utf-8").splitlines(), *dead)
    with Sandbox(mode="gated") as sandbox:
        token: dict[str, Any] = {TOKEN: sandbox.credentials[TOKEN]}
        run_on(sandbox, tmp_path, shared_cluster.address, article, **token)
    turns = {name: [owner for owner, _ in groupby(owners)] for name, owners in asked.items()}
    # The wishes for copies are a shard of their own, after the one that asked the archive before.
    assert len(turns.pop(ARCHIVE)) <= 2
    assert {name: owners for name, owners in turns.items() if len(owners) != 1} == {}
    assert set.union(*map(set, turns.values())) == {worker.pid for worker in shared_cluster.workers}


def test_a_killed_worker_loses_no_row_and_almost_nobody_is_asked_twice(
    tmp_path: Path, shared_cluster: Cluster
) -> None:
    article, slots = pages(tmp_path, 240), 4
    victim = shared_cluster.workers.pop(0)
    rows = 0

    def heard(_: Outcome) -> None:
        nonlocal rows
        rows += 1
        if rows == 80:
            victim.kill()

    # The scheduler is as Dask comes: it would run a lost task again, three times.
    with Sandbox() as sandbox:
        pace: dict[str, Any] = {"probe": False, "slots": slots, "host_interval": 0.02}
        _, found = run_on(sandbox, tmp_path, shared_cluster.address, article, heard, **pace)
        asked = asked_of(sandbox)
    assert victim.wait() == -signal.SIGKILL
    shared_cluster.start_worker()
    assert Counter(row["health"] for row in found.values()) == {"alive": 240}
    assert len(asked) == 240
    # What was under way, and what waited for company for a twentieth of a second.
    assert sum(asked.values()) - 240 <= slots + 15
    assert max(asked.values()) <= 2


def test_a_worker_out_of_reach_is_replaced_and_stops_when_it_is_back(tmp_path: Path) -> None:
    article = pages(tmp_path, 240)
    rows = 0

    def heard(_: Outcome) -> None:
        nonlocal rows
        rows += 1
        if rows == 60:
            cluster.workers[0].send_signal(signal.SIGSTOP)

    environment = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "2s"}
    with Sandbox() as sandbox, running_cluster(tmp_path, 2, **environment) as cluster:
        wait_for_workers(cluster, 2)
        pace: dict[str, Any] = {"probe": False, "slots": 4, "host_interval": 0.02}
        _, found = run_on(sandbox, tmp_path, cluster.address, article, heard, **pace)
        assert Counter(row["health"] for row in found.values()) == {"alive": 240}
        assert sum(asked_of(sandbox).values()) - 240 <= 20
        cluster.workers[0].send_signal(signal.SIGCONT)
        cluster.workers[0].wait(20)
        # It was cut off with 60 links or so before it, and noticed within moments.
        assert sum(asked_of(sandbox).values()) - 240 <= 50


def test_a_coordinator_that_was_stopped_goes_on(tmp_path: Path, shared_cluster: Cluster) -> None:
    pages(tmp_path, 200)
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, slots=4, host_interval=0.05)
        command = command_for(tmp_path, settings, shared_cluster.address)
        for number, enough, code in ((signal.SIGTERM, 50, 5), (signal.SIGKILL, 120, -9)):
            with ending_process(command) as process:
                wait_until(partial(busy, sandbox, enough), "requests")
                process.send_signal(number)
                _, said = process.communicate(timeout=30)
            assert process.returncode == code, said
            assert code < 0 or "run again within an hour to resume" in said
        done = subprocess.run(command, capture_output=True, text=True, timeout=50)
        assert done.returncode == 0, done.stderr
        asked = asked_of(sandbox)
    assert len(asked) == 200
    # Two workers had four requests under way each, twice, and went on until they saw that nobody waits.
    assert sum(asked.values()) - 200 <= 60
    assert max(asked.values()) <= 3


@pytest.mark.usefixtures("hangups")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_what_a_terminal_sends_ends_a_local_cluster_in_one_line(
    number: signal.Signals, tmp_path: Path
) -> None:
    pages(tmp_path, 90)
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, slots=4, host_interval=0.1)
        command = command_for(tmp_path, settings, "local:2")
        with ending_process(command) as process:
            wait_until(partial(busy, sandbox, 20), "requests")
            os.killpg(process.pid, number)  # to the workers as well
            _, said = process.communicate(timeout=30)
        assert process.returncode == 5
        assert said.startswith("scraper: Interrupted with ")
        assert said.count("\n") == 1


def test_another_version_on_the_workers_is_told_in_one_line(
    tmp_path: Path, shared_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.cluster.tasks.__version__", "99.0")
    with Sandbox() as sandbox, pytest.raises(NotPublished, match=r"has scraper .*, this is 99\.0") as told:
        run_on(sandbox, tmp_path, shared_cluster.address, pages(tmp_path, 4))
    assert "\n" not in str(told.value)


@pytest.fixture
def without_package(tmp_path: Path) -> dict[str, str]:
    """An environment in which something else is called `scraper`."""
    (tmp_path / "hides" / "scraper").mkdir(parents=True)
    (tmp_path / "hides" / "scraper" / "__init__.py").write_text("")
    return {"PYTHONPATH": str(tmp_path / "hides")}


def test_the_package_is_needed_on_workers_only_and_missing_there_is_told_in_one_line(
    tmp_path: Path, without_package: dict[str, str]
) -> None:
    with Sandbox() as sandbox, running_cluster(tmp_path, 0, **without_package) as cluster:
        cluster.start_worker()
        run_on(sandbox, tmp_path / "a", cluster.address, pages(tmp_path, 4))
        worker = cluster.workers.pop()
        worker.kill()
        worker.wait()
        cluster.start_worker(**without_package)
        with pytest.raises(NotPublished, match=r"a worker cannot import scraper .* Install the same") as told:
            run_on(sandbox, tmp_path / "b", cluster.address, pages(tmp_path, 4))
    assert "\n" not in str(told.value)


def test_no_scheduler_and_no_workers_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_client, "PATIENCE", 1.0)
    monkeypatch.setattr("scraper.cluster.tasks.PATIENCE", 1.0)
    monkeypatch.setattr("scraper.cluster.coordinator.ALONE", 0.5)
    monkeypatch.setattr("scraper.cluster.tasks.LOOK", 0.2)
    rows = 0

    def heard(_: Outcome) -> None:
        nonlocal rows
        rows += 1
        if rows == 20:
            cluster.workers[0].kill()

    with Sandbox() as sandbox, running_cluster(tmp_path, 0) as cluster:
        with pytest.raises(NotPublished, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
            run_on(sandbox, tmp_path / "a", "tcp://127.0.0.1:9", pages(tmp_path, 4))
        with pytest.raises(NotPublished, match=r"has no workers: `dask worker tcp://"):
            run_on(sandbox, tmp_path / "b", cluster.address, pages(tmp_path, 4))
        cluster.start_worker()
        wait_for_workers(cluster, 1)
        with pytest.raises(NotPublished, match=r"The last worker of tcp://\S+ is gone"):
            run_on(sandbox, tmp_path, cluster.address, pages(tmp_path, 200), heard, slots=2, probe=False)


def test_a_scheduler_that_goes_is_told_and_the_run_goes_on_without_it(tmp_path: Path) -> None:
    article = pages(tmp_path, 120)
    rows = 0

    def heard(_: Outcome) -> None:
        nonlocal rows
        rows += 1
        if rows == 40:
            cluster.scheduler.kill()

    pace: dict[str, Any] = {"probe": False, "slots": 4, "host_interval": 0.05}
    with Sandbox() as sandbox:
        with running_cluster(tmp_path, 1) as cluster, pytest.raises(NotPublished, match=r"is gone"):
            run_on(sandbox, tmp_path, cluster.address, article, heard, **pace)
        assert rows >= 40
        _, found = run_on(sandbox, tmp_path, "", article, **pace)
        assert sum(asked_of(sandbox).values()) - 120 <= 40
    assert Counter(row["health"] for row in found.values()) == {"alive": 120}


def test_what_the_deadline_cuts_short_on_the_workers_is_counted(
    tmp_path: Path, shared_cluster: Cluster
) -> None:
    names = [*(f"slow{number}.test" for number in range(3)), "quick.test"]
    article = article_of(tmp_path, *(f"<http://{name}/page/1>" for name in names))
    with Sandbox(faults=[f"slow_host:{name}" for name in names[:3]]) as sandbox:
        run: Any = {"deadline": 8.0, "timeout": 60.0, "probe": False}
        result, found = run_on(sandbox, tmp_path, shared_cluster.address, article, **run)
        assert result.tally.total == len(sandbox.world.requests) == len(names)
        with Store.open(tmp_path / "data" / "scraper.db") as store:
            checks = {row["target"]: row for row in store.checks(result.run, "list")}
    assert result.incomplete
    assert [row["requests"] for row in checks.values()] == [1.0] * len(names)
    details = {row["detail"] for row in found.values() if row["reason"] == "deadline"}
    assert details == {"the run's time was up while it was being asked"}


def test_a_worker_without_a_network_publishes_nothing(tmp_path: Path, shared_cluster: Cluster) -> None:
    with (
        Sandbox(faults=["network_down"]) as sandbox,
        pytest.raises(Offline, match=r"a worker of the cluster says: no host could be reached"),
    ):
        run_on(sandbox, tmp_path, shared_cluster.address, pages(tmp_path, 8))


def test_what_the_store_raises_ends_the_run(tmp_path: Path, shared_cluster: Cluster) -> None:
    def full(_: Outcome) -> None:
        raise NotPublished("The disk is full.")

    with Sandbox() as sandbox, pytest.raises(NotPublished, match=r"The disk is full"):
        run_on(sandbox, tmp_path, shared_cluster.address, pages(tmp_path, 20), full)


def test_dask_is_quiet_while_it_is_used_and_as_before_afterwards(shared_cluster: Cluster) -> None:
    logger = logging.getLogger("distributed.client")
    before = logger.level

    async def levels() -> int:
        async with cluster_client.connected(shared_cluster.address):
            return logger.level

    assert asyncio.run(levels()) == logging.CRITICAL
    assert logger.level == before
