"""Two hundred runs over three hundred links, each killed with SIGKILL at a random moment."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hurting import Record
from places import Place
from running import READING_LIST

from scraper.sandbox import Sandbox
from scraper.sandbox.world import Seen
from scraper.snapshots.snapshot import Snapshot, listing
from scraper.store.store import Store

pytestmark = pytest.mark.long

KILLS = 200
FOLDERS = 4
LINKS = 300
TABLES = ("links", "papers", "mentions")
TIMES = ["first_seen", "failing_since", "metadata_as_of"]
"""Columns of links.csv that say when the first run was."""


class Left(NamedTuple):
    """What the store says after a kill."""

    run: int
    under_way: bool
    done: frozenset[str]
    """Targets with an outcome in the run that is under way."""


def folder_with_article(folder: Path, sandbox: Sandbox) -> Place:
    folder.mkdir()
    place = Place.in_sandbox(folder, sandbox)
    more = [f"- <https://host{number % 20}.test/page/{number}>" for number in range(LINKS - 36)]
    (folder / "list.md").write_text(READING_LIST.read_text("utf-8") + "\n".join(["", "", *more, ""]), "utf-8")
    return place


def tables(snapshot: Path) -> dict[str, bytes]:
    return {name: (snapshot / f"{name}.csv").read_bytes() for name in TABLES}


def without_times(snapshot: Path) -> dict[str, str]:
    frames = {name: pd.read_csv(snapshot / f"{name}.csv", dtype=str) for name in TABLES}
    frames["links"] = frames["links"].drop(columns=TIMES)
    return {name: frame.to_csv() for name, frame in frames.items()}


def look_into(data: Path, scratch: Path) -> Left:
    """The state of a copy of the store, which must be whole: the original stays as the kill left it."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for path in data.glob("scraper.db*"):
        shutil.copy(path, scratch)
    if not (scratch / "scraper.db").exists():
        return Left(0, False, frozenset())
    with Store.open(scratch / "scraper.db", create=False) as store:
        assert store.check() == []
    database = sqlite3.connect(scratch / "scraper.db")
    row = database.execute("SELECT id, status FROM run ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    visited = "SELECT key FROM visit JOIN target ON target.id = target WHERE run = ?"
    done = frozenset(key for (key,) in database.execute(visited, row[:1]))
    database.close()
    return Left(row[0], row[1] == "running", done if row[1] == "running" else frozenset())


def check_published(place: Place, newest: int | None = None) -> None:
    """The newest snapshots and all reports are whole, and `latest` is one of the snapshots."""
    folder = place.folder / "data" / "snapshots" / "list"
    snapshots = listing(folder)
    for path in snapshots[-(newest or len(snapshots)) :]:
        assert Snapshot.at(path).damaged() == []
        assert (path / "checks.csv").read_text("utf-8").count("\n") == LINKS + 1
    if (folder / "latest").exists():
        assert (folder / "latest").resolve() in snapshots
    reports = place.folder / "reports" / "list"
    if (reports / "report.html").exists():
        assert (reports / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    if (reports / "junit.xml").exists():
        assert ET.parse(reports / "junit.xml").getroot().tag


def asked_about(seen: Seen) -> Iterator[str]:
    """Targets that a request to the sandbox is about; nothing for a request that belongs to no single one."""
    parts = urlsplit(f"https://{seen.host}{seen.target}")
    steps = parts.path.strip("/").split("/")
    if seen.host.endswith(".test"):
        yield f"web:https://{seen.host}{parts.path}"
    elif seen.host == "api.github.com" and steps[0] == "repos":
        yield f"github:{steps[1]}/{steps[2]}".lower()
    elif seen.host.endswith("openreview.net"):
        query = parse_qs(parts.query)
        for name in ("id", "ids", "forum"):
            yield from (f"openreview:{one}" for value in query.get(name, []) for one in value.split(","))


def kill_often(sandbox: Sandbox, place: Place, calm: Calm, chance: random.Random) -> int:
    """Run and kill until enough were killed; returns how many runs came to their end."""
    kills, first, ended = 0, None, 0
    left = Left(0, False, frozenset())
    while kills < KILLS // FOLDERS or ended == 0:
        before = len(sandbox.world.requests)
        code, _, err = place.killed(chance.uniform(0, calm.seconds), "refresh", "list.md", "--quiet")
        kills += code == -9
        assert code in (0, -9), err
        again = {key for seen in sandbox.world.requests[before:] for key in asked_about(seen)}
        assert not again & left.done, "asked twice within a run"
        left = look_into(place.folder / "data", place.folder / "copy")
        check_published(place, newest=2)
        if code == 0:
            ended += 1
            assert not left.under_way
            latest = place.folder / "data" / "snapshots" / "list" / "latest"
            first = first or tables(latest)
            assert without_times(latest) == calm.tables
            assert tables(latest) == first
            remains = [path for path in place.folder.rglob(".tmp-*") if "copy" not in path.parts]
            assert remains == []
    check_published(place)
    return ended


class Calm(NamedTuple):
    """Runs that nobody disturbed."""

    tables: dict[str, str]
    seconds: float
    """How long one takes."""


def running() -> Sandbox:
    sandbox = Sandbox()
    sandbox.world.github_limits["anonymous"] = 10**6
    return sandbox


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    with running() as sandbox:
        place = folder_with_article(tmp_path_factory.mktemp("calm") / "place", sandbox)
        begun = 0.0
        for _ in range(2):  # the second is as fast as those to come
            begun = time.monotonic()
            assert place.quick("refresh", "list.md").code == 0
        seconds = time.monotonic() - begun
    return Calm(without_times(place.folder / "data" / "snapshots" / "list" / "latest"), seconds)


@pytest.mark.parametrize("number", range(FOLDERS))
def test_kills_lose_nothing_and_ask_nobody_twice(
    number: int, calm: Calm, tmp_path: Path, record_property: Record
) -> None:
    with running() as sandbox:
        place = folder_with_article(tmp_path / "killed", sandbox)
        assert kill_often(sandbox, place, calm, random.Random(20200426 + number)) > 0
    record_property("refresh: kills at a random moment", KILLS // FOLDERS)
