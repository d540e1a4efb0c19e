"""A settings file that was only found steers nothing: where requests, credentials and files go is not its
to say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from scraper.cli import main
from scraper.commands.inputs import read_articles
from scraper.commands.trust import trust
from scraper.errors import ArticleError, SettingsError, UsageError
from scraper.settings import SECRETS, Settings
from scraper.settings.loading import load
from scraper.trust import agreement, found, steering

HOSTILE = """
github_api = "https://evil.test"
connect_to = ["api2.openreview.net:443:evil.test:443"]
ca_file = "theirs.pem"
"""
STEERS = {
    "github_api": "'https://evil.test'",
    "connect_to": "['api2.openreview.net:443:evil.test:443']",
    "ca_file": "'theirs.pem'",
    "control_url": "'https://evil.test/'",
    "ping_url": "'https://evil.test/ping'",
    "prometheus": "'links.prom'",
    "allow_networks": "['10.0.0.0/8']",
    "allow_ports": "[22]",
}


@pytest.fixture(autouse=True)
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, somebody's list; the user's own settings are elsewhere."""
    folder = tmp_path / "clone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_MARKER")
    return folder


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load()
    assert "\n" not in str(caught.value)
    assert "MARKER" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", STEERS)
def test_a_file_that_was_found_does_not_steer_a_run_with_a_credential(name: str, clone: Path) -> None:
    (clone / "scraper.toml").write_text(f"{name} = {STEERS[name]}\n")
    said = refusal()
    assert said.startswith(f"scraper.toml: {name} would steer a run that has GITHUB_TOKEN")
    assert "--config scraper.toml" in said
    assert "scraper trust" in said


def test_neither_does_a_table_in_pyproject(clone: Path) -> None:
    (clone / "pyproject.toml").write_text("[tool.scraper]\ngithub_api = 'https://evil.test'\n")
    assert refusal().startswith("pyproject.toml: github_api would steer")


@pytest.mark.parametrize("secret", [name.upper() for name in SECRETS])
def test_any_credential_counts_and_one_in_a_file_too(
    secret: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone / "scraper.toml").write_text("github_api = 'https://evil.test'")
    assert load().settings.github_api == "https://evil.test"  # nothing to be had
    (clone.parent / "secret").write_text("MARKER")
    monkeypatch.setenv(f"{secret}_FILE", str(clone.parent / "secret"))
    assert f"has {secret}_FILE" in refusal()


def test_the_user_may_name_the_file_or_say_it_otherwise(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clone / "scraper.toml").write_text("github_api = 'https://evil.test'\n")
    assert load(config=Path("scraper.toml")).settings.github_api == "https://evil.test"
    monkeypatch.setenv("SCRAPER_GITHUB_API", "https://ghe.mine.test")
    assert load().settings.github_api == "https://ghe.mine.test"


def test_what_is_agreed_to_is_the_content(clone: Path) -> None:
    file = clone / "scraper.toml"
    file.write_text(HOSTILE)
    (clone / "theirs.pem").write_text("one")
    agreement.agree(found.read(file).table, str(file))
    assert load().settings.github_api == "https://evil.test"
    (clone / "theirs.pem").write_text("another")
    assert "would steer" in refusal()
    (clone / "theirs.pem").write_text("one")
    file.write_text(HOSTILE + "# a remark\n")
    load()
    file.write_text(HOSTILE + "allow_ports = [22]\n")
    assert "would steer" in refusal()
    file.write_text(HOSTILE)
    agreement.forget(found.read(None).table)
    assert "would steer" in refusal()


