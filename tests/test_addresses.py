"""Addresses at the edges of what they may be."""

from __future__ import annotations

import pytest

from scraper.addresses import (
    a_label,
    flaws,
    hostname,
    imitation,
    is_https_upgrade,
    parameter,
    parts,
    tidy,
    without_marks,
    without_userinfo,
)


def host_of_length(length: int) -> str:
    labels = ["a" * 60] * (length // 61)
    return ".".join([*labels, "b" * (length - 61 * len(labels))])


@pytest.mark.parametrize(("length", "good"), [(253, True), (254, True), (255, False)])
def test_a_host_has_at_most_254_characters_with_the_dot_at_its_end(length: int, good: bool) -> None:
    assert len(host_of_length(length)) == length
    assert (parts(f"https://{host_of_length(length)}/") is not None) == good


@pytest.mark.parametrize(("label", "good"), [("a" * 63, True), ("a" * 64, False)])
def test_a_label_has_at_most_63(label: str, good: bool) -> None:
    assert (parts(f"https://{label}.test/") is not None) == good


@pytest.mark.parametrize(
    ("port", "shown"),
    [("443", None), ("80", 80), ("1", 1), ("65535", 65_535), ("", None)],
)
def test_ports_that_are_some(port: str, shown: int | None) -> None:
    found = parts(f"https://a.test:{port}/x")
    assert found is not None
    assert found.port == shown


@pytest.mark.parametrize("port", ["0", "65536", "-1", "123456", "x", "80:80"])
def test_ports_that_are_none(port: str) -> None:
    assert parts(f"https://a.test:{port}/x") is None


def test_an_address_in_brackets_has_one_spelling() -> None:
    found = parts("http://[2001:DB8:0::1]:8080/x")
    assert found is not None
    assert (found.host, found.port, found.address) == (
        "[2001:db8::1]",
        8080,
        "http://[2001:db8::1]:8080/x",
    )
    assert parts("http://[2001:db8::g]/") is None


@pytest.mark.parametrize(
    ("href", "left"),
    [
        ("https://u:p@a.test/x", "https://a.test/x"),
        ("//u@a.test", "//a.test"),
        ("https://a@b@c.test/", "https://c.test/"),
        ("https://a.test/?to=//u@b.test", "https://a.test/?to=//u@b.test"),
        ("https://u:p@a.test//v@b.test", "https://a.test//v@b.test"),
        ("mailto:u@a.test", "mailto:u@a.test"),
    ],
)
def test_only_the_name_before_the_host_is_left_out(href: str, left: str) -> None:
    assert without_userinfo(href) == left


def test_outer_blanks_and_breaks_do_not_belong_to_an_address() -> None:
    assert tidy(" \x0c\x00https://a.test/\n x\t ") == "https://a.test/ x"


@pytest.mark.parametrize(
    ("before", "after", "upgrade"),
    [
        ("http://a.test", "https://a.test/", True),
        ("http://a.test/x?y", "https://A.test/x?y", True),
        ("http://a.test/x", "https://b.test/x", False),
        ("http://a.test/x", "https://a.test/y", False),
        ("http://a.test/x?y", "https://a.test/x", False),
        ("http://a.test/x", "http://a.test/x", False),
        ("https://a.test/x", "http://a.test/x", False),
        ("https://a.test/x", "https://a.test/x", False),
    ],
)
def test_an_upgrade_changes_the_scheme_alone(before: str, after: str, upgrade: bool) -> None:
    assert is_https_upgrade(before, after) == upgrade


@pytest.mark.parametrize(
    "host", ["münchen.test", "例え.test", "コーヒー例.test", "한국語a.test", "пример.test", "a.test"]
)
def test_names_in_their_own_script_imitate_nothing(host: str) -> None:
    assert imitation(host) == ""


@pytest.mark.parametrize("host", ["аррӏе.test", "gооgle.test", "www.аррӏе.test:80", "xn--80ak6aa92e.test"])
def test_names_that_are_drawn_like_others_do(host: str) -> None:
    assert "imitates another one: its name is xn--" in imitation(host) or "www.xn--" in imitation(host)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("MÜNCHEN.test", "xn--mnchen-3ya.test"),
        ("straße.test", "xn--strae-oqa.test"),
        ("☃.net", "xn--n3h.net"),  # these three are sold, and served
        ("i❤️.ws", "xn--i-7iq.ws"),
        ("💩。LA", "xn--ls8h.la"),
        ("XN--N3H.net", "xn--n3h.net"),
        ("क्\u200dष.test", "xn--11b2ezcw70k.test"),
        ("☃.net.", "xn--n3h.net."),
    ],
)
def test_a_name_has_the_label_that_browsers_look_up(name: str, label: str) -> None:
    assert a_label(name) == label
    found = parts(f"http://{name}/")
    assert found is not None
    assert found.host == label
    assert "is not an address that can be visited" not in flaws(f"http://{name}/")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "-a-.test",
            "a\u200db.test",
            "℀.test",
            "☃..test",
            "א☃a.test",
            "\ud800.test",
            "xn--☃.test",
            "xn--.test",
        ),
        *(
            f"☃{'a' * 60}.test",
            "☃.xn--zzzz9999999.test",
            "☃ .test",
            "☃/a.test",
            "xn--N3H-.test",
            "1\u0660.test",
        ),
    ],
)
def test_a_name_that_nobody_can_have_has_no_label(name: str) -> None:
    assert a_label(name) is None


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("https://a.test/x", []),
        ("https://a.test/?a b", ["contains blanks or control characters"]),
        ("https://a.test:0/", ["is not an address that can be visited"]),
        ("https://u@a.test/", ["carries a user name or password; it was left out"]),
    ],
)
def test_each_flaw_is_told_once(href: str, found: list[str]) -> None:
    assert flaws(href) == found


def test_the_first_value_of_a_parameter_counts() -> None:
    address = parts("https://a.test/?x=1&id=a%20b&id=c")
    assert address is not None
    assert (parameter(address, "id"), parameter(address, "i"), parameter(address, "x")) == ("a b", "", "1")


def test_what_ends_a_sentence_ends_no_name() -> None:
    assert without_marks("abc).,*") == "abc"
    assert without_marks("a.b") == "a.b"


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://u@A.test:80/x", "a.test"), ("/x", ""), ("http://[::1", ""), ("mailto:a@b.test", "")],
)
def test_the_host_of_any_text(url: str, host: str) -> None:
    assert hostname(url) == host
