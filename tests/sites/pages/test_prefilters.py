"""What is looked for first, because it is quick to look for, is in all that the slow patterns match."""

import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sites.pages import phrases, signs, vacancy, view
from scraper.sites.pages.lines import search_where
from scraper.verdicts import words

LONG_TAG = re.compile(rf"<[^\W\d_][^<>]{{{view._LONG - 1},}}")


@given(st.data())
@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        (vacancy.OF_DOMAINS, phrases.PARKED),
        (vacancy.OF_PARKING, phrases.PARKING_MARKERS),
        (vacancy._OF_DEFAULTS, phrases.DEFAULT_SENTENCE),
        (signs.OF_ERRORS, phrases.ABOUT),
    ],
    ids=["for sale", "parking", "default", "about errors"],
)
def test_all_that_matches_has_one_of_the_words_that_are_looked_for_first(
    words: Iterable[str], pattern: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(pattern.pattern, re.IGNORECASE)))
    assert search_where(words, pattern, text) is not None


PIECES = st.sampled_from(["<", ">", "a", "<a ", "</p>", "x" * 100, " " * 2_048, "y" * 4_095, "é" * 4_200])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_tags_that_are_long_are_found_by_the_blocks_that_they_fill(markup: str) -> None:
    assert list(view._long_tags(markup)) == [tag.span() for tag in LONG_TAG.finditer(markup)]


def test_a_page_is_read_to_where_a_tag_has_more_attributes_than_any_page_needs() -> None:
    before = "<p>Read me</p>"
    assert view.bearable(f"{before}<p {'a=b ' * 3_000}>and not me") == before
    few = f"{before}<p title='{'x' * 9_000}'>and me"
    assert view.bearable(few) == few


def one_by_one(text: str) -> Iterator[str]:
    """The telling words of a text without pairs of characters, each looked at alone."""
    apart = words._HUMP.sub(r" \g<0>", text)
    return filter(words._telling, re.findall(r"[^\W_]+", words.plain(apart)))


@given(st.text(st.characters(max_codepoint=0x4FF)))
@pytest.mark.parametrize("more", ["", "Zürich 2019", "PyTorchLightning é"])
def test_words_are_those_of_each_run_alone(more: str, text: str) -> None:
    assert words.words(more + text) == list(one_by_one(more + text))
