"""No reader of strangers' text takes the square of its length, or more, whatever the text is made of."""

from __future__ import annotations

import pytest
from growth import INPUTS, Input, steep
from readers import ADDRESSES, readers

from scraper.sites.identity import identify

pytestmark = pytest.mark.long

READERS = readers()
QUICK = [name for name in READERS if not name.startswith("article:")]
ARTICLES = [name for name in READERS if name.startswith("article:")]


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_address_is_one_of_its_kind(name: str) -> None:
    assert identify(ADDRESSES[name]).site == name


@pytest.mark.parametrize("name", QUICK)
def test_pages_and_answers_are_read_in_linear_time(name: str) -> None:
    assert list(steep(READERS[name], INPUTS, 4_000, 32_000)) == []


@pytest.mark.parametrize("name", ARTICLES)
def test_articles_are_read_in_linear_time(name: str) -> None:
    assert list(steep(READERS[name], INPUTS, 4_000, 32_000)) == []


def test_what_grows_with_the_square_is_noticed() -> None:
    given = Input("letters", "a")

    def square(text: str) -> int:
        every = text[::12]
        return sum(one == other for one in every for other in every)

    assert list(steep(square, [given], 4_000, 32_000)) == ["letters"]
