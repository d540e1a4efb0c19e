"""README and docs/: short, true to the code, and every step in them works."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from documents import README, pages
from places import Place

from scraper.cli import main
from scraper.sandbox import Sandbox

ROOT = README.parent


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    return Place.in_sandbox(tmp_path, sandbox, attempts=1)


def blocks(language: str) -> list[str]:
    found = (re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.S) for page in pages())
    return [block for every in found for block in every]


def test_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    "page", [*pages(), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"], ids=lambda page: page.name
)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    targets = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [link for link in targets if link and "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_command_that_is_shown_exists_with_its_options() -> None:
    shown = [line.strip() for block in blocks("sh") for line in block.splitlines()]
    ours = (line.partition(" | ")[0] for line in shown if line.startswith("scraper "))
    called = [shlex.split(line, comments=True)[1:] for line in ours]
    assert called
    for words in called:
        command = main.commands[words[0]]
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known | {"-h", "--help"}


@pytest.mark.parametrize("code", blocks("python"))
def test_every_piece_of_python_is_python(code: str) -> None:
    ast.parse(code)


def test_readmes_steps_work_one_after_the_other(place: Place) -> None:
    """demo, check, refresh, changes, fix, doctor: in one folder, in the order in which README has them."""
    place.article("# A list", "", "[code](https://github.com/sandbox-org/renamed-old)", name="list")
    place.article("[code](https://github.com/automl/RobustDARTS)", name="README")
    assert place.quick("demo", "--days", "2").code == 0
    assert place.quick("check", "README.md").code == 0
    assert place.quick("refresh", "list.md", "--contact", "you@example.org").code == 0
    assert place.quick("refresh", "list.md", "--quiet", "--deadline", "2h", "--fail-on", "new").code == 0
    assert place.quick("changes").code == 0
    assert place.quick("history", "github:sandbox-org/renamed-old").code == 0
    fixed = place.quick("fix", "list.md")
    assert (fixed.code, "+[code](https://github.com/sandbox-org/renamed-new)" in fixed.out) == (0, True)
    assert "list" in {path.name for path in (place.folder / "reports").iterdir()}


def cells() -> list[str]:
    book: Any = json.loads((ROOT / "docs" / "three-questions.ipynb").read_text("utf-8"))
    return ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_runs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.quick("demo", "--days", "7").code == 0
    monkeypatch.chdir(place.folder)
    names: dict[str, Any] = {}
    for code in cells():
        exec(compile(code, "three-questions.ipynb", "exec"), names)  # noqa: S102 - our own notebook
    assert len(names["links"])
    assert {"archived_since", "presentation"} <= set(names["papers"].columns)
