"""Every command on a disk of its own that is full, out of files, or read-only: a line, and nothing is lost.

With SCRAPER_THOROUGH set disks with eight sizes of room; else with two.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hurting import CODES, COMMANDS, THOROUGH, Home, Record, home, look, made_up_for, undisturbed

pytestmark = pytest.mark.long

WRITERS = [name for name in COMMANDS if name not in ("publish", "check", "store check", "trust")]
"""Those that write into the folder; `trust` writes elsewhere."""
LEFT = (0, 1, 2, 3, 4, 6, 8, 16) if THOROUGH else (0, 2)
"""Pages of 4 KB, or files, that the disk has room for beside what is there."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("disks")) as made:
        undisturbed(made, "fix")
        yield made


@pytest.fixture
def mount(here: Home) -> Iterator[Callable[[str], None]]:
    """Puts a small disk in the place of the folder, with all that was in it; `more` are its options."""
    folder, mounted = here.folder, []

    def put(more: str) -> None:
        take_off()
        here.restore()
        kept = folder.with_name("kept")
        shutil.rmtree(kept, ignore_errors=True)
        folder.rename(kept)
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", more, "tmpfs", str(folder)]
        if subprocess.run(words, capture_output=True, check=False).returncode:
            pytest.skip("a small disk cannot be mounted here")
        mounted.append(folder)
        shutil.copytree(kept, folder, symlinks=True, dirs_exist_ok=True)

    def take_off() -> None:
        while mounted:
            subprocess.run(["umount", "--lazy", str(mounted.pop())], check=True)

    yield put
    take_off()


def resize(here: Home, more: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{more}", str(here.folder)], check=True)


def refused(here: Home, command: str, scratch: Path) -> bool:
    """Whether the disk was too small; then it grows, and all is made up for."""
    ended, usual = here.run(command), CODES.get(command, 0)
    assert "Traceback" not in ended.err, ended
    if ended.code != usual:
        assert ended.code == 5, ended
        assert "no space is left on the device" in ended.err, ended
        assert sum(line.startswith("scraper: ") for line in ended.err.splitlines()) == 1, ended
    resize(here, "size=64m,nr_inodes=9999")
    look(here, command, scratch)
    made_up_for(here, command)
    return ended.code != usual


@pytest.mark.parametrize("what", ["room", "files"])
@pytest.mark.parametrize("command", WRITERS)
def test_a_small_disk_is_told_in_a_line(
    command: str,
    what: str,
    here: Home,
    mount: Callable[[str], None],
    tmp_path: Path,
    record_property: Record,
) -> None:
    undisturbed(here, command)
    refusals = 0
    for number in LEFT:
        mount("size=64m,nr_inodes=9999")
        now = os.statvfs(here.folder)
        room, files = (now.f_blocks - now.f_bfree) * now.f_frsize, now.f_files - now.f_ffree
        resize(here, f"size={room + number * 4096}" if what == "room" else f"nr_inodes={files + number}")
        refusals += refused(here, command, tmp_path / "copy")
    record_property(f"{command}: full disks", refusals)
    assert refusals
