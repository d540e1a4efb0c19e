"""The ways into other people's automation: the Action, the hooks, the container, the pipeline of GitLab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from places import Place

import scraper
from scraper.cli import main
from scraper.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
ACTION = ROOT / "action.yml"


def action() -> Any:
    return yaml.safe_load(ACTION.read_text("utf-8"))


def step(name: str) -> dict[str, Any]:
    (found,) = [one for one in action()["runs"]["steps"] if one.get("id") == name or one.get("name") == name]
    return dict(found)


def test_no_input_is_written_into_a_script() -> None:
    """A pull request's branch may be called `$(curl …)`: values reach scripts by the environment only."""
    assert not any("${{" in one.get("run", "") for one in action()["runs"]["steps"])


def test_each_input_and_output_says_what_it_is() -> None:
    assert all(one["description"] for group in ("inputs", "outputs") for one in action()[group].values())


@pytest.mark.parametrize(
    ("mode", "lines", "code"),
    [
        ("check", ["<https://plain.test/missing>"], 3),
        ("check", ["<https://plain.test/good>"], 0),
        ("refresh", ["<https://plain.test/good>", "<https://plain.test/missing>"], 0),
    ],
)
def test_the_actions_script_does_what_it_says(mode: str, lines: list[str], code: int, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with Sandbox() as sandbox:
        sandbox.world.page("https://plain.test/good", title="A good page")
        place = Place.in_sandbox(work, sandbox, attempts=1)
        place.article(*lines, name="a list")
        place.article("<https://plain.test/good>", name="list")
        place.write_settings()
        (work / "a list.md").rename(work / "other.md")
        output, summary = tmp_path / "output", tmp_path / "summary"
        env = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(place.config),
            "ARTICLES": "other.md list.md" if mode == "refresh" else "other.md",
            "MODE": mode,
            "SINCE": "",
            "FAIL_ON": "new",
            "PLACE": str(tmp_path / "runner" / "scraper"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        script = ["bash", "-e", "-c", step("run")["run"]]
        done = subprocess.run(script, cwd=work, env=env, check=False, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, "the last step ends as the command ended"
    said = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert said["code"] == str(code)
    log = done.stdout.splitlines()
    if mode == "refresh":
        token = log[0].removeprefix("::stop-commands::")
        assert re.fullmatch(r"[0-9a-f]{32}", token), "a title may say ##[error]"
        assert log[-1] == f"::{token}::"
        assert "plain.test/missing" in summary.read_text()
        assert (Path(said["reports"]) / "index.html").is_file()


def test_the_action_publishes_by_a_command_that_exists() -> None:
    told = step("Tell of it in an issue and a pull request")
    command = main.commands["publish"]
    assert isinstance(command, click.Group)
    words = told["run"].split()
    assert words[:3] == ["scraper", "publish", "github"]
    known = {name for option in command.commands["github"].params for name in option.opts}
    assert {word for word in words if word.startswith("--")} <= known
    assert "inputs.publish == 'true'" in told["if"]


def test_pages_are_the_reports_and_need_a_word() -> None:
    handed = step("Hand the reports to GitHub Pages")
    assert handed["with"]["path"].endswith("/scraper/reports")
    assert "inputs.pages == 'true'" in handed["if"]
    assert action()["inputs"]["pages"]["default"] == "false"
    guide = (ROOT / "docs" / "automation.md").read_text("utf-8")
    shown = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)]
    used = [
        one["with"]
        for part in shown
        if isinstance(part, dict)
        for job in part.get("jobs", {}).values()
        for one in job["steps"]
        if "paperlinks" in one["uses"]
    ]
    assert used
    assert {name for given in used for name in given} <= set(action()["inputs"])


def test_hooks_and_pipeline_call_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    pipeline = (Path(scraper.__file__).parent / "schedules" / "gitlab-ci.yml").read_text("utf-8")
    called = [hook["entry"].split()[1] for hook in hooks] + re.findall(r"- scraper (\w+)", pipeline)
    assert set(called) <= set(main.commands)
    assert yaml.safe_load(pipeline)["links-of-merge-request"]["extends"] == ".scraper"


def test_the_container_runs_as_nobody_special_and_has_one_way_in() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    orders = [line.split()[0] for line in lines if line and line[0].isupper()]
    assert orders.count("ENTRYPOINT") == 1
    assert "HEALTHCHECK" not in orders
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["scraper"]
    copied = [
        word
        for line in lines
        if line.startswith("COPY") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
