from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.columns import LINKS
from scraper.errors import SnapshotError
from scraper.model import Change
from scraper.snapshots.changes import KINDS, compare, compare_rows
from scraper.snapshots.package import Package
from scraper.snapshots.publish import publish
from scraper.snapshots.snapshot import Snapshot

EMPTY: dict[str, Any] = dict.fromkeys(column.name for column in LINKS.columns)


def row(target: str = "github:o/r", **known: Any) -> dict[str, Any]:
    alive = {
        "health": "alive",
        "reason": "ok",
        "confirmed_dead": False,
        "first_line": 7,
        "metadata_source": "github",
    }
    return EMPTY | alive | {"target": target, "url": f"https://x.example/{target}", "title": "T"} | known


BROKEN = {"health": "broken", "reason": "not_found", "failing_since": "2026-11-24T07:00:00Z"}
FAILING = {"health": "failing", "reason": "timeout", "failing_since": "2026-11-24T07:00:00Z"}
UNKNOWN = {"health": "unverified", "reason": "rate_limited"}
WALL = {"health": "blocked", "reason": "challenge"}
MOVED = {"health": "moved", "reason": "redirected_permanently", "suggested_url": "https://new.example/"}
RENAMED = {"health": "moved", "reason": "repository_renamed", "suggested_url": "https://github.com/n/r"}
RETRACTION = "retraction 10.1/r 2020-01-02 publisher"
CONCERN = "expression_of_concern 10.1/e 2019-01-02 retraction-watch"
CORRECTION = "correction 10.1/c 2021-01-02 publisher"
TAKEN = BROKEN | {"reason": "replaced"}
LATER = {"failing_since": "2026-11-29T07:00:00Z"}


