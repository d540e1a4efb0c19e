from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from report_editions import MADE_AT, empty, first_run, hostile, large, small
from rich.cells import cell_len

from scraper.model import Change
from scraper.reports.model import Edition
from scraper.reports.terminal import MAIL, Ending, Screen, fit, terminal_summary

EDITIONS = {
    "small": small(),
    "first": first_run(),
    "empty": empty(),
    "hostile": hostile(),
    "large": large(500),
    "sandbox": replace(hostile(), sandbox=True),
}
COLOUR = re.compile(r"\x1b\[\d+m")
COMMAND = "  scraper fix --unwrap 'a folder/with a name that is long/and longer than any phone.md'"


def of(edition: Edition, screen: Screen = MAIL, ending: Ending = Ending("reports")) -> str:  # noqa: B008 - frozen
    return terminal_summary([edition], screen, ending)


def prose(text: str) -> Sequence[str]:
    """The lines that hold more than an address or a command, which are never cut."""
    return [
        line
        for line in text.splitlines()
        if not re.match(r"(      |Report: |      -> |      archived copy: )\S*$", line)
        and not re.match(r"      (->|archived copy:) ", line)
        and line != COMMAND
    ]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", EDITIONS)
def test_the_story_fits_the_terminal_with_and_without_colour(name: str, width: int) -> None:
    ending = Ending("reports/" + "x" * 300, hints=[COMMAND])
    text = of(EDITIONS[name], Screen(width, 24), ending)
    assert COLOUR.sub("", of(EDITIONS[name], Screen(width, 24, color=True), ending)) == text
    assert len(text.splitlines()) <= 32
    long = [line for line in prose(text) if cell_len(line) > width]
    assert long == []
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", text)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    assert COMMAND in text.splitlines()


def test_in_a_mail_each_piece_of_news_is_one_whole_line() -> None:
    text = of(replace(small(), compared=MADE_AT - timedelta(days=7), timeout=20.0))
    assert text.startswith(
        "ICLR 2020: best deep learning papers: 2 newly broken, 1 recovered, 1 moved or renamed, "
        "1 archived or restored. 27 of 36 links alive.\n"
    )
    assert "Compared with the run of 16 November 2026, 05:17 UTC.\n" in text
    name = "lottery-ticket/rewinding-iclr20-public"
    assert (
        f"NEW       line 73   {name}  404  https://github.com/{name}  was alive until 2026-11-16  "
        f"archived copy: https://web.archive.org/web/20220926095407/https://github.com/{name}\n"
    ) in text
    assert "MOVED     line 183  gengchenmai/space2vec  " in text
    assert "  -> https://github.com/gengchenmai/Space2Vec-ICLR\n" in text
    assert "As before: 2 broken or failing (1 confirmed dead), 1 moved.\n" in text
    assert "key-takeaways" not in text, "old trouble is counted, not listed"
    assert "1.2 per link" in text
    assert text.endswith("Report: reports/iclr-2020-deep-learning/report.html\n")


def test_a_mail_has_all_the_news_however_much_it_is() -> None:
    edition = large(500)
    dead = [row for row in edition.links if row["health"] == "broken"]
    changes = [Change("newly_broken", row["target"], "", "", "", row["url"], 1) for row in dead]
    text = of(replace(edition, changes=changes))
    assert len(re.findall("^NEW ", text, re.MULTILINE)) == len(dead) > 30
    assert "more: see the report" not in text
    assert "…" not in text
    shown = of(replace(edition, changes=changes), Screen(80, 24))
    (more,) = re.findall(r"^and ([\d,]+) more", shown, re.MULTILINE)
    assert len(re.findall("^NEW ", shown, re.MULTILINE)) + int(more) == len(dead)


def test_a_first_run_lists_what_it_finds() -> None:
    text = of(first_run())
    assert "first run: nothing to compare yet" in text
    assert len(re.findall("^(BROKEN|FAILING|MOVED) ", text, re.MULTILINE)) == 6


def test_several_articles_are_one_summary_with_only_what_changed() -> None:
    calm = replace(small(), changes=(), name="calm", source="calm.md")
    ending = Ending("reports", failed=["gone.md: there is no such file"])
    text = terminal_summary([calm, small()], MAIL, ending)

    assert text.startswith("1 of 2 articles changed: 2 newly broken, ")
    assert "data/articles/iclr-2020-deep-learning.md:73  " in text
    assert "Not read: gone.md: there is no such file\n" in text
    assert "calm" not in text
    assert text.endswith("All articles: reports/index.html\n")


def test_the_page_is_named_where_readers_find_it() -> None:
    assert of(replace(small(), report_url="https://x.example/a/report.html")).endswith(
        "Report: https://x.example/a/report.html\n"
    )


def test_an_incomplete_run_says_so_at_the_top() -> None:
    checks = [{**check, "reason": "deadline"} for check in small().checks[:3]]
    head = of(replace(small(), checks=[*checks, *small().checks[3:]])).splitlines()[:4]
    assert any(line.startswith("Incomplete: 3 of 36 links were not checked") for line in head)


def test_calm_is_said_too() -> None:
    assert "no change needs your attention" in of(replace(small(), changes=()))
    assert "The article has no links." in of(empty())


def test_wide_characters_count_as_two_columns() -> None:
    assert fit("深度半监督异常检测", 9) == "深度半监…"
    assert cell_len(fit("深度半监督异常检测", 8)) <= 8


@pytest.mark.parametrize("width", [40, 60])
def test_on_a_narrow_terminal_each_link_has_its_name_and_line(width: int) -> None:
    """At 40 columns `demo/articles/a-changing-list.…` was all that was said of every link."""
    source = "my lists/articles/a-list-with-a-name.md"
    pair = [replace(each, source=source, compared=MADE_AT - timedelta(days=7)) for each in (small(), small())]
    shown = terminal_summary(pair, Screen(width, 60)).splitlines()
    line = next(place for place, text in enumerate(shown) if text.startswith("NEW"))
    assert shown[line].endswith("-with-a-name.md:73  404")
    assert shown[line + 1].strip().startswith("lottery-ticket/rewinding-iclr20")
    assert [text for text in shown if cell_len(text) > width and "  " in text.strip()] == []
