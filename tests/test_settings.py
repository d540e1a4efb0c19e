"""Where settings come from, and what is said when one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import everything

from scraper.errors import SettingsError
from scraper.settings import INTERNAL, SECRETS, Settings
from scraper.settings.loading import load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [*SECRETS, *(f"{secret}_file" for secret in SECRETS)]:
        monkeypatch.delenv(name.upper(), raising=False)


def test_flags_win_over_environment_over_file_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("scraper.toml").write_text("slots = 1\nattempts = 1\ntimeout = '1m'\n")
    monkeypatch.setenv("SCRAPER_SLOTS", "2")
    monkeypatch.setenv("SCRAPER_ATTEMPTS", "2")
    settings, origins, _ = load({"slots": 3, "deadline": None})
    assert (settings.slots, settings.attempts, settings.timeout) == (3, 2, 60.0)
    assert [origins[name] for name in ("slots", "attempts", "timeout", "max_wait")] == [
        "flag",
        "SCRAPER_ATTEMPTS",
        "scraper.toml",
        "default",
    ]


def test_pyproject_is_read_when_it_has_a_table() -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'x'\n[tool.scraper]\nslots = 7\n")
    assert load().settings.slots == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slot = 3", "scraper.toml: unknown setting 'slot'; did you mean 'slots'?"),
        ("github_token = 'x'", "scraper.toml: github_token is a secret"),
        ("slots = 'many'", "scraper.toml: slots: Input should be a valid integer"),
        ("timeout = 'soon'", "scraper.toml: timeout: a duration is a number with s, m, h, d or w"),
        ("allow_networks = ['here']", "scraper.toml: allow_networks.0: 'here' does not appear to be"),
        (
            "[hosts.'a.test']\npause = 3",
            "scraper.toml: hosts.a.test.pause: unknown; known are interval, concurrency",
        ),
        ("slots =", "scraper.toml: is not TOML"),
        ("sandbox = true", "scraper.toml: unknown setting 'sandbox'"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(text: str, message: str) -> None:
    Path("scraper.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(SettingsError, match=r"nowhere.toml: cannot be read"):
        load(config=Path("nowhere.toml"))


def test_an_unknown_variable_is_told_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRAPER_TIMOUT", "3")
    (line,) = load().foreign
    assert line == "SCRAPER_TIMOUT is not a setting and was ignored; did you mean 'SCRAPER_TIMEOUT'?"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800), ("1w", 604_800), ("1.5h", 5400)],
)
def test_durations(text: str, seconds: float) -> None:
    assert load({"max_age": text}).settings.max_age == seconds


def test_lists_come_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRAPER_ALLOW_PORTS", "80, 443,8080")
    monkeypatch.setenv("SCRAPER_FAIL_ON", "broken,confirmed")
    settings = load().settings
    assert (settings.allow_ports, settings.fail_on) == ([80, 443, 8080], ["broken", "confirmed"])


def test_secrets_come_by_value_by_file_and_never_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "")
    assert load().settings.github_token is None
    (tmp_path / "token").write_text("from-file\n")
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "token"))
    token = load().settings.github_token
    assert token is not None
    assert token.get_secret_value() == "from-file"
    monkeypatch.setenv("GITHUB_TOKEN", "by-value\n")
    settings, origins, _ = load()
    assert settings.github_token is not None
    assert settings.github_token.get_secret_value() == "by-value"
    assert origins["github_token"] == "GITHUB_TOKEN"


def test_a_secret_is_not_in_the_message_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "marker one\ntwo")
    with pytest.raises(SettingsError, match="GITHUB_TOKEN: github_token: it has a blank") as caught:
        load()
    assert "marker" not in str(caught.value)
    assert "marker" not in repr(load({"github_token": "marker"}).settings)


def test_the_user_agent_says_who_asks() -> None:
    assert load({"contact": "me@example.org"}).settings.user_agent.endswith("; +me@example.org)")
    assert load({"user_agent": "mine"}).settings.user_agent == "mine"


def test_every_setting_is_in_the_readme() -> None:
    readme = everything()
    missing = [
        name for name in Settings.model_fields if name not in INTERNAL and f"| `{name}` |" not in readme
    ]
    assert missing == []
    assert all(field.description for field in Settings.model_fields.values())
