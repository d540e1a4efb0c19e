"""Requests per refreshed paper and repository, counted at the sandbox: cold, then warm, in each mode."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from running import article_of, run_in

from benchmarks.report import machine, table
from scraper.sandbox import Sandbox

PAPERS, REPOSITORIES, BEYOND = 100, 9, 500


class Mode(NamedTuple):
    name: str
    sandbox: str
    credentials: Callable[[Sandbox], dict[str, Any]]
    papers: int = 0
    repositories: int = 0


def _guest(_: Sandbox) -> dict[str, Any]:
    return {}


def _login(sandbox: Sandbox) -> dict[str, Any]:
    return {name: value for name, value in sandbox.credentials.items() if name.startswith("openreview")}


def _token(sandbox: Sandbox) -> dict[str, Any]:
    return {"github_token": sandbox.credentials["github_token"]}


MODES = (
    Mode("papers, open to guests", "open", _guest, papers=PAPERS),
    Mode("papers, gated, as a guest", "gated", _guest, papers=PAPERS),
    Mode("papers, gated, with a login", "login", _login, papers=PAPERS),
    Mode("papers, API limited for an hour", "limited", _guest, papers=PAPERS),
    Mode("repositories, with a token", "open", _token, repositories=REPOSITORIES),
    Mode("repositories, without one", "open", _guest, repositories=REPOSITORIES),
    Mode("repositories, with a token", "open", _token, repositories=BEYOND),
    Mode("repositories, without one", "open", _guest, repositories=BEYOND),
)


def main() -> str:
    rows = [row for mode in MODES for row in _mode(mode)]
    head = ("mode", "links", "run", "requests", "per link", "refreshed", "per refreshed", "to whom")
    return f"""# Requests per refreshed link

{machine()}

`python -m tests.benchmarks requests`: runs in the sandbox, every request counted where it arrives. Cold is a
first run; warm is the next one over an unchanged web, an hour later by GitHub's budget. A link is refreshed
when its metadata was read or confirmed in that run; what is beyond a guest's 60 requests an hour keeps its
record, marked stale.

{table(head, rows)}
"""


def _mode(mode: Mode) -> list[Sequence[object]]:
    """The rows of one mode: cold and warm."""
    papers = [f"paper{number:05}" for number in range(mode.papers)]
    names = [f"made-up/repository-{number}" for number in range(mode.repositories)]
    lines = [f"- <https://openreview.net/forum?id={one}>" for one in papers]
    lines += [f"- <https://github.com/{name}>" for name in names]
    rows: list[Sequence[object]] = []
    with (
        tempfile.TemporaryDirectory() as place,
        Sandbox(
            mode=mode.sandbox,
            notes=[_note(one) for one in papers],
            repositories=[{"full_name": name} for name in names],
        ) as sandbox,
    ):
        folder = Path(place)
        article = article_of(folder, *lines)
        for one in papers:
            sandbox.world.archive(f"https://openreview.net/forum?id={one}", "20220926095407")
        for run in ("cold", "warm"):
            sandbox.world.reset_counts()
            sandbox.world.refill()
            _, found = run_in(sandbox, folder, [article], **mode.credentials(sandbox))
            rows.append(_row(mode, run, found, sandbox))
    return rows


def _row(mode: Mode, run: str, found: dict[str, dict[str, Any]], sandbox: Sandbox) -> Sequence[object]:
    asked = len(sandbox.world.requests)
    fresh = sum(row["metadata_stale"] is False for row in found.values())
    hosts = Counter(seen.host for seen in sandbox.world.requests).most_common()
    return (
        mode.name,
        len(found),
        run,
        asked,
        f"{asked / len(found):.3f}",
        fresh,
        f"{asked / fresh:.3f}" if fresh else "",
        ", ".join(f"{host} {count}" for host, count in hosts),
    )


def _note(identifier: str) -> dict[str, Any]:
    """A made-up paper in the shape of API v1."""
    return {
        "id": identifier,
        "forum": identifier,
        "number": 1,
        "cdate": 1569438812057,
        "tcdate": 1569438812057,
        "tmdate": 1583912045523,
        "ddate": None,
        "replyto": None,
        "invitation": "ICLR.cc/2020/Conference/-/Blind_Submission",
        "content": {
            "title": f"A made-up paper, {identifier}",
            "authors": ["Ada Sandbox"],
            "authorids": ["ada@sandbox.test"],
            "abstract": "An abstract that was made up for a measurement.",
            "keywords": [],
            "pdf": "/pdf/0.pdf",
        },
        "signatures": ["ICLR.cc/2020/Conference"],
        "readers": ["everyone"],
        "nonreaders": [],
        "writers": ["ICLR.cc/2020/Conference"],
    }
