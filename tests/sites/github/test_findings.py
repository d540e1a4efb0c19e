"""What is said of a repository: since when it is archived."""

from __future__ import annotations

import pytest

from scraper.model import Answer, Record, Target
from scraper.sites.github.findings import GRAPHQL, there

TARGET = Target("github:o/r", "github", "repository", "o/r", "https://github.com/o/r")
ANSWER = Answer("u", "u", 200, {"date": "Tue, 24 Nov 2026 07:00:00 GMT"})
NOW, BEFORE = "2026-11-24T07:00:00Z", "2023-05-01T00:00:00Z"
ARCHIVED: Record = {"archived": True}
ACTIVE: Record = {"archived": False}


@pytest.mark.parametrize(
    ("read", "known", "since"),
    [
        (ARCHIVED | {"archived_since": BEFORE}, {}, BEFORE),
        (ARCHIVED | {"archived_since": BEFORE}, ACTIVE, BEFORE),
        (ARCHIVED, ACTIVE, NOW),
        (ARCHIVED | {"archived_since": None}, ACTIVE, NOW),
        (ARCHIVED | {"archived_since": None}, ARCHIVED | {"archived_since": BEFORE}, BEFORE),
        (ARCHIVED, ARCHIVED | {"archived_since": BEFORE}, BEFORE),
        (ARCHIVED, ARCHIVED, None),
        (ARCHIVED, {}, None),
        (ACTIVE, ARCHIVED | {"archived_since": BEFORE}, None),
        (ARCHIVED | {"repository_id": 2}, ACTIVE | {"repository_id": 1}, None),
        ({}, ARCHIVED | {"archived_since": BEFORE}, None),
    ],
)
def test_since_when_it_is_archived(read: Record, known: Record, since: str | None) -> None:
    found = there(TARGET, {"full_name": "o/r", **read}, known, ANSWER, GRAPHQL)
    assert found.record.get("archived_since") == since


@pytest.mark.parametrize(
    ("before", "now", "suggested"),
    [
        (1, 1, "https://github.com/n/r"),
        (None, 2, "https://github.com/n/r"),
        (1, None, "https://github.com/n/r"),
        (1, 2, ""),
    ],
)
def test_another_repository_in_its_place_is_no_new_address(
    before: int | None, now: int | None, suggested: str
) -> None:
    """Its name was freed, taken by somebody, and freed once more: GitHub leads on to that one."""
    found = there(
        TARGET, {"full_name": "n/r", "repository_id": now}, {"repository_id": before}, ANSWER, GRAPHQL
    )
    assert (found.reason, found.suggested_url) == ("repository_renamed", suggested)
    assert bool(found.notes) == (suggested == "")
