"""What the user leaves out, and what the user accepts for a while."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scraper.articles.reading import read_article
from scraper.commands.accepted import news, unexpected, without
from scraper.commands.inputs import read_articles
from scraper.errors import SettingsError
from scraper.settings import Expectation, Settings
from scraper.settings.loading import load

TEXT = b"""# Papers

https://openreview.net/forum?id=abc https://github.com/o/r https://sub.example.org/a?b[c]=1

# Related work

https://example.org/x/1 https://other.example/x
"""


OTHERS = ("web:https://example.org/x/1", "web:https://other.example/x")


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("example.org", {"openreview:abc", "github:o/r", "web:https://other.example/x"}),
        ("https://*.example.org/a?b[c]=1", {"openreview:abc", "github:o/r", *OTHERS}),
        ("*/x*", {"openreview:abc", "github:o/r", "web:https://sub.example.org/a?b[c]=1"}),
        ("github:o/*", {"openreview:abc", "web:https://sub.example.org/a?b[c]=1", *OTHERS}),
        ("section:related *", {"openreview:abc", "github:o/r", "web:https://sub.example.org/a?b[c]=1"}),
    ],
)  # fmt: skip
def test_what_is_excluded(pattern: str, left: set[str]) -> None:
    kept = without(read_article(TEXT, "a.md"), [pattern])
    assert {mention.target for mention in kept.mentions} == left


def test_excluded_links_are_none_of_the_article(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_bytes(TEXT)
    (article,), _ = read_articles(
        [str(tmp_path / "list.md")], Settings(exclude=["github.com", "example.org"])
    )
    assert [one.target for one in article.mentions] == ["openreview:abc", "web:https://other.example/x"]


def row(health: str, reason: str, url: str = "https://e.org/a") -> dict[str, Any]:
    return {"target": f"web:{url}", "url": url, "health": health, "reason": reason}


EXPECTED = [Expectation(url="https://e.org/*", state="not_found", until=date(2026, 12, 31))]
BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


def test_a_known_state_is_accepted_until_its_day() -> None:
    rows = [row("broken", "not_found"), row("broken", "gone"), row("broken", "not_found", "https://o.org/")]
    assert list(unexpected(rows, EXPECTED, BEFORE)) == rows[1:]
    assert list(unexpected(rows, EXPECTED, AFTER)) == rows
    assert list(unexpected(rows, [Expectation(url="e.org", state="broken", until=AFTER)], BEFORE)) == rows[2:]


def test_what_is_true_no_more_is_told() -> None:
    assert list(news([row("broken", "not_found")], EXPECTED, BEFORE)) == []
    assert list(news([row("alive", "ok")], EXPECTED, BEFORE)) == [
        "expect https://e.org/*: is alive (ok) and no longer not_found; remove it from the settings"
    ]
    assert list(news([row("unverified", "deadline")], EXPECTED, BEFORE)) == []
    assert list(news([row("broken", "not_found")], EXPECTED, AFTER)) == [
        "expect https://e.org/*: was accepted as not_found until 2026-12-31; it counts again"
    ]


def test_expectations_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "scraper.toml"
    file.write_text('[[expect]]\nurl = "https://e.org/"\nstate = "broken"\nuntil = 2026-12-31\n')
    assert load(config=file).settings.expect == [
        Expectation(url="https://e.org/", state="broken", until=date(2026, 12, 31))
    ]
    file.write_text('[[expect]]\nurl = "https://e.org/"\nstate = "brokn"\nuntil = 2026-12-31\n')
    with pytest.raises(SettingsError, match="'brokn' is neither a health nor a reason"):
        load(config=file)
    file.write_text(
        '[[expect]]\nurl = "https://e.org/"\nstate = "broken"\nuntl = 2026-12-31\nuntil=2026-12-31\n'
    )
    with pytest.raises(SettingsError, match="did you mean 'until'"):
        load(config=file)
