"""The third set: its first run found 23 of 26 takeovers and followed 60 of 72 moves; `fix` wrote no seller.

What was missed: two scams behind a temporary redirect, which were not known as a trade; a list of kitchen
gadgets that keeps the old name in its title, which still passes; and moves that a page tells by its markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from takeovers import third
from takeovers.runs import fixed, run
from takeovers.web import TakenWeb

TAKEN, MOVED = [*third.takeovers()], [*third.moves()]
STILL_PASSES = {"third, gadget farm that keeps the old name, en"}


@pytest.mark.parametrize(
    ("known", "archived"),
    [({}, False), ({"named": False, "before": True}, False), ({"named": False}, True)],
    ids=["by the list's words", "by the week before", "by the archived copy"],
)
def test_none_but_one_passes_and_every_move_is_followed(
    tmp_path: Path, known: dict[str, Any], archived: bool
) -> None:
    cases = [*TAKEN, *MOVED]
    web = TakenWeb(cases, archived=archived)
    with web.open():
        rows = run(tmp_path, web, cases, **known)
    passed = {case.name for case in TAKEN if rows[case.url]["health"] in ("alive", "moved")}
    assert passed <= STILL_PASSES
    assert not [case.name for case in TAKEN if rows[case.url]["suggested_url"]]
    followed = {case.url: rows[case.url]["suggested_url"] for case in MOVED}
    assert followed == {case.url: case.goal for case in MOVED}
    assert ".click" not in fixed(tmp_path, rows)
