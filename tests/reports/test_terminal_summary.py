from __future__ import annotations

import re
from dataclasses import replace

import pytest
from report_editions import empty, first_run, hostile, large, small
from rich.cells import cell_len

from scraper.reports.terminal import LINES, fit, terminal_summary

EDITIONS = {
    "small": small(),
    "first": first_run(),
    "empty": empty(),
    "hostile": hostile(),
    "large": large(500),
    "sandbox": replace(hostile(), sandbox=True),
}
COLOUR = re.compile(r"\x1b\[\d+m")


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", EDITIONS)
def test_the_story_fits_the_terminal_with_and_without_colour(name: str, width: int) -> None:
    text = terminal_summary(EDITIONS[name], width, False, "reports/" + "x" * 300)
    assert COLOUR.sub("", terminal_summary(EDITIONS[name], width, True, "reports/" + "x" * 300)) == text
    lines = text.splitlines()
    assert len(lines) <= LINES
    assert max(map(cell_len, lines)) <= width
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", text)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


def test_it_names_what_needs_a_hand_where_and_what_to_write() -> None:
    text = terminal_summary(small(), 80, False, "reports/iclr")
    assert "  broken   line 73    https://github.com/lottery-ticket/rewinding-iclr20-public" in text
    assert "write https://github.com/gengchenmai/Space2Vec-ICLR" in text
    assert "1.2 for each link" in text
    assert text.endswith("Report: reports/iclr/report.html\n")


def test_what_finds_no_room_is_counted() -> None:
    text = terminal_summary(large(500), 80, False)
    (more,) = re.findall(r"and ([\d,]+) more", text)
    shown = len(re.findall(r"^  (?:broken|failing|moved|code) ", text, re.MULTILINE))
    dead = sum(row["health"] in {"broken", "failing", "moved"} for row in large(500).links)
    gaps = sum(row["code_source"] == "record" for row in large(500).papers)
    assert shown + int(more.replace(",", "")) == dead + gaps


def test_calm_is_said_too() -> None:
    assert "Nothing needs a hand" in terminal_summary(empty(), 80, False)


def test_wide_characters_count_as_two_columns() -> None:
    assert fit("深度半监督异常检测", 9) == "深度半监…"
    assert cell_len(fit("深度半监督异常检测", 8)) <= 8
