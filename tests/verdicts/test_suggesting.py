"""The one gate of all suggestions, and whose an address is."""

from __future__ import annotations

import pytest

from scraper.verdicts import domains
from scraper.verdicts.suggesting import clean, same_address, suggestion


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.org/x?utm_source=n&utm_medium=e&id=3", "https://a.org/x?id=3"),
        ("https://a.org/x?id=3&fbclid=IwAR0&gclid=1&mc_cid=2&mc_eid=3#part", "https://a.org/x?id=3#part"),
        ("https://a.org/x;jsessionid=0A1B2C3D4E5F?id=3", "https://a.org/x?id=3"),
        ("https://a.org/x.php?PHPSESSID=9f86d081884c7d65", "https://a.org/x.php"),
        ("https://a.org/(S(lit3py55t21z5v55vlm25s55))/page.aspx", "https://a.org/page.aspx"),
        ("https://a.org/x?sid=9f86d081884c7d659a2feaa0", "https://a.org/x"),
        ("https://a.org/x?sid=12", "https://a.org/x?sid=12"),  # a story's number is no session
        ("https://a.org/x?state=california&code=abc", "https://a.org/x?state=california&code=abc"),
        ("https://a.org/x?q=a%20b&empty=", "https://a.org/x?q=a%20b&empty="),
        ("https://a.org/?", "https://a.org/?"),
        ("https://a.org/x", "https://a.org/x"),
    ],
)
def test_what_belongs_to_one_visit_is_left_out(url: str, expected: str) -> None:
    assert clean(url) == expected


def test_what_was_asked_for_stays() -> None:
    assert clean("https://a.org/y?utm_id=7", "https://a.org/x?utm_id=7") == "https://a.org/y?utm_id=7"


@pytest.mark.parametrize(
    ("asked", "suggested", "recognised", "expected"),
    [
        ("http://a.org/x", "https://a.org/x", False, True),
        ("http://a.org/x", "https://www.a.org/en/x", False, True),
        ("https://a.org/x", "http://a.org/y", False, False),
        ("https://a.org/x", "http://b.org/x", True, False),
        ("https://a.org/x", "https://b.org/x", False, False),
        ("https://a.org/x", "https://b.org/x", True, True),
        ("https://alice.github.io/x", "https://bob.github.io/x", False, False),
        ("https://docs.a.co.uk/x", "https://www.a.co.uk/x", False, True),
        ("https://a.co.uk/x", "https://b.co.uk/x", False, False),
        ("https://a.org/papers/x", "https://a.org/", False, False),
        ("https://a.org/papers/x", "https://a.org/papers", False, False),
        ("https://a.org/papers/x", "https://a.org/search?q=x", False, False),
        ("https://a.org/papers/x", "https://b.org/search?q=x", True, False),
        ("https://a.org/papers/x", "https://a.org/login?next=/x", False, False),
        ("https://a.org/papers/x", "https://a.org/Error.aspx", False, False),
        ("https://a.org/papers/x", "https://a.org/404.html", False, False),
        ("https://a.org/", "https://a.org/en/", False, True),
        ("https://a.org/docs/index.html", "https://a.org/docs/", False, True),
        ("https://alice.github.io/thing/", "https://thing.dev/", True, True),
        ("https://a.org/x", "javascript:alert(1)", True, False),
        ("https://a.org/x", "https://me:secret@a.org/y", True, False),
        ("https://a.org/old/semantic-search", "https://a.org/new/semantic-search", False, True),
    ],
)
def test_what_may_be_written_down(asked: str, suggested: str, recognised: bool, expected: bool) -> None:
    assert suggestion(asked, suggested, recognised=recognised) == (suggested if expected else "")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.cs.ox.ac.uk", "ox.ac.uk"),
        ("alice.github.io", "alice.github.io"),
        ("github.io", "github.io"),
        ("numpy.readthedocs.io", "numpy.readthedocs.io"),
        ("news.substack.com", "news.substack.com"),
        ("a.b.medium.com", "b.medium.com"),
        ("www.medium.com", "medium.com"),
        ("localhost", "localhost"),
        ("127.0.1.7", "127.0.1.7"),
        ("[::1]", "[::1]"),
        ("WWW.Example.ORG.", "example.org"),
        ("", ""),
    ],
)
def test_registrable_domains(host: str, expected: str) -> None:
    assert domains.registrable(host) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://alice.github.io/thing/", True),
        ("https://x.edu/~alice/", True),
        ("https://medium.com/@alice", True),
        ("https://alice.github.io/thing/docs", False),
        ("https://x.edu/papers/", False),
        ("https://alice.github.io/", False),
    ],
)
def test_the_top_of_a_project_or_of_a_person(url: str, expected: bool) -> None:
    assert domains.is_project_page(url) is expected


def test_addresses_whose_ports_are_none_are_compared_all_the_same() -> None:
    assert same_address("https://A.test:99999999/#x", "https://a.test:99999999")
    assert not same_address("https://a.test:99999999/", "https://a.test/")
