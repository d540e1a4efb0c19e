"""What a release is made of: what is locked, and that a wheel is whole and comes out the same twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
UNLOCKED = "mutations"
"""A group that neither releases nor tests need; it would bring them twenty packages more to trust."""
SOURCES = ("scraper", "data/articles", "pyproject.toml", "README.md", "LICENSE")


def pins() -> list[tuple[str, str, int]]:
    """Each pin of the lock file: name, version, how many hashes. A name has two where Pythons differ."""
    blocks = re.split(r"\n(?=\S)", LOCK.read_text("utf-8"))
    found = [(re.match(r"([\w.-]+)==(\S+)", block), block.count("--hash=sha256:")) for block in blocks]
    return [(canonicalize_name(pin[1]), pin[2], hashes) for pin, hashes in found if pin]


def wanted() -> list[Requirement]:
    project = PROJECT["project"]
    lists = [project["dependencies"], PROJECT["build-system"]["requires"]]
    groups = [lines for name, lines in PROJECT["dependency-groups"].items() if name != UNLOCKED]
    lists += [*project["optional-dependencies"].values(), *groups]
    return [Requirement(line) for each in lists for line in each]


@pytest.mark.parametrize("requirement", wanted(), ids=lambda requirement: requirement.name)
def test_the_lock_file_has_what_the_project_asks_for(requirement: Requirement) -> None:
    versions = [version for name, version, _ in pins() if name == canonicalize_name(requirement.name)]
    assert versions
    assert all(requirement.specifier.contains(version) for version in versions)


def test_the_lock_file_has_a_hash_for_everything_and_names_no_place() -> None:
    text = LOCK.read_text("utf-8")
    assert [name for name, _, hashes in pins() if not hashes] == []
    lines = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
    assert len(lines) == len(pins())
    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted-host| @ |^-", text, re.M)


WORKFLOWS = [
    ROOT / "action.yml",
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    *sorted((ROOT / "scraper" / "schedules").glob("*.yml")),
]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_workflow_of_ours_runs_what_somebody_can_exchange(path: Path) -> None:
    """A tag can be moved to another commit; which version a commit was, its comment says."""
    text = path.read_text("utf-8")
    used = re.findall(r"\buses:(.*)", text)
    assert bool(used) == (path.name != "gitlab-ci.yml")
    assert [line for line in used if not re.fullmatch(r" [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_workflows_agree_on_what_they_run() -> None:
    """One commit an action, so that a new version is read once."""
    used = {
        line
        for path in WORKFLOWS
        for line in re.findall(r"\buses: ([\w-]+/[\w-]+).*?(@.*)", path.read_text("utf-8"))
    }
    assert len({name for name, _ in used}) == len(used) > 4


def test_what_is_there_to_be_copied_names_the_same_commits() -> None:
    """Other people's actions in README and the docs are those that our own workflows run, where they do."""
    own = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    shown = {
        line
        for page in pages
        for line in re.findall(r"\buses: (actions/[^\s,}\]]+)", page.read_text("utf-8"))
    }
    assert len(shown) > 1
    for name, _, commit in (line.partition("@") for line in shown):
        assert re.fullmatch(r"[0-9a-f]{40}", commit)
        assert f"{name}@{commit}" in own or f"{name}@" not in own


def wheel(source: Path, place: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
        capture_output=True,
    )
    (made,) = place.glob("*.whl")
    return made


def copied(place: Path) -> Path:
    """The sources at another place, with other times, as another machine would have them."""
    for name in SOURCES:
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, copy_function=shutil.copyfile, ignore=ignored)
        else:
            shutil.copyfile(source, target)
    return place


@pytest.mark.long
def test_a_wheel_is_the_same_twice_and_nothing_is_left_out(tmp_path: Path) -> None:
    first = wheel(copied(tmp_path / "here"), tmp_path / "first")
    second = wheel(copied(tmp_path / "elsewhere"), tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()

    inside = {name for name in ZipFile(first).namelist() if ".dist-info/" not in name}
    here = tmp_path / "here"
    expected = {str(path.relative_to(here)) for path in (here / "scraper").rglob("*") if path.is_file()}
    assert inside == expected | {"scraper/sandbox/articles/iclr-2020-deep-learning.md"}
    for kind in ("sandbox/articles/", "reports/templates/", "absent_words/", "trade_words/", "schedules/"):
        assert any(kind in name for name in inside), kind
