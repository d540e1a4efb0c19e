"""`scraper doctor`: each check in the states that can be brought about, and what it advises."""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from places import Place

from scraper.commands.doctor import Check, _clock, _honest, as_text
from scraper.model import Answer
from scraper.sandbox import Sandbox
from scraper.settings import Settings


class Said(NamedTuple):
    code: int
    checks: dict[str, Check]

    def state(self, name: str) -> str:
        return self.checks[name].state


def doctor(place: Place, *more: str, **variables: str) -> Said:
    ended = place.quick("doctor", "--json", *more, **variables)
    assert ended.err == ""
    return Said(ended.code, {check["name"]: Check(**check) for check in json.loads(ended.out)["checks"]})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox)
    made.article("<https://one.test/page/1>")
    return made


def variables(sandbox: Sandbox) -> dict[str, str]:
    return {name.upper(): value for name, value in sandbox.credentials.items()}


def test_all_is_well_with_credentials(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    said = doctor(place, **variables(sandbox))
    assert said.code == 0
    assert {check.state for check in said.checks.values()} == {"ok"}
    assert not any(check.advice for check in said.checks.values())
    assert {
        "versions",
        "data",
        "reports",
        "store",
        "lock",
        "network",
        "clock",
        "GitHub",
        "OpenReview",
    } <= set(said.checks)
    assert "of 5000 requests left" in said.checks["GitHub"].message
    assert said.checks["setting github_token"].message == "(set) from GITHUB_TOKEN"
    assert "last success" in said.checks["store"].message


def test_warnings_end_well_and_say_what_to_do(place: Place) -> None:
    place.settings["contact"] = ""
    said = doctor(place)
    assert said.code == 0
    warned = {name for name, check in said.checks.items() if check.state == "warning"}
    assert warned == {"contact", "GitHub", "OpenReview"}
    assert all(check.advice for check in said.checks.values() if check.state != "ok")
    assert said.checks["store"].message.startswith("none yet")


def test_settings_that_cannot_be_read_are_the_only_news(place: Place) -> None:
    place.settings["time_out"] = 3
    said = doctor(place)
    assert (said.code, list(said.checks), said.state("settings")) == (1, ["settings"], "error")
    assert "did you mean 'timeout'?" in said.checks["settings"].message


@pytest.mark.parametrize("fault", ["github_token_bad", "github_502", "github_token_expiring"])
def test_github(fault: str, place: Place, sandbox: Sandbox) -> None:
    sandbox.world.faults.add(fault)
    said = doctor(place, **variables(sandbox))
    expected = {"github_token_bad": "error", "github_502": "warning", "github_token_expiring": "ok"}
    assert said.state("GitHub") == expected[fault]
    assert (said.code == 1) == (fault == "github_token_bad")
    if fault == "github_token_expiring":
        assert "the token ends on 2" in said.checks["GitHub"].message


def test_a_login_that_is_refused_is_a_warning(place: Place, sandbox: Sandbox) -> None:
    sandbox.world.faults.add("openreview_login_limited")
    said = doctor(place, **variables(sandbox))
    assert said.state("OpenReview") == "warning"
    assert said.state("GitHub") == "ok"


def test_no_network_is_an_error_and_ends_the_questions(place: Place, sandbox: Sandbox) -> None:
    sandbox.world.faults.add("network_down")
    place.settings["connect_to"] = sandbox.settings["connect_to"]
    said = doctor(place)
    assert (said.code, said.state("network")) == (1, "error")
    assert "GitHub" not in said.checks
    sandbox.world.faults.clear()
    sandbox.world.faults.add("tls_untrusted:example.com")
    place.settings["connect_to"] = sandbox.settings["connect_to"]
    assert "certificate authority" in doctor(place).checks["network"].advice


def test_the_store_in_trouble(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    path = place.folder / "data" / "scraper.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:5000])
    said = doctor(place)
    assert (said.code, said.state("store")) == (1, "error")
    path.write_bytes(b"")
    assert doctor(place).state("store") == "error"
    assert path.read_bytes() == b""


def test_the_lock_is_seen_and_not_taken(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    with (place.folder / "data" / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert doctor(place).state("lock") == "warning"
    assert doctor(place).state("lock") == "ok"


def test_a_small_disk_and_a_read_only_one(place: Place) -> None:
    disk = place.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if (mounted := subprocess.run(mount, capture_output=True, text=True)).returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        assert doctor(place, f"--data={disk / 'data'}").state("data") == "warning"
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        said = doctor(place, f"--data={disk / 'data'}")
        assert (said.code, said.state("data"), said.state("reports")) == (1, "error", "ok")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize(("off", "state"), [(0, "ok"), (-3600, "warning"), (86_400, "warning")])
def test_a_clock_that_is_off(off: int, state: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=off))
    (check,) = _clock(Answer("https://x.test/", "https://x.test/", headers={"date": date}))
    assert check.state == state
    assert list(_clock(Answer("https://x.test/", "https://x.test/", headers={"date": "noon"}))) == []


@pytest.mark.parametrize(
    ("failure", "state"), [("host_not_found", "ok"), ("dns_failure", "warning"), ("", "error")]
)
def test_a_resolver_that_lies(failure: str, state: str) -> None:
    """A resolver that answers for names that cannot exist would keep dead hosts alive."""
    answer = Answer("http://no.invalid/", "http://no.invalid/", failure=failure)
    assert _honest(answer, Settings()).state == state


def test_as_text_a_check_is_a_line_with_its_advice_below() -> None:
    checks = [Check("a", "ok", "fine"), Check("b", "error", "bad\x1b[31m", "mend it")]
    assert as_text(checks).splitlines() == ["ok       a: fine", "error    b: bad[31m", "         -> mend it"]
