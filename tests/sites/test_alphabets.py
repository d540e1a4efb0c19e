"""Pages of one byte a letter that declare nothing, made of what programs say in their own languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.sites.pages import wordings
from scraper.sites.pages.characters import decode

SAYINGS = Path(__file__).parent / "pages" / "sayings.tsv"


def texts(language: str) -> Iterator[str]:
    known = [line.split("\t") for line in wordings.lines("translations.txt")]
    said = [line.split("\t")[2:] for line in SAYINGS.read_text("utf-8").splitlines() if line[0] != "#"]
    yield from {text for code, text in (*known, *said) if code.lower().startswith(language)}


def pages(language: str, encoding: str, attribute: str = "") -> Iterator[tuple[bytes, str]]:
    for text in texts(language):
        page = f"<html{attribute}><title>{text}</title><h1>{text}</h1>"
        try:
            data = page.encode(encoding)
        except UnicodeEncodeError:
            continue
        if not data.isascii():
            yield data, page


def share(language: str, encoding: str, attribute: str = "") -> float:
    read = [decode(data, "text/html") == page for data, page in pages(language, encoding, attribute)]
    assert len(read) > 2
    return sum(read) / len(read)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("el", "iso8859_7"),
        ("el", "cp1253"),
        ("th", "cp874"),
        ("he", "cp1255"),
        ("ar", "cp1256"),
        ("ru", "cp1251"),
        ("ru", "koi8_r"),
        ("uk", "cp1251"),
        ("uk", "koi8_u"),
        ("bg", "cp1251"),
        ("mk", "cp1251"),
        ("sr", "cp1251"),
        ("tr", "cp1254"),
    ],
)
def test_other_alphabets_and_turkish_are_known_by_their_letters(language: str, encoding: str) -> None:
    assert share(language, encoding) >= 0.9


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "it", "ca", "sv", "da", "nb", "is", "fi", "gl"])
def test_no_western_page_is_taken_for_another(language: str) -> None:
    assert share(language, "cp1252") == 1


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("cs", "cp1250"),
        ("cs", "iso8859_2"),
        ("sk", "cp1250"),
        ("hu", "iso8859_2"),
        ("pl", "cp1250"),
        ("pl", "iso8859_2"),
        ("ro", "iso8859_2"),
        ("sl", "cp1250"),
        ("hr", "cp1250"),
        ("lt", "cp1257"),
        ("lv", "cp1257"),
        ("et", "cp1257"),
        ("tr", "cp1254"),
    ],
)
def test_a_page_that_names_its_language_is_read_as_that_is_written(language: str, encoding: str) -> None:
    assert share(language, encoding, f' lang="{language}"') >= 0.85
    assert share(language, encoding, f' lang="{language}"') >= share(language, encoding)
