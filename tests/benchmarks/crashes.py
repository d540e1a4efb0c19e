"""Kills, signals, refusals and full disks, all of them: `python -m tests.benchmarks.crashes [report]...`.

Runs tests/crash with SCRAPER_THOROUGH set; what the tests counted goes to reports/benchmarks/crashes.md. With
the names of reports of such runs (`pytest --junitxml`) only the table is written; of a test that was run
again the last result counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "reports" / "benchmarks" / "crashes.md"
COLUMNS = (
    *("kills before a change", "kills at a random moment", "signals", "refused changes", "full disks"),
)
HEAD = """# Kills, signals and full disks

Every command, killed (SIGKILL) before each change that it makes to a file and at random moments; sent Ctrl-C,
SIGTERM and SIGHUP before each change; refused each change by the system (no space, quota, read-only, broken
disk, held by another program, too many open files); and on disks with room for a few pages, or a few files,
more. After each: every file old or new and whole, the store and all snapshots whole, one line and no
traceback, and the next run makes up for it and leaves nothing unfinished. `week` is `demo --days=3`. Of the
changes of `demo` and `week` every sixth was tried; the signals and refusals of these two and of `refresh`
took turns, one at a change.

"""
LEFT = """
## Not tried

- Power cuts, network file systems and Windows.
- Kills between two writes of SQLite itself, but for those that a random moment hit.
- Ctrl-C while Python still loads the command line: nothing has begun, and the traceback is Python's own.
- A full disk under the folder for temporary files, beyond the sandbox's certificates.
"""


def thorough(junit: Path) -> None:
    """Run the tests; what fails is in their report."""
    words = ["-m", "pytest", "-q", "-m", "long", "-n", "2", "--dist", "worksteal", "tests/crash"]
    subprocess.run(
        [sys.executable, *words, f"--junitxml={junit}", "-o", "junit_family=xunit1"],
        cwd=ROOT,
        env={**os.environ, "SCRAPER_THOROUGH": "1"},
        check=False,
    )


def table(*reports: Path) -> str:
    """The counts of the tests that ran, and the names of those that failed or were left out."""
    counted: dict[str, Counter[str]] = {}
    missed: list[str] = []
    every_case = (case for junit in reports for case in ET.parse(junit).getroot().iter("testcase"))
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in every_case}
    for case in cases.values():
        for one in case.iter("property"):
            command, _, what = one.attrib["name"].partition(": ")
            counted.setdefault(command, Counter())[what] += int(one.attrib["value"])
        for kind in ("failure", "error", "skipped"):
            missed += [f"- {kind}: `{case.attrib['name']}`" for _ in case.iter(kind)]
    lines = [f"| command | {' | '.join(COLUMNS)} |", "|---" * (1 + len(COLUMNS)) + "|"]
    for command, counts in counted.items():
        lines.append(f"| {command} | {' | '.join(str(counts[what]) for what in COLUMNS)} |")
    every: Counter[str] = sum(counted.values(), Counter())
    lines.append(f"| all | {' | '.join(str(every[what]) for what in COLUMNS)} |")
    told = missed or ["Nothing was lost, and no test was left out."]
    return HEAD + "\n".join([*lines, "", f"{len(cases)} tests.", "", "## Misses", "", *told]) + "\n" + LEFT


def main() -> None:
    if len(sys.argv) > 1:
        REPORT.write_text(table(*map(Path, sys.argv[1:])), "utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        thorough(junit)
        REPORT.write_text(table(junit), "utf-8")


if __name__ == "__main__":
    main()
