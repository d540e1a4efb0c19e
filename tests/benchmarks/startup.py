"""How long the program takes to be there: `--help` and `links`, beside the bare imports."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from benchmarks.report import machine, table

ARTICLE = Path(__file__).parents[2] / "data" / "articles" / "iclr-2020-deep-learning.md"
REPEATS = 21

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import click, rich'": ["-c", "import click, rich"],
    "python -c 'import click, rich.console'": ["-c", "import click, rich.console"],
    "scraper --help": ["-m", "scraper", "--help"],
    "scraper refresh --help": ["-m", "scraper", "refresh", "--help"],
    "scraper links ARTICLE": ["-m", "scraper", "links", str(ARTICLE)],
}


def main() -> str:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(REPEATS):  # in turn, so that a busy moment of the machine meets all of them
        for name, arguments in COMMANDS.items():
            taken[name].append(_run(arguments))
    cpu = {name: median(cpu for cpu, _ in pairs) for name, pairs in taken.items()}
    least = {name: min(cpu for cpu, _ in pairs) for name, pairs in taken.items()}
    wall = {name: median(wall for _, wall in pairs) for name, pairs in taken.items()}
    base = "python -c 'import click, rich'"
    rows = [
        (
            f"`{name}`",
            f"{1000 * cpu[name]:.0f}",
            f"{1000 * least[name]:.0f}",
            f"{1000 * wall[name]:.0f}",
            f"{least[name] / least[base]:.2f}",
            f"{wall[name] / wall[base]:.2f}",
        )
        for name in COMMANDS
    ]
    head = ("command", "CPU ms, median", "CPU ms, least", "wall ms, median", "CPU / bare", "wall / bare")
    return f"""# Start-up

{machine()}

`python -m tests.benchmarks startup`: {REPEATS} runs of each command in turn, each a fresh interpreter. Bare
is `{base}`; the ratio of CPU is that of the least, which other work on the machine disturbs least. Goals:
`--help` below 1.5 times bare, `links` on the article below 1,000 ms of CPU.

{table(head, rows)}
"""


def _run(arguments: list[str]) -> tuple[float, float]:
    """Seconds of CPU and of wall time."""
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after, ended = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began
