"""The figures that must hold on pages that strangers wrote (../shared/data/pages)."""

from __future__ import annotations

import pytest
from benchmarks.strangers import measure, strangers

pytestmark = pytest.mark.skipif(not strangers(), reason="the shared pages are not at hand")


LEAST = {
    "living": 1.0,
    "guilty-looking": 23 / 27,
    "saved": 0.85,
    "translators": 0.9,
    "services": 0.8,
    "parked": 0.9,
    "other errors": 0.9,
}
"""The least share that words alone must find."""


@pytest.mark.parametrize("mode", ["words", "honest", "same"])
def test_pages_of_strangers(mode: str) -> None:
    found = measure(mode)
    assert not found["living"].wrong
    assert len(found["guilty-looking"].wrong) <= 4
    assert not [said for _, said in found["walls"].wrong if said.startswith("broken")]
    if mode == "words":
        missed = {group: found[group].wrong for group, least in LEAST.items() if found[group].share < least}
        assert not missed
    if mode == "same":  # a sibling that gets the same page
        dead = [found[group] for group in ("saved", "translators", "services", "parked", "other errors")]
        right = sum(len(tally.right) for tally in dead)
        assert right >= 0.97 * sum(len(tally.right) + len(tally.wrong) for tally in dead)
    if mode == "honest":  # what is said to be missing is doubted there, what fails is not
        assert found["other errors"].share >= LEAST["other errors"]
        right = sum(len(tally.right) for tally in found.values())
        assert right >= 0.97 * len(strangers())
