"""Values in the store that nobody of ours wrote: whoever meets them says so in a line.

Every column of every table, with a word, bytes, a number and bad UTF-8 in it, and every command that looks
there; with SCRAPER_THOROUGH set each with each, else each command with one of them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner
from places import Place

from scraper.cli import main
from scraper.sandbox import Sandbox
from scraper.store import contents, values

THOROUGH = bool(os.environ.get("SCRAPER_THOROUGH"))
COLUMNS = [(table, name) for table, columns in contents.expected().items() for name in columns]
ELSEWHERE = {"target", "article", "run", "read_run", "id", "articles"}
"""Columns whose names stand for something else in other answers: what nobody finds by them is not read."""
WORD, BYTES, NUMBER, LATIN = "'no such ✗'", "x'00ff'", "7.5", "CAST(x'ff' AS TEXT)"
DAMAGE = (WORD, BYTES, NUMBER, LATIN)
TARGET = "github:automl/robustdarts"
CHECK = ["store", "check"]
COMMANDS = (
    ["history", TARGET],
    ["history", TARGET, "--json"],
    ["report"],
    ["changes"],
    ["fix", "list.md"],
    CHECK,
    ["store", "prune", "--keep-runs=1"],
    ["refresh", "list.md", "--dry-run"],
    ["refresh", "list.md", "-q", "--no-resume"],
)


def test_what_each_column_may_hold_is_known() -> None:
    known = {*values.TIMES, *values.LISTS, *values.INTEGERS, *values.NUMBERS, *values.TEXTS}
    assert {name for _, name in COLUMNS} - known == {"health", values.RECORD, *ELSEWHERE}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two runs of a list, in a folder that each test takes back to how it was."""
    with Sandbox() as sandbox:
        place = Place.in_sandbox(tmp_path_factory.mktemp("damage") / "place", sandbox)
        place.folder.mkdir()
        place.article(
            "# List", f"<https://github.com/{TARGET[7:]}>", "[b](https://one.test/gone/2) [x](ftp://a/)"
        )
        for _ in range(2):
            assert place.quick("refresh", "list.md", "-q", "--no-resume").code == 0
        shutil.copytree(place.folder / "data", place.folder / "whole", symlinks=True)
        yield place


def damage(place: Place, table: str, name: str, value: str) -> bool:
    """Whether anything was damaged: of the numbers of rows, SQLite itself keeps it out."""
    data = place.folder / "data"
    shutil.rmtree(data)
    shutil.copytree(place.folder / "whole", data, symlinks=True)
    with closing(sqlite3.connect(data / "scraper.db", isolation_level=None)) as store:
        try:
            return store.execute(f"UPDATE OR IGNORE {table} SET {name} = {value}").rowcount > 0
        except sqlite3.IntegrityError:
            return False


@pytest.mark.long
@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_damage_is_told_in_a_line(
    table: str, name: str, published: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(published.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(published.config))
    for number, command in enumerate(COMMANDS):
        for value in DAMAGE if THOROUGH or command == CHECK else [DAMAGE[number % len(DAMAGE)]]:
            took = damage(published, table, name, value)
            ended = CliRunner().invoke(main, command)
            where = f"{command} after {value}: {ended.stderr}"
            assert ended.exception is None or isinstance(ended.exception, SystemExit), where
            assert "Traceback" not in ended.stderr, where
            assert ended.exit_code == 0 or ended.stderr.count("\n") == 1, where
            if command == CHECK and value in (BYTES, LATIN):  # a word may be text of ours
                assert ended.exit_code == (5 if took else 0), where
