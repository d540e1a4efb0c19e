"""One measured run of `Visits` over `Web`, in a process of its own: `benchmarks.visiting`.

The case comes in as JSON on standard input, the figures go out as JSON on standard output. A process for each
case keeps memory and caches apart.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.report import in_own_process
from scraper.api.checking import Nothing
from scraper.model import Outcome, Target


@dataclass
class Case:
    """Links and manners of one run; times in seconds."""

    port: int
    links: list[str]
    slots: int = 48
    interval: float = 0.0
    concurrency: int = 8
    timeout: float = 10.0
    attempts: int = 3
    closed: list[str] = field(default_factory=list)
    """Hosts where nothing listens."""
    ports: list[int] = field(default_factory=list)
    """Ports that links may name."""


@dataclass
class Measured:
    wall: float
    cpu: float
    """Seconds of processor time, all threads."""
    rss: float
    """Peak memory in MB."""
    requests: int
    verdicts: dict[str, int]


def measured(case: Case) -> Measured:
    """Run the case in a process of its own."""
    return Measured(**in_own_process("visiting", given=asdict(case)))


def target(url: str) -> Target:
    return Target(f"web:{url}", "web", "page", url, url)


async def _run(case: Case) -> dict[str, Any]:
    from scraper.settings import Settings
    from scraper.sites.pages.page import Page
    from scraper.visits.ports import ListedPlan
    from scraper.visits.visits import Visits
    from scraper.web.client import Web

    shut = [f"{host}:80:127.0.0.1:1" for host in case.closed]
    settings = Settings(
        slots=case.slots,
        host_interval=case.interval,
        host_concurrency=case.concurrency,
        timeout=case.timeout,
        attempts=case.attempts,
        allow_ports=[80, case.port, *case.ports],
        connect_to=[*shut, f":80:127.0.0.1:{case.port}"],
        allow_networks=["127.0.0.0/8"],
        probe=False,
    )
    site = Page(settings, Nothing())
    targets = [target(url) for url in case.links]
    plan = ListedPlan((each, site.key(each)) for each in targets)
    verdicts: Counter[str] = Counter()

    def settle(outcome: Outcome) -> None:
        verdicts[f"{outcome.verdict.health}/{outcome.verdict.reason}"] += 1

    async with Web(settings) as web:
        visits = Visits(settings, {"web": site}, web, plan, settle)
        began, spent = time.perf_counter(), time.process_time()
        await visits.run()
        wall, cpu = time.perf_counter() - began, time.process_time() - spent
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return asdict(Measured(wall, cpu, rss, sum(visits.tally.requests.values()), dict(verdicts)))


def main() -> None:
    case = Case(**json.load(sys.stdin))
    json.dump(asyncio.run(_run(case)), sys.stdout)


if __name__ == "__main__":
    main()
