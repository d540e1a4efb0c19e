from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.columns import LINKS
from scraper.model import Answer
from scraper.sites.github import graphql, parts, records
from scraper.sites.github.completeness import Files, Readme

REPOSITORY: dict[str, Any] = {
    "id": 1296269,
    "full_name": "octocat/Hello-World",
    "private": False,
    "html_url": "https://github.com/octocat/Hello-World",
    "description": "  A first repository ",
    "fork": False,
    "homepage": "",
    "stargazers_count": 80,
    "watchers_count": 80,
    "subscribers_count": 42,
    "forks_count": 9,
    "open_issues_count": 3,
    "license": {
        "key": "mit",
        "name": "MIT License",
        "spdx_id": "MIT",
        "url": "https://api.github.com/licenses/mit",
    },
    "archived": False,
    "disabled": False,
    "language": None,
    "topics": ["nets", "atari"],
    "created_at": "2011-01-26T19:01:12Z",
    "pushed_at": "2011-01-26T21:06:43+02:00",
    "default_branch": "main",
    "size": 108,
    "temp_clone_token": "never-kept",
    "permissions": {"admin": False},
}

NODE: dict[str, Any] = {
    "databaseId": 1296269,
    "nameWithOwner": "octocat/Hello-World",
    "url": "https://github.com/octocat/Hello-World",
    "description": "A first repository",
    "homepageUrl": None,
    "isPrivate": False,
    "isArchived": True,
    "isDisabled": False,
    "isLocked": False,
    "isEmpty": False,
    "isFork": True,
    "parent": {"nameWithOwner": "octo/origin"},
    "stargazerCount": 80,
    "forkCount": 9,
    "watchers": {"totalCount": 42},
    "openIssues": {"totalCount": 2},
    "diskUsage": 108,
    "createdAt": "2011-01-26T19:01:12Z",
    "pushedAt": "2011-01-26T19:06:43Z",
    "primaryLanguage": {"name": "Python"},
    "licenseInfo": {"key": "other", "spdxId": "NOASSERTION"},
    "repositoryTopics": {"nodes": [{"topic": {"name": "nets"}}, {"topic": {"name": "atari"}}]},
    "latestRelease": {"tagName": "v1.2"},
    "defaultBranchRef": {"name": "main", "target": {"committedDate": "2020-02-07T20:45:30Z"}},
}


def test_a_rest_repository_becomes_a_record() -> None:
    assert records.repository(REPOSITORY) == {
        "full_name": "octocat/Hello-World",
        "repository_id": 1296269,
        "stars": 80,
        "forks": 9,
        "watchers": 42,
        "open_issues": 3,
        "archived": False,
        "disabled": False,
        "language": None,
        "topics": ["atari", "nets"],
        "description": "A first repository",
        "homepage": None,
        "created_at": "2011-01-26T19:01:12Z",
        "pushed_at": "2011-01-26T19:06:43Z",
        "default_branch": "main",
        "size": 108,
        "fork_of": None,
        "license_state": "spdx",
        "license_spdx": "MIT",
    }


def test_a_graphql_node_becomes_a_record() -> None:
    assert records.node(NODE) == {
        "full_name": "octocat/Hello-World",
        "repository_id": 1296269,
        "stars": 80,
        "forks": 9,
        "watchers": 42,
        "open_issues": 2,
        "archived": True,
        "disabled": False,
        "language": "Python",
        "topics": ["atari", "nets"],
        "description": "A first repository",
        "homepage": None,
        "created_at": "2011-01-26T19:01:12Z",
        "pushed_at": "2011-01-26T19:06:43Z",
        "last_commit_at": "2020-02-07T20:45:30Z",
        "latest_release": "v1.2",
        "default_branch": "main",
        "size": 108,
        "fork_of": "octo/origin",
        "license_state": "unrecognised",
        "license_spdx": None,
    }


def test_every_key_is_a_column() -> None:
    columns = {column.name for column in LINKS.columns}
    assert records.repository(REPOSITORY).keys() | records.node(NODE).keys() <= columns


