"""Pages of one byte a letter that declare nothing, made of what programs say in their own languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.sites.pages import wordings
from scraper.sites.pages.characters import decode
from scraper.sites.undeclared import undeclared

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


def joined(language: str, encoding: str) -> list[tuple[bytes, str]]:
    """Some two dozen of its sentences on each page, and nothing that declares anything."""
    said = [text.translate(CEDILLAS) for text in sorted(texts(language)) if not text.isascii()]
    apart = max(1, len(said) // 24)
    pages = ["".join(f"<p>{text}</p>" for text in said[first::apart]) for first in range(apart)]
    encoded = [page.encode(encoding, "ignore") for page in pages]
    return [(data, data.decode(encoding)) for data in encoded]


CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")
"""What Latin 2 has for the letters of Romanian."""


CENTRAL = [
    (code, encoding)
    for code in ("pl", "cs", "sk", "hu", "hr", "sl", "ro")
    for encoding in ("cp1250", "iso8859_2")
]
BALTIC = [("lt", "cp1257"), ("lv", "cp1257")]


@pytest.mark.parametrize(("language", "encoding"), [*CENTRAL, *BALTIC])
def test_central_europe_is_known_by_what_its_letters_stand_beside(language: str, encoding: str) -> None:
    pages = joined(language, encoding)
    right = sum(decode(data, "text/html") == page for data, page in pages)
    assert right >= 0.6 * len(pages)


WEST = [
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "ca",
    "gl",
    "sv",
    "da",
    "nb",
    "nn",
    "fi",
    "et",
    "nl",
    "oc",
    "br",
    "gd",
    "cy",
    "sq",
]


@pytest.mark.parametrize("language", WEST)
def test_no_long_western_text_is_taken_for_another(language: str) -> None:
    pages = joined(language, "cp1252")
    assert all(decode(data, "text/html") == page for data, page in pages)
    whole = b"".join(data for data, _ in pages)
    assert decode(whole, "text/html") == whole.decode("cp1252")


@pytest.mark.parametrize(
    "text",
    [
        "Une pièce de 30 m³ à côté, 12 €/m² – n’est-ce pas¹ ? Voilà² l’été³.",
        "Nº 5, 1ªplanta, 2ºpiso: ¿qué?¿cómo? A 20 ºC.",
        "Más información, según él: «qué más dá»; ½¼¾ de taza ±5 µm.",
        "Tàscøe kìr mò, dùn is cùl: sìn e",
    ],
)
def test_signs_of_the_west_beside_its_letters_are_no_letters(text: str) -> None:
    assert decode(f"<p>{text}</p>".encode("cp1252"), "text/html") == f"<p>{text}</p>"


def test_quotes_and_the_copyright_sign_tell_windows_1250_from_latin_2() -> None:
    text = "<p>Něco «v uvozovkách» už není, ani při řízení příštích věcí. © 2004"
    assert decode(text.encode("cp1250"), "text/html") == text


@pytest.mark.parametrize(
    ("language", "encoding"), [("hr", "cp1250"), ("bs", "cp1250"), ("is", "cp1252"), ("fo", "cp1252")]
)
def test_who_has_other_letters_where_turkish_has_its_own_is_not_turkish(language: str, encoding: str) -> None:
    read = [undeclared(data) for data, _ in pages(language, encoding)]
    assert read
    assert "cp1254" not in read
