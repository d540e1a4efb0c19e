"""The house itself: the rooms stand in the order of the way, and no arrow runs back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import scraper

ROOT = Path(scraper.__file__).parent

STATIONS = (
    ("errors", "model", "columns", "records", "addresses", "files"),
    ("verdicts",),
    ("settings", "trust"),
    ("sites",),
    ("articles",),
    ("web",),
    ("visits",),
    ("snapshots",),
    ("api",),
    ("store",),
    ("reports",),
    ("cluster",),
    ("run",),
    ("sandbox",),
    ("commands",),
    ("cli",),
)
"""A room imports what stands above it, and nothing that stands below. The rooms of one line know each other.

The store stands behind the snapshots, for it reads rows in the form in which they are published.
"""

LEVEL = {room: level for level, rooms in enumerate(STATIONS) for room in rooms}
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse((ROOT / path).read_text("utf-8"))))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Modules of ours that are imported anywhere in the file, types and late imports too."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "scraper":
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)
        elif isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names if name.name.startswith("scraper."))


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {path.parts[0].removesuffix(".py") for path in MODULES} - {"__init__", "__main__"}
    assert rooms == set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_arrow_runs_back(path: Path) -> None:
    own = path.parts[0].removesuffix(".py")
    if own in ("__init__", "__main__"):
        return
    back = [
        f"{path}:{line} imports {module}"
        for module, line in imports(path)
        if (there := room(module)) in LEVEL and there != own and LEVEL[there] > LEVEL[own]
    ]
    assert back == []


def test_a_stranger_finds_few_files_and_short_ones() -> None:
    assert len(list(ROOT.glob("*.py"))) <= 11
    code = [path for path in MODULES if path.name != "columns.py"]  # a dictionary, a line or two a column
    long = [str(path) for path in code if len((ROOT / path).read_text("utf-8").splitlines()) > 300]
    assert long == []


def arrows() -> dict[str, set[str]]:
    """For each room the rooms that it imports."""
    found: dict[str, set[str]] = {room: set() for room in LEVEL}
    for path in MODULES:
        if (own := path.parts[0].removesuffix(".py")) in found:
            found[own] |= {room(module) for module, _ in imports(path)} & set(LEVEL) - {own}
    return found


def test_few_rooms_on_few_floors_and_no_circle() -> None:
    """A room stands one floor above the highest of those that it imports."""
    assert len(LEVEL) <= 22
    found = arrows()
    floor: dict[str, int] = {}
    for own in TopologicalSorter(found).static_order():  # raises on a circle
        floor[own] = 1 + max((floor[there] for there in found[own]), default=0)
    assert max(floor.values()) <= 10, floor


def test_the_sockets_are_in_one_room() -> None:
    """`web/` knows no site, and nobody else opens a socket but the sandbox and the cluster's own library."""
    talkers = {
        path.parts[0]
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Import) and {name.name for name in node.names} & {"socket", "ssl", "httpx"}
    }
    assert talkers <= {"web", "sandbox"}


def test_the_errands_name_files_that_are_there() -> None:
    text = (ROOT.parent / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:scraper|tests)/[a-z_/]+(?:\.py|/))`", text))
    assert len(named) > 10
    assert [path for path in sorted(named) if not (ROOT.parent / path).exists()] == []
