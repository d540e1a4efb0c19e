"""The cluster beside its bound, and a worker that is killed: `python -m tests.benchmarks.cluster [LINKS]`.

20,000 links on 200 hosts whose sizes follow Zipf's law, 10 ms between two requests to a host, answers after
50 ms; two workers. The server is a process of its own and counts what it is asked.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.load import LoadServer
from benchmarks.report import machine, table
from scraper.model import Article, Mention, Outcome
from scraper.run import refresh
from scraper.settings import Settings
from scraper.sites.identity import identify
from scraper.store.store import Store

psutil: Any = importlib.import_module("psutil")  # comes with Dask, without types

LINKS, HOSTS, INTERVAL, LATENCY = 20_000, 200, 0.010, 0.050
CLUSTER = "local:2"


@dataclass
class Measured:
    """One run; times in seconds since it began."""

    links: int
    bound: float
    first: float = 0.0
    last: float = 0.0
    wall: float = 0.0
    requests: int = 0
    rows: int = 0
    load: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def visits(self) -> float:
        """From the first request, whose answer took the latency, to the last row."""
        return self.last - self.first + LATENCY


def article(links: int) -> Article:
    """An article with about so many links: host number r has 1/r of what the first has."""
    share = links / sum(1 / rank for rank in range(1, HOSTS + 1))
    urls = [
        f"http://host{rank}.test/page/{number}"
        for rank in range(1, HOSTS + 1)
        for number in range(round(share / rank))
    ]
    mentions = [
        Mention(n, None, "", "", url, url, "", "web", identify(url).key) for n, url in enumerate(urls)
    ]
    return Article("bench", "bench.md", "Bench", tuple(mentions))


def measure(links: int, cluster: str, disturb: Callable[[], None] | None = None) -> Measured:
    """One refresh of so many links; `disturb` is called when half of the rows are there."""
    chosen = article(links)
    hosts = Counter(mention.url.split("/")[2] for mention in chosen.mentions)
    run = Measured(len(chosen.mentions), (max(hosts.values()) - 1) * INTERVAL + LATENCY)

    def heard(_: Outcome) -> None:
        run.rows += 1
        run.last = time.monotonic() - run.started
        run.first = run.first or run.last
        if disturb and run.rows == run.links // 2:
            threading.Thread(target=disturb).start()

    with LoadServer(LATENCY) as server, tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), server.port)
        settings.data.mkdir()
        with Store.open(settings.data / "scraper.db") as store:
            run.started = time.monotonic()
            result = refresh([chosen], settings, store, heard, cluster=cluster)
            run.wall = time.monotonic() - run.started
            kept = Counter(row["health"] for row in store.rows(result.run, chosen.name))
        books = server.books()
    assert kept == {"alive": run.links}, kept
    assert run.rows == run.links, run.rows
    run.requests, run.load = books["requests"], os.getloadavg()[0]
    return run


def _settings(folder: Path, port: int) -> Settings:
    return Settings(
        data=folder / "data",
        reports=folder / "reports",
        host_interval=INTERVAL,
        host_concurrency=12,
        probe=False,
        archive=False,
        connect_to=[f":80:127.0.0.1:{port}"],
        allow_networks=["127.0.0.0/8"],
        control_url="http://control.test/404",
    )


def kill_one() -> None:
    """SIGKILL to one of our own workers: no farewell, no flush."""
    children = psutil.Process().children(recursive=True)
    next(child for child in children if "spawn_main" in " ".join(child.cmdline())).kill()


def main(links: int = LINKS) -> str:
    """Run, print and return the section for the report."""
    runs = {
        "this process alone": measure(links, ""),
        "2 workers": measure(links, CLUSTER),
        "2 workers, one killed half-way": measure(links, CLUSTER, kill_one),
    }
    text = _section(runs)
    print(text)
    return text


def _section(runs: dict[str, Measured]) -> str:
    one = next(iter(runs.values()))
    head = ("run", "visits", "of bound", "wall", "first row", "requests", "more than links", "rows", "load")
    rows = [
        (
            name,
            f"{run.visits:.1f} s",
            f"{run.visits / run.bound:.3f}",
            f"{run.wall:.1f} s",
            f"{run.first:.2f} s",
            f"{run.requests:,}",
            f"{run.requests / run.links - 1:.2%}",
            f"{run.rows:,}",
            f"{run.load:.1f}",
        )
        for name, run in runs.items()
    ]
    return f"""## Cluster

`python -m tests.benchmarks.cluster`: {one.links:,} links on {HOSTS} Zipf hosts, {1000 * INTERVAL:.0f} ms
between two requests to a host, answers after {1000 * LATENCY:.0f} ms. The bound is the biggest host's:
{one.bound:.1f} s. `visits` is from the first request to the last row; `wall` has the start of the cluster,
the store and the published tables besides; `load` is the load average at the end of the run.

{table(head, rows)}

{machine()}
"""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINKS)
