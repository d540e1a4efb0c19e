"""Snapshots that were cut, edited, emptied or mixed up: whoever reads them says so in a line.

With SCRAPER_THOROUGH set every command looks at each damage, else each at some of them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import Place

import scraper
from scraper.cli import main
from scraper.errors import ScraperError
from scraper.sandbox import Sandbox

THOROUGH = bool(os.environ.get("SCRAPER_THOROUGH"))
FILES = ("links.csv", "papers.csv", "mentions.csv", "checks.csv", "history.csv", "datapackage.json")
COMMANDS = (
    ["report"],
    ["changes"],
    ["changes", "--format=json"],
    ["changes", "--format=markdown"],
    ["fix", "list.md"],
    ["history", "github:nobody/nothing"],
    ["refresh", "list.md", "-q", "--no-resume"],
)


def _columns(path: Path) -> None:
    """The first three columns are lost."""
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.split(",", 3)[-1] for line in lines) + "\n", "utf-8")


def _words(path: Path) -> None:
    """Every cell is a word that is no number, no time, no truth and no health."""
    header, *rows = path.read_text("utf-8").splitlines()
    row = ",".join(["nonsense"] * (header.count(",") + 1))
    path.write_text("\n".join([header, *[row] * len(rows)]) + "\n", "utf-8")


def _version(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace('"version": "', '"version": "9', 1), "utf-8")


def _shape(path: Path) -> None:
    """JSON with values of other types."""
    if path.suffix == ".json":
        content = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({name: [1, None] for name in content} | {"version": content["version"]}))
    else:
        path.write_text(path.read_text("utf-8").replace("2026", "yesterday"), "utf-8")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "zeros": lambda path: path.write_bytes(b"\0" * 4096),
    "quote": lambda path: path.write_bytes(path.read_bytes() + b'"'),
    "gone": lambda path: path.unlink(),
    "folder": _folder,
    "columns": _columns,
    "words": _words,
    "version": _version,
    "shape": _shape,
    "nested": lambda path: path.write_text("[" * 100_000),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with Sandbox() as sandbox:
        place = Place.in_sandbox(tmp_path_factory.mktemp("damage") / "place", sandbox)
        place.folder.mkdir()
        place.article("# List", "<https://github.com/automl/robustdarts>", "[b](https://one.test/gone/2)")
        for _ in range(2):
            assert place.quick("refresh", "list.md", "-q", "--no-resume").code == 0
            place.article("# List", "<https://github.com/automl/robustdarts>", "[c](https://one.test/x)")
        shutil.copytree(place.folder / "data", place.folder / "whole", symlinks=True)
        yield place


def put_back(place: Place, which: int) -> Path:
    """The data as they were; the older snapshot or the newer one."""
    data = place.folder / "data"
    shutil.rmtree(data)
    shutil.copytree(place.folder / "whole", data, symlinks=True)
    return sorted(path for path in (data / "snapshots" / "list").iterdir() if not path.is_symlink())[which]


def loaded(place: Place) -> None:
    found = scraper.load(place.folder / "data", "list")
    for table in (found.links, found.papers, found.mentions, found.history):
        assert len(table.columns)


@pytest.mark.long
@pytest.mark.parametrize("which", [0, 1], ids=["older", "newer"])
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_snapshot_is_told_in_a_line(
    damage: str, file: str, which: int, published: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(published.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(published.config))
    first = list(DAMAGE).index(damage) + FILES.index(file)
    for number, command in enumerate(COMMANDS):
        if not THOROUGH and (first + number) % 3:
            continue
        DAMAGE[damage](put_back(published, which) / file)
        ended = CliRunner().invoke(main, command)
        where = f"{command}: {ended.stderr}"
        assert ended.exception is None or isinstance(ended.exception, SystemExit), where
        assert "Traceback" not in ended.stderr, where
        assert ended.exit_code in (0, 2, 5), where
        assert ended.exit_code == 0 or ended.stderr.count("\n") == 1, where
    DAMAGE[damage](put_back(published, which) / file)
    try:
        loaded(published)
    except ScraperError as error:
        assert "\n" not in str(error)
