from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reports.text import (
    command_safe,
    count,
    plain,
    shorten,
    shorten_middle,
    shown_address,
    slug,
    web_address,
)

ANYTHING = st.text(st.characters(codec=None))


@given(ANYTHING)
def test_plain_text_has_no_control_bidi_or_surrogate_and_stays_plain(text: str) -> None:
    told = plain(text)
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {unicodedata.category(letter) for letter in told} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(letter) for letter in told} & bidi
    assert plain(told) == told
    told.encode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("one\r\ntwo\tthree", "one two three"),
        ("\x1b[2Jgone\x9b31m", "[2Jgone31m"),
        ("abc\u202egnp.exe\u200b\ufeff", "abcgnp.exe"),
        ("lone \ud800", "lone \ufffd"),
        ("深度半监督异常检测 é", "深度半监督异常检测 é"),
    ],
)
def test_plain_keeps_what_people_read(text: str, told: str) -> None:
    assert plain(text) == told


@given(ANYTHING)
def test_no_line_is_a_workflow_command(text: str) -> None:
    for line in command_safe(text).split("\n"):
        assert not line.strip().startswith("::")
        assert "##[" not in line


def test_a_harmless_line_is_left_as_it_is() -> None:
    assert command_safe("a::b ## c [d]\n  std::vector") == "a::b ## c [d]\n  std::vector"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://",
        "https://[::1",
        "//example.org/",
        "mailto:a@example.org",
        "https://example.org/" + "x" * 2_000,
        "",
    ],
)
def test_what_is_no_web_address_gets_no_link(url: str) -> None:
    assert web_address(url) == ""


def test_an_address_cannot_end_its_attribute() -> None:
    address = web_address("https://example.org/\"onclick='x'<b> \u202e?a=b&c=d#e")
    assert address == "https://example.org/%22onclick=%27x%27%3Cb%3E%20%E2%80%AE?a=b&c=d#e"


@given(ANYTHING)
def test_a_web_address_is_http_or_nothing(text: str) -> None:
    for address in (web_address(text), web_address(f"https://example.org/{text}")):
        assert address == "" or urlsplit(address).scheme in {"http", "https"}
        assert not set(address) & set("\"'<> \n\r\t`|{}")


def test_a_slug_is_the_target_where_that_is_harmless() -> None:
    assert slug("openreview:H1gDNyrKDS") == "openreview:H1gDNyrKDS"
    assert slug("openreview:-a_b-") == "openreview:-a_b-"


@given(ANYTHING, ANYTHING)
def test_slugs_are_harmless_and_apart(one: str, other: str) -> None:
    first, second = slug(one), slug(other)
    assert ":" in first
    assert not set(first) & set("=&#?% \"'<>")
    assert (first == second) == (one == other)


@given(ANYTHING, st.integers(10, 60))
def test_shortened_text_is_within_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert len(shorten_middle(text, limit)) <= limit


def test_addresses_and_counts_are_written_as_people_read_them() -> None:
    assert shown_address("https://example.org/a") == "example.org/a"
    assert shown_address("http://example.org/a") == "http://example.org/a"
    assert [count(1, "link"), count(1200, "link"), count(2, "copy", "copies")] == [
        "1 link",
        "1,200 links",
        "2 copies",
    ]
