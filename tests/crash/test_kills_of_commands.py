"""Every command that writes, killed with SIGKILL before each of its changes to a file and at random moments.

With SCRAPER_THOROUGH set before each single change; else before some of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hurting import (
    CODES,
    COMMANDS,
    THOROUGH,
    Home,
    Record,
    home,
    look,
    made_up_for,
    stride,
    undisturbed,
)
from places import Ended

pytestmark = pytest.mark.long

STRIDE = {"refresh": 7, "demo": 23, "week": 71}
"""Which changes are tried unless all are."""
MOMENTS = 16 if THOROUGH else 3
KILLED = -9


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("kills")) as made:
        undisturbed(made, "fix")
        yield made


def killed(here: Home, command: str, how: Callable[..., Ended], scratch: Path) -> bool:
    """Hurt the command once; whatever was left, nothing is lost and the next one does it all in one go."""
    here.restore()
    ended = here.run(command, how)
    assert ended.code in (KILLED, CODES.get(command, 0)), ended
    assert "Traceback" not in ended.err
    look(here, command, scratch)
    made_up_for(here, command)
    look(here, command, scratch)
    return ended.code == KILLED


@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_before_any_change_loses_nothing(
    command: str, here: Home, tmp_path: Path, record_property: Record
) -> None:
    undisturbed(here, command)
    step, kills = 1, 0
    while killed(here, command, partial(here.place.killed_at, step), tmp_path / "copy"):
        step += stride(command, STRIDE)
        kills += 1
    record_property(f"{command}: kills before a change", kills)
    assert kills or command in ("check", "store check")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_at_any_moment_loses_nothing(
    command: str, here: Home, tmp_path: Path, record_property: Record
) -> None:
    undisturbed(here, command)
    here.restore()
    begun = time.monotonic()
    here.run(command)
    usual = time.monotonic() - begun
    chance = random.Random(command)
    kills = tries = 0
    while kills < MOMENTS:
        after = chance.uniform(0, usual)
        kills += killed(here, command, partial(here.place.killed, after), tmp_path / "copy")
        tries += 1
        assert tries < 20 * MOMENTS
    record_property(f"{command}: kills at a random moment", kills)
