"""Witnesses, one by one and against each other."""

from __future__ import annotations

from typing import Any

import pytest

from scraper.verdicts.identity import (
    Known,
    Likeness,
    Shown,
    _address_kept,
    _named_in,
    compare,
    drifted,
)
from scraper.verdicts.words import hits, joined, keywords, words

OLD, NEW = "http://old-lab.org/thing", "http://elsewhere.net/page"
PROSE = (
    "We study how gradients are clipped when the budget is small, fix every seed and publish the script that "
    "made each table, with three benchmarks and a discussion of where the results do not hold in practice."
)


@pytest.mark.parametrize(
    ("known", "shown", "final", "expected"),
    [
        (Known(("Corvid",)), Shown("Corvid 2.1 documentation", text=PROSE), NEW, Likeness.KEPT),
        (Known(("corvid-opt",)), Shown("Welcome", text=PROSE), "http://corvidopt.dev/", Likeness.KEPT),
        (Known(title="Why warmup works — Almanac"), Shown("Why warmup works"), NEW, Likeness.KEPT),
        (Known(memento="Why warmup works\nWarmup"), Shown("Blog", ("Why warmup works",)), NEW, Likeness.KEPT),
        (Known(fingerprint=keywords(PROSE, 12)), Shown("New name", text=PROSE), NEW, Likeness.KEPT),
        (
            Known(("Acme Robotics",)),
            Shown("Halcyon", text=f"Formerly Acme Robotics. {PROSE}"),
            NEW,
            Likeness.KEPT,
        ),
        (Known(("Corvid - fast optimisers",)), Shown("Corvid"), NEW, Likeness.KEPT),
        (Known(), Shown("Hello", text=PROSE), "http://new.org/~old-lab/", Likeness.KEPT),
        (Known(("Glaciers of Iceland",)), Shown("Shoes", text=PROSE), "https://x.edu/a", Likeness.UNPROVEN),
        (Known(), Shown(page=False), "http://files.eu/2019/thing", Likeness.KEPT),
        (Known(), Shown("Hello", text=PROSE), NEW, Likeness.UNPROVEN),
        (Known(("Corvid",)), Shown("Hello", text=PROSE), NEW, Likeness.UNPROVEN),  # one word is too little
        (Known(("Glaciers of Iceland",)), Shown("Shoes", text="short"), NEW, Likeness.UNPROVEN),
        (Known(("Ледники Исландии",)), Shown("Shoes", text=PROSE), NEW, Likeness.UNPROVEN),  # another script
        (Known(("Glaciers of Iceland",)), Shown("Shoes", text=PROSE), NEW, Likeness.GONE),
        (Known(("Corvid optimisers",)), Shown("Corvid optimisers", trade="gambling"), OLD, Likeness.GONE),
        (Known(memento_trade="gambling"), Shown("Odds", trade="gambling"), OLD, Likeness.KEPT),
    ],
)
def test_witnesses(known: Known, shown: Shown, final: str, expected: Likeness) -> None:
    assert compare(known, shown, OLD, final).likeness is expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Glaciers of Iceland, mapped", "Ice and snow. " * 10 + PROSE, False),
        (
            "Running shoes for autumn",
            "Buy trainers, sandals, boots and laces from our catalogue today. " * 5,
            True,
        ),
        ("Running shoes for autumn", PROSE, False),  # the text is what it was
        ("", "Buy trainers, sandals, boots and laces from our catalogue today. " * 5, False),
    ],
)
def test_drift(title: str, text: str, expected: bool) -> None:
    known = Known(title="Glaciers of Iceland", fingerprint=keywords(PROSE, 12))
    assert drifted(known, Shown(title, text=text), OLD) is expected


def test_words_of_many_scripts() -> None:
    assert words("The Paper: Größe & naïveté (PDF)") == ["grosse", "naivete"]
    assert words("分布式系统") == ["分布", "布式", "式系", "系统"]
    assert words("transportNotes v2") == ["transport", "notes"]
    assert hits(["networks", "graph"], ["network", "graphs", "x"]) == {"networks", "graph"}
    assert hits(["transport", "node"], ["transform", "no"]) == set()


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("corvi", "Corvi is Corvi.", True),
        ("corv", "Corv is Corv.", False),
        ("corvi", "Corvi is here.", False),
        ("abcd efgh", "It was abcd efgh once.", True),
        ("abc efgh", "It was abc efgh once.", False),
        ("冰岛冰川", "这里写着冰岛冰川的事", True),
        ("冰岛冰", "这里写着冰岛冰的事", False),
    ],
)
def test_how_much_of_a_name_a_text_has_to_say(name: str, text: str, named: bool) -> None:
    assert _named_in(name, joined(text), words(text)) == named


