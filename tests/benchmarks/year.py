"""What a daily run takes and leaves, over two years of them; the visits are played (`tests/years.py`).

Time is the processor's, so that other programs on the machine count for little; the median of a span of days.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median

from years import Day, play

from benchmarks.report import machine, table

SPANS = (5, 30, 60, 90, 180, 270, 365, 440, 540, 640, 730)
"""Days between which runs are looked at together."""


def main() -> str:
    with tempfile.TemporaryDirectory() as folder:
        days = list(play(Path(folder), SPANS[-1]))
        history = _lines(Path(folder) / "data" / "snapshots" / "list" / "latest" / "history.csv")
    spans = [(first, last, days[first:last]) for first, last in pairwise(SPANS)]
    rows = [(f"{first + 1} to {last}", *_row(span)) for first, last, span in spans]
    return f"""# Two years of daily runs

A list of 40 links: 18 are repositories whose stars differ every day, one page dies, one comes and goes. The
visits are played; plan, commits, tables, snapshots and pruning are real, with the defaults: visits are pruned
after a year, and old counts of stars thinned to weeks and months. So a run has more to do every day of the
first year, and no more after it: it looks through the store as it opens it, and writes all of history.csv,
which has {history:,} rows at the end.

{table(["runs", "ms of CPU a run", "KB on the disk", "KB a run"], rows)}

{machine()}
"""


def _row(span: list[Day]) -> tuple[str, str, str]:
    grown = (span[-1].size - span[0].size) / max(1, len(span) - 1)
    return (
        f"{1000 * median(day.seconds for day in span):.1f}",
        f"{span[-1].size / 1e3:,.0f}",
        f"{grown / 1e3:.1f}",
    )


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines()) - 1
