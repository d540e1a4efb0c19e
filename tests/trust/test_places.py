"""What stands in the place of our files: links to nothing, links to somewhere else, pipes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from places import Ended, Place

from scraper.sandbox import Sandbox

LINK = "<https://github.com/automl/robustdarts>"


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    folder = tmp_path / "list"
    folder.mkdir()
    made = Place.in_sandbox(folder, sandbox, archive=False)
    made.article("# List", LINK)
    return made


def one_line(ended: Ended, code: int) -> str:
    assert ended.code == code, ended.err
    assert ended.err.startswith("scraper: "), ended.err
    assert ended.err.count("\n") == 1, ended.err
    return ended.err


def test_a_store_whose_disk_is_not_there_is_never_replaced(place: Place) -> None:
    (place.folder / "data").mkdir()
    store = place.folder / "data" / "scraper.db"
    store.symlink_to("disk/scraper.db")
    for command in (["refresh", "list.md", "-q"], ["refresh", "list.md", "--dry-run"], ["store", "check"]):
        said = one_line(place.quick(*command), 5)
        assert "is a link to disk/scraper.db, which is not there: is its disk mounted?" in said
    assert "is its disk mounted?" in place.quick("doctor").out
    assert store.is_symlink()
    (place.folder / "data" / "disk").mkdir()
    store.unlink()
    assert place.quick("refresh", "list.md", "-q").code == 0
    store.rename(place.folder / "data" / "disk" / "scraper.db")
    store.symlink_to("disk/scraper.db")
    assert place.quick("refresh", "list.md", "-q").code == 0
    assert store.is_symlink()


@pytest.mark.parametrize("what", ["data/scraper.db", "data/snapshots/list/latest/links.csv"])
def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(what: str, place: Place) -> None:
    assert place.quick("refresh", "list.md", "-q").code == 0
    path = place.folder / what
    path.unlink()
    os.mkfifo(path)
    commands = (["report"], ["store", "check"]) if what.endswith(".db") else (["fix", "list.md"],)
    for command in commands:
        assert "pipe" in one_line(place.quick(*command), 5 if what.endswith(".db") else 2)


def test_a_pointer_to_somewhere_else_is_none(place: Place) -> None:
    assert place.quick("refresh", "list.md", "-q").code == 0
    latest = place.folder / "data" / "snapshots" / "list" / "latest"
    first = latest.readlink()
    for elsewhere in ("/etc", "../../..", "2001-01-01T00-00-00Z", "../list"):
        latest.unlink()
        latest.symlink_to(elsewhere)
        assert place.quick("fix", "list.md").code == 0
        ended = place.quick("refresh", "list.md", "--no-resume")
        assert (ended.code, "no change needs your attention" in ended.err) == (0, True), ended.err
        assert latest.readlink() != first
        assert (latest / "links.csv").is_file()


def test_a_lock_that_is_a_link_empties_no_other_file(place: Place) -> None:
    precious = place.folder.parent / "precious"
    precious.write_text("somebody's")
    (place.folder / "data").mkdir()
    (place.folder / "data" / ".lock").symlink_to(precious)
    assert "is a link" in one_line(place.quick("refresh", "list.md"), 5)
    assert precious.read_text() == "somebody's"


@pytest.mark.parametrize("folder", ["data/snapshots/list", "reports/list"])
def test_a_link_in_the_place_of_a_folder_is_not_followed(folder: str, place: Place) -> None:
    theirs = place.folder.parent / "theirs"
    theirs.mkdir()
    (theirs / ".tmp-scraper-1-x").write_text("somebody's")
    (place.folder / folder).parent.mkdir(parents=True)
    (place.folder / folder).symlink_to(theirs)
    assert "is a link" in one_line(place.quick("refresh", "list.md"), 5)
    assert [path.name for path in theirs.iterdir()] == [".tmp-scraper-1-x"]


def test_what_others_keep_in_our_folders_stays(place: Place) -> None:
    (place.folder / "reports" / ".tmp-my-thesis").mkdir(parents=True)
    (place.folder / "reports" / ".tmp-my-thesis" / "chapter").write_text("mine")
    (place.folder / "data").mkdir()
    for name in ("reports/.tmp-notes", "data/.tmp-mine"):
        (place.folder / name).write_text("mine")
    assert place.quick("refresh", "list.md", "-q").code == 0
    kept = sorted(str(path.relative_to(place.folder)) for path in place.folder.rglob(".tmp-*"))
    assert kept == ["data/.tmp-mine", "reports/.tmp-my-thesis", "reports/.tmp-notes"]
