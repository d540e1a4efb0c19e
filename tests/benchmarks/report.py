"""Pieces of Markdown that the benchmarks share."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]

_PACKAGES = ("httpx", "h11", "lxml", "pandas")


def machine() -> str:
    """Where and when the figures were made, and how busy the machine was with other things."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    packages = ", ".join(filter(None, map(_package, _PACKAGES)))
    return (
        f"Made on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {_processor()}, {os.cpu_count()} cores, shared;"
        f" load averages when it ended {load}; a million rounds of an empty loop with a dictionary in it took"
        f" {_pace():.0f} ms of CPU. Python {platform.python_version()}, {packages}."
    )


def _pace() -> float:
    """Milliseconds: the processor's speed at this moment, which on a shared machine varies."""
    counts = {0: 0}
    began = time.process_time()
    for _ in range(1_000_000):
        counts[0] += 1
    return 1000 * (time.process_time() - began)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def child(module: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment that run a module of the benchmarks in a process of its own."""
    return [sys.executable, "-m", f"benchmarks.{module}"], {**os.environ, "PYTHONPATH": str(TESTS)}


def in_own_process(module: str, *arguments: str, given: Any = None) -> Any:
    """What the module prints as JSON; `given` goes in as JSON on standard input.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    command, environment = child(module)
    done = subprocess.run(
        [*command, *arguments],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env=environment,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return json.loads(done.stdout)


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
