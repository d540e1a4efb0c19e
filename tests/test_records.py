from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.columns import LINKS
from scraper.records import archive_stamp, clean, form, moment, normal, overlay, plain, stamp

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING, st.sampled_from(LINKS.columns))
def test_a_value_of_any_kind_is_read_or_unknown_and_never_an_error(value: Any, column: Any) -> None:
    read = plain(value, column.type)
    assert plain(read, column.type) == read


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_written(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not {"\0", "\r"} & set(cleaned)
    assert cleaned.encode().decode() == cleaned


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [
        (12, "integer", 12),
        (12.0, "integer", 12),
        (1.5, "integer", None),
        ("12", "integer", None),
        (True, "integer", None),
        (10**30, "integer", None),
        (float("nan"), "number", None),
        (float("inf"), "number", None),
        (7, "number", 7.0),
        ("yes", "boolean", None),
        (0, "boolean", None),
        ("", "string", None),
        ("NA", "string", "NA"),
        ("a\ud800b\0c\r\nd", "string", "a�bc\nd"),
        (["x", None, "", "y"], "list", ["x", "y"]),
        ([], "list", None),
        ("x", "list", None),
        ([6, 8], "list", ["6", "8"]),
        ("2020-01-15", "datetime", "2020-01-15T00:00:00Z"),
        ("2020-01-15T10:00:00+05:45", "datetime", "2020-01-15T04:15:00Z"),
        ("soon", "datetime", None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "datetime", None),
    ],
)
def test_values_by_type(value: Any, kind: str, read: Any) -> None:
    assert plain(value, kind) == read


def test_stamps_are_utc_to_the_second() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    assert stamp(datetime(2026, 11, 23, 7, 0, 0, 999_999, kathmandu)) == "2026-11-23T01:15:00Z"
    assert moment("2026-11-23T01:15:00Z") == datetime(2026, 11, 23, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("20220926095407", "2022-09-26T09:54:07Z"),
        ("2022", "2022-01-01T00:00:00Z"),
        ("20221301000000", None),
        ("20221", None),
        ("", None),
        ("２０２２", None),
        ("2022-09-26T09:54:07Z", "2022-09-26T09:54:07Z"),
    ],
)
def test_archive_stamps(digits: str, expected: str | None) -> None:
    assert archive_stamp(digits) == expected


def test_what_is_read_wins_and_what_is_absent_stays() -> None:
    known = {"title": "Old", "abstract": "Kept", "license_spdx": "MIT"}
    assert overlay(known, {"title": "New", "license_spdx": None}) == {
        "title": "New",
        "abstract": "Kept",
        "license_spdx": None,
    }


def test_what_every_repository_has_is_not_erased_by_an_answer_without_it() -> None:
    known = {"full_name": "a/one", "repository_id": 7, "created_at": "2020-01-01T00:00:00Z", "stars": 9}
    told = normal({"full_name": None, "repository_id": "7", "created_at": 0, "stars": "9", "language": None})
    assert overlay({**known, "language": "C"}, told) == {**known, "language": None}
    assert overlay(known, {"stars": 0}) == {**known, "stars": 0}
    assert overlay({}, told) == {**dict.fromkeys(known), "language": None}


def test_the_archive_only_fills_gaps_of_what_the_living_source_said() -> None:
    known = {"title": "Edited", "abstract": None}
    assert overlay(known, {"title": "First", "abstract": "Found"}, past=True) == {
        "title": "Edited",
        "abstract": "Found",
    }


def test_former_names_gather_newest_first() -> None:
    record: dict[str, Any] = {}
    for name in ("a/one", "A/One", "a/two", "b/three"):
        record = overlay(record, normal({"full_name": name, "previous_name": ["a/one"], "repository_id": 1}))
    assert record["full_name"] == "b/three"
    assert [name.lower() for name in record["previous_name"]] == ["a/two", "a/one"]
    back = overlay(record, {"full_name": "a/two", "repository_id": 1})
    assert [name.lower() for name in back["previous_name"]] == ["b/three", "a/one"]


def test_another_repository_under_the_old_name_inherits_nothing() -> None:
    known = {"full_name": "a/one", "repository_id": 1, "stars": 900, "description": "Famous"}
    assert overlay(known, {"full_name": "a/one", "repository_id": 2, "stars": 0}) == {
        "full_name": "a/one",
        "repository_id": 2,
        "stars": 0,
    }


def test_the_form_is_what_is_published() -> None:
    assert form({"title": "T", "abstract": None, "tree_sha": "x", "health": "alive"}) == {"title": "T"}


def test_what_no_column_knows_keeps_its_form_and_numbers_that_are_none_are_left_out() -> None:
    found = normal({"x": {"a": [1.5, float("nan"), float("inf"), "b\r\n"], "c": (True, None)}})
    assert found == {"x": {"a": [1.5, None, None, "b\n"], "c": [True, None]}}


@pytest.mark.parametrize(
    ("number", "kept"),
    [(2**63 - 1, True), (2**63, False), (-(2**63), True), (-(2**63) - 1, False), (True, False), (3.0, True)],
)
def test_an_integer_is_one_that_every_reader_of_the_tables_takes(number: float, kept: bool) -> None:
    assert plain(number, "integer") == (number if kept else None)
