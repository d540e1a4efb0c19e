from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Answer
from scraper.sites.github import graphql

URL = "https://api.github.com/graphql"


def answer(body: Any, status: int | None = 200, **more: Any) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(URL, URL, status, body=data, **more)


def error(kind: str | None, *path: str | int, message: str = "why") -> dict[str, Any]:
    return {"path": list(path), "message": message} | ({"type": kind} if kind else {})


def kinds(body: Any, count: int = 2, status: int | None = 200, **more: Any) -> list[str]:
    return [word.kind for word in graphql.read(answer(body, status, **more), count)]


def test_owner_and_name_travel_as_variables() -> None:
    body = graphql.query(["a/b", "C/d.e"])
    assert body["variables"] == {"o0": "a", "n0": "b", "o1": "C", "n1": "d.e"}
    assert "C/d.e" not in body["query"]
    assert body["query"].count("followRenames: true") == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"data": {"r0": {}, "r1": {}}}, ["found", "found"]),
        ({"data": {"r0": {}, "r1": None}, "errors": [error("NOT_FOUND", "r1")]}, ["found", "missing"]),
        ({"data": {"r0": {}, "r1": None}}, ["found", "lost"]),
        ({"data": {"r0": {}, "r1": None}, "errors": [error("NOT_FOUND", "r0")]}, ["found", "lost"]),
        ({"data": {"r0": {}, "r1": None}, "errors": [error("NOT_FOUND", "r1", "parent")]}, ["found", "lost"]),
        ({"data": {"r0": {}, "r1": None}, "errors": [error("FORBIDDEN", "r1")]}, ["found", "forbidden"]),
        ({"data": {"r0": {}, "r1": None}, "errors": [error("RATE_LIMITED")]}, ["found", "limited"]),
        ({"errors": [error("RATE_LIMIT")]}, ["limited", "limited"]),
        ({"errors": [{"message": "API rate limit", "code": "graphql_rate_limit"}]}, ["limited", "limited"]),
        (
            {"data": {"r0": {}, "r1": None}, "errors": [error("RESOURCE_LIMITS_EXCEEDED", "r1")]},
            ["found", "again"],
        ),
        # Without a path nobody knows which of the nulls are due to it.
        ({"data": {"r0": {}, "r1": {}}, "errors": [error("RESOURCE_LIMITS_EXCEEDED")]}, ["again", "again"]),
        ({"errors": [error("MAX_NODE_LIMIT_EXCEEDED")]}, ["again", "again"]),
        (
            {
                "data": None,
                "errors": [error(None, message="Something went wrong while executing your query.")],
            },
            ["again", "again"],
        ),
        ({"data": None}, ["lost", "lost"]),
        ({"data": [], "errors": {"r0": 1}}, ["lost", "lost"]),
        ({"message": "hello"}, ["unserved", "unserved"]),
        (b"<html>", ["unserved", "unserved"]),
        (b"[" * 100_000, ["unserved", "unserved"]),
    ],
)
def test_a_word_on_each_repository(body: Any, expected: list[str]) -> None:
    assert kinds(body) == expected


@pytest.mark.parametrize(
    ("status", "failure", "expected"),
    [
        (502, "", "again"),
        (504, "", "again"),
        (None, "timeout", "again"),
        (None, "connection_reset", "again"),
        (None, "host_not_found", "lost"),
        (None, "policy", "lost"),
        (403, "", "forbidden"),
        (404, "", "unserved"),
    ],
)
def test_without_an_answer_of_graphql(status: int | None, failure: str, expected: str) -> None:
    assert kinds(b"<html>Unicorn!</html>", 1, status, failure=failure) == [expected]


def test_half_an_answer_is_asked_again() -> None:
    assert kinds({"data": {"r0": {}}}, 1, truncated=True) == ["again"]


def test_a_field_that_failed_is_unknown_not_empty() -> None:
    body = {
        "data": {"r0": {"licenseInfo": None, "latestRelease": None, "files": {"entries": []}}},
        "errors": [error("INTERNAL", "r0", "licenseInfo"), error("INTERNAL", "r0", "files", "entries", 3)],
    }
    (word,) = graphql.read(answer(body), 1)
    assert word.fields == {"latestRelease": None}


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["r0", "NOT_FOUND", "RATE_LIMITED"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "errors", "r0", "path", "type", "message", "extensions"]), inner
        )
    ),
)


@given(JSON, st.integers(1, 3))
def test_no_json_makes_the_reader_raise(body: Any, count: int) -> None:
    assert len(graphql.read(answer(body), count)) == count
