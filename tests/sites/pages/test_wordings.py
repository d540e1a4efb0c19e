"""The wordings are looked for by an index: what it finds is what looking for each of them finds."""

from collections.abc import Iterator

import pytest
from benchmarks.strangers import strangers

from scraper.model import Answer
from scraper.sites.pages import wordings
from scraper.sites.pages.view import look


def one_by_one(text: str) -> str:
    folded = wordings.fold(text[: wordings.MOST])
    for known in wordings.translated():
        at = folded.find(known)
        if at >= 0 and not wordings._unless_anywhere().search(folded[:at]):
            return known
    return ""


@pytest.mark.parametrize("around", ["{}", "Acme | {}. Back to the start", "pre{}post", "tell us if {}"])
def test_each_wording_is_found_wherever_it_stands(around: str) -> None:
    for known in wordings.translated():
        text = around.format(known)
        assert wordings.wording(text) == one_by_one(text), text


def test_a_text_of_nothing_but_the_words_in_between_has_none() -> None:
    words = {word for known in wordings.translated() for word in known.split(" ")[1:-1]}
    text = " ".join(sorted(words)[:200])
    assert wordings.wording(text) == one_by_one(text)


@pytest.mark.skipif(not strangers(), reason="the shared pages are not at hand")
def test_pages_of_strangers_say_what_they_say_when_each_wording_is_looked_for() -> None:
    found = 0
    for text in _texts():
        said = wordings.wording(text)
        assert said == one_by_one(text), text
        found += bool(said)
    assert found > 50


def _texts() -> Iterator[str]:
    for page in strangers():
        url = "https://site.test/a"
        view = look(Answer(url, url, 200, {"content-type": "text/html"}, page.body))
        yield from (view.title, view.text, " . ".join(view.headings), view.unscripted)
