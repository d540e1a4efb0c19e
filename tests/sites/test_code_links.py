"""Addresses of code in what authors write, and licences by their names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.sites.code_links import addresses, code_addresses
from scraper.sites.licences import creative_commons

BADGE = "[![github](/images/github_icon.svg) o/n](https://github.com/o/n)"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://github.com/o/n", ["https://github.com/o/n"]),
        (" https://github.com/o/n\xa0", ["https://github.com/o/n"]),
        (
            "https://github.com/o/n; https://github.com/p/m",
            ["https://github.com/o/n", "https://github.com/p/m"],
        ),
        ("https://github.com/o/n;https://b.test/x", ["https://github.com/o/n", "https://b.test/x"]),
        (
            "https://d.test/open?id=1-v  https://d.test/open?id=2",
            ["https://d.test/open?id=1-v", "https://d.test/open?id=2"],
        ),
        ("Code (https://github.com/o/n).", ["https://github.com/o/n"]),
        ("see https://en.test/a_(b), and", ["https://en.test/a_(b)"]),
        ("https://github.com/o/n。下一句", ["https://github.com/o/n"]),
        ("https://github.com/o/n_", ["https://github.com/o/n_"]),
        ("**https://github.com/o/n**", ["https://github.com/o/n"]),
        ("\\url{https://github.com/o/a\\_b}", ["https://github.com/o/a_b"]),
        ("\\href{https://github.com/o/n}{here}", ["https://github.com/o/n"]),
        ('<a href="https://x.test/?a=1&amp;noteId=2">x</a>', ["https://x.test/?a=1&noteId=2"]),
        ("[here](https://github.com/o/n)", ["https://github.com/o/n"]),
        (
            f"{BADGE} + [![x](https://img.test/b.svg)](https://c.test/d)",
            ["https://github.com/o/n", "https://c.test/d"],
        ),
        ("at github.com/o/n.", ["https://github.com/o/n"]),
        ("https://mega.nz/#F!DrA12!4BC_", ["https://mega.nz/#F!DrA12!4BC_"]),
        ("https://github.com/o/n https://github.com/o/n", ["https://github.com/o/n"]),
        ("https:// http://[::1 ftp://x.test/y me@github.com/a/b", []),
        ("will be released", []),
    ],
)
def test_addresses(written: str, expected: list[str]) -> None:
    assert addresses(written) == expected


def test_prose_counts_only_where_it_names_a_host_of_code() -> None:
    prose = [
        "We use https://data.test/x; our code is at https://www.github.com/o/n and https://gitlab.com/p/m."
    ]
    assert code_addresses([], prose) == ["https://www.github.com/o/n", "https://gitlab.com/p/m"]
    assert code_addresses(["https://www.catalyzex.com/paper/1/code"], prose)[-1].startswith(
        "https://www.cata"
    )


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["![", "](", ")", "https://", "github.com/", "a", ";", "[", "\\_", "é"]), max_size=40
    )
)
def test_no_text_raises(pieces: list[str]) -> None:
    for address in addresses("".join(pieces)):
        assert address.isascii()
        assert "://" in address


def test_a_text_of_nothing_but_brackets_is_survived() -> None:
    assert addresses("![" * 500_000 + "https://x.test/") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/legalcode", "CC-BY-NC-ND-3.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.en", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("cc-by-4.0", "CC-BY-4.0"),
        ("CC0", "CC0-1.0"),
        ("https://creativecommons.org/licenses/by/3.0/us/", None),
        ("https://creativecommons.org/licenses/by/3.0/igo/", None),
        ("cc-by-nc-sa-3.0-us", None),
        ("CC-BY-NC-2.5-Scotland", None),
        ("http://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("CC BY 4.0 - Attribution", "CC-BY-4.0"),
        ("https://www.elsevier.com/tdm/userlicense/1.0/", None),
        ("All rights reserved", None),
        (None, None),
        (4.0, None),
    ],
)
def test_creative_commons(written: object, expected: str | None) -> None:
    assert creative_commons(written) == expected
