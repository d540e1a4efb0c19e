"""A million targets through the main job: a null web, a real store, real snapshots. Memory and time by count.

Each size runs in a process of its own: `benchmarks.million 100000` prints its figures as JSON, and
`benchmarks.million 100000 local:2` those of a cluster whose workers have the null web too.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, overload
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from benchmarks.report import in_own_process, machine, table
from scraper.model import Answer, Article, Mention, Outcome, Request
from scraper.run import refresh
from scraper.settings import Settings
from scraper.store.store import Store
from scraper.visits import local as here

SIZES = (50_000, 150_000, 400_000, 1_000_000)
PER_ARTICLE = 50_000


class Articles(Sequence[Article]):
    """Articles of 50,000 links each, made when they are looked at and kept by nobody.

    Hosts are as many as 1.6 n^0.75, the busiest with most links (Zipf), as in lists of papers.
    """

    def __init__(self, links: int) -> None:
        self._links = links
        self._hosts = round(1.6 * links**0.75)

    def __len__(self) -> int:
        return -(-self._links // PER_ARTICLE)

    @overload
    def __getitem__(self, number: int) -> Article: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Article]: ...
    def __getitem__(self, number: int | slice) -> Article | Sequence[Article]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if number >= len(self):
            raise IndexError(number)
        first = number * PER_ARTICLE
        lines = range(first, min(first + PER_ARTICLE, self._links))
        name = f"list-{number:03}"
        return Article(name, name, f"List {number}", tuple(self._mentions(lines, number)))

    def _mentions(self, lines: range, seed: int) -> Iterator[Mention]:
        choose = random.Random(seed)
        for line in lines:
            host = int(self._hosts ** choose.random())  # log-uniform: Zipf with exponent 1
            url = f"https://h{host}.test/paper/{line}.pdf"
            yield Mention(line + 1, None, "Papers", f"Paper {line}", url, url, "", "web", f"web:{url}")


class NullWeb:
    """Answers at once, and keeps an eye on memory and time."""

    def __init__(self) -> None:
        self.samples: list[tuple[int, float, float]] = []
        self._asked = 0

    async def fetch(self, request: Request, spend: Callable[[int, int, float], None], **_: Any) -> Answer:
        spend(1, 1, 0.1)
        self._asked += 1
        if self._asked % 50_000 == 0:
            self.samples.append((self._asked, time.perf_counter(), memory()))
        headers = {"content-type": "application/pdf"}
        host = urlsplit(request.url).netloc.encode()
        return Answer(request.url, request.url, 200, headers, host, elapsed=0.1)


def memory() -> float:
    """Resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    """The most memory that this program ever had, in MB: `getrusage` has that of the one that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def without_web() -> NullWeb:
    """This process asks nobody from now on: the web is what is not measured here."""
    web = NullWeb()

    @asynccontextmanager
    async def null_web(settings: Settings) -> AsyncIterator[NullWeb]:
        yield web

    vars(here)["open_web"] = null_web
    return web


class Watch(threading.Thread):
    """Memory of this process and of the largest of its workers, in MB, by what was committed."""

    def __init__(self, committed: Callable[[], int]) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[int, float, float]] = []
        self._committed = committed

    def run(self) -> None:
        while True:
            workers = [
                child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())
            ]
            largest = max((worker.memory_info().rss for worker in workers), default=0)
            self.samples.append((self._committed(), memory(), largest / 2**20))
            time.sleep(2)


def run(links: int, folder: Path, cluster: str = "") -> dict[str, Any]:
    """One refresh over so many links; seconds and MB."""
    web = without_web()
    if cluster:
        (folder / "sitecustomize.py").write_text(
            "from benchmarks.million import without_web\nwithout_web()\n"
        )
        os.environ["PYTHONPATH"] += f"{os.pathsep}{folder}"  # of the workers that are started
    settings = Settings(
        data=folder / "data", reports=folder / "reports", host_interval=0, slots=64, archive=False
    )
    (folder / "data").mkdir()
    committed = 0

    def heard(outcome: Outcome) -> None:
        nonlocal committed
        committed += 1

    watch = Watch(lambda: committed)
    if cluster:
        watch.start()
    began, spent = time.perf_counter(), time.process_time()
    with Store.open(settings.data / "scraper.db") as store:
        opened = memory()
        result = refresh(Articles(links), settings, store, heard, cluster=cluster)
        ended = memory()
    rows = sum(_lines(shot.path / "links.csv") - 1 for shot in result.published.values())
    return {
        "links": links,
        "committed": committed,
        "rows": rows,
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "stages": result.stages,
        "opened": opened,
        "ended": ended,
        "peak": peak(),
        "watched": watch.samples,
        "samples": [(asked, at - began, held) for asked, at, held in web.samples],
        "store": (settings.data / "scraper.db").stat().st_size / 2**20,
    }


def _lines(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(1 for _ in handle)


def main() -> str:
    runs = [in_own_process("million", str(links)) for links in SIZES]
    return _report(runs, in_own_process("million", str(SIZES[-1]), "local:2"))


def _report(runs: list[dict[str, Any]], cluster: dict[str, Any]) -> str:
    stages = list(runs[0]["stages"])
    rows = [
        (
            f"{run['links']:,}",
            f"{run['rows']:,}",
            *(f"{run['stages'][stage]:.1f}" for stage in stages),
            f"{run['wall']:.1f}",
            f"{1e6 * run['cpu'] / run['links']:.0f}",
            f"{run['peak']:.0f}",
            f"{run['store']:.0f}",
        )
        for run in runs
    ]
    head = ("links", "rows", *(f"{stage} s" for stage in stages))
    head += ("wall s", "CPU µs a link", "peak MB", "store MB")
    last = runs[-1]["samples"]
    samples = [(f"{asked:,}", f"{at:.1f}", f"{held:.0f}") for asked, at, held in last if asked % 100_000 == 0]
    first = next(held for asked, _, held in last if asked == 100_000)
    grown = max(held for asked, _, held in last if asked >= 100_000) - first
    slope, intercept, fit = _line([run["links"] for run in runs], [run["cpu"] for run in runs])
    return f"""# A million targets

