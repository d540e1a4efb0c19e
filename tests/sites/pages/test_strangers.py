"""The figures that must hold on pages that strangers wrote (../shared/data/pages)."""

from __future__ import annotations

import pytest
from benchmarks.strangers import Tally, measure, strangers

pytestmark = pytest.mark.skipif(not strangers(), reason="the shared pages are not at hand")


@pytest.fixture(scope="module")
def alone() -> dict[str, Tally]:
    return measure("words")


@pytest.mark.parametrize(
    ("group", "least"),
    [
        ("living", 1.0),
        ("guilty-looking", 23 / 27),
        ("saved", 0.85),
        ("translators", 0.9),
        ("services", 0.8),
        ("parked", 0.9),
        ("other errors", 0.9),
    ],
)
def test_words_alone(alone: dict[str, Tally], group: str, least: float) -> None:
    assert alone[group].share >= least, alone[group].wrong


@pytest.mark.parametrize("mode", ["words", "honest", "same"])
def test_no_living_page_is_dead_and_no_wall_is_broken(mode: str) -> None:
    found = measure(mode)
    assert not found["living"].wrong
    assert len(found["guilty-looking"].wrong) <= 4
    assert not [said for _, said in found["walls"].wrong if said.startswith("broken")]


def test_with_a_sibling_that_gets_the_same_page() -> None:
    found = measure("same")
    dead = [found[group] for group in ("saved", "translators", "services", "parked", "other errors")]
    right = sum(len(tally.right) for tally in dead)
    assert right >= 0.97 * sum(len(tally.right) + len(tally.wrong) for tally in dead)
