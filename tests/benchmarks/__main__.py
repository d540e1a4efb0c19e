"""Run all benchmarks, or those named, and write what they found to `reports/benchmarks/<name>.md`.

python -m tests.benchmarks
python -m tests.benchmarks speed startup
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "reports" / "benchmarks"
NAMES = (
    "startup",
    "requests",
    "verdicts",
    "strangers",
    "living",
    "profile",
    "transport",
    "speed",
    "scale",
    "year",
    "services",
    "cluster",
    "peers",
    "lists",
    "million",
    "large",
    "parts",
)


def main(names: list[str]) -> int:
    known = [name for name in NAMES if (HERE / f"{name}.py").is_file()]
    if unknown := [name for name in names if name not in known]:
        print(f"There is no benchmark {unknown[0]!r}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    sys.path.insert(0, str(HERE.parent))  # as pytest has it: tests import each other's helpers by name
    REPORTS.mkdir(parents=True, exist_ok=True)
    for name in names or known:
        began = time.perf_counter()
        text = importlib.import_module(f"benchmarks.{name}").main()
        (REPORTS / f"{name}.md").write_text(text, "utf-8")
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
