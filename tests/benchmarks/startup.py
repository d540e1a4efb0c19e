"""How long it takes until `--help`, `links` and the first request are there, beside the bare imports."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.report import machine, table

ARTICLE = Path(__file__).parents[2] / "data" / "articles" / "iclr-2020-deep-learning.md"
REPEATS = 21
FIRST = "scraper refresh LIST, up to its first request"
LIST = "# Papers\n\n- [one](http://one.test/1)\n- [two](http://one.test/2)\n- [three](http://two.test/3)\n"

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import scraper'": ["-c", "import scraper"],
    "python -c 'import click, rich'": ["-c", "import click, rich"],
    "python -c 'import click, rich.console'": ["-c", "import click, rich.console"],
    "scraper --help": ["-m", "scraper", "--help"],
    "scraper refresh --help": ["-m", "scraper", "refresh", "--help"],
    "scraper links ARTICLE": ["-m", "scraper", "links", str(ARTICLE)],
}


def main() -> str:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in (*COMMANDS, FIRST)}
    for _ in range(REPEATS):  # in turn, so that a busy moment of the machine meets all of them
        for name, arguments in COMMANDS.items():
            taken[name].append(_run(arguments))
        taken[FIRST].append(_until_asked())
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
        for name in taken
    ]
    head = ("command", "CPU ms, median", "CPU ms, least", "wall ms, median", "CPU / bare", "wall / bare")
    return f"""# Start-up

{machine()}

`python -m tests.benchmarks startup`: {REPEATS} runs of each command in turn, each a fresh interpreter. Bare
is `{base}`; the ratio of CPU is that of the least, which other work on the machine disturbs least. Goals:
`--help` below 1.5 times bare, `links` on the article below 1,000 ms of CPU, `import scraper` below 100
beyond the interpreter, the first request below 400. That one arrives at a socket on loopback; its time is
that of all threads of the process by then.

{table(head, rows)}
"""


def _run(arguments: list[str]) -> tuple[float, float]:
    """Seconds of CPU and of wall time."""
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after, ended = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - began


def _until_asked() -> tuple[float, float]:
    """Likewise, up to the moment when the first bytes of a run's first request arrive."""
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        Path(folder, "list.md").write_text(LIST, "utf-8")
        host, port = listening.getsockname()
        own = [
            'contact = "you@example.org"',
            f'connect_to = ["::{host}:{port}"]',
            'allow_networks = ["127.0.0.0/8"]',
        ]
        Path(folder, "own.toml").write_text("\n".join(own), "utf-8")
        command = [sys.executable, "-m", "scraper", "refresh", "list.md", "--config", "own.toml"]
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as child:
            listening.settimeout(60)
            with listening.accept()[0] as asked:
                asked.recv(1)
                spent = _cpu_of(child.pid), time.perf_counter() - began
                child.kill()
    return spent


def _cpu_of(process: int) -> float:
    """Seconds of CPU of all its threads so far (Linux)."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9
