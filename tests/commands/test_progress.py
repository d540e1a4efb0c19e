"""What a run shows of itself while it lasts."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import article_of, settings_in

from scraper.commands import progress as showing
from scraper.commands import refresh
from scraper.commands.console import Options
from scraper.commands.progress import Progress, progress
from scraper.model import Health, Outcome, Pace, Question, Request, Target, Verdict
from scraper.sandbox import Sandbox
from scraper.visits.turns import Turns, Waiting


class _Visits:
    """Visits that wait for what they are told to."""

    def __init__(self, *waiting: Waiting) -> None:
        self._waiting = waiting

    def waiting(self) -> Sequence[Waiting]:
        return self._waiting


def shown(done: int, total: int, seconds: float, *waiting: Waiting) -> str:
    clock = iter([0.0, seconds])
    state = Progress(total, lambda: next(clock))
    state.watch(_Visits(*waiting))  # type: ignore[arg-type]  # all that is used of them
    state.done = done
    return state.line()


def test_the_end_is_not_said_to_be_near_while_a_host_is_waited_for() -> None:
    line = shown(33, 36, 3.0, Waiting("site5.example", 2, 0.2, "slowed after 503"))
    assert line == "Visiting 33/36  0:03  11/s  waiting for site5.example (2: slowed after 503)"


def test_after_the_last_visit_the_line_says_what_it_does() -> None:
    assert shown(500, 500, 4.0) == "Visited 500  0:04  writing the tables"
    still = shown(500, 500, 4.0, Waiting("web.archive.org", 1, 0.0, ""))
    assert still == "Visiting 500/500  0:04  125/s  waiting for web.archive.org (1)"


def test_the_line_names_who_is_waited_for_and_why() -> None:
    waits = (
        Waiting("api.openreview.net", 1, 2.0, ""),
        Waiting("site50.example", 12, 70.0, "slowed after 503"),
    )
    assert shown(285, 298, 33.0, *waits) == (
        "Visiting 285/298  0:33  9/s  about 1:10 left  "
        "waiting for site50.example (12: slowed after 503), api.openreview.net (1)"
    )
    assert shown(0, 10, 0.2) == "Visiting 0/10  0:00"
    assert shown(10, 11, 600.0, Waiting("a.test", 1, 0.0, "")).startswith("Visiting 10/11  10:00  1/min")
    many = [Waiting(f"{number}.test", 1, 1.0, "") for number in range(7)]
    assert shown(3, 10, 3.0, *many).endswith("waiting for 0.test (1), 1.test (1), 2.test (1), 4 more")


def question(key: str) -> Question:
    return Question(key, "web", "page", (), Request(f"https://{key}/"))


def test_turns_tell_what_holds_each_key_up() -> None:
    turns = Turns(8, lambda key: Pace(0.2, 2))
    for key in ("calm.test", "strained.test", "closed.test", "dumb.test", "resting.test"):
        for _ in range(3):
            turns.add(question(key), 0.0)
    turns.learn("strained.test", strained=False, unreachable=False, elapsed=0.1)
    turns.learn("strained.test", strained=True, unreachable=False, elapsed=0.1, met="503")
    turns.close("closed.test", "rate_limited")
    for _ in range(3):
        turns.learn("dumb.test", strained=False, unreachable=True, elapsed=1.0)
    turns.rest("resting.test", 30.0)
    waiting = turns.waiting(0.0)
    assert waiting[0].key == "resting.test"
    assert {one.key: (one.left, one.why) for one in waiting} == {
        "calm.test": (3, ""),
        "strained.test": (3, "slowed after 503"),
        "closed.test": (3, "given up: rate limited"),
        "dumb.test": (3, "does not answer"),
        "resting.test": (3, "asks for a pause of 30 s"),
    }
    assert Turns(1, lambda key: Pace(0, 1)).waiting(0.0) == []


def test_without_a_terminal_there_is_a_line_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(showing, "EVERY", 0.01)
    article = article_of(tmp_path, "<https://one.test/1>", "<https://one.test/2>")
    logger = logging.getLogger("scraper")
    logger.addHandler(caplog.handler)
    target = Target("web:x", "web", "page", "x", "https://x.test/")
    try:
        with progress([article], Options()) as state:
            for _ in range(200):
                if caplog.messages:
                    break
                threading.Event().wait(0.01)
            state.on_outcome(Outcome(target, Verdict(Health.ALIVE, "ok"), datetime.now(UTC)))
        seen = len(caplog.messages)
        with progress([article], Options(quiet=True)):
            threading.Event().wait(0.05)
    finally:
        logger.removeHandler(caplog.handler)
    assert caplog.messages[0] == "Visiting 0/2  0:00"
    assert len(caplog.messages) == seen
    assert state.done == 1


def test_the_profile_tells_what_each_key_waited(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("<https://busy.test/503>\n<https://one.test/page/1>\n", "utf-8")
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, archive=False, attempts=2)
        refresh.run([str(tmp_path / "list.md")], settings, Options(quiet=True, profile=True))
    keys = json.loads((tmp_path / "reports" / "profile.json").read_text("utf-8"))["keys"]
    waited = {key["key"]: key["waited_seconds"] for key in keys}
    assert waited["one.test"] == 0
    assert waited["busy.test"] > 0
