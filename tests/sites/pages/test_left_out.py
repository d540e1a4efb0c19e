"""What is left when a site's own words are left out: the rules must not live by single pages."""

from __future__ import annotations

import re

import pytest
from benchmarks.left_out import alternatives, losses
from benchmarks.strangers import strangers

from scraper.sites.pages import sentences, wordings


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("a|b(?:c|d)|e", ["a", "b(?:c|d)", "e"]),
        (r"a\(|b[|(]|c", [r"a\(", "b[|(]", "c"]),
        ("a", ["a"]),
    ],
)
def test_a_list_is_taken_apart_at_its_top(pattern: str, parts: list[str]) -> None:
    assert alternatives(pattern) == parts


def test_every_part_of_the_grammar_is_a_pattern_of_its_own() -> None:
    for code in sentences.grammar_of(wordings.GRAMMAR).sections():
        for part in alternatives(sentences.grammar_of(wordings.GRAMMAR)[code]["lack"]):
            re.compile(part)


@pytest.mark.long
@pytest.mark.skipif(not strangers(), reason="the shared pages are not at hand")
def test_most_pages_are_found_without_words_of_their_own() -> None:
    found = losses()
    before, after = sum(one.before for one in found), sum(one.after for one in found)
    assert after >= 0.75 * before, [one for one in found if one.after < one.before]
    vouched = sum(one.after for one in losses(vouched=True))
    assert vouched >= max(after, 0.85 * before)
    assert sum(one.before for one in losses()) == before, "the lists are whole again"
