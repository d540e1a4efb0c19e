"""Bombs and endless bodies, checked by a process of its own whose memory is measured."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.certificates import Certificates
from hostile.everything import BEHAVIOURS
from hostile.labels import Behaviour
from hostile.server import HostileWeb

pytestmark = pytest.mark.long

HEAVY = ("Bombs", "Endless and huge bodies", "Drips its body", "Heavy markup", "Not HTTP")
LIMIT = 150
"""MiB above the start."""

PROGRAM = """
import asyncio, json, pathlib, re, sys
sys.path.insert(0, {tests!r})
from hostile.checking import check, impatient
from hostile.labels import Link
import scraper.sites.pages.page, lxml.html

def peak():
    # Not getrusage: its peak is inherited from the process that started this one.
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) / 1024

links = [Link(url, "ok", "", False) for url in {urls!r}]
settings = impatient(connect_to={connect_to!r})
before = peak()
outcomes = asyncio.run(check(links, settings))
said = {{url: outcome.verdict.reason for url, outcome in outcomes.items()}}
print(json.dumps({{"before": before, "after": peak(), "said": said}}))
"""


async def test_the_worst_bodies_cost_little_memory(certificates: Certificates) -> None:
    heavy: list[Behaviour] = [behaviour for behaviour in BEHAVIOURS if behaviour.name in HEAVY]
    assert len(heavy) == len(HEAVY)
    async with HostileWeb(heavy, certificates) as web:
        links = web.links()
        urls = [link.url for link in links]
        tests = str(Path(__file__).parents[1])
        program = PROGRAM.format(tests=tests, urls=urls, connect_to=web.connect_to)
        measured = json.loads(await _run(program))
    assert measured["said"] == {link.url: link.reason for link in links}
    grown = measured["after"] - measured["before"]
    print(f"{grown:.0f} MiB above the start of {measured['before']:.0f} MiB")
    assert grown < LIMIT


async def _run(program: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    out, error = await process.communicate()
    assert process.returncode == 0, error.decode()
    return out.decode()
