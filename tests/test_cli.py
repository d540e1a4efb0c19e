"""The command line's contract: exit codes, what goes to which stream, and how it looks where."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from places import SCRAPER, Place, environment

from scraper import __version__
from scraper.cli import main
from scraper.commands import refresh
from scraper.commands.console import Options
from scraper.errors import SettingsError
from scraper.sandbox import Sandbox
from scraper.settings import Settings

ALIVE = ["- <https://one.test/page/1>", "- <https://two.test/page/2>"]
FULL = "scraper: standard output: No space left on device.\n"
NAMES = ["line", "section_number", "section_title", "text", "href", "url", "archived_at", "site", "target"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox)
    made.article(*ALIVE)
    return made


def commands(group: click.Group = main, *path: str) -> Iterator[tuple[list[str], click.Command]]:
    for name, command in group.commands.items():
        yield [*path, name], command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def groups() -> list[list[str]]:
    return [[], *(path for path, command in commands() if isinstance(command, click.Group))]


@pytest.mark.parametrize("path", groups(), ids=" ".join)
def test_no_line_of_a_list_of_commands_is_cut(path: list[str]) -> None:
    told = CliRunner().invoke(main, [*path, "--help"], terminal_width=80)
    listed = told.output.partition("Commands:")[2].splitlines()
    assert listed and not [line for line in listed if line.endswith("...")]


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*found, id=" ".join(found[0])) for found in commands()]
)
def test_every_command_and_every_option_says_what_it_does(path: list[str], command: click.Command) -> None:
    for flag in ("--help", "-h"):
        shown = CliRunner().invoke(main, [*path, flag])
        assert shown.exit_code == 0
        assert command.help
        assert max(map(len, shown.output.splitlines())) <= 80
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help, option.name


def test_the_version_is_one_line() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"scraper, version {__version__}\n"


def test_exit_codes(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    place.article(*ALIVE, "- <https://one.test/404>")
    assert place.quick("refresh", "list.md").code == 0
    assert place.quick("refresh", "list.md", "--fail-on", "failing").code == 0
    assert place.quick("refresh", "list.md", "--fail-on", "confirmed,broken").code == 3
    assert place.quick("refresh", "list.md", "--fail-on", "confirmed").code == 0
    assert place.quick("refresh", "list.md", "--fail-on", "dead").code == 2
    assert place.quick("refresh").code == 2
    assert place.quick("refresh", "--no-such-option").code == 2
    assert place.quick("no-such-command").code == 2
    place.settings["attempts"] = 1
    place.settings["connect_to"] = [f"{host}:443:127.0.0.1:9" for host in ("", "example.com")]
    assert place.quick("refresh", "list.md").code == 5


def test_a_deadline_ends_with_5_and_the_next_run_completes_it(place: Place) -> None:
    place.article(*(f"- <https://slow.test/page/{number}>" for number in range(30)))
    place.settings["hosts"] = {"slow.test": {"interval": 0.2, "concurrency": 1}}
    ended = place.quick("refresh", "list.md", "--deadline", "0.5s")
    assert ended.code == 5
    assert "Incomplete: the deadline of 0.5 s came before all links were checked." in ended.err
    place.settings["hosts"] = {}
    assert place.quick("refresh", "list.md").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["links", "missing.md"], "missing.md"),
        (["refresh", "missing.md"], "missing.md"),
        (["refresh", "*.rst"], "no file matches"),
        (["refresh", "list.md", "--config", "missing.toml"], "missing.toml"),
        (["refresh", "list.md", "--max-age", "soon"], "--max-age: a duration is"),
        (["refresh", "list.md", "--deadline", "-5"], "deadline"),
        (["changes"], "There is no snapshot in data yet"),
        (["changes", "--article", "nothing"], "There is no snapshot in data yet"),
        (["report"], "There is no snapshot in data yet"),
        (["store", "prune"], "--keep-runs"),
        (["demo", "--articles", "nowhere"], "nowhere has no article"),
        (["list.md"], "or `scraper refresh list.md`?"),
        (["https://one.test/"], "did you mean `scraper check https://one.test/`, or"),
        (["version"], "did you mean `scraper --version`?"),
    ],
)
def test_a_mistake_is_one_line_and_2(arguments: list[str], words: str, place: Place) -> None:
    ended = place.quick(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("scraper: ")
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_an_unknown_setting_names_the_nearest(place: Place) -> None:
    (place.folder / "other.toml").write_text("time_out = 3\n")
    ended = place.quick("refresh", "list.md", "--config", "other.toml")
    assert ended.code == 2
    assert ended.err == "scraper: other.toml: unknown setting 'time_out'; did you mean 'timeout'?\n"


def test_a_variable_of_another_program_is_told_and_left_alone(place: Place) -> None:
    ended = place.quick("refresh", "list.md", "--quiet", SCRAPER_TIMEOT="3", SCRAPER_API_KEY="x")
    assert ended.code == 0
    told = ended.err.splitlines()
    assert [line.split()[1] for line in told] == ["SCRAPER_TIMEOT", "SCRAPER_API_KEY"]
    assert "SCRAPER_TIMEOUT" in told[0]
    assert "did you mean" not in told[1]
    checks = json.loads(place.quick("doctor", "--json", SCRAPER_API_KEY="x").out)["checks"]
    assert [check["state"] for check in checks if check["name"] == "environment"] == ["warning"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("list.md", "scraper refresh list.md"),
        ("https://a.test/x", "scraper check https://a.test/x"),
        ("refrehs", "scraper refresh"),
        ("help", "scraper --help"),
        ("version", "scraper --version"),
        ("openreview.net/forum?id=X", "scraper check openreview.net/forum?id=X"),
        ("completion", "scraper completions"),
        ("zzz", "scraper --help"),
    ],
)
def test_who_types_no_command_is_told_what_may_be_meant(word: str, hint: str, place: Place) -> None:
    place.article("<https://plain.test/ok>", name="list")
    ended = place.quick(word)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert f"`{hint}`" in ended.err


def test_an_address_without_a_scheme_is_no_pattern(place: Place) -> None:
    for word in ("openreview.net/forum?id=X", "plain.test/ok"):
        ended = place.quick("refresh", word)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert f"`scraper check {word}`" in ended.err
    ended = place.quick("check", "plain.test/page/1", "www.plain.test/page/1")
    assert (ended.code, ended.out) == (0, "2 links: 2 alive.\n")


def test_before_any_run_every_command_that_looks_back_names_the_one_to_begin_with(tmp_path: Path) -> None:
    place = Place(tmp_path, {})
    for command in (["report"], ["changes"], ["history", "github:a/b"], ["store", "check"]):
        ended = place.quick(*command)
        assert (ended.code, ended.err.count("\n")) == (2, 1)
        assert "`scraper refresh ARTICLE` first" in ended.err
    assert list(tmp_path.glob("data")) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_those_of_the_shell(shell: str) -> None:
    shown = CliRunner().invoke(main, ["completions", shell])
    assert shown.exit_code == 0
    assert f"_SCRAPER_COMPLETE={shell}_complete" in shown.stdout


def test_parquet_without_pyarrow_is_told_before_the_first_visit(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="paperlinks\\[parquet\\]"):
        refresh.run(["list.md"], Settings(parquet=True), Options())


def test_links_are_objects_with_these_names_in_this_order(tmp_path: Path, shared: Path) -> None:
    shown = CliRunner().invoke(main, ["links", "--json", str(shared / "iclr-2020-deep-learning.md")])
    rows = json.loads(shown.stdout)["mentions"]
    assert len(rows) == 48
    assert all(list(row) == NAMES for row in rows)
    assert {row["site"] for row in rows} == {"openreview", "github", "gdrive", "web"}
    assert shown.stderr == ""


def test_data_goes_to_stdout_and_all_else_to_stderr(place: Place) -> None:
    ended = place.quick("refresh", "list.md", "--json", "-v")
    (result,) = json.loads(ended.out)["articles"]
    assert result["counts"]["alive"] == 2
    assert [row["target"] for row in result["links"]] == [
        "web:https://one.test/page/1",
        "web:https://two.test/page/2",
    ]
    assert result["article"] == "list"
    ended = place.quick("refresh", "list.md")
    assert ended.out == ""
    assert len(ended.err.splitlines()) <= 25
    assert max(map(len, ended.err.splitlines())) <= 80


def test_the_log_grows_with_v(place: Place) -> None:
    told = [place.quick("refresh", "list.md", "--quiet", *more).err for more in ([], ["-v"], ["-vv"])]
    outcomes = "info: web:https://one.test/page/1: alive (ok)\n"
    request = "debug: GET https://one.test/page/1: 200 in "
    assert [outcomes in text for text in told] == [False, True, True]
    assert [request in text for text in told] == [False, False, True]


def test_where_there_is_no_terminal_nothing_is_cut(place: Place) -> None:
    place.article(*(f"- <https://one.test/404?{'x' * 90}={number}>" for number in range(60)))
    lines = place.quick("refresh", "list.md", COLUMNS="80").err.splitlines()
    assert len([line for line in lines if line.startswith("BROKEN")]) == 60
    assert not [line for line in lines if "…" in line]


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colours(variables: dict[str, str], coloured: bool, place: Place) -> None:
    ended = place.quick("refresh", "list.md", **variables)
    assert ended.code == 0
    assert ("\x1b[" in ended.err) is coloured


@pytest.mark.parametrize(
    "command", ["links list.md", "links --json list.md", "refresh list.md --json", "--help", "doctor --help"]
)
def test_a_reader_that_leaves_early_is_no_mishap(command: str, place: Place) -> None:
    place.article(*(f"- <https://one.test/page/{number}>" for number in range(3000)))
    place.write_settings()
    script = f"set -o pipefail; {' '.join(SCRAPER)} {command} | head -c 5 >/dev/null"
    if command.startswith("refresh"):
        place.article(*(f"- <https://one.test/page/{number}>" for number in range(300)))
    ended = subprocess.run(
        ["bash", "-c", script], cwd=place.folder, env=place.environment(), capture_output=True, text=True
    )
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert ended.returncode in (0, 141)


def test_a_closed_or_full_stdout_is_said_in_a_line(place: Place) -> None:
    for target, expected in ((">&-", (0, "")), (">/dev/full", (1, FULL))):
        script = f"{' '.join(SCRAPER)} links --json list.md {target}"
        ended = subprocess.run(
            ["bash", "-c", script], cwd=place.folder, env=place.environment(), capture_output=True, text=True
        )
        assert (ended.returncode, ended.stderr) == expected


@pytest.mark.parametrize("variables", [{"LANG": "C"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_titles_of_all_scripts_in_a_plain_locale(variables: dict[str, str], place: Place) -> None:
    place.article("# Größe ① 学習", "- [Übersicht 学習 🎓](https://one.test/page/1)")
    for command in (["links", "list.md"], ["links", "--json", "list.md"], ["refresh", "list.md"]):
        ended = place.run(*command, **variables)
        assert ended.code == 0, ended.err
        assert "Traceback" not in ended.err
    if "PYTHONIOENCODING" not in variables:
        assert json.loads(place.run("links", "--json", "list.md", **variables).out)["mentions"][0]["text"]


def test_an_error_of_ours_is_1_and_says_where(place: Place) -> None:
    (place.folder / "sitecustomize.py").write_text(
        "import scraper.run\n"
        "def broken(*_, **__):\n    raise RuntimeError('a fault of ours')\n"
        "scraper.run._publish = broken\n"
    )
    path = f"{place.folder}:{environment()['PYTHONPATH']}"
    ended = place.run("refresh", "list.md", PYTHONPATH=path)
    assert ended.code == 1
    assert "RuntimeError: a fault of ours" in ended.err
    assert not (place.folder / "data" / "snapshots" / "list" / "latest").exists()
