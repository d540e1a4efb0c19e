"""What may not be in an output, and outputs that are not there."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from places import SCRAPER, Place

from scraper.articles.reading import read_article
from scraper.sandbox import Sandbox
from scraper.snapshots.tables import safe_for_spreadsheets


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, archive=False)
    made.article("# List", "<https://one.test/page/1> [b](https://user:SECRETPW@one.test/page/2)")
    return made


def test_a_password_in_a_link_is_in_no_output(place: Place) -> None:
    ended = place.quick("refresh", "list.md", "-vv")
    assert ended.code == 0
    texts = {"out": ended.out + ended.err}
    for path in place.folder.rglob("*"):
        if path.is_file() and path.name != "list.md":
            texts[str(path)] = path.read_bytes().decode("latin-1")
    assert [name for name, text in texts.items() if "SECRETPW" in text] == []
    (problem,) = read_article((place.folder / "list.md").read_bytes(), "list.md").problems
    assert problem.message == "carries a user name or password; it was left out"


def test_the_doctor_keeps_the_address_of_a_monitor(place: Place) -> None:
    place.settings["ping_url"] = "https://hc.test/MARKERPING"
    said = place.quick("doctor").out
    assert "MARKERPING" not in said
    assert "setting ping_url: (set, at hc.test)" in said


@pytest.mark.parametrize(
    ("redirection", "command", "code"),
    [
        ("2>&-", "refresh list.md", 0),
        (">&-", "refresh list.md --json", 0),
        ("<&-", "refresh -", 2),
        ("<&- >&- 2>&-", "refresh list.md", 0),
    ],
)
def test_a_closed_stream_is_nobodys_file(redirection: str, command: str, code: int, place: Place) -> None:
    place.write_settings()
    line = f"{' '.join(SCRAPER)} {command} {redirection}"
    ended = subprocess.run(
        ["sh", "-c", line],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    if code == 0:
        assert place.quick("store", "check").code == 0
        assert (place.folder / "reports" / "list" / "report.html").is_file()


def test_a_terminal_of_ascii_gets_escapes(place: Place) -> None:
    place.article("# 论文", "<https://one.test/page/1>")
    ended = place.run("refresh", "list.md", "--json", PYTHONIOENCODING="ascii:strict")
    assert (ended.code, "Traceback" in ended.err) == (0, False)


CELLS = {
    "a\x1b[31mb\x07\x9b\u202e": "a[31mb",
    "\u200b=1+1": "'=1+1",
    "\ufeff\u00a0\u3000=1": "'\u00a0\u3000=1",
    "\x0b =1": "' =1",
    "a;=HYPERLINK(1)": "a;'=HYPERLINK(1)",
    "a; @x": "a;' @x",
    "plain; text": "plain; text",
}


@pytest.mark.parametrize("text", CELLS)
def test_no_cell_of_a_report_steers(text: str) -> None:
    assert safe_for_spreadsheets(text) == CELLS[text]


DAMAGE = {
    "UPDATE visit SET notes = '{broken'": "visit.notes is no JSON of ours in",
    "UPDATE record SET data = 'x'": "record.data is no JSON of ours in",
    "UPDATE visit SET checked_at = 'yesterday'": "visit.checked_at is no time in",
    "UPDATE visit SET health = 'splendid'": "visit.health is no health in",
    "UPDATE target SET url = CAST(x'ff' AS TEXT)": "target.url cannot be read",
    "ALTER TABLE target DROP COLUMN archived_at": "target.archived_at is missing",
    "CREATE TRIGGER t AFTER INSERT ON visit BEGIN DELETE FROM run; END": "a trigger that is not ours",
}


@pytest.mark.parametrize("change", DAMAGE)
def test_damage_that_sqlite_does_not_see_is_found(change: str, place: Place) -> None:
    place.article("# List", "<https://github.com/automl/robustdarts>")
    assert place.quick("refresh", "list.md", "-q").code == 0
    with closing(sqlite3.connect(place.folder / "data" / "scraper.db")) as store:
        store.execute("DROP VIEW IF EXISTS links")
        store.execute(change)
        store.commit()
    ended = place.quick("store", "check")
    assert ended.code == 5
    assert DAMAGE[change] in ended.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_limit_on_files_is_told_as_one(place: Place) -> None:
    place.write_settings()
    ended = subprocess.run(
        ["sh", "-c", f"ulimit -f 40; {' '.join(SCRAPER)} refresh list.md -q"],
        cwd=place.folder, env=place.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 5
    assert "ulimit -f" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_log_ends_no_run(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("[a](http://127.0.0.1:9/)\n")
    command = [sys.executable, "-m", "scraper", "refresh", "list.md", "-vv"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stderr=full, check=False)
    assert done.returncode == 0
    assert (tmp_path / "reports/list/report.html").exists()


LITTLE = """
import resource, sys
from pathlib import Path
from scraper.cli import main
pages = int(Path("/proc/self/statm").read_text().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 6_000_000,) * 2)
main(["refresh", "list.md"])
"""


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="nothing tells here how much memory is taken"
)
def test_too_little_memory_is_told_in_a_line(place: Place) -> None:
    place.write_settings()
    ended = subprocess.run(
        [sys.executable, "-c", LITTLE],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (5, 1), ended.stderr
    assert "There is not enough memory" in ended.stderr


def test_a_second_run_without_time_says_with_what_it_is_compared(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    ended = place.quick("refresh", "list.md", "--deadline", "0.001")
    assert ended.code == 5
    assert "0 of 2 links alive, 2 not checked" in ended.err
    assert "Compared with the run of" in ended.err
    assert "irst run" not in ended.err
