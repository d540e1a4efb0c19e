"""The ready examples of `scraper/schedules/`, run as far as they can be run here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from places import Place, environment

import scraper
from scraper.sandbox import Sandbox

yaml: Any = import_module("yaml")  # a development dependency that has no types of its own
SCHEDULES = Path(scraper.__file__).with_name("schedules")
ALIVE = ["# List", "- <https://one.test/page/1>", "- <https://two.test/page/2>"]
BROKEN = [*ALIVE, "- <https://two.test/404>"]
STUB_GH = """
    import json, sys
    from pathlib import Path

    state = Path(__file__).with_name("issues.json")
    issues = json.loads(state.read_text()) if state.exists() else []
    words = sys.argv[1:]
    option = lambda name: words[words.index(name) + 1]
    if words[:2] == ["issue", "list"]:
        assert option("--jq") == '.[] | "\\\\(.number) \\\\(.state)"'
        print(*(f"{number} {issue['state']}" for number, issue in enumerate(issues, 1)))
    elif words[:2] == ["issue", "create"]:
        issues.append({"state": "OPEN", "body": Path(option("--body-file")).read_text()})
    elif words[0] == "issue":
        issue = issues[int(words[2]) - 1]
        if words[1] == "edit":
            issue["body"] = Path(option("--body-file")).read_text()
        if words[1] == "comment":
            issue["comments"] = issue.get("comments", "") + Path(option("--body-file")).read_text()
        issue["state"] = {"close": "CLOSED", "reopen": "OPEN"}.get(words[1], issue["state"])
    else:
        assert words[:3] == ["label", "create", "link-health"]
    state.write_text(json.dumps(issues))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Sandbox() as sandbox:
        folder = tmp_path / "papers"
        folder.mkdir()
        made = Place.in_sandbox(folder, sandbox, articles={"list": {"path": "list.md"}})
        made.article(*ALIVE)
        made.write_settings()
        yield made


def program(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines)
    path.chmod(0o755)


def scraper_at(path: Path) -> None:
    program(
        path, f'#!/bin/sh\nPYTHONPATH={environment()["PYTHONPATH"]} exec {sys.executable} -m scraper "$@"\n'
    )


def test_the_examples_are_shipped() -> None:
    names = {path.name for path in SCHEDULES.iterdir()}
    assert names == {"crontab", "scraper.service", "scraper.timer", "github-workflow.yml", "gitlab-ci.yml"}


@pytest.mark.long
def test_the_line_for_cron_runs_in_its_bare_environment(place: Place) -> None:
    (line,) = [line for line in (SCHEDULES / "crontab").read_text().splitlines() if re.match(r"\d", line)]
    command = line.split(maxsplit=5)[5]
    assert "%" not in command  # cron would make it a line break
    scraper_at(place.folder / ".venv" / "bin" / "scraper")
    bare = {"HOME": str(place.folder.parent), "LOGNAME": "me", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}

    def mail() -> str:
        ended = subprocess.run(
            ["/bin/sh", "-c", command], env=bare, cwd=bare["HOME"], capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout + ended.stderr

    mail()
    assert mail() == ""
    place.article(*BROKEN)
    assert "two.test/404" in mail()
    assert mail() == ""


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_service_and_the_timer(tmp_path: Path) -> None:
    service = (SCHEDULES / "scraper.service").read_text()
    scraper_at(tmp_path / "bin" / "scraper")
    (tmp_path / "scraper.service").write_text(service.replace("/opt/scraper", str(tmp_path)))
    shutil.copy(SCHEDULES / "scraper.timer", tmp_path)
    units = [str(tmp_path / name) for name in ("scraper.service", "scraper.timer")]
    ended = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    ours = [line for line in ended.stderr.splitlines() if "scraper." in line]
    assert (ended.returncode, ours) == (0, [])
    (when,) = re.findall(r"^OnCalendar=(.*)$", (SCHEDULES / "scraper.timer").read_text(), re.M)
    subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True)


def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((SCHEDULES / "github-workflow.yml").read_text("utf-8"))
    return loaded


