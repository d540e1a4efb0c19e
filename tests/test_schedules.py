"""The ready examples of `scraper/schedules/`, run as far as they can be run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from places import Place, environment

import scraper
from scraper.sandbox import Sandbox, github_writing, records

yaml: Any = import_module("yaml")  # a development dependency that has no types of its own
SCHEDULES = Path(scraper.__file__).with_name("schedules")
ALIVE = ["# List", "- <https://one.test/page/1>", "- <https://two.test/page/2>"]
BROKEN = [*ALIVE, "- <https://two.test/404>"]
HOME = "me/papers"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(repositories=[{"full_name": HOME}]) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox) -> Place:
    folder = tmp_path / "papers"
    folder.mkdir()
    made = Place.in_sandbox(folder, sandbox, articles={"list": {"path": "list.md"}})
    made.article(*ALIVE)
    made.write_settings()
    return made


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
    shutil.copytree(place.config, place.folder.parent / ".config")  # as `scraper trust` leaves it at home
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
    assert parsed["jobs"]["publish"]["permissions"] == {
        "contents": "write",
        "issues": "write",
        "pull-requests": "write",
    }
    assert "concurrency" in parsed
    for job in parsed["jobs"]:
        for script in scripts(job).values():
            assert "${{" not in script  # an expression in a script is a way in for strangers' text
            subprocess.run(["bash", "-n"], input=script, text=True, check=True)


class Runner:
    """Runs the steps as GitHub's runner does, with a repository of our own and the sandbox's GitHub."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.work, self.bin = place.folder, place.folder.parent / "bin"
        self.origin, self.clone = place.folder.parent / "origin.git", place.folder.parent / "clone"
        scraper_at(self.bin / "scraper")
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
        known = {"GITHUB_REPOSITORY": HOME, "XDG_CONFIG_HOME": str(self.place.config)}
        return environment(PATH=path, GIT_CONFIG_GLOBAL=os.devnull, **known, **files, **more)

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
        shutil.rmtree(self.work / "out", ignore_errors=True)
        log = self.step(scripts("refresh")["Refresh"], self.work, SCRAPER_KEEP_SNAPSHOTS="3")
        self.step(scripts("refresh")["Collect"], self.work)
        shutil.rmtree(self.clone)
        self.git("clone", "--quiet", str(self.origin), str(self.clone), at=self.work)
        for name in ("out", "data"):  # the artifact, and the cache
            shutil.copytree(self.work / name, self.clone / name)
        for name in ("scraper.toml", "list.md"):
            shutil.copy(self.work / name, self.clone)
        for name, script in scripts("publish").items():
            if name != "Install":
                self.step(script, self.clone, GITHUB_TOKEN=records.GITHUB_TOKEN)
        return log

    @property
    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "main", at=self.origin))


@pytest.mark.long
def test_the_workflow_commits_what_changed_and_keeps_one_issue(place: Place, sandbox: Sandbox) -> None:
    runner, desk = Runner(place), github_writing.desk(sandbox.world, HOME)

    def issues() -> list[str]:
        return [one["state"] for one in desk.threads]

    runner.morning()
    assert (runner.commits, issues()) == (2, [])
    assert runner.git("ls-tree", "--name-only", "main", "links/list/", at=runner.origin).split() == [
        f"links/list/{name}"
        for name in (
            *("checks.csv", "datapackage.json", "history.csv", "links.csv"),
            "mentions.csv",
            "papers.csv",
        )
    ]
    runner.morning()
    assert (runner.commits, issues()) == (2, [])  # nothing changed
    place.article(*BROKEN)
    runner.morning()
    assert runner.commits == 3
    assert issues() == ["open"]
    assert "two.test/404" in desk.threads[0]["body"]
    runner.morning()
    assert (runner.commits, issues(), len(desk.comments)) == (3, ["open"], 0)
    place.article(*ALIVE)
    runner.morning()
    assert (runner.commits, issues()) == (4, ["closed"])
    place.article(*BROKEN)
    runner.morning()
    assert (runner.commits, issues()) == (5, ["open"])
    assert "Added, and broken (1)" in str(desk.comments), "a new body notifies nobody"
    assert (runner.clone / "out" / "reports" / "list" / "report.html").is_file()


def test_summaries_of_many_lists_fill_no_more_than_a_step_may_show(place: Place) -> None:
    runner = Runner(place)
    tables = runner.work / "data" / "snapshots" / "one" / "latest"
    tables.mkdir(parents=True)
    for name in ("links.csv", "datapackage.json"):
        (tables / name).touch()
    for name in ("one", "two"):
        (folder := runner.work / "reports" / name).mkdir(parents=True)
        (folder / "summary.md").write_text("é" * 900_000, "utf-8")
    runner.step(scripts("refresh")["Collect"], runner.work)
    assert Path(runner.env()["GITHUB_STEP_SUMMARY"]).stat().st_size == 1_000_000


def test_a_strangers_title_commands_no_workflow(place: Place) -> None:
    place.article("# ::error::pwned", "- [::add-mask::x ##[error]y](https://two.test/404)")
    log = Runner(place).morning().splitlines()
    start, end = log[0], log[-1]
    token = start.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert end == f"::{token}::"
    assert not [line for line in log[1:-1] if line.lstrip().startswith("::") or "##[" in line]
