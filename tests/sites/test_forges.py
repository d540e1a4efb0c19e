"""GitLab, Codeberg and their like: repositories, groups, and what is in them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from github_worlds import release
from hypothesis import given, settings
from hypothesis import strategies as st
from memories import Memories

from scraper.model import Answer, Finding, Health, Question, Verdict
from scraper.sandbox.world import World
from scraper.settings import Settings
from scraper.sites import sites
from scraper.sites.identity import identify, repository_of
from scraper.verdicts.health import weigh

GITLAB = "https://gitlab.com/grp/sub/code"
CODEBERG = "https://codeberg.org/guild/code"
CODE: dict[str, Any] = {
    "default_branch": "main",
    "tree": ["README.md", "train.py", "src/a.py"],
    "history": [
        {"date": "2022-03-01T00:00:00Z", "files": [{"filename": "old.py", "status": "removed"}]},
    ],
    "branches": {"feature/fast": ["only.py"]},
    "tags": ["v1"],
    "release": release("v1", "w.zip"),
    "issues": [1],
    "pulls": [2],
    "wiki": ["Set-up"],
    "archived": True,
    "stars": 7,
    "license": "Apache-2.0",
    "pushed_at": "2024-01-02T03:04:05Z",
}


def world() -> World:
    made = World()
    made.forge("gitlab.com", full_name="grp/sub/code", previous=["grp/old"], **CODE)
    made.forge("codeberg.org", full_name="guild/code", previous=["guild/old"], **CODE)
    return made


def visit(url: str, made: World | None = None) -> tuple[Verdict, list[Finding], int]:
    """The verdict on one link, its findings, and the requests that it took."""
    from github_worlds import fetch

    target = identify(url)
    site = sites(Settings(), Memories())[target.site]
    heard: list[Finding] = []
    questions: list[Question] = list(site.ask([target]))
    requests = 0
    while questions:
        question = questions.pop()
        requests += 1
        reading = site.read(question, fetch(made or world(), question, None))
        heard += reading.findings
        questions += reading.questions
    return weigh(heard), heard, requests


@pytest.mark.parametrize(
    "url", [GITLAB, CODEBERG, f"{GITLAB}.git", f"{CODEBERG}/issues", f"{GITLAB}/-/pipelines"]
)
def test_a_repository_and_its_record(url: str) -> None:
    verdict, (found,), requests = visit(url)
    assert (verdict.health, requests) == (Health.ALIVE, 1)
    record = found.record
    assert (record["stars"], record["archived"], record["license_spdx"]) == (7, True, "Apache-2.0")
    assert (record["pushed_at"], record["default_branch"]) == ("2024-01-02T03:04:05Z", "main")
    assert found.source in ("gitlab-api", "gitea-api")


@pytest.mark.parametrize(
    "part",
    [
        (f"{GITLAB}/-/blob/main/src/a.py#L3", "file"),
        (f"{GITLAB}/blob/main/src/a.py", "file"),
        (f"{GITLAB}/-/raw/feature/fast/only.py", "file"),
        (f"{GITLAB}/-/tree/main", "branch"),
        (f"{GITLAB}/-/tree/main/src", "folder"),
        (f"{GITLAB}/-/issues/1", "issue"),
        (f"{GITLAB}/-/merge_requests/2/diffs", "pull"),
        (f"{GITLAB}/-/releases/v1", "release"),
        (f"{GITLAB}/-/tags/v1", "release"),
        (f"{GITLAB}/-/wikis/Set-up", "wiki"),
        (f"{CODEBERG}/src/branch/main/src/a.py", "file"),
        (f"{CODEBERG}/raw/branch/feature/fast/only.py", "file"),
        (f"{CODEBERG}/src/branch/main/src", "file"),
        (f"{CODEBERG}/src/branch/main", "branch"),
        (f"{CODEBERG}/src/tag/v1/train.py", "file"),
        (f"{CODEBERG}/issues/1", "issue"),
        (f"{CODEBERG}/pulls/2/files", "pull"),
        (f"{CODEBERG}/releases/tag/v1", "release"),
        (f"{CODEBERG}/releases/download/v1/w.zip", "asset"),
        (f"{CODEBERG}/wiki/Set-up", "wiki"),
    ],
    ids=lambda part: part[0].partition("code/")[2],
)
def test_parts_that_are_there(part: tuple[str, str]) -> None:
    url, kind = part
    target = identify(url)
    assert target.kind == kind
    home = repository_of(target)
    assert home is not None
    assert home.key == identify(GITLAB if "gitlab" in url else CODEBERG).key
    assert visit(url)[0].health is Health.ALIVE
    assert identify(target.url) == target


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"{GITLAB}/-/blob/main/never.py", "path_not_found"),
        (f"{GITLAB}/-/tree/main/nowhere", "path_not_found"),
        (f"{GITLAB}/-/tree/gone", "revision_not_found"),
        (f"{GITLAB}/-/commit/{'f' * 40}", "revision_not_found"),
        (f"{GITLAB}/-/issues/9", "not_found"),
        (f"{GITLAB}/-/merge_requests/9", "not_found"),
        (f"{GITLAB}/-/releases/v9", "not_found"),
        (f"{GITLAB}/-/wikis/Nothing", "not_found"),
        ("https://gitlab.com/grp/none/-/issues/1", "not_found"),
        ("https://gitlab.com/grp/none", "not_found"),
        ("https://gitlab.com/nobody", "not_found"),
        (f"{CODEBERG}/src/branch/main/never.py", "path_not_found"),
        (f"{CODEBERG}/src/branch/gone", "revision_not_found"),
        (f"{CODEBERG}/commit/{'f' * 40}", "revision_not_found"),
        (f"{CODEBERG}/issues/9", "not_found"),
        (f"{CODEBERG}/releases/tag/v9", "not_found"),
        (f"{CODEBERG}/releases/download/v1/none.zip", "not_found"),
        ("https://codeberg.org/guild/none", "not_found"),
        ("https://codeberg.org/nobody", "not_found"),
    ],
)
def test_what_is_not_there(url: str, reason: str) -> None:
    verdict, _, requests = visit(url)
    assert (verdict.health, verdict.reason) == (Health.BROKEN, reason)
    assert requests <= 3


@pytest.mark.parametrize("url", [f"{GITLAB}/-/blob/main/old.py", f"{CODEBERG}/src/branch/main/old.py"])
def test_a_removed_file_has_its_permalink(url: str) -> None:
    made = world()
    verdict, _, _ = visit(url, made)
    assert (verdict.health, verdict.reason) == (Health.BROKEN, "file_removed")
    assert visit(verdict.suggested_url, made)[0].health is Health.ALIVE


@pytest.mark.parametrize(
    ("url", "moved"),
    [
        (f"{GITLAB}/-/blob/master/train.py", f"{GITLAB}/-/blob/HEAD/train.py"),
        (f"{CODEBERG}/src/branch/master/train.py", f"{CODEBERG}/src/branch/HEAD/train.py"),
    ],
)
def test_a_renamed_default_branch(url: str, moved: str) -> None:
    verdict, _, _ = visit(url)
    assert (verdict.reason, verdict.suggested_url) == ("branch_renamed", moved)


@pytest.mark.parametrize(
    ("old", "new"), [("https://gitlab.com/grp/old", GITLAB), ("https://codeberg.org/guild/old", CODEBERG)]
)
def test_a_renamed_repository(old: str, new: str) -> None:
    verdict, _, _ = visit(old)
    assert (verdict.reason, verdict.suggested_url) == ("repository_renamed", new)


@pytest.mark.parametrize(
    "url",
    [
        "https://gitlab.com/grp",
        "https://gitlab.com/grp/sub",
        "https://gitlab.com/groups/grp/sub",
        "https://codeberg.org/guild",
    ],
)
def test_groups_and_owners(url: str) -> None:
    assert visit(url)[0].health is Health.ALIVE


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://gitlab.com/Group/Sub/Name", "gitlab:gitlab.com/group/sub/name"),
        ("https://gitlab.inria.fr/a/b/-/tree/Main/X", "gitlab:gitlab.inria.fr/a/b/-/tree/Main/X"),
        ("git+https://gitlab.com/a/b.git@v1#egg=b", "gitlab:gitlab.com/a/b"),
        ("https://gitlab.com/explore/projects", "web:https://gitlab.com/explore/projects"),
        ("https://gitlab.com/users/sign_in", "web:https://gitlab.com/users/sign_in"),
        ("https://gitlab.example.org/a/b", "web:https://gitlab.example.org/a/b"),
        ("https://codeberg.org/Guild/Code", "gitea:codeberg.org/guild/code"),
        ("https://codeberg.org/explore/repos", "web:https://codeberg.org/explore/repos"),
        ("https://docs.codeberg.org/a/b", "web:https://docs.codeberg.org/a/b"),
    ],
)
def test_addresses(url: str, key: str) -> None:
    assert identify(url).key == key


def test_an_api_that_fails_says_nothing_of_the_link() -> None:
    made = world()
    made.faults.add("host_outage:gitlab.com")
    made.faults.add("host_limited:codeberg.org")
    for url in (GITLAB, f"{GITLAB}/-/issues/1", CODEBERG):
        assert visit(url, made)[0].health is Health.UNVERIFIED


NO_WORD = (b"<!doctype html><title>Not Found</title>", b"404 page not found", b"", b"null", b"{", b"7")
"""What walls, proxies and web servers before an API send."""


def last(url: str, *answers: tuple[int, bytes]) -> Finding:
    """What is found when these are the answers, one after the other, and the last of them goes on."""
    target = identify(url)
    site = sites(Settings(), Memories())[target.site]
    (question,) = site.ask([target])
    for number in range(10):
        status, body = answers[min(number, len(answers) - 1)]
        reading = site.read(question, Answer(question.request.url, question.request.url, status, {}, body))
        if reading.findings:
            return reading.findings[0]
        (question,) = reading.questions
    raise AssertionError("it asks on and on")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("2015-03-01T02:03:04+01:00", "2015-03-01T01:03:04Z"),
    ],
)
def test_no_time_is_not_a_time_long_ago(written: str, told: str | None) -> None:
    body = {"full_name": "guild/code", "default_branch": "main", "created_at": written, "updated_at": written}
    record = last(CODEBERG, (200, json.dumps(body).encode())).record
    assert (record["created_at"], record["pushed_at"]) == (told, told)


@pytest.mark.parametrize("body", NO_WORD)
@pytest.mark.parametrize("status", [200, 401, 403, 404])
@pytest.mark.parametrize(
    "url", [GITLAB, CODEBERG, f"{GITLAB}/-/blob/x/a.py", f"{CODEBERG}/issues/1", "https://gitlab.com/grp"]
)
def test_what_is_not_the_apis_word_neither_shows_nor_denies(url: str, status: int, body: bytes) -> None:
    assert last(url, (status, body)).health is Health.UNVERIFIED


@pytest.mark.parametrize("body", NO_WORD)
@pytest.mark.parametrize("status", [200, 404])
def test_a_repository_is_denied_only_with_its_owner(status: int, body: bytes) -> None:
    denied = (404, b'{"message": "404 Project Not Found"}')
    assert last(GITLAB, denied, (status, body)).health is Health.UNVERIFIED
    assert last(GITLAB, denied, denied, (200, b"[]")).reason == "not_found"


@pytest.mark.parametrize("body", [b"{}", b'{"error": "Internal error"}', b"[7]", b'{"name": ""}'])
def test_an_object_that_names_nothing_shows_no_part(body: bytes) -> None:
    for url in (f"{GITLAB}/-/issues/1", f"{CODEBERG}/src/branch/x/a.py", f"{GITLAB}/-/commit/abcdef1"):
        assert last(url, (200, body)).health is Health.UNVERIFIED


def test_the_beginning_of_a_large_file_shows_it() -> None:
    url = f"{GITLAB}/-/blob/x/a.bin"
    target = identify(url)
    site = sites(Settings(), Memories())[target.site]
    (question,) = site.ask([target])
    large = Answer(url, url, 200, {}, b'{"file_name": "a.bin", "content": "AAAA', truncated=True)
    assert site.read(question, large).findings[0].reason == "ok"
    assert site.read(question, replace(large, body=b"<title>")).findings[0].health is Health.UNVERIFIED


@pytest.mark.parametrize(
    ("name", "number", "claim", "suggested"),
    [
        ("grp/new", 7, "repository_renamed", "https://gitlab.com/grp/new"),
        ("grp/new", 8, "repository_renamed", ""),
        ("grp/sub/code", 8, "ok", ""),
        ("grp/new", None, "repository_renamed", "https://gitlab.com/grp/new"),
    ],
)
def test_another_repository_under_an_old_name_is_told_and_not_suggested(
    name: str, number: int | None, claim: str, suggested: str
) -> None:
    target = identify(GITLAB)
    site = sites(Settings(), Memories(records={target.key: {"repository_id": 7}}))[target.site]
    (question,) = site.ask([target])
    body = {"id": number, "path_with_namespace": name, "default_branch": "main"}
    asked = question.request.url
    (found,) = site.read(question, Answer(asked, asked, 200, {}, json.dumps(body).encode())).findings
    assert (found.reason, found.suggested_url) == (claim, suggested)
    assert [note[:32] for note in found.notes] == ["repository id changed from 7 to "] * (number == 8)


BODIES = st.sampled_from(
    [
        b"", b"{}", b"[]", b"null", b"1", b"<html>", b'{"message": "404 Not Found"}', b'[{"id": 1}]',
        b'[{"sha": 2}]', b'{"path_with_namespace": 7, "full_name": []}',
        b'{"full_name": "a/b", "default_branch": null, "topics": 1}',
        b'[{"id": "abc", "parent_ids": 5}]', b'{"files": [{"filename": 1}, 2], "assets": 3}',
    ]
)  # fmt: skip
ANSWERS = st.tuples(st.sampled_from([200, 200, 301, 401, 403, 404, 429, 500]), BODIES)
PLACES = (
    "/-/blob/master/a.py", "/-/tree/f/x/y", "/-/issues/1", "/-/releases/v1", "/src/branch/master/a.py",
    "/src/branch/x", "/releases/download/v1/a.zip", "/wiki/A", "",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=5))
def test_whatever_a_forge_answers_there_is_a_verdict(answers: list[tuple[int, bytes]]) -> None:
    for home in (GITLAB, CODEBERG, "https://gitlab.com/grp", "https://codeberg.org/guild"):
        for place in PLACES:
            target = identify(f"{home}{place}")
            site = sites(Settings(), Memories())[target.site]
            questions, heard = list(site.ask([target])), 0
            for number in range(20):
                if not questions:
                    break
                question = questions.pop()
                status, body = answers[number % len(answers)]
                url = question.request.url
                reading = site.read(question, Answer(url, url, status, {}, body))
                heard += len(reading.findings)
                questions += reading.questions
            assert (heard, questions) == (1, [])