def kinds(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [change.kind for change in compare_rows([row(**before)], [row(**after)])]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({}, BROKEN, ["newly_broken"]),
        ({}, FAILING, ["newly_failing"]),
        (WALL, BROKEN, ["newly_broken"]),
        (FAILING, BROKEN, ["newly_broken"]),
        (BROKEN, FAILING, []),
        (BROKEN, BROKEN, []),
        (BROKEN, {}, ["recovered"]),
        (FAILING, MOVED, ["recovered", "moved"]),
        (BROKEN, BROKEN | {"confirmed_dead": True}, ["confirmed_dead"]),
        ({}, UNKNOWN, []),
        (UNKNOWN, {}, []),
        (UNKNOWN, BROKEN, ["newly_broken"]),
        (BROKEN, BROKEN | UNKNOWN, []),
        (BROKEN | UNKNOWN, BROKEN, []),
        (BROKEN | UNKNOWN, FAILING, []),
        (BROKEN | UNKNOWN, BROKEN | LATER, ["newly_broken"]),
        (BROKEN | UNKNOWN, {}, ["recovered"]),
        ({}, WALL, ["blocked"]),
        (BROKEN, WALL, ["blocked"]),
        (WALL, WALL | UNKNOWN, []),
        (UNKNOWN, WALL, []),
        (WALL, {}, ["recovered"]),
        ({}, MOVED, ["moved"]),
        (MOVED, MOVED, []),
        (MOVED, UNKNOWN, []),
        (UNKNOWN, MOVED, []),
        (MOVED, MOVED | {"suggested_url": "https://newer.example/"}, ["moved"]),
        ({}, RENAMED | {"full_name": "n/r"}, ["renamed"]),
        ({"archived": False}, {"archived": True}, ["archived"]),
        ({"archived": True}, {"archived": False}, ["unarchived"]),
        ({}, {"archived": True}, []),
        ({"archived": True}, {}, []),
        ({"license_state": "spdx", "license_spdx": "MIT"}, {"license_state": "none"}, ["license_changed"]),
        ({}, {"license_state": "none"}, []),
        ({"stars": 100}, {"stars": 109}, []),
        ({"stars": 100}, {"stars": 110}, ["stars_changed"]),
        ({"stars": 5}, {"stars": 14}, []),
        ({"stars": 5}, {"stars": 15}, ["stars_changed"]),
        ({"stars": 1000}, {"stars": 1099}, []),
        ({"stars": 1000}, {"stars": 900}, ["stars_changed"]),
        ({"stars": 0}, {"stars": 10}, ["stars_changed"]),
        ({"stars": None}, {"stars": 10}, []),
        ({"decision": "Reject"}, {"decision": "Accept"}, ["decision_changed"]),
        ({}, {"decision": "Accept"}, ["decision_changed"]),
        ({"metadata_source": None}, {"decision": "Accept"}, []),
        ({"decision": "Accept"}, {}, []),
        ({"abstract": "One  two"}, {"abstract": "One\ntwo"}, []),
        ({"abstract": "One"}, {"abstract": "Two"}, ["abstract_changed"]),
        ({}, {"abstract": "Two"}, []),
        ({"repository_id": 1}, {"repository_id": 2}, ["replaced"]),
        ({}, {"repository_id": 2}, []),
        ({}, TAKEN, ["replaced"]),
        (MOVED, TAKEN, ["replaced"]),
        (BROKEN, TAKEN, ["replaced"]),
        (TAKEN, TAKEN, []),
        (TAKEN | UNKNOWN, TAKEN, []),
        (TAKEN, {}, ["recovered"]),
        ({}, {"reason": "drifted"}, ["drifted"]),
        ({"reason": "drifted"}, {"reason": "drifted"}, []),
        ({"withdrawn": False}, {"withdrawn": True}, ["withdrawn"]),
        ({}, {"notices": RETRACTION}, ["retracted"]),
        ({"notices": RETRACTION}, {"notices": RETRACTION}, []),
        ({"notices": CONCERN}, {"notices": f"{RETRACTION}; {CONCERN}"}, ["retracted"]),
        ({"notices": RETRACTION}, {"notices": f"{RETRACTION}; {CORRECTION}"}, ["corrected"]),
        ({}, {"notices": CONCERN}, ["concern"]),
        ({}, {"notices": CORRECTION}, ["corrected"]),
        ({}, {"notices": "withdrawal - - publisher"}, ["retracted"]),
        ({}, {"notices": "partial_retraction 10.1/p 2020-01-01 publisher"}, ["corrected"]),
        (
            {"notices": RETRACTION},
            {"notices": f"reinstatement 10.1/b - publisher; {RETRACTION}"},
            ["reinstated"],
        ),
        ({"notices": RETRACTION}, {"notices": None}, []),
        ({"metadata_source": None}, {"notices": RETRACTION}, []),
        ({}, BROKEN | {"notices": RETRACTION, "withdrawn": True}, ["retracted", "newly_broken", "withdrawn"]),
    ],
)
def test_what_is_a_change(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert kinds(before, after) == expected


def test_added_and_removed_and_the_order() -> None:
    before = [row("github:a/a"), row("github:b/b"), row("github:d/d")]
    after = [row("github:b/b", **BROKEN), row("github:c/c"), row("github:d/d", **BROKEN)]
    found = [(change.kind, change.target) for change in compare_rows(before, after)]
    assert found == [
        ("newly_broken", "github:b/b"),
        ("newly_broken", "github:d/d"),
        ("added", "github:c/c"),
        ("removed", "github:a/a"),
    ]


def test_a_change_says_what_to_use_instead() -> None:
    copy = "https://web.archive.org/web/2022/https://x.example/"
    (broken,) = compare_rows([row(archived_url=copy)], [row(archived_url=copy, **BROKEN)])
    assert broken == Change(
        kind="newly_broken",
        target="github:o/r",
        title="T",
        before="alive (ok)",
        after="broken (not_found)",
        url="https://x.example/github:o/r",
        line=7,
        replacement=copy,
    )
    (renamed,) = compare_rows([row(archived_url=copy)], [row(full_name="n/r", archived_url=copy, **RENAMED)])
    assert (renamed.before, renamed.after, renamed.replacement) == ("o/r", "n/r", "https://github.com/n/r")


def test_an_abstract_is_shown_where_it_differs() -> None:
    text = "word " * 100
    (change,) = compare_rows([row(abstract=text + "old end")], [row(abstract=text + "new end")])
    assert (change.before[-8:], change.after[-8:]) == (" old end", " new end")
    assert len(change.before) < 100


def test_rows_out_of_order_are_told() -> None:
    with pytest.raises(SnapshotError, match="out of order at 'github:a/a'"):
        compare_rows([row("github:b/b"), row("github:a/a")], [])


def test_between_two_snapshots_and_from_none(tmp_path: Path) -> None:
    def snapshot(day: int, **known: Any) -> Snapshot:
        about = Package("list", "A list", "", datetime(2026, 11, day, 7, tzinfo=UTC))
        return Snapshot.at(publish(tmp_path, about, {"links": [row(**known)]}).path)

    first, second, third = snapshot(1, stars=5), snapshot(2, stars=50), snapshot(3, stars=50)
    assert [(change.kind, change.before, change.after) for change in compare(first, second)] == [
        ("stars_changed", "5", "50")
    ]
    assert compare(second, third) == []
    assert compare(None, first) == []


def test_every_kind_has_words() -> None:
    assert all(KINDS.values())


@pytest.mark.parametrize(
    ("was", "now", "before", "after"),
    [
        ("One", "Two", "One", "Two"),
        ("One thing", "One", "One thing", "One"),
        ("a" * 20 + "x", "a" * 20 + "y", "a" * 20 + "x", "a" * 20 + "y"),
        ("a" * 21 + "x", "a" * 21 + "y", "…" + "a" * 20 + "x", "…" + "a" * 20 + "y"),
        ("x" + "a" * 79, "y" + "a" * 80, "x" + "a" * 79, "y" + "a" * 79 + "…"),
    ],
)
def test_an_excerpt_begins_a_little_before_the_difference(
    was: str, now: str, before: str, after: str
) -> None:
    (change,) = compare_rows([row(abstract=was)], [row(abstract=now)])
    assert (change.before, change.after) == (before, after)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [(50, 59, False), (50, 60, True), (50, 40, True), (1_000, 1_099, False), (1_000, 1_100, True)],
)
def test_stars_are_news_from_a_tenth_and_ten_on(was: int, now: int, told: bool) -> None:
    assert ("stars_changed" in kinds({"stars": was}, {"stars": now})) == told


@pytest.mark.parametrize(
    ("was", "now", "before", "after"),
    [
        (("none", None), ("spdx", "MIT"), "none", "MIT"),
        (("spdx", "MIT"), ("none", None), "MIT", "none"),
        (("unrecognised", None), ("spdx", "GPL-3.0"), "unrecognised", "GPL-3.0"),
    ],
)
def test_a_licence_is_told_by_its_name_or_as_what_it_is_instead(
    was: tuple[str, str | None], now: tuple[str, str | None], before: str, after: str
) -> None:
    old, new = (row(license_state=state, license_spdx=name) for state, name in (was, now))
    (change,) = compare_rows([old], [new])
    assert (change.kind, change.before, change.after) == ("license_changed", before, after)
