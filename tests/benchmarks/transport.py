"""Processor time per 1,000 links, with 100 to 800 requests under way."""

from __future__ import annotations

from benchmarks.load import LoadServer
from benchmarks.report import machine, table
from benchmarks.visiting import Case, measured

LINKS = 5_000
HOSTS = 50
LATENCY = 0.05
GOAL = 1.4
SLOTS = (100, 400, 800)

KINDS = (
    ("files", "file/{}.zip", HOSTS),
    ("pages of 2 KB, looked at", "page/{}", HOSTS),
    ("pages of 20 KB, looked at", "big/{}", HOSTS),
    ("files, every link a host of its own", "file/{}.zip", LINKS),
)


def main() -> str:
    rows, spread = [], 1.0
    with LoadServer(LATENCY) as server:
        for name, path, hosts in KINDS:
            found = [_run(server, path, hosts, slots) for slots in SLOTS]
            spread = max(spread, max(cpu for cpu, _ in found) / min(cpu for cpu, _ in found))
            rows += [(name, slots, *cells) for slots, (_, cells) in zip(SLOTS, found, strict=True)]
    head = ("links", "slots", "CPU s / 1,000", "links/s", "peak MB", "connections", "misjudged")
    return f"""# Processor time of the transport

{machine()}

`python -m tests.benchmarks transport`: {LINKS:,} links, {LATENCY * 1000:.0f} ms away, without an interval,
through `Visits` (dispatcher, page site, verdict) and `Web` (guard, redirects, body, transport), the body of a
page parsed and judged. The median of three runs, each in a process of its own; processor time of all threads.
Goal: {GOAL}, and flat: of one kind the dearest takes {spread:.2f} times the cheapest. A link is misjudged
when the verdict is anything but `alive/ok`.

{table(head, rows)}
"""


def _run(server: LoadServer, path: str, hosts: int, slots: int) -> tuple[float, tuple[str, ...]]:
    """Seconds of processor time, and the cells of a row."""
    links = [f"http://h{n % hosts}.test/{path.format(n)}" for n in range(LINKS)]
    case = Case(server.port, links, slots, concurrency=max(2, 2 * slots // HOSTS))
    found = []
    for _ in range(3):
        server.open_books(LATENCY)
        found.append((measured(case), server.books()))
    found.sort(key=lambda pair: pair[0].cpu)
    middle, books = found[1]
    wrong = sum(LINKS - each.verdicts.get("alive/ok", 0) for each, _ in found)
    return middle.cpu, (
        f"**{1000 * middle.cpu / LINKS:.2f}**",
        f"{LINKS / middle.wall:,.0f}",
        f"{middle.rss:.0f}",
        f"{books['connections'] - 1}",  # one is this program's, to read the books
        f"{wrong} of {3 * LINKS:,}",
    )