{machine()}

`python -m tests.benchmarks million`: articles of {PER_ARTICLE:,} links through `refresh` with a web that
answers at once; plan, visits, commits, snapshots on a real disk. Hosts: 1.6 n^0.75, Zipf.

{table(head, rows)}

CPU seconds = {intercept:.1f} + {1e6 * slope:.0f} µs x links, R² = {fit:.4f} (least squares).

Within the largest run, memory while its targets are visited: it grew by **{grown:.0f} MB** after the first
100,000.

{table(("visited", "s since the start", "resident MB"), samples)}

## Through a cluster

`--cluster local:2`, whose workers have the null web too: {cluster["rows"]:,} rows after
{cluster["wall"]:.0f} s; visits with the start of the cluster took {cluster["stages"]["visit"]:.0f} s. The
coordinator took {cluster["cpu"]:.0f} s of processor time and never more than {cluster["peak"]:.0f} MB.

{table(("committed", "coordinator MB", "larger worker MB"), _by_hundred_thousands(cluster["watched"]))}
"""


def _by_hundred_thousands(watched: list[tuple[int, float, float]]) -> Iterator[tuple[str, str, str]]:
    """The first look after each hundred thousand, while there are workers."""
    passed = 0
    for committed, coordinator, worker in watched:
        if worker and committed >= passed + 100_000:
            passed = committed // 100_000 * 100_000
            yield f"{committed:,}", f"{coordinator:.0f}", f"{worker:.0f}"


def _line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float, float]:
    """Slope, intercept and R² of the line through the points."""
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    slope /= sum((x - middle_x) ** 2 for x in xs) or 1
    intercept = middle_y - slope * middle_x
    missed = sum((y - intercept - slope * x) ** 2 for x, y in zip(xs, ys, strict=True))
    return slope, intercept, 1 - missed / (sum((y - middle_y) ** 2 for y in ys) or 1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as place:
        json.dump(run(int(sys.argv[1]), Path(place), *sys.argv[2:]), sys.stdout)