def scripts(job: str) -> dict[str, str]:
    return {step["name"]: step["run"] for step in workflow()["jobs"][job]["steps"] if "run" in step}


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    parsed = workflow()
    assert parsed["permissions"] == {}
    assert parsed["jobs"]["refresh"]["permissions"] == {"contents": "read"}
    assert parsed["jobs"]["publish"]["permissions"] == {"contents": "write", "issues": "write"}
    assert "concurrency" in parsed
    assert all(
        re.fullmatch(r"actions/[a-z/-]+@v\d+", step["uses"])
        for job in parsed["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    )
    for job in parsed["jobs"]:
        for script in scripts(job).values():
            assert "${{" not in script  # an expression in a script is a way in for strangers' text
            subprocess.run(["bash", "-n"], input=script, text=True, check=True)


class Runner:
    """Runs the steps as GitHub's runner does, with a repository of our own and a stand-in for `gh`."""

    def __init__(self, place: Place) -> None:
        self.work, self.bin = place.folder, place.folder.parent / "bin"
        self.origin, self.clone = place.folder.parent / "origin.git", place.folder.parent / "clone"
        scraper_at(self.bin / "scraper")
        program(self.bin / "gh", f"#!{sys.executable}\n{textwrap.dedent(STUB_GH)}")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), at=self.work)
        self.git("clone", "--quiet", str(self.origin), str(self.clone), at=self.work)
        self.git("commit", "--quiet", "--allow-empty", "--message=first", at=self.clone)
        self.git("push", "--quiet", "origin", "HEAD:main", at=self.clone)

    def git(self, *words: str, at: Path) -> str:
        name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        return subprocess.run(
            ["git", *name, *words], cwd=at, env=self.env(), check=True, capture_output=True, text=True
        ).stdout

    def env(self, **more: str) -> dict[str, str]:
        files = {name: str(self.bin.parent / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        path = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), os.environ["PATH"]])
        return environment(PATH=path, GIT_CONFIG_GLOBAL=os.devnull, **files, **more)

    def step(self, script: str, at: Path, **more: str) -> str:
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=at,
            env=self.env(**more),
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def morning(self) -> str:
        """Both jobs; returns the log of the refresh."""
        (self.bin.parent / "GITHUB_OUTPUT").unlink(missing_ok=True)
        shutil.rmtree(self.work / "out", ignore_errors=True)
        log = self.step(scripts("refresh")["Refresh"], self.work, SCRAPER_KEEP_SNAPSHOTS="3")
        self.step(scripts("refresh")["Collect"], self.work)
        shutil.rmtree(self.clone)
        self.git("clone", "--quiet", str(self.origin), str(self.clone), at=self.work)
        shutil.copytree(self.work / "out", self.clone / "out")
        code = (self.bin.parent / "GITHUB_OUTPUT").read_text().strip().removeprefix("code=")
        for script in scripts("publish").values():
            self.step(script, self.clone, CODE=code)
        return log

    @property
    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "main", at=self.origin))

    @property
    def issues(self) -> list[dict[str, str]]:
        path = self.bin / "issues.json"
        found: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
        return found


@pytest.mark.long
def test_the_workflow_commits_what_changed_and_keeps_one_issue(place: Place) -> None:
    runner = Runner(place)
    runner.morning()
    assert (runner.commits, runner.issues) == (2, [])
    assert runner.git("ls-tree", "--name-only", "main", "links/list/", at=runner.origin).split() == [
        f"links/list/{name}"
        for name in (
            *("checks.csv", "datapackage.json", "history.csv", "links.csv"),
            "mentions.csv",
            "papers.csv",
        )
    ]
    runner.morning()
    assert (runner.commits, runner.issues) == (2, [])  # nothing changed
    place.article(*BROKEN)
    runner.morning()
    assert runner.commits == 3
    assert [issue["state"] for issue in runner.issues] == ["OPEN"]
    assert "two.test/404" in runner.issues[0]["body"]
    runner.morning()
    assert (runner.commits, len(runner.issues)) == (3, 1)
    place.article(*ALIVE)
    runner.morning()
    assert (runner.commits, [issue["state"] for issue in runner.issues]) == (4, ["CLOSED"])
    place.article(*BROKEN)
    runner.morning()
    assert (runner.commits, [issue["state"] for issue in runner.issues]) == (5, ["OPEN"])
    assert "Added, and broken (1)" in runner.issues[0]["comments"], "a new body notifies nobody"
    assert (runner.clone / "out" / "reports" / "list" / "report.html").is_file()


def test_a_strangers_title_commands_no_workflow(place: Place) -> None:
    place.article("# ::error::pwned", "- [::add-mask::x ##[error]y](https://two.test/404)")
    log = Runner(place).morning().splitlines()
    start, end = log[0], log[-1]
    token = start.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert end == f"::{token}::"
    assert not [line for line in log[1:-1] if line.lstrip().startswith("::") or "##[" in line]
