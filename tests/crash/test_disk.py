"""Disks that are full or read-only, folders that are files, stores that are taken or damaged."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hurting import Record
from places import Ended, Place

from scraper.sandbox import Sandbox
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store

pytestmark = pytest.mark.long

WHERE = {"store": "(store|snapshot)", "snapshot": "snapshot", "reports": "reports"}
"""What may not find room when this is on the small disk: the store has the snapshots beside it."""
LINKS = [f"- <https://host{number}.test/page/{number}>" for number in range(30)]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; skipped where nothing may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Sandbox() as sandbox:
        made = Place.in_sandbox(tmp_path, sandbox)
        made.article(*LINKS)
        yield made


def one_line(ended: Ended, code: int) -> str:
    """The command ended so, and said why in one line."""
    assert (ended.code, ended.out, ended.err.count("\n")) == (code, "", 1), ended
    assert ended.err.startswith("scraper: ")
    return ended.err


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def whole(data: Path, scratch: Path) -> None:
    """The store is whole, looked at in a copy, which needs no room on the full disk."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for path in data.glob("scraper.db*"):
        shutil.copy(path, scratch)
    with Store.open(scratch / "scraper.db") as store:
        assert store.check() == []


def leave_free(disk: Path, size: int) -> Path:
    """Fill the disk until only so many bytes are free."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(b"\0" * max(0, free - size))
    return ballast


def folders_of(what: str, disk: Path, place: Place) -> tuple[Path, Path]:
    """The data and the reports, with what is asked for on the small disk and the rest elsewhere."""
    data = disk / "data" if what == "store" else place.folder / "data"
    if what == "snapshot":
        data.mkdir()
        (disk / "snapshots").mkdir()
        (data / "snapshots").symlink_to(disk / "snapshots")
    return data, disk / "reports" if what == "reports" else place.folder / "reports"


@pytest.mark.parametrize(("what", "step"), [("store", 32 * 1024), ("snapshot", 4096), ("reports", 8192)])
def test_a_disk_that_is_full_at_any_step_leaves_the_old_files(
    what: str, step: int, disk: Path, place: Place, record_property: Record
) -> None:
    data, reports = folders_of(what, disk, place)
    command = ["refresh", "list.md", "--quiet", "--no-resume", f"--data={data}", f"--reports={reports}"]
    assert place.quick(*command).code == 0
    latest = data / "snapshots" / "list" / "latest"
    for free in range(0, 16 * 2**20, step):
        old, before = latest.resolve(), files(latest.resolve())
        ballast = leave_free(disk, free)
        ended = place.quick(*command)
        assert files(old) == before
        assert Snapshot.at(latest.resolve()).damaged() == []
        assert (reports / "list" / "report.html").read_text("utf-8").rstrip().endswith("</html>")
        whole(data, place.folder / "copy")
        ballast.unlink()
        if ended.code == 0:
            break
        assert re.match(rf"scraper: .*\b{WHERE[what]}\b.* no space is left on the device", one_line(ended, 5))
    record_property("refresh: full disks", free // step)
    assert free > 2 * step
    assert ended.code == 0
    assert not [path for path in place.folder.rglob(".tmp-*") if "copy" not in path.parts]


def test_a_read_only_disk_is_said_in_a_line(disk: Path, place: Place) -> None:
    folders = [f"--data={disk / 'data'}", f"--reports={disk / 'reports'}"]
    assert place.quick("refresh", "list.md", "-q", *folders).code == 0
    before = files(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert "read-only" in one_line(place.quick("refresh", "list.md", *folders), 5)
    changes = place.quick("changes", *folders)
    assert (changes.code, "there is nothing to compare yet" in changes.out) == (0, True)
    one_line(place.quick("report", *folders), 5)
    assert files(disk) == before


@pytest.mark.parametrize("name", ["data", "reports"])
def test_a_file_in_the_place_of_a_folder_is_said_in_a_line(name: str, place: Place) -> None:
    (place.folder / name).write_text("somebody's")
    said = one_line(place.run("refresh", "list.md"), 5)
    assert name in said
    assert (place.folder / name).read_text() == "somebody's"


def test_a_store_that_another_program_writes_is_said_in_a_line(place: Place) -> None:
    assert place.run("refresh", "list.md").code == 0
    before = files(place.folder / "data" / "snapshots")
    holder = sqlite3.connect(place.folder / "data" / "scraper.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert "written by another program" in one_line(place.run("refresh", "list.md"), 5)
    finally:
        holder.close()
    assert files(place.folder / "data" / "snapshots") == before
    assert place.run("refresh", "list.md").code == 0


def _newer(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 999")
    database.close()


def _foreign(path: Path) -> None:
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE cookies (value TEXT)")
    database.close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "damaged"),
        (lambda path: path.write_bytes(b"not a database" * 500), "not a store"),
        (_newer, "newer scraper"),
        (_foreign, "another program"),
    ],
    ids=["empty", "truncated", "garbage", "newer", "foreign"],
)
@pytest.mark.parametrize("command", [["refresh", "list.md"], ["history", "web:https://host1.test/page/1"]])
def test_a_store_that_cannot_be_used_is_never_replaced(
    command: list[str], damage: Callable[[Path], object], words: str, place: Place
) -> None:
    path = place.folder / "data" / "scraper.db"
    assert place.quick("refresh", "list.md", "-q").code == 0
    damage(path)
    before = path.read_bytes()
    assert words in one_line(place.quick(*command), 5)
    assert path.read_bytes() == before
