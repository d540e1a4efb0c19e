"""Signals in mid run, and a second run beside the first."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import Place

from scraper.sandbox import Sandbox, records
from scraper.sandbox.faults import Faults
from scraper.store.store import Store

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("hangups")]

QUICK = [f"- <https://quick.test/page/{number}>" for number in range(5)]
SLOW = [f"- <https://slow.test/page/{number}>" for number in range(5)]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(faults=["slow_host:slow.test"]) as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, timeout=60.0)
    made.article(*QUICK, *SLOW)
    return made


def under_way(place: Place, sandbox: Sandbox, *more: str) -> subprocess.Popen[str]:
    """A run that has asked the slow host and will wait for it for long."""
    process = place.start("refresh", "list.md", *more)
    store = place.folder / "data" / "scraper.db"
    while not (sandbox.world.count("slow.test") and _outcomes(store) == len(QUICK)):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def _outcomes(path: Path) -> int:
    if not path.exists():
        return 0
    with Store.open(path, create=False) as store:
        return sum(len(store.history(f"web:https://quick.test/page/{number}")) for number in range(5))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_keeps_what_is_done_and_the_next_run_goes_on(
    number: signal.Signals, place: Place, sandbox: Sandbox
) -> None:
    with under_way(place, sandbox) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (5, "")
    assert err == "scraper: Interrupted with 5 links left; run again within an hour to resume.\n"
    assert not (place.folder / "data" / "snapshots").exists()
    sandbox.world.faults.clear()
    assert place.run("refresh", "list.md").code == 0
    assert sandbox.world.count("quick.test") == len(QUICK)
    with Store.open(place.folder / "data" / "scraper.db") as store:
        assert store.check() == []
        assert len({visit.run for visit in store.history("web:https://quick.test/page/1")}) == 1


@pytest.mark.parametrize("command", ["refresh list.md", "store prune --keep-runs=1"])
def test_a_second_run_leaves_at_once_while_the_first_works(
    command: str, place: Place, sandbox: Sandbox
) -> None:
    with under_way(place, sandbox) as first:
        second = place.run(*command.split())
        assert first.poll() is None
        assert (second.code, second.out) == (4, "")
        assert second.err.startswith("scraper: Another run is using data")
        assert second.err.count("\n") == 1
        first.kill()
        first.communicate()
    sandbox.world.faults.clear()
    assert place.run("refresh", "list.md").code == 0  # the lock of the killed is free


@pytest.mark.parametrize(("resume", "told"), [("0", "run again"), ("90s", "run again within 90 s to resume")])
def test_no_more_is_promised_than_the_settings_give(
    resume: str, told: str, place: Place, sandbox: Sandbox
) -> None:
    place.settings["resume"] = resume
    with under_way(place, sandbox) as process:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert err == f"scraper: Interrupted with 5 links left; {told}.\n"


def test_a_signal_outside_the_visits_is_clean_too(place: Place, sandbox: Sandbox) -> None:
    with place.start("refresh", "https://slow.test/page/list") as process:
        while not sandbox.world.count("slow.test"):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 5
    assert err == "scraper: Interrupted; run again within an hour to resume.\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["check", "check --format=json", "publish"])
def test_a_command_that_waits_for_the_web_ends_in_a_line(
    command: str, number: signal.Signals, place: Place, sandbox: Sandbox
) -> None:
    words, host = [*command.split(), "https://slow.test/page/1"], "slow.test"
    if command == "publish":
        assert place.run("refresh", "https://quick.test/page/1").code == 0
        sandbox.world.faults = Faults(["slow_host:api.github.com"])
        words, host = ["publish", "github", "--repository=me/papers"], "api.github.com"
    before = sandbox.world.count(host)
    with place.start(*words, GITHUB_TOKEN=records.GITHUB_TOKEN) as process:
        while sandbox.world.count(host) == before:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (128 + number, "scraper: Interrupted.\n")
    assert ('"exit_code": ' in out) == ("json" in command)
