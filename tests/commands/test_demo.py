"""The demo: away from everything else, from anywhere, and a week of it with a history."""

from __future__ import annotations

import html
import itertools
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from places import Place

from scraper.sandbox import Sandbox
from scraper.sandbox.week import BOARD, DAYS, MODEL, READING_GROUP
from scraper.snapshots.changes import compare
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, attempts=1)
    made.article("<https://plain.test/ok>")
    return made


def test_a_demo_keeps_to_its_folder_and_a_real_list_is_checked_after_it(place: Place) -> None:
    before = {path.name for path in place.folder.iterdir()}
    ended = place.quick("demo")
    assert ended.code == 0
    assert ended.err.startswith("SANDBOX")
    made = {path.name for path in place.folder.iterdir()} - before
    assert {name for name in made if not name.startswith(".")} - {"scraper.toml"} == {"demo"}
    reports = {path.name for path in (place.folder / "demo" / "reports").iterdir()}
    assert reports >= {"index.html", "iclr-2020-deep-learning", "a-changing-list"}
    assert place.quick("refresh", "list.md", "--quiet").code == 0


def test_a_week_leaves_a_history(place: Place) -> None:
    ended = place.quick("demo", "--days", "7")
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if line.startswith("Day ")] == [
        f"Day {day}: {event.told}." for day, events in DAYS.items() for event in events
    ]
    folder = place.folder / "demo" / "data"
    shots = [Snapshot.at(path) for path in sorted((folder / "snapshots" / "a-changing-list").glob("2*"))]
    assert len(shots) == 7
    kinds = [{change.kind for change in compare(*pair)} for pair in itertools.pairwise(shots)]
    seen = set().union(*kinds)
    assert {"newly_broken", "newly_failing", "recovered", "confirmed_dead", "renamed", "moved"} <= seen
    assert {"archived", "stars_changed", "blocked", "replaced"} <= seen
    with Store.open(folder / "scraper.db", create=False) as store:
        healths = {
            url: "".join(visit.health[0] for visit in store.history(key))
            for url, key in ((BOARD, f"web:{BOARD}"), (MODEL, "huggingface:sandbox/tiny-model"))
        }
        assert healths == {BOARD: "affaaaa", MODEL: "aabbaaa"}
        (last,) = [row for row in shots[-1].rows() if row["target"] == f"web:{READING_GROUP}"]
        assert (last["health"], last["confirmed_dead"]) == ("broken", True)
        assert last["archived_url"]


def test_a_week_begins_anew_in_its_own_folder_and_clears_no_other(place: Place) -> None:
    assert place.quick("demo", "--days", "2").code == 0
    assert place.quick("demo", "--days", "2").code == 0
    snapshots = place.folder / "demo" / "data" / "snapshots" / "a-changing-list"
    assert len(list(snapshots.glob("2*"))) == 2
    feed = (place.folder / "demo" / "reports" / "a-changing-list" / "changes.atom").read_text("utf-8")
    assert 0 < feed.count("<entry>") == len(set(re.findall("<title>.*?</title>", feed))) - 1
    assert place.quick("demo", "--data", "mine", "--reports", "out").code == 0
    ended = place.quick("demo", "--days", "2", "--data", "mine", "--reports", "out")
    assert (ended.code, "name an empty --data" in ended.err) == (2, True)


@pytest.mark.parametrize("days", ["0", "8", "many"])
def test_a_week_has_seven_days(days: str, place: Place) -> None:
    ended = place.quick("demo", "--days", days)
    assert (ended.code, "--days" in ended.err.splitlines()[-1]) == (2, True)


def test_without_its_extra_a_demo_leaves_nothing(place: Place) -> None:
    missing = place.folder / "missing"
    missing.mkdir()
    (missing / "trustme.py").write_text("raise ModuleNotFoundError('trustme', name='trustme')", "utf-8")
    for arguments in (("demo",), ("demo", "--days", "7")):
        ended = place.run(*arguments, PYTHONPATH=f"{missing}:{ROOT}")
        assert (ended.code, "paperlinks[demo]" in ended.err) == (2, True), ended.err
        assert not (place.folder / "demo").exists()


def test_nobody_is_told_to_install_the_package_of_a_stranger() -> None:
    """`scraper` on the registry is somebody else's since 2012; ours is `paperlinks`."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    wrong = re.compile(
        r"(?:pip|pipx|uvx|uv|poetry)\b[^\n`]{0,40}\b(?:install|add|run|tool)?\s+['\"]?scraper(?:\[|['\"\s`]|$)"
    )
    told = [
        f"{name}: {line.strip()}"
        for name in listed.stdout.split()
        if (ROOT / name).suffix in {".py", ".md", ".yml", ".yaml", ".toml", ".html", ".txt", ".cff", ""}
        and name != "CHANGELOG.md"
        for line in (ROOT / name).read_text("utf-8", "replace").splitlines()
        if wrong.search(line)
    ]
    assert [line for line in told if "test_demo.py" not in line] == []


def test_the_pages_command_works_as_it_is_printed(place: Place) -> None:
    assert place.quick("demo").code == 0
    page = (place.folder / "demo/reports/iclr-2020-deep-learning/report.html").read_text("utf-8")
    (printed,) = re.findall(r"<code>(scraper fix .*?)</code>", page)
    ended = place.quick(*shlex.split(html.unescape(printed))[1:])
    assert ended.code == 0, ended.err
    assert ended.out.startswith("--- a/demo/articles/iclr-2020-deep-learning.md")
