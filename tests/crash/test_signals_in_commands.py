"""Ctrl-C, SIGTERM and SIGHUP before each change that a command makes to a file: one line, nothing lost.

With SCRAPER_THOROUGH set each signal before each change; else before some of them.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hurting import (
    CODES,
    COMMANDS,
    Home,
    Record,
    home,
    left_by,
    look,
    made_up_for,
    stride,
    temporary,
    undisturbed,
    ways,
)

pytestmark = pytest.mark.long

STRIDE = {"refresh": 11, "report": 3, "demo": 29, "week": 97}
"""Which changes are tried unless all are."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RESUMED = ("refresh", "demo", "week")
"""Commands that say how to go on, and that nothing was published (5)."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("signals")) as made:
        undisturbed(made, "fix")
        yield made


def interrupted(here: Home, command: str, step: int, number: signal.Signals, scratch: Path) -> bool:
    """Whether the command came so far; the signal ends it, nothing is lost, and the next one does it all."""
    here.restore()
    ended = here.run(command, partial(here.place.signalled_at, step, number))
    came = here.place.was_hurt
    look(here, command, scratch)
    assert temporary(here) == []
    if not came:
        return False
    lines = [line for line in ended.err.splitlines() if line.startswith("scraper: ")]
    assert ended.code in ({5, 128 + number} if command in RESUMED else {128 + number}), ended
    assert len(lines) == 1, ended
    assert lines[0].startswith("scraper: Interrupted"), ended
    assert "Traceback" not in ended.err
    assert command in RESUMED or ended.err.count("\n") == 1, ended
    made_up_for(here, command)
    return True


@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_before_any_change_is_told_in_a_line(
    command: str, here: Home, tmp_path: Path, record_property: Record
) -> None:
    undisturbed(here, command)
    step, ended = 1, 0
    going = True
    while going:
        for number in ways(command, SIGNALS, ended):
            going = interrupted(here, command, step, number, tmp_path / "copy")
            ended += going
        step += stride(command, STRIDE)
    record_property(f"{command}: signals", ended)
    assert ended or command in ("check", "store check")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_was_switched_off_ends_nothing(number: signal.Signals, here: Home) -> None:
    for command in ("refresh", "report", "fix"):
        undisturbed(here, command)
        here.restore()
        ended = here.run(command, partial(here.place.signalled_at, 2, number, ignored=[number]))
        assert ended.code == CODES.get(command, 0), ended
        assert left_by(here, command) == here.calm[command]
