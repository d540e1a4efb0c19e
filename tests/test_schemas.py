"""The JSON Schemas: what the commands print is valid by them, and so is what people write in scraper.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from places import Place
from schemas import FOLDER, OUTPUTS, files

from scraper.errors import SettingsError
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.settings.loading import load


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def valid(name: str, printed: str) -> Any:
    body = json.loads(printed)
    validator(name).validate(body)
    assert body["version"] == 1
    return body


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A list that was checked twice, and what the second run printed; before it one of its links died."""
    with Sandbox() as sandbox:
        place = Place.in_sandbox(tmp_path_factory.mktemp("schemas"), sandbox)
        hosts = ("one.test/page/1", "one.test/page/2", "two.test/301", "two.test/404")
        place.article(*(f"- [{host}](https://{host})" for host in hosts))
        assert place.quick("refresh", "list.md").code == 0
        sandbox.world.kill("https://one.test/page/1")
        yield place, place.quick("refresh", "list.md", "--json", "--profile").out


@pytest.fixture(scope="module")
def place(checked: tuple[Place, str]) -> Place:
    return checked[0]


COMMANDS = {
    "plan": ("refresh", "list.md", "--dry-run", "--json"),
    "check": ("check", "list.md", "--format", "json"),
    "links": ("links", "list.md", "--json"),
    "changes": ("changes", "--format", "json"),
    "history": ("history", "--json", "https://two.test/404"),
    "doctor": ("doctor", "--json"),
    "error": ("history", "--json", "https://never.test/"),
}


def test_every_output_has_its_schema_and_its_test() -> None:
    assert OUTPUTS.keys() == {*COMMANDS, "refresh", "profile"}
    assert {path.name for path, _ in files()} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_printed_is_valid(name: str, place: Place) -> None:
    body = valid(name, place.quick(*COMMANDS[name]).out)
    assert any(body[key] for key in body.keys() - {"version", "since", "messages"})


def test_a_refresh_and_its_profile_are_valid(checked: tuple[Place, str]) -> None:
    place, printed = checked
    body = valid("refresh", printed)
    assert [change["kind"] for change in body["articles"][0]["changes"]] == ["newly_broken"]
    valid("profile", (place.folder / "reports" / "profile.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("refresh", "nowhere.md", "--json"),
        ("check", "nowhere.md", "--format=json"),
        ("links", "nowhere.md", "--json"),
        ("changes", "--format", "json", "1999"),
    ],
    ids=" ".join,
)
def test_a_failure_is_json_beside_its_line(arguments: tuple[str, ...], place: Place) -> None:
    ended = place.quick(*arguments)
    error = valid("error", ended.out)["error"]
    assert (ended.code, error["exit_code"]) == (2, 2)
    assert ended.err == f"scraper: {error['message']}\n"


def test_without_json_a_failure_prints_nothing(place: Place) -> None:
    assert place.quick("changes", "1999").out == ""


WRITTEN = """
contact = "you@example.org"
max_age = "7d"
timeout = 12.5
confirm_span = "1w"
fail_on = ["new", "confirmed"]
allow_ports = [80, 443, 8080]
[hosts."example.org"]
interval = "2s"
concurrency = 1
[articles.pruning]
path = "lists/pruning.md"
[[expect]]
url = "https://example.org/*"
state = "not_found"
until = 2026-12-31
"""


def test_what_people_write_is_valid(tmp_path: Path) -> None:
    given = tomllib.loads(WRITTEN)
    given["expect"][0]["until"] = str(given["expect"][0]["until"])  # TOML has dates, JSON has none
    validator("scraper.toml").validate(given)
    file = tmp_path / "scraper.toml"
    file.write_text(WRITTEN)
    assert load({}, file).settings.max_age == 604_800


@pytest.mark.parametrize(
    "line",
    ['max_age = "week"', "timeout = -1", "max_aeg = 3", 'github_token = "x"', "slots = 0", 'robots = "yes!"'],
)
def test_what_the_program_refuses_is_invalid(line: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        validator("scraper.toml").validate(tomllib.loads(line))
    file = tmp_path / "scraper.toml"
    file.write_text(line)
    with pytest.raises(SettingsError):
        load({}, file)


def test_every_default_is_valid_and_described() -> None:
    schema = json.loads((FOLDER / "scraper.toml.json").read_text("utf-8"))
    for name, each in schema["properties"].items():
        assert each["description"] == Settings.model_fields[name].description
        validator("scraper.toml").validate({name: each["default"]})
    assert schema["properties"]["confirm_span"]["default"] == "3d"
