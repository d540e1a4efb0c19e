"""Marker credentials: no output, file, store or traceback holds them, and only their hosts ever see them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import Ended, Place, environment
from running import READING_LIST

from scraper.sandbox import Sandbox
from scraper.sandbox.world import Seen

MARKERS = {
    "GITHUB_TOKEN": "ghp_MARKERgithubMARKER0123456789abcdefgh",
    "OPENREVIEW_USERNAME": "marker@username.example",
    "OPENREVIEW_PASSWORD": "MARKER-password-MARKER",
}
TOKEN = {"OPENREVIEW_TOKEN": "MARKER.openreview.token.MARKER"}
LOGIN_HOSTS = ("api.openreview.net", "api2.openreview.net")
ADDRESS = "github:automl/robustdarts"
COMMANDS = [
    ["refresh", "list.md", "-vv"],
    ["refresh", "list.md", "-vv", "--json", "--no-resume"],
    ["refresh", "list.md", "-vv", "--dry-run"],
    ["refresh", "list.md", "-vv", "--profile"],
    ["refresh", "missing.md", "-vv"],
    ["links", "list.md"],
    ["report"],
    ["changes", "--format", "atom"],
    ["history", ADDRESS],
    ["fix", "list.md"],
    ["doctor"],
    ["doctor", "--json"],
    ["store", "check"],
    ["store", "backup", "copy.db"],
    ["store", "prune", "--keep-runs", "1"],
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(mode="login") as running:
        running.world.github_tokens.add(MARKERS["GITHUB_TOKEN"])
        running.world.openreview_users[MARKERS["OPENREVIEW_USERNAME"]] = MARKERS["OPENREVIEW_PASSWORD"]
        running.world.openreview_tokens[TOKEN["OPENREVIEW_TOKEN"]] = True
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, archive=False)
    made.article(READING_LIST.read_text("utf-8"))
    return made


def forms(secret: str) -> list[bytes]:
    """The secret as it is and as it could be hidden."""
    return [secret.encode(), base64.b64encode(secret.encode()).rstrip(b"="), secret.encode().hex().encode()]


def leaks(folder: Path, ended: list[Ended]) -> list[str]:
    """Where a marker was found."""
    places = {f"output {number}": (one.out + one.err).encode() for number, one in enumerate(ended)}
    places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    secrets = [value for name, value in {**MARKERS, **TOKEN}.items() if name != "OPENREVIEW_USERNAME"]
    return [
        f"{place}: {secret}"
        for place, content in places.items()
        for secret in secrets
        if any(form in content for form in forms(secret))
    ]


def carries(seen: Seen, secret: str) -> bool:
    content = repr(dict(seen.headers)) + seen.target + seen.ask.body.decode("latin-1")
    return secret in content


@pytest.mark.parametrize("variables", [MARKERS, {**MARKERS, **TOKEN}], ids=["login", "token"])
def test_no_command_tells_a_secret(variables: dict[str, str], place: Place, sandbox: Sandbox) -> None:
    ended = [place.quick(*command, **variables) for command in COMMANDS]
    assert [one.code for one in ended][:2] == [0, 0], ended[0].err
    assert leaks(place.folder, ended) == []
    token = MARKERS["GITHUB_TOKEN"]
    assert {seen.host for seen in sandbox.world.requests if carries(seen, token)} == {"api.github.com"}
    if "OPENREVIEW_TOKEN" in variables:
        seen_by = {seen.host for seen in sandbox.world.requests if carries(seen, TOKEN["OPENREVIEW_TOKEN"])}
        assert seen_by
        assert seen_by <= set(LOGIN_HOSTS)
    else:
        told = [seen for seen in sandbox.world.requests if carries(seen, variables["OPENREVIEW_PASSWORD"])]
        assert told
        assert {(seen.host in LOGIN_HOSTS, seen.ask.path, seen.method) for seen in told} == {
            (True, "/login", "POST")
        }


@pytest.mark.parametrize("fault", ["github_token_bad", "network_down", "openreview_login_limited"])
def test_no_failure_tells_a_secret(fault: str, place: Place, sandbox: Sandbox) -> None:
    sandbox.world.faults.add(fault)
    place.settings |= {name: value for name, value in sandbox.settings.items() if name == "connect_to"}
    place.settings["attempts"] = 1
    ended = [place.quick(*command, **MARKERS) for command in (["refresh", "list.md", "-vv"], ["doctor"])]
    assert leaks(place.folder, ended) == []


@pytest.mark.parametrize("name", [*MARKERS, *TOKEN])
def test_a_malformed_secret_is_named_and_not_shown(name: str, place: Place) -> None:
    value = {**MARKERS, **TOKEN}[name]
    ended = place.quick("refresh", "list.md", "-vv", **{name: f"{value}\n{value}"})
    assert ended.code == 2
    assert name in ended.err
    assert value not in ended.err
    ended = place.quick("refresh", "list.md", **{f"{name}_FILE": "/nowhere/secret"})
    assert (ended.code, name in ended.err) == (2, True)


@pytest.mark.parametrize("step", ["scraper.run._publish", "scraper.web.client.Web.fetch"])
def test_no_traceback_tells_a_secret(step: str, place: Place) -> None:
    module, _, name = step.rpartition(".")
    owner, _, kind = module.rpartition(".")
    target = f"{owner}.{kind}.{name}"
    (place.folder / "sitecustomize.py").write_text(
        f"import scraper.run, scraper.web.client\n"
        f"def broken(*given, **more):\n    raise RuntimeError(f'a fault of ours {{given}} {{more}}')\n"
        f"{target} = broken\n"
    )
    path = f"{place.folder}:{environment()['PYTHONPATH']}"
    ended = place.run("refresh", "list.md", "-vv", **MARKERS, PYTHONPATH=path)
    assert ended.code == 1
    assert "a fault of ours" in ended.err
    assert leaks(place.folder, [ended]) == []
