"""The system refuses a change to a file, whichever, for whatever reason: a line, and nothing is lost.

A disk that is full from then on, a used-up quota, a folder that became read-only, a broken disk; and once
only, a file that another program holds (a virus scanner's habit), too many open files. With SCRAPER_THOROUGH
set each reason at each change; else some reason at some of them.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hurting import CODES, COMMANDS, Home, Record, home, look, made_up_for, stride, undisturbed, ways
from places import Hurting

pytestmark = pytest.mark.long

STRIDE = {"refresh": 4, "report": 2, "demo": 17, "week": 61}
"""Which changes are tried unless all are."""


class Kind(NamedTuple):
    reasons: tuple[int, ...]
    only: tuple[str, ...]
    lasting: bool


KINDS = {
    "disk": Kind(
        (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
        ("open", "os.rename", "os.mkdir", "os.symlink", "os.link", "sqlite3.connect"),
        lasting=True,
    ),
    "held": Kind(
        (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY, errno.EMFILE),
        (),
        lasting=False,
    ),
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("refusals")) as made:
        undisturbed(made, "fix")
        yield made


def refused(here: Home, command: str, how: Hurting, scratch: Path) -> bool:
    """Whether the command came so far; however it ended, nothing is lost and the next one does it all."""
    here.restore()
    ended, usual = here.run(command, partial(here.place.refused, how)), CODES.get(command, 0)
    came = here.place.was_hurt
    where = f"{command} at {how.step}, {errno.errorcode[how.refusal]}: {ended}"
    look(here, command, scratch)
    assert "Traceback" not in ended.err, where
    assert ended.code in (usual, 2, 5), where
    lines = [line for line in ended.err.splitlines() if line.startswith("scraper: ")]
    assert len(lines) == (ended.code != usual), where
    made_up_for(here, command)
    return came


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_refused_change_is_told_in_a_line(
    command: str, kind: str, here: Home, tmp_path: Path, record_property: Record
) -> None:
    undisturbed(here, command)
    reasons, only, lasting = KINDS[kind]
    step, tries, going = 1, 0, True
    while going:
        for why in ways(command, reasons, tries):
            how = Hurting(step, refusal=why, lasting=lasting, only=only)
            going = refused(here, command, how, tmp_path / "copy")
            tries += going
        step += stride(command, STRIDE)
    record_property(f"{command}: refused changes", tries)
    assert tries or command == "check"
