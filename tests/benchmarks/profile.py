"""Where a link's microseconds go: `scraper refresh` on 5,000 pages of 2 KB, by stage of the way.

The run is interrupted for each 4 ms of processor time that it uses, and what it is at then is counted for
the stage of the innermost function of ours. A profiler that counts calls would make small functions look
dear. `benchmarks.profile FOLDER` is the run itself, in a process of its own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.load import LoadServer
from benchmarks.report import in_own_process, machine, table

HOSTS, LINKS = 50, 5_000
AT_ONCE = 100
LATENCY = 0.05
TICK = 0.004

STAGES = (
    ("importlib._bootstrap", "start-up"),
    ("scraper.sites.pages.view", "parsing"),
    ("scraper.sites", "judging"),
    ("scraper.verdicts", "judging"),
    ("scraper.web", "transport"),
    ("asyncio", "transport"),
    ("selectors", "transport"),
    ("scraper.visits", "dispatch"),
    ("scraper.store", "store"),
    ("scraper.snapshots", "publishing"),
    ("scraper.reports", "reports"),
    ("scraper.articles", "reading the article"),
    ("scraper", "the run around them"),
)
"""Modules by the beginnings of their names, and the stage that they are counted for: the first that fits."""


def main() -> str:
    with LoadServer(LATENCY) as server, tempfile.TemporaryDirectory() as place:
        links = (f"- <http://h{n % HOSTS}.test/page/{n}>\n" for n in range(LINKS))
        (Path(place) / "links.md").write_text("".join(links), "utf-8")
        found = in_own_process("profile", place, given=server.port)
    ticks = Counter[str](found["ticks"])
    each = found["cpu"] / ticks.total() / LINKS * 1_000_000
    rows = [
        (stage, f"{each * count:,.0f}", f"{count / ticks.total():.0%}")
        for stage, count in ticks.most_common()
    ]
    return f"""# Where a link's time goes

{machine()}

`python -m tests.benchmarks profile`: `scraper refresh` of {LINKS:,} links on {HOSTS} hosts, pages of 2 KB
that a server in another process answers after {1000 * LATENCY:.0f} ms, {AT_ONCE} at once and without an
interval, store, tables and reports included; a look at what it is doing for each {1000 * TICK:.0f} ms of
processor time.
In all {found["cpu"]:.2f} s of processor time, {1000 * found["cpu"] / LINKS:.2f} s for 1,000 links.

{table(["stage", "µs / link", "share"], rows)}
"""


def _stage(frame: FrameType | None) -> str:
    names = []
    while frame is not None:
        names.append(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    if any(name.startswith("importlib._bootstrap") for name in names):
        return "start-up"
    for name in names:
        for beginning, stage in STAGES:
            if name == beginning or name.startswith(f"{beginning}."):
                return stage
    return "start-up"


def _run(folder: str, port: int) -> dict[str, Any]:
    os.chdir(folder)
    os.environ |= {
        "SCRAPER_ALLOW_NETWORKS": "127.0.0.0/8",
        "SCRAPER_CONNECT_TO": f":80:127.0.0.1:{port}",
        "SCRAPER_HOST_INTERVAL": "0",
        "SCRAPER_HOST_CONCURRENCY": "8",
        "SCRAPER_SLOTS": str(AT_ONCE),
        "SCRAPER_ARCHIVE": "false",
        "SCRAPER_PROBE": "false",
    }
    ticks: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: ticks.update([_stage(frame)]))
    signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
    from scraper.cli import main as command

    try:
        command(["refresh", "links.md", "--quiet"])
    except SystemExit as end:
        if end.code:
            raise RuntimeError(f"the run ended with {end.code}") from end
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"cpu": time.process_time(), "ticks": ticks}


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1], json.load(sys.stdin))))
