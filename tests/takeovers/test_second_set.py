"""The second set, held out from the rules: their first run passed none of 15 and followed all 24 moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from takeovers import second
from takeovers.runs import fixed, run
from takeovers.web import TakenWeb

TAKEN, MOVED = [*second.takeovers()], [*second.moves()]


@pytest.mark.parametrize("named", [True, False])
def test_none_passes_and_every_honest_move_is_followed(tmp_path: Path, named: bool) -> None:
    """By what the list calls them, or by what was there the week before."""
    cases = [*TAKEN, *MOVED]
    web = TakenWeb(cases)
    with web.open():
        rows = run(tmp_path, web, cases, named=named, before=not named)
    passed = {case.name: rows[case.url]["reason"] for case in TAKEN if rows[case.url]["health"] == "alive"}
    assert not passed
    assert not [case.name for case in TAKEN if rows[case.url]["suggested_url"]]
    assert {case.url: rows[case.url]["suggested_url"] for case in MOVED} == {
        case.url: case.goal for case in MOVED
    }
    text = fixed(tmp_path, rows)
    assert not [case.name for case in TAKEN if "offers.shop" in text or "example-parking" in text]
