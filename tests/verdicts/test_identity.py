"""Witnesses, one by one and against each other."""

from __future__ import annotations

import pytest

from scraper.verdicts.identity import Known, Likeness, Shown, compare, drifted
from scraper.verdicts.words import hits, keywords, words

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
