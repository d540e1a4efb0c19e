"""Dask clusters of separate processes for tests, and runs on them."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from running import READING_LIST, article_of, settings_in

from scraper.articles.reading import load
from scraper.cluster import client as cluster_client
from scraper.model import Article, Outcome
from scraper.run import Result, refresh, time_of_day
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.store.store import Store

psutil: Any = importlib.import_module("psutil")  # comes with Dask, without types


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own, without nannies."""

    address: str
    scheduler: subprocess.Popen[bytes]
    said: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        line = ["distributed.cli.dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1"]
        worker = _started([*line, "--no-nanny", "--no-dashboard"], self.said, **environment)
        self.workers.append(worker)
        return worker

    def pids(self) -> dict[int, Any]:
        return {worker.pid: psutil.Process(worker.pid) for worker in self.workers if worker.poll() is None}


def _started(line: Sequence[str], said: Path, **environment: str) -> subprocess.Popen[bytes]:
    with said.open("ab") as output:
        command = [sys.executable, "-m", *line]
        everything = {**os.environ, **environment}
        return subprocess.Popen(command, stdout=output, stderr=output, env=everything, cwd=said.parent)


@contextmanager
def running_cluster(folder: Path, workers: int = 2, **environment: str) -> Iterator[Cluster]:
    file, said = folder / "scheduler.json", folder / "said.txt"
    line = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = _started([*line, "--scheduler-file", str(file)], said, **environment)
    cluster = Cluster("", scheduler, said)
    try:
        wait_until(lambda: file.is_file() and bool(file.read_text()), "the scheduler")
        cluster.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            cluster.start_worker(**environment)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, f"{what} did not come in {seconds} s"
        time.sleep(0.02)


def wait_for_workers(cluster: Cluster, number: int) -> None:
    async def count() -> int:
        async with cluster_client.connected(cluster.address) as client:
            return len(await client.nthreads())

    wait_until(lambda: asyncio.run(count()) >= number, f"{number} workers")


def owner_of(cluster: Cluster, port: int) -> int:
    """The worker whose connection comes from this port."""
    for pid, process in cluster.pids().items():
        if any(connection.laddr.port == port for connection in process.net_connections("tcp4")):
            return pid
    raise LookupError(port)


def insisted(cluster: str) -> str:
    """The address as the user has to say it: of a scheduler without TLS, which all users may reach."""
    return cluster_client.INSIST + cluster if cluster.startswith("tcp://") else cluster


def run_on(
    sandbox: Sandbox,
    folder: Path,
    cluster: str,
    article: Article | None = None,
    heard: Callable[[Outcome], None] = lambda _: None,
    now: Callable[[], datetime] = time_of_day,
    **more: Any,
) -> tuple[Result, dict[str, dict[str, Any]]]:
    settings = settings_in(sandbox, folder, **more)
    chosen = article or load(str(READING_LIST))
    settings.data.mkdir(parents=True, exist_ok=True)
    with Store.open(settings.data / "scraper.db") as store:
        result = refresh([chosen], settings, store, heard, now, insisted(cluster))
        rows = {row["target"]: row for row in store.rows(result.run, chosen.name)}
    return result, rows


def tables(result: Result) -> dict[str, bytes]:
    (shot,) = result.published.values()
    return {name: (shot.path / f"{name}.csv").read_bytes() for name in ("links", "papers", "mentions")}


def asked_of(sandbox: Sandbox) -> Counter[str]:
    """Addresses, and how often each was asked for."""
    return Counter(f"{seen.ask.host}{seen.ask.path}?{seen.ask.query}" for seen in sandbox.world.requests)


def pages(folder: Path, links: int, hosts: int = 6) -> Article:
    lines = (f"<http://host{number % hosts}.test/page/{number}>" for number in range(links))
    return article_of(folder, *lines)


def busy(sandbox: Sandbox, requests: int) -> bool:
    return len(sandbox.world.requests) > requests


def command_for(folder: Path, settings: Settings, cluster: str) -> list[str]:
    """`scraper refresh` of `list.md` with a settings file of these settings."""
    told = settings.model_dump(mode="json", exclude_unset=True, exclude={"sandbox"})
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items() if name != "hosts"]
    lines += [f"[hosts.{json.dumps(host)}]\ninterval = 0.0\nconcurrency = 8" for host in told["hosts"]]
    (folder / "scraper.toml").write_text("\n".join(lines) + "\n", "utf-8")
    script = [sys.executable, "-m", "scraper", "refresh", str(folder / "list.md")]
    return [*script, "--config", str(folder / "scraper.toml"), "--cluster", insisted(cluster)]


@contextmanager
def ending_process(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A program in a session of its own, as in a terminal, that does not outlive a failed test."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()