def test_an_empty_repository_is_known_to_be_empty() -> None:
    record = records.node({**NODE, "defaultBranchRef": None, "pushedAt": None, "latestRelease": None})
    emptied = ("last_commit_at", "default_branch", "pushed_at", "latest_release")
    assert [record[name] for name in emptied] == [None] * 4


@pytest.mark.parametrize("value", ["12", -1, 1.5, True, None, [], {}, 2**63, float("inf"), float("nan")])
def test_what_is_no_count_is_unknown(value: object) -> None:
    record = records.repository({**REPOSITORY, "stargazers_count": value})
    assert "stars" not in record
    assert record["forks"] == 9


@pytest.mark.parametrize("name", sorted(set(REPOSITORY) - {"full_name"}))
def test_a_missing_key_is_unknown_and_nothing_else_changes(name: str) -> None:
    whole = records.repository(REPOSITORY)
    less = records.repository({key: value for key, value in REPOSITORY.items() if key != name})
    assert less.items() <= whole.items()


@pytest.mark.parametrize(
    ("value", "state", "spdx"),
    [
        (None, "none", None),
        ({"key": "apache-2.0", "spdx_id": "Apache-2.0"}, "spdx", "Apache-2.0"),
        ({"key": "other", "spdx_id": "NOASSERTION"}, "unrecognised", None),
        ({"key": "other", "spdx_id": None}, "unrecognised", None),
        ({"key": "x"}, "unrecognised", None),
        ({"spdx_id": "MIT/X11"}, "unrecognised", None),
        ({"spdx_id": "=cmd|' /C calc'!A0"}, "unrecognised", None),
        ({"spdx_id": "MIT OR Apache-2.0"}, "spdx", "MIT OR Apache-2.0"),
        ({"spdx_id": 7}, "unrecognised", None),
    ],
)
def test_the_three_states_of_a_licence(value: object, state: str, spdx: str | None) -> None:
    assert records.license_of(value, "spdx_id") == {"license_state": state, "license_spdx": spdx}


@pytest.mark.parametrize("value", ["mit", 3, ["MIT"], True])
def test_a_licence_of_the_wrong_type_is_unknown(value: object) -> None:
    assert records.license_of(value, "spdx_id") == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-02-07T15:45:30-05:00", "2020-02-07T20:45:30Z"),
        ("2020-02-07T15:45:30.123Z", "2020-02-07T15:45:30Z"),
        ("2020-02-07T15:45:30", "2020-02-07T15:45:30Z"),
        (None, None),
    ],
)
def test_times_are_utc_to_the_second(value: str | None, expected: str | None) -> None:
    assert records.time(value) == expected


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2020-02-30T00:00:00Z", 0, 1580000000, "0001-01-01T00:00:00+14:00", "2020"]
)
def test_what_is_no_time_is_unknown(value: object) -> None:
    assert records.time(value) is records.UNKNOWN


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"message": "Not Found"}, {"full_name": "no-owner"}, {"full_name": 3}]
)
def test_what_is_no_repository_gives_no_record(body: object) -> None:
    assert records.repository(body) == {}
    assert records.node(body) == {}


def test_a_lone_surrogate_and_a_nul_do_not_survive() -> None:
    description = records.repository({**REPOSITORY, "description": "a\ud800b\x00c"})["description"]
    assert description.encode()
    assert "\x00" not in description


def test_last_commit_and_release() -> None:
    commit = {
        "commit": {"author": {"date": "1999-01-01T00:00:00Z"}, "committer": {"date": "2024-04-03T13:38:00Z"}}
    }
    assert records.last_commit([commit]) == {"last_commit_at": "2024-04-03T13:38:00Z"}
    assert records.last_commit([]) == {"last_commit_at": None}
    assert records.last_commit({"message": "no"}) == {}
    assert records.latest_release({"tag_name": "v0.1.0"}) == {"latest_release": "v0.1.0"}