TEN = ["alpha", "bravo", "coral", "delta", "elder", "fable", "grape", "hazel", "igloo", "jolly"]


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        (TEN[2:6], True),
        (TEN[6:], True),
        (TEN[:2] + TEN[3:6], False),
        (TEN[2:5], False),
    ],
)
def test_half_of_the_last_eight_words_of_an_address_are_enough(shown: list[str], kept: bool) -> None:
    page = Shown(" ".join(shown), text=PROSE)
    assert _address_kept(f"http://old-lab.org/{'-'.join(TEN)}", NEW, page) == kept


@pytest.mark.parametrize(
    ("path", "title", "kept"), [("sea-ice", "Sea and ice", True), ("sea-id", "Sea and id", False)]
)
def test_words_of_six_letters_together_are_enough(path: str, title: str, kept: bool) -> None:
    assert _address_kept(f"http://old-lab.org/{path}", NEW, Shown(title, text=PROSE)) == kept


@pytest.mark.parametrize(
    ("asked", "final", "kept"),
    [
        ("http://old-lab.org/a/dataset1.zip", "http://new.net/b/dataset1.zip", True),
        ("http://old-lab.org/a/data.zip", "http://new.net/b/data.zip", False),
        ("http://old-lab.org/a/dataset1.zip", "http://new.net/b/another2.zip", False),
    ],
)
def test_one_file_has_one_long_name(asked: str, final: str, kept: bool) -> None:
    assert _address_kept(asked, final, Shown(page=False)) == kept


SHOP = "Buy trainers, sandals, boots and laces from our catalogue today. " * 5


@pytest.mark.parametrize(
    ("fingerprint", "there", "same"),
    [(6, 3, True), (6, 2, False), (5, 5, False), (8, 4, True), (8, 3, False)],
)
def test_half_of_six_words_or_more_are_the_same_text(fingerprint: int, there: int, same: bool) -> None:
    known = Known(fingerprint=tuple(TEN[:fingerprint]))
    shown = Shown("Sport", text=f"{SHOP} {' '.join(TEN[:there])}")
    assert (compare(known, shown, OLD, NEW).likeness is Likeness.KEPT) == same


@pytest.mark.parametrize(
    ("name", "left", "gone"),
    [
        ("Alpha bravo coral", 1, True),
        ("Alpha bravo coral", 2, False),
        ("Alpha bravo coral delta", 1, True),
        ("Alpha bravo coral delta", 2, False),
        ("Alpha bravo coral delta elder fable", 2, True),
    ],
)
def test_what_is_named_is_gone_where_a_third_of_its_name_is_left(name: str, left: int, gone: bool) -> None:
    shown = Shown("Sport", text=f"{SHOP} {' '.join(TEN[:left])}")
    assert (compare(Known((name,)), shown, OLD, NEW).likeness is Likeness.GONE) == gone


@pytest.mark.parametrize(
    ("known", "shown", "drift"),
    [
        ({}, {}, True),
        ({"title": "Glaciers"}, {}, False),
        ({"called": ("Running shoes",)}, {}, False),
        ({"fingerprint": tuple(TEN[:6])}, {}, True),
        ({"fingerprint": tuple(TEN[:5])}, {}, False),
        ({"fingerprint": tuple(TEN[:8])}, {"text": f"{SHOP} {' '.join(TEN[:2])}"}, True),
        ({"fingerprint": tuple(TEN[:8])}, {"text": f"{SHOP} {' '.join(TEN[:3])}"}, False),
        ({}, {"page": False}, False),
        ({}, {"title": ""}, False),
        ({}, {"title": "Кроссовки на осень"}, False),
        ({}, {"text": "Buy trainers today."}, False),
        ({}, {"headings": ("The old glaciers",)}, False),
    ],
)
def test_what_drift_takes(known: dict[str, Any], shown: dict[str, Any], drift: bool) -> None:
    was = {"title": "Glaciers of Iceland", "fingerprint": tuple(TEN)} | known
    now = {"title": "Running shoes for autumn", "text": SHOP} | shown
    assert drifted(Known(**was), Shown(**now), OLD) is drift
