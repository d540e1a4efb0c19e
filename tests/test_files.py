from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import NotPublished, UsageError
from scraper.files import (
    atomic,
    atomic_new,
    checked_name,
    explain,
    own_folder,
    published_or_told,
    remove,
    safe_name,
    sweep,
    unfinished,
    write,
)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, "é")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, "old")
    with pytest.raises(RuntimeError), atomic(path) as handle:
        handle.write(b"half")
        raise RuntimeError("a fault of ours")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write(path, b"a" * 200_000)
    script = """
        import sys
        from pathlib import Path
        from scraper.files import write
        for number in range(80):
            write(Path(sys.argv[1]), bytes([97 + number % 26]) * 200_000)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), str(path)]) as writer:
        torn = 0
        while writer.poll() is None:
            content = path.read_bytes()
            torn += content != content[:1] * 200_000
        assert (torn, writer.returncode) == (0, 0)


def test_a_full_device_is_told_when_the_file_is_flushed() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with pytest.raises(NotPublished, match=r"Cannot write the report: no space is left on the device"):  # noqa: SIM117
        with published_or_told("the report"), Path("/dev/full").open("wb") as handle:
            handle.write(b"x")


@pytest.fixture
def dead() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_whoever_makes_a_file_again_removes_what_killed_makers_left(tmp_path: Path, dead: int) -> None:
    alive = os.getppid()
    for name in ("own.prom", "own.prom~", "own.prom~-journal", "other.prom~"):
        (tmp_path / f".tmp-scraper-{dead}-{name}").write_text("half")
    (tmp_path / f".tmp-scraper-{alive}-own.prom~").write_text("under way")
    write(tmp_path / "own.prom", "whole")
    kept = {f".tmp-scraper-{dead}-other.prom~", f".tmp-scraper-{alive}-own.prom~", "own.prom"}
    assert {entry.name for entry in tmp_path.iterdir()} == kept


def test_an_unfinished_file_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    unfinished(tmp_path / "own.prom").write_text("half")
    assert list(tmp_path.glob("*.prom")) == []


@pytest.mark.parametrize("links", [True, False], ids=["links", "no hard links"])
def test_a_new_file_takes_no_others_place(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        refused = OSError(errno.EPERM, "no hard links here")
        monkeypatch.setattr(os, "link", lambda *_, **__: (_ for _ in ()).throw(refused))
    path = tmp_path / "list.md.bak"
    with atomic_new(path) as handle:
        handle.write(b"old")
    with pytest.raises(FileExistsError), atomic_new(path) as handle:
        handle.write(b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.md.bak"]


def test_what_is_left_unfinished_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".tmp-scraper-1-folder" / "inner").mkdir(parents=True)
    (tmp_path / ".tmp-scraper-1-file").write_text("half")
    (tmp_path / ".tmp-scraper-1-link").symlink_to(tmp_path)
    (tmp_path / ".tmp-4711-of-an-earlier-version").write_text("half")
    (tmp_path / "kept").write_text("whole")
    assert sweep(tmp_path) == 4
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]
    assert sweep(tmp_path / "nowhere") == 0


def test_what_others_call_temporary_is_theirs(tmp_path: Path) -> None:
    (tmp_path / ".tmp-my-thesis").mkdir()
    for name in (".tmp-notes", ".tmp-mine", ".tmp-", "tmp-scraper-1-x"):
        (tmp_path / name).write_text("somebody's")
    assert sweep(tmp_path) == 0


def test_what_a_living_run_is_writing_to_a_shared_folder_is_left(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (tmp_path / f".tmp-scraper-{other.pid}-report.html").write_text("half")
        assert sweep(tmp_path, shared=True) == 0
        other.communicate(b"\n")
    assert sweep(tmp_path, shared=True) == 1


def test_a_link_in_the_place_of_a_folder_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").symlink_to("theirs")
    with pytest.raises(NotPublished, match="ours is a link, to theirs: move it away"):
        own_folder(tmp_path / "ours")


def test_removing_a_link_leaves_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    remove(tmp_path / "link")
    assert (tmp_path / "folder").is_dir()


@given(st.text(max_size=150))
def test_any_text_makes_a_name_of_a_folder(text: str) -> None:
    name = safe_name(text)
    assert checked_name(name) == name
    assert name not in (".", "..")
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "-rf", "a b", "\0", "a\n", "é", "x" * 101])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a folder"):
        checked_name(name)


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EISDIR, errno.ENOENT, 9999]
)
def test_every_refusal_is_one_line(number: int) -> None:
    words = explain(OSError(number, os.strerror(number)))
    assert re.fullmatch(r"[^\n]{5,}", words)