def test_an_agreement_that_the_list_brings_along_is_none(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = clone / "scraper.toml"
    file.write_text(HOSTILE)
    agreement.agree(found.read(file).table, "planted")
    (clone.parent / "config").rename(clone / "config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(clone / "config"))
    assert "would steer" in refusal()
    with pytest.raises(SettingsError, match="set XDG_CONFIG_HOME"):
        agreement.agree(found.read(file).table, "planted")


def test_every_setting_is_harmless_or_steers() -> None:
    """A new one steers until somebody has thought about it and put it into the list."""
    assert set(Settings.model_fields) >= steering.HARMLESS
    assert set(STEERS) | set(SECRETS) == set(Settings.model_fields) - steering.HARMLESS


@pytest.mark.parametrize(
    "line",
    [
        "allow_networks = ['10.0.0.0/8']",
        "allow_networks = ['127.0.0.0/8']",
        "connect_to = ['a.test:80:127.0.0.1:631']",
        "ping_url = 'http://router.test/'",
    ],
)
def test_a_private_network_is_not_opened_by_a_file_that_was_found(
    line: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs on the machine itself are private too, and pings go wherever they are sent."""
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone / "scraper.toml").write_text(line)
    assert re.match(
        "scraper.toml: (allow_networks|connect_to|ping_url) would open your own network", refusal()
    )


@pytest.mark.parametrize(
    "line",
    ["data = '../elsewhere'", "reports = '/home/somebody/public_html'", "prometheus = '../.bashrc'"],
)
def test_files_are_not_written_outside_by_a_file_that_was_found(
    line: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone / "scraper.toml").write_text(line)
    assert re.match(r"scraper.toml: \w+: \S+ leads out of this folder, to /\S+: ", refusal())


ASK_NOBODY = ("links list.md", "changes", "history x.test", "report", "fix list.md", "store check")
ASK = ("links https://x.test/list.md", "check list.md", "refresh list.md", "publish github --repository a/b")


@pytest.mark.parametrize("name", [name for name in STEERS if name != "prometheus"])
def test_a_command_that_asks_nobody_is_not_refused_for_where_requests_would_go(
    name: str, clone: Path
) -> None:
    (clone / "list.md").write_text("- <https://x.test/>\n")
    (clone / "scraper.toml").write_text(f"{name} = {STEERS[name]}\nhosts = {HEADERS}\n")
    for command in ASK_NOBODY:
        assert "agree" not in said_by(command), command
    assert "https://x.test/" in said_by("links list.md")
    for command in ASK:
        assert f"{name} would steer a run that has GITHUB_TOKEN" in said_by(command), command


HEADERS = "{'x.test' = {headers = {Authorization = 'env:GITHUB_TOKEN'}}}"


def said_by(command: str) -> str:
    ended = CliRunner().invoke(main, command.split())
    assert not isinstance(ended.exception, Exception), ended.exception
    return ended.output


@pytest.mark.parametrize("name", ["data", "reports"])
def test_a_command_that_asks_nobody_writes_nowhere_else_either(name: str, clone: Path) -> None:
    (clone / "scraper.toml").write_text(f"{name} = '../elsewhere'\n")
    assert "leads out of this folder" in said_by("report")


def test_what_was_agreed_to_holds_for_every_command(clone: Path) -> None:
    (clone / "scraper.toml").write_text("allow_networks = ['10.0.0.0/8']\n")
    assert load(asks=False).settings.allow_networks == []
    trust(None, forget=False)
    assert load(asks=False).settings.allow_networks == ["10.0.0.0/8"]


@pytest.mark.parametrize("path", ["../private.md", "link.md"])
def test_an_article_outside_is_not_read_for_a_file_that_was_found(
    path: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone.parent / "private.md").write_text("<https://private.test>")
    (clone / "link.md").symlink_to(clone.parent / "private.md")
    (clone / "scraper.toml").write_text(f"[articles.a]\npath = '{path}'\n")
    assert f"articles.a: {path} is outside this folder" in refusal()


@pytest.mark.parametrize("name", ["data", "reports", "data/snapshots", "data/scraper.db"])
def test_links_of_the_list_lead_nowhere(name: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone.parent / "theirs").mkdir()
    (clone / name).parent.mkdir(exist_ok=True)
    (clone / name).symlink_to(clone.parent / "theirs")
    assert refusal().startswith(f"{name} leads out of this folder, to {clone.parent / 'theirs'}")
    folder = name.partition("/")[0]
    assert load({folder: folder}).settings.data.name == "data"  # named, it is the user's word
    (clone / name).unlink()
    (clone / "within").mkdir()
    (clone / name).symlink_to(clone / "within")
    load()


@pytest.mark.parametrize("text", ["[" * 100_000, "a = " + "[" * 100_000, "x" * 2_000_000, "tool.scraper = 3"])
def test_no_settings_file_ends_in_a_traceback(text: str, clone: Path) -> None:
    for name in ("scraper.toml", "pyproject.toml"):
        (clone / name).write_text(text)
        with pytest.raises(SettingsError):
            load()
        (clone / name).unlink()


def test_no_other_file_of_the_folder_is_read(clone: Path) -> None:
    (clone / ".env").write_text("SCRAPER_GITHUB_API=https://evil.test\nSCRAPER_SLOTS=7\n")
    (clone / ".scraper.toml").write_text("slots = 7")
    assert load().settings == Settings(github_token=SecretStr("ghp_MARKER"))


def test_a_link_among_the_files_of_a_pattern_is_not_read(clone: Path) -> None:
    (clone.parent / "private.md").write_text("<https://private.test>")
    (clone / "lists").mkdir()
    (clone / "lists" / "one.md").write_text("<https://one.test>")
    (clone / "lists" / "own.md").symlink_to("one.md")
    assert len(read_articles(["lists/*.md"], Settings())) == 2
    (clone / "lists" / "theirs.md").symlink_to(clone.parent / "private.md")
    with pytest.raises(ArticleError, match=r"theirs.md: is a link out of the folder, to /\S+private.md"):
        read_articles(["lists/*.md"], Settings())
    assert read_articles(["lists/theirs.md"], Settings())  # named, it is the user's word


def test_the_command_agrees_and_takes_it_back(clone: Path) -> None:
    (clone / "scraper.toml").write_text(HOSTILE)
    said = trust(None, forget=False)
    assert 'github_api = "https://evil.test"' in said
    load()
    assert "is not trusted any more" in trust(None, forget=True)
    assert "would steer" in refusal()
    (clone / "scraper.toml").write_text("slots = 'many'")
    with pytest.raises(SettingsError, match=r"scraper.toml: slots"):
        trust(None, forget=False)
    (clone / "scraper.toml").unlink()
    with pytest.raises(UsageError, match="There is no settings file here"):
        trust(None, forget=False)


def test_a_header_from_the_environment_is_not_sent_by_a_file_that_was_found(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    (clone / "scraper.toml").write_text(
        '[hosts."evil.test"]\nheaders = {Authorization = "env:AWS_SECRET_ACCESS_KEY"}\n'
    )
    assert refusal().startswith("scraper.toml: hosts.evil.test.headers would send env:AWS_SECRET_ACCESS_KEY")


@pytest.mark.parametrize(
    "line", ['{Authorization = "Bearer MARKER"}', '{Host = "env:X"}', '{"X y" = "env:X"}', '{X = "env:"}']
)
def test_a_header_names_a_variable_and_nothing_else(line: str, clone: Path) -> None:
    file = clone / "named.toml"
    file.write_text(f'[hosts."data.test"]\nheaders = {line}\n')
    with pytest.raises(SettingsError) as caught:
        load(config=file)
    assert "MARKER" not in str(caught.value)
