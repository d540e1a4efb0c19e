"""What a contributor meets first: workflow, issue forms, citation; they agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import scraper

ROOT = Path(__file__).resolve().parents[1]
HOME = "https://github.com/paperlinks/paperlinks"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_what_it_uses_and_may_do_little(path: Path) -> None:
    used = [line.strip() for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    parsed = loaded(path)
    assert parsed["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in parsed["jobs"].values())


def test_the_workflow_runs_what_a_laptop_runs() -> None:
    steps = loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["all"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_python_that_is_promised_and_every_end_of_it_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = [each.split()[-1] for each in project["classifiers"] if re.search(r"Python :: 3\.\d", each)]
    tested = loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["all"]["strategy"]["matrix"]["python"]
    assert tested[: len(promised)] == promised
    assert project["requires-python"] == f">={promised[0]}"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_issue_form_asks_for_something(path: Path) -> None:
    form = loaded(path)
    assert form["name"]
    assert form["description"]
    names = [field["id"] for field in form["body"]]
    assert len(names) == len(set(names))
    assert any(field.get("validations", {}).get("required") for field in form["body"])
    assert all(field["attributes"]["label"] for field in form["body"])


def test_there_is_one_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    chooser = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")
    addresses = [*project["urls"].values(), *(link["url"] for link in chooser["contact_links"])]
    assert {address for address in addresses if not address.startswith(HOME)} == set()
    assert loaded(ROOT / "CITATION.cff")["repository-code"] == HOME


def test_the_citation_is_of_this_version() -> None:
    citation = loaded(ROOT / "CITATION.cff")
    assert (citation["version"], citation["license"]) == (scraper.__version__, "MIT")
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()


def test_what_make_leaves_out_is_in_the_run_of_everything() -> None:
    def commands(target: str) -> str:
        done = subprocess.run(
            ["make", "--dry-run", "--always-make", target],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return "\n".join(line for line in done.stdout.splitlines() if "pytest" in line or "make test" in line)

    assert "not long" in commands("test")
    assert "make test-long" in commands("test")
    assert "-m long" in commands("test-long")
    assert " -m " not in commands("test-all")
    assert "make test-all" in (ROOT / ".ci" / "run").read_text("utf-8")