def test_the_files_of_a_rest_tree() -> None:
    tree = [
        {"path": "src", "type": "tree"},
        {"path": "src/train.py", "type": "blob"},
        {"path": "vendored", "type": "commit"},
        {"path": 3, "type": "blob"},
    ]
    body = {"tree": tree, "truncated": False}
    assert records.rest_files(body) == Files(("src/", "src/train.py"), top=True, whole=True)
    cut = records.rest_files({**body, "truncated": True})
    assert cut is not None and not cut.whole
    assert records.rest_files({"tree": "x"}) is None


def entry(name: str, *inside: Any, closed: bool = False) -> dict[str, Any]:
    if not inside:
        return {"name": name, "type": "tree" if closed else "blob", "object": None if closed else {}}
    return {"name": name, "type": "tree", "object": {"entries": list(inside)}}


@pytest.mark.parametrize(
    ("entries", "top", "whole"),
    [
        ([entry("train.py"), entry("src", entry("a.py"))], True, True),
        ([entry("src", entry("models", entry("a.py")))], True, True),
        ([entry("src", entry("models", entry("nets", closed=True)))], True, False),
        ([entry("data", entry("images", entry("png", closed=True)))], True, True),
        ([entry("src", closed=True)], False, False),
    ],
)
def test_the_files_are_whole_when_no_closed_folder_may_hide_code(
    entries: list[Any], top: bool, whole: bool
) -> None:
    files = records.graphql_files({"isEmpty": False, "files": {"entries": entries}})
    assert files is not None
    assert (files.top, files.whole) == (top, whole)


def test_paths_are_from_the_root() -> None:
    files = records.graphql_files(
        {"files": {"entries": [entry("src", entry("nn", entry("a.py"))), entry("b.py")]}}
    )
    assert files is not None
    assert files.paths == ("src/", "src/nn/", "src/nn/a.py", "b.py")


def test_no_files_are_known_to_be_none_only_in_an_empty_repository() -> None:
    assert records.graphql_files({"isEmpty": True, "files": None}) == Files((), top=True, whole=True)
    assert records.graphql_files({"isEmpty": False, "files": None}) is None
    assert records.graphql_files({"isEmpty": True}) is None  # `files` failed with an error of its own


def test_the_first_readme_that_there_is() -> None:
    fields = {"readme": None, "readmeLower": {"text": "# Title", "isTruncated": False}}
    names = graphql.README_NAMES
    assert records.graphql_readme(fields, names, None) == Readme("# Title", whole=True)
    assert records.graphql_readme({}, names, None) is None
    assert records.graphql_readme({}, names, Files(("a.py",), top=True, whole=True)) == Readme("", whole=True)
    assert records.graphql_readme({}, names, Files(("README.org",), top=True, whole=True)) is None


def test_a_rest_readme_is_base64() -> None:
    content = base64.encodebytes("# Rückblick".encode()).decode()
    assert records.rest_readme({"encoding": "base64", "content": content}) == Readme(
        "# Rückblick", whole=True
    )
    others: list[Any] = [
        {"encoding": "none", "content": ""},
        {"encoding": "base64", "content": "é"},
        [],
        None,
    ]
    for body in others:
        assert records.rest_readme(body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*REPOSITORY, *NODE, "tree", "text"]), inner)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_json_makes_a_reader_raise(value: Any, other: Any) -> None:
    changed = value if isinstance(value, dict) else {"stargazers_count": value}
    for record in (
        records.repository({**REPOSITORY, **changed, "full_name": "a/b"}),
        records.node({**NODE, **changed, "nameWithOwner": "a/b"}),
    ):
        json.dumps(record)
    records.last_commit(value)
    records.latest_release(value)
    records.rest_readme(value)
    for files in (
        records.rest_files({"tree": value}),
        records.graphql_files({"files": {"entries": [value, other]}}),
    ):
        records.graphql_readme(value, ("text",), files)


@given(st.binary(max_size=60))
def test_no_bytes_make_a_part_raise(body: bytes) -> None:
    for status in (200, 404, 409, 500):
        for step in ("commits", "tree", "release", "readme"):
            parts.read(step, Answer("u", "u", status, body=body), {}, {})
