"""How much of a page is read: until it shows something, and no further than it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.web.body import Want, _Sink, text_bytes

HEAD = b"<html><head><style>" + b"a{color:red}" * 6_000 + b"</style></head><body>"


def read(body: bytes, want: Want) -> tuple[int, bool]:
    sink = _Sink(want, gzip=False)
    for at in range(0, len(body), 1_000):
        sink.take(body[at : at + 1_000])
    found = sink.finish()
    return len(found.data), found.truncated


def test_a_page_that_begins_with_styles_is_read_to_its_text() -> None:
    body = HEAD + b"<p>" + b"word " * 2_000
    assert read(body, Want(65_536, read_on=524_288)) == (len(body), False)
    assert read(body, Want(65_536)) == (65_536, True)


def test_a_page_that_shows_enough_is_read_no_further() -> None:
    assert read(b"<p>" + b"word " * 40_000, Want(65_536, read_on=524_288)) == (65_536, True)


def test_what_never_shows_anything_ends_somewhere() -> None:
    assert read(b"<i></i>" * 200_000, Want(65_536, read_on=524_288)) == (524_288, True)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (b"<p>one <b>two</b></p><script>three</script>", 6),
        (b"<script>" * 40_000, 0),
        (b"<script" * 40_000 + b"</script>", 0),
        (b"<" * 300_000, 300_000),
    ],
)
def test_text_is_counted_whatever_the_markup(markup: bytes, shown: int) -> None:
    assert text_bytes(markup) == shown


@given(st.binary(max_size=300))
def test_no_bytes_harm_the_count(markup: bytes) -> None:
    assert 0 <= text_bytes(markup) <= len(markup)


@pytest.mark.parametrize(("letters", "read_to"), [(1_499, 130_000), (1_500, 65_536)])
def test_a_page_shows_enough_with_fifteen_hundred_letters(letters: int, read_to: int) -> None:
    body = b"a" * letters + b" " * (1_500 - letters) + b"<i></i>" * 20_000
    assert read(body[:130_000], Want(65_536, read_on=524_288)) == (read_to, read_to < 130_000)
