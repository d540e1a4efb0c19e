"""Lists as people have them: one with many dead links, beside lychee, and the first article of all."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.load import LoadServer
from benchmarks.peers import install, timed
from benchmarks.report import machine, table
from scraper.sandbox import Sandbox
from scraper.settings import Settings

ARTICLE = Path(__file__).parents[2] / "data" / "articles" / "iclr-2020-deep-learning.md"
LATENCY = 0.2
HOSTS, LINKS = 157, 314
DEAD = {"404": 50, "410": 6, "500": 6, "refused": 22, "hang": 8}
"""How many links are dead, by what is met there; each `refused` and each `hang` is a host of its own."""


def main() -> str:
    with tempfile.TemporaryDirectory() as place, LoadServer(LATENCY) as server, Sandbox() as sandbox:
        folder, tools = Path(place), Path(os.environ.get("PEERS", place))
        trouble = "" if "PEERS" in os.environ else install(tools)
        urls = _urls(server.port)
        (folder / "links.md").write_text("".join(f"- <{url}>\n" for url in urls))
        rows = [
            _refresh("scraper refresh, `archive = false`", folder, server, None),
            _refresh("scraper refresh", folder, server, sandbox),
            _lychee(folder, server, tools),
        ]
        first = [
            _first("`archive = false`", folder / "without", "false"),
            _first("by default", folder / "with", "true"),
        ]
    dead = ", ".join(f"{count} {kind}" for kind, count in DEAD.items())
    head = ("tool", "wall s", "CPU s", "requests", "called dead")
    return f"""# Lists as people have them

{machine()}

## Many dead links

`python -m tests.benchmarks lists`: {LINKS} links on {HOSTS} hosts and more (loopback addresses),
answers after {LATENCY} s; {sum(DEAD.values())} are dead: {dead} (nothing is ever answered there).
Every tool by its own defaults: beside the visits, and for {Settings().archive_budget:.0f} s since the first
of them when nothing else is left, ours looks for copies of the dead; the archive is the sandbox's. {trouble}

{table(head, rows)}

## The first article

As a guest of every service, in the sandbox, a first run. Nothing has to be looked for in the archive where
the article names a copy itself.

{table(("run", "requests", "seconds by the pace of its hosts", "wall s"), first)}
"""


def _urls(port: int) -> list[str]:
    kinds = [kind for kind, count in DEAD.items() for _ in range(count)]
    kinds += ["page"] * (LINKS - len(kinds))
    found = []
    for number, kind in enumerate(kinds):
        if kind == "refused":
            found.append(f"http://127.2.{number}.1:1/page")
        elif kind == "hang":
            found.append(f"http://127.3.{number}.1:{port}/hang/{number}")
        else:
            found.append(f"http://127.1.{number % HOSTS}.1:{port}/{kind}/{number}")
    random.Random(0).shuffle(found)
    return found


def _refresh(name: str, folder: Path, server: LoadServer, sandbox: Sandbox | None) -> tuple[str, ...]:
    place = folder / ("archive" if sandbox else "plain")
    place.mkdir()
    settings = {
        "SCRAPER_ALLOW_NETWORKS": "127.0.0.0/8",
        "SCRAPER_ALLOW_PORTS": f"1,{server.port}",
        "SCRAPER_ARCHIVE": "true" if sandbox else "false",
    }
    if sandbox:
        settings["SCRAPER_CA_FILE"] = str(sandbox.settings["ca_file"])
        settings["SCRAPER_CONNECT_TO"] = ",".join(sandbox.settings["connect_to"][:1])
    server.open_books(LATENCY)
    command = [sys.executable, "-m", "scraper", "refresh", "../links.md", "--quiet"]
    run, _ = timed(command, place, settings)
    table_of_links = place / "data" / "snapshots" / "links" / "latest" / "links.csv"
    with table_of_links.open(encoding="utf-8", newline="") as file:
        health = Counter(row["health"] for row in csv.DictReader(file))
    dead = health["broken"] + health["failing"]
    return name, f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{server.books()['requests']}", f"{dead}"


def _lychee(folder: Path, server: LoadServer, tools: Path) -> tuple[str, ...]:
    server.open_books(LATENCY)
    command = [str(tools / "venv" / "bin" / "lychee"), "--format", "json", "--no-progress", "links.md"]
    run, said = timed(command, folder)
    document = json.loads(said)
    told = [document.get(kind, {}) for kind in ("error_map", "timeout_map")]
    dead = {one["url"] for answers in told for each in answers.values() for one in each}
    return "lychee", f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{server.books()['requests']}", f"{len(dead)}"


def _first(name: str, place: Path, archive: str) -> tuple[str, ...]:
    place.mkdir()
    command = [sys.executable, "-m", "scraper", "refresh", str(ARTICLE)]
    with Sandbox() as sandbox:  # a guest's requests of an hour are soon used up
        settings = {
            "SCRAPER_ALLOW_NETWORKS": "127.0.0.0/8",
            "SCRAPER_CA_FILE": str(sandbox.settings["ca_file"]),
            "SCRAPER_CONNECT_TO": ",".join(sandbox.settings["connect_to"]),
            "SCRAPER_ARCHIVE": archive,
            **dict.fromkeys(("GITHUB_TOKEN", "OPENREVIEW_USERNAME", "OPENREVIEW_PASSWORD"), ""),
        }
        _, planned = timed([*command, "--dry-run"], place, settings)
        run, _ = timed(command, place, settings)
    said = (place / "errors").read_text("utf-8")
    least = max(map(float, re.findall(r"([\d.]+)s$", planned, re.MULTILINE)))
    asked = re.search(r"(\d+) requests", said)
    assert asked, said
    return name, asked[1], f"{least:.1f}", f"{run.wall:.1f}"
