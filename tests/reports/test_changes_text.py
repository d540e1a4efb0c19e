"""`scraper changes` in its forms: which runs it compares, every change in a line, strangers' text inert."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from markdown_it import MarkdownIt
from report_editions import MADE_AT, link, small

from scraper.model import Change
from scraper.reports.changes import as_json, as_markdown, as_text
from scraper.reports.markdown import ISSUE_LIMIT
from scraper.reports.model import Edition
from scraper.reports.news import ADDED_BROKEN, NEWS, OTHER, Told, is_news, rank, told

HOSTILE = Change(
    kind="newly_broken",
    target="web:https://x.example/",
    title="::error::\x1b]0;owned\x07\u202e <script> [a](javascript:1) `x` @torvalds #1 | **b**\r\n# H",
    before="alive (ok)",
    after="broken (not_found)",
    url="https://x.example/)>](javascript:alert(1)) <b>",
    line=3,
    replacement="https://web.archive.org/web/2022/https://x.example/",
)


BEFORE = MADE_AT - timedelta(days=7)


def edition(*changes: Change, name: str = "list") -> Edition:
    """What two snapshots tell: the rows of what changed."""
    rows = [
        link(change.target, change.url, "web", "page", change.line or 0, health="broken", reason="not_found")
        | {"http_status": 404, "title": change.title, "archived_url": change.replacement or None}
        for change in changes
    ]
    return replace(
        small(),
        name=name,
        source=name,
        title=name,
        links=rows,
        mentions=(),
        checks=(),
        papers=(),
        changes=changes,
        compared=BEFORE,
        trend=(),
    )


def test_every_change_is_one_line_and_inert() -> None:
    text = as_text([edition(HOSTILE)])
    head, line = text.splitlines()
    assert head == (
        "list: 1 newly broken between 16 November 2026, 05:17 UTC and 23 November 2026, 05:17 UTC."
    )
    assert line.startswith("NEW  line 3  ::error::")
    assert "  404  https://x.example/)" in line
    assert line.endswith("  archived copy: https://web.archive.org/web/2022/https://x.example/")
    assert not [sign for sign in text if sign != "\n" and (ord(sign) < 32 or sign == "\u202e")]
    assert not [each for each in text.splitlines() if each.startswith(("::", "##["))]


def test_what_needs_no_attention_is_told_too_after_the_news() -> None:
    text = as_text([replace(small(), compared=BEFORE)])
    tags = [line.split()[0] for line in text.splitlines()[1:]]
    assert tags == ["NEW", "NEW", "BACK", "MOVED", "ARCHIVED", "LICENCE", "STARS"]
    assert "  none -> MIT  " in text


def test_all_articles_begin_with_one_line_over_all() -> None:
    calm, first = edition(name="calm"), replace(edition(name="first"), compared=None)
    text = as_text([calm, first, edition(HOSTILE, name="third")])
    assert text.startswith("1 of 3 articles changed between 16 November 2026, 05:17 UTC and 23 ")
    assert text.splitlines()[0].endswith(": 1 newly broken.")
    assert "calm" not in text
    assert "first: no snapshot is older than that of 23 November 2026, 05:17 UTC; there is nothing" in text
    assert "NEW  third:3  " in text


def test_articles_that_were_compared_with_different_runs_say_with_which() -> None:
    earlier = replace(edition(HOSTILE, name="earlier"), compared=BEFORE - timedelta(days=1))
    text = as_text([edition(HOSTILE, name="one"), earlier, edition(name="calm")])
    assert text.startswith("2 of 3 articles changed: 2 newly broken.\n")
    assert "one: 1 newly broken between 16 November 2026, 05:17 UTC and" in text
    assert "earlier: 1 newly broken between 15 November 2026, 05:17 UTC and" in text
    assert "calm" not in text


def test_nothing_is_said_in_one_line() -> None:
    told = "list: nothing changed between 16 November 2026, 05:17 UTC and 23 November 2026, 05:17 UTC."
    assert as_text([edition()]) == f"{told}\n"
    assert as_markdown([edition()]) == f"**{told}**\n"
    assert json.loads(as_json([edition()]))["changes"] == []


def test_json_is_the_change_and_its_article() -> None:
    (found,) = json.loads(as_json([edition(HOSTILE)]))["changes"]
    assert found == {"article": "list", **asdict(HOSTILE)}
    assert as_json([edition(HOSTILE)]).isascii()


def test_markdown_shows_hostile_text_as_text() -> None:
    markdown = as_markdown([edition(HOSTILE)])
    html = MarkdownIt("gfm-like").render(markdown)
    assert html.count("<li>") == 1
    assert html.count("<a href=") == 2
    assert html.count("<h") == 1
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "@torvalds" not in markdown
    assert "Use the <a" in html
    assert "javascript:alert" not in as_markdown(
        [edition(Change("added", "x", "T", "", "", "javascript:alert(1)"))]
    )


def test_long_markdown_is_cut_at_a_line_and_counted() -> None:
    many = [replace(HOSTILE, target=f"web:{number}", title=f"Number {number}") for number in range(500)]
    text = as_markdown([edition(*many)])
    assert len(text.encode()) <= ISSUE_LIMIT
    shown = text.count("\n- ")
    assert f"**{500 - shown} more changes were left out here.**" in text


def test_markdown_has_a_heading_for_each_group_and_a_line_for_each_change() -> None:
    """Whole, for an empty line too many or too few changes what Markdown makes of it."""
    known = replace(HOSTILE, title="Known", url="https://k.example/", replacement="", before="")
    stars = Change("stars_changed", "web:https://a.example/", "Stars", "5", "15", "https://a.example/")
    more = replace(
        stars, title="https://b.example/", target="web:https://b.example/", url="https://b.example/"
    )
    told = edition(known, stars, more)
    nowhere = [{**row, "first_line": row["first_line"] or None} for row in told.links]
    assert as_markdown([replace(told, links=nowhere)]).partition("\n\n")[2] == (
        "### Newly broken (1)\n\n"
        "- [Known](https://k.example/) (line 3): Not found (404)\n\n"
        "### Stars changed (2)\n\n"
        "- [Stars](https://a.example/): Not found (404); 5 → 15\n"
        "- [b.example/](https://b.example/): Not found (404); 5 → 15\n"
    )


def test_markdown_of_several_articles_names_each() -> None:
    texts = as_markdown([edition(HOSTILE, name="one"), edition(HOSTILE, name="two")]).split("## ")
    assert [text.splitlines()[0] for text in texts[1::2]] == ["one", "two"]
    assert "\n\n\n" not in "".join(texts)


@pytest.mark.parametrize("limit", [1_000, 2_000])
def test_a_limit_is_used_and_kept(limit: int) -> None:
    many = [replace(HOSTILE, target=f"web:{number}", title=f"Number {number}") for number in range(50)]
    size = len(as_markdown([edition(*many)], limit).encode())
    assert limit - 400 - len(as_markdown([edition(HOSTILE)]).encode()) < size <= limit


CALLING = {"retracted", "concern", "newly_broken", "newly_failing", ADDED_BROKEN, "replaced", "drifted"}
TELLING_VALUES = {
    *(
        "retracted",
        "concern",
        "corrected",
        "reinstated",
        "replaced",
        "drifted",
        "recovered",
        "moved",
        "renamed",
    ),
    *("license_changed", "decision_changed", "abstract_changed", "stars_changed"),
}


def test_which_news_call_somebody_and_which_tell_what_was_before() -> None:
    every = NEWS | OTHER
    assert {kind for kind, words in every.items() if words.calls} == CALLING
    assert {kind for kind, words in every.items() if words.values} == TELLING_VALUES


def test_kinds_that_nobody_listed_have_words_and_come_last() -> None:
    assert told("new_kind") == Told("NEW KIND", "New kind", "New kind")
    assert is_news("new_kind")
    assert rank("new_kind") == len(NEWS) > rank("unarchived") > rank("retracted") == 0
    assert not is_news("added")
