"""The whole web of papers on paper: ten million links, by the model and by the dispatcher on a fake clock."""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from operator import itemgetter
from pathlib import Path

from benchmarks.million import Articles, peak
from benchmarks.report import in_own_process, machine, table
from scraper.commands.simulation import LATENCY, simulate
from scraper.model import Pace, Question, Request
from scraper.run import _begin
from scraper.settings import Settings
from scraper.sites import captures
from scraper.sites.github import BATCH as REPOSITORIES_AT_ONCE
from scraper.sites.openreview import BATCH as NOTES_AT_ONCE
from scraper.store.store import Store
from scraper.visits.pacing import pacing
from scraper.visits.turns import Turns

DAY = 86_400.0
SIZES = (27, 1_000, 100_000, 1_000_000, 10_000_000)
SIMULATED = (1_000, 100_000, 1_000_000, 10_000_000)
PER_LINK = 0.0012
"""Seconds of CPU: transport and page (transport.md) and pipeline (million.md)."""
DEAD = 0.05
"""Share of the links for which an archived copy is looked for."""

PLANNED = (1_000_000, 10_000_000)
"""Links of the plans that are really made, in a store on the disk."""

GRAPHQL, NOTES = "api.github.com/graphql", "api.openreview.net"


@dataclass(frozen=True)
class Web:
    """What a list of so many links asks, by key."""

    links: int
    requests: Mapping[str, int]

    @classmethod
    def of(cls, links: int) -> Web:
        """30 % repositories, 10 % papers, 60 % others on 1.6 n^0.75 hosts, Zipf with exponent 1."""
        others = links * 6 // 10
        hosts = max(1, min(others, round(1.6 * links**0.75)))
        share = others / sum(1 / rank for rank in range(1, hosts + 1))
        requests = {f"h{rank}.test": max(1, round(share / rank)) for rank in range(1, hosts + 1)}
        requests[GRAPHQL] = -(-links * 3 // 10 // REPOSITORIES_AT_ONCE)
        requests[NOTES] = -(-links // 10 // NOTES_AT_ONCE)
        return cls(links, {key: count for key, count in requests.items() if count})

    def only(self, key: str) -> Web:
        """The same with nothing but this key."""
        return Web(self.links, {key: self.requests[key]})

    def longest(self, settings: Settings) -> list[str]:
        """The three keys whose requests take longest by their intervals."""
        pace = pacing(settings)
        return nlargest(3, self.requests, key=lambda key: self.requests[key] * pace(key).interval)

    def terms(self, settings: Settings) -> dict[str, float]:
        """Seconds that each part of the run takes at least."""
        pace = pacing(settings)

        def polite(key: str) -> float:
            interval, concurrency = pace(key)
            requests = self.requests.get(key, 0)
            return max(requests * interval, -(-requests // concurrency) * LATENCY)

        busiest = max((key for key in self.requests if key.endswith(".test")), key=self.requests.__getitem__)
        return {
            "busiest host": polite(busiest),
            "GitHub": polite(GRAPHQL),
            "OpenReview": polite(NOTES),
            "slots": sum(self.requests.values()) * LATENCY / settings.slots,
            "CPU, 1 core": self.links * PER_LINK,
        }


def main() -> str:
    settings = Settings()
    guest, batched = 0.3 * SIZES[-1], Web.of(SIZES[-1]).terms(settings)["GitHub"]
    return f"""# A plan on paper for the whole web of papers

{machine()}

`python -m tests.benchmarks scale`: lists of n links, 30 % repositories, 10 % papers, 60 % other pages on
1.6 n^0.75 hosts (Zipf); a request lasts {LATENCY} s on average; the default manners ({settings.slots} slots,
a host every {settings.host_interval} s and {settings.host_concurrency} at once, GitHub with a token, batches
of {REPOSITORIES_AT_ONCE}). {DEAD:.0%} of the links are dead, and a copy of each is looked for in the
archive's index, {captures.PACES[captures.INDEX].interval} s each, beside the visits and for
{settings.archive_budget:.0f} s after them: copies are remembered, and what is left is looked for in the next
run.

## By the model

Each term alone, in days; the largest one binds, and the run lasts as long as it.

{_model(settings)}

A repository that is asked for without a token costs a minute (60 an hour): for 10 million links that would
be {guest / 60 / 24 / 365:.1f} years. With a token and one repository per request (5,000 an hour) it is
{guest / 5000 / 24:.0f} days; batches make it {_days(batched)}.

## By simulation

The real `Turns` takes every turn on a clock that jumps from event to event; no socket, no event loop.
Answers take from a half to one and a half of {LATENCY} s. Then two requests at once with
{settings.host_interval} s between them cannot always go out when the model has them go: a host takes its time
*alone* also when nobody else is asked, and that, or the slots, is what the whole run is measured by.

{_simulation(settings)}

## Planned on the disk

The real plan of a run, in a real store: articles of 50,000 links are read into it one after the other, and
the keys with their targets are counted from there. A process of its own for each size.

{_planned()}

## How many workers help

A worker has {settings.slots} slots and one core; a key lives on one worker, so a second one divides the slots
and the CPU, and never the politeness. Days, by the model, for 10 million links:

{_workers(settings)}

So one machine is enough for any list that people keep. What a large run waits for is its busiest host: it is
shortened by asking that host for less (`--max-age`, `hosts` settings agreed with its
owner), not by more machines. More workers help when the slots bind: when requests last longer, or when hosts
are many and none is large.
"""


def _days(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3_600:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3_600:.1f} h" if seconds < DAY else f"{seconds / DAY:.1f} d"


def _model(settings: Settings) -> str:
    rows = []
    for links in SIZES:
        web = Web.of(links)
        terms = web.terms(settings)
        binds = max(terms, key=terms.__getitem__)
        requests = sum(web.requests.values())
        pause = captures.PACES[captures.INDEX].interval
        runs = math.ceil(DEAD * links * pause / (terms[binds] + settings.archive_budget))
        rows.append((f"{links:,}", f"{requests:,}", *map(_days, terms.values()), f"**{binds}**", runs))
    names = Web.of(27).terms(settings)
    return table(("links", "requests", *names, "binds", "runs until all copies were looked for"), rows)


def _simulation(settings: Settings) -> str:
    rows = []
    for links in SIMULATED:
        web = Web.of(links)
        bound = max(seconds for name, seconds in web.terms(settings).items() if "CPU" not in name)
        alone = max(_simulate(web.only(key), settings) for key in web.longest(settings))
        began = time.process_time()
        took = _simulate(web, settings)
        spent = time.process_time() - began
        requests = sum(web.requests.values())
        rows.append(
            (
                f"{links:,}",
                f"{len(web.requests):,}",
                f"{requests:,}",
                _days(bound),
                _days(took),
                _days(alone),
                f"{took / bound:.3f}",
                f"{took / max(alone, web.terms(settings)['slots']):.3f}",
                f"{spent:.1f}",
                f"{1e6 * spent / requests:.1f}",
            )
        )
    head = ["links", "keys", "requests", "bound", "simulated", "busiest key alone"]
    return table([*head, "simulated / bound", "simulated / alone", "CPU s", "CPU µs a turn"], rows)


def _simulate(web: Web, settings: Settings) -> float:
    questions = {key: Question(key, "", "", (), Request("")) for key in web.requests}
    left = dict(web.requests)

    def refill(key: str) -> tuple[list[Question], int]:
        taken = min(500, left[key])
        left[key] -= taken
        return [questions[key]] * taken, taken

    known: dict[str, Pace] = {}
    pace = pacing(settings)
    turns = Turns(settings.slots, lambda key: known.setdefault(key, pace(key)), refill)
    for key, count in web.requests.items():
        turns.plan(key, count)
    return simulate(turns, LATENCY)


def _workers(settings: Settings) -> str:
    rows = []
    for workers in (1, 2, 4, 8, 16):
        row = [str(workers)]
        terms = Web.of(10_000_000).terms(settings)
        for each in (terms, {**terms, "slots": terms["slots"] * 10}):
            shared = {name: each[name] / workers for name in ("slots", "CPU, 1 core")}
            binds, seconds = max({**each, **shared}.items(), key=itemgetter(1))
            row.append(f"{_days(seconds)} ({binds})")
        rows.append(row)
    return table(("workers", "a run", "a run, if requests last 5 s"), rows)


def planned(links: int, folder: Path) -> dict[str, float]:
    """The plan of a run over so many links, made in a store on the disk: seconds and MB."""
    settings = Settings(data=folder, archive=False)
    began = time.perf_counter()
    with Store.open(settings.store) as store:
        run = _begin(store, Articles(links), settings, datetime.now(UTC))
        keys, left = len(store.remaining(run)), sum(store.remaining(run).values())
        assert left == links
    size = settings.store.stat().st_size / 2**20
    return {"keys": keys, "seconds": time.perf_counter() - began, "peak": peak(), "size": size}


def _planned() -> str:
    rows = []
    for links in PLANNED:
        made = in_own_process("scale", str(links))
        rows.append((f"{links:,}", *(f"{made[name]:,.0f}" for name in ("keys", "seconds", "peak", "size"))))
    return table(("links", "keys", "seconds", "peak MB", "store MB"), rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as place:
        json.dump(planned(int(sys.argv[1]), Path(place)), sys.stdout)
