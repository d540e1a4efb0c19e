"""The site's decisions, one question and one answer at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memories import Memories
from pydantic import SecretStr

from scraper.model import Answer, Finding, Health, Question, Record, Target
from scraper.settings import Settings
from scraper.sites.github.repositories import GitHub

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = "ghp_MARKER0000"  # worth nothing anywhere


def target(name: str) -> Target:
    return Target(f"github:{name.lower()}", "github", "repository", name, f"https://github.com/{name}")


def github(memory: Memories | None = None, token: str | None = None, **settings: Any) -> GitHub:
    secret = SecretStr(token) if token else None
    return GitHub(Settings(github_token=secret, **settings), memory or Memories())


def answer(
    question: Question, status: int | None = 200, body: Any = None, failure: str = "", **headers: str
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = question.request.url
    return Answer(
        url, url, status, {"date": "Mon, 23 Nov 2026 12:00:00 GMT", **named}, data, failure=failure, at=NOW
    )


def repository(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "full_name": name,
        "id": 7,
        "default_branch": "main",
        "pushed_at": "2020-01-01T00:00:00Z",
        **fields,
    }


def node(name: str, **fields: Any) -> dict[str, Any]:
    return {"nameWithOwner": name, "databaseId": 7, "stargazerCount": 5, **fields}


def only(findings: Any) -> Finding:
    (found,) = findings
    assert isinstance(found, Finding)
    return found


def batch(
    site: GitHub, names: list[str], body: Any, status: int | None = 200, **more: Any
) -> tuple[dict[str, Finding], list[Question]]:
    (question,) = site.ask([target(name) for name in names])
    reading = site.read(question, answer(question, status, body, **more))
    return {found.target: found for found in reading.findings}, list(reading.questions)


# ── with a token ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_one_post_of_fifty() -> None:
    site = github(token=TOKEN)
    questions = site.ask([target(f"o/r{number}") for number in range(120)])
    assert [len(question.targets) for question in questions] == [50, 50, 20]
    first = questions[0]
    assert (first.key, first.step, first.request.method) == ("api.github.com/graphql", "batch", "POST")
    assert (first.request.url, first.request.credential) == ("https://api.github.com/graphql", "github")
    assert not first.request.follow
    assert TOKEN not in repr(questions)
    assert site.key(target("o/r")) == first.key


def test_what_graphql_gives_is_alive_with_its_record() -> None:
    found, questions = batch(github(token=TOKEN), ["Octo/Cat"], {"data": {"r0": node("octo/cat")}})
    finding = found["github:octo/cat"]
    assert (finding.health, finding.reason, finding.rank) == (Health.ALIVE, "ok", 3)
    assert (finding.source, finding.final_url) == ("github-graphql", "https://github.com/Octo/Cat")
    assert finding.record["stars"] == 5
    assert "previous_name" not in finding.record
    assert questions == []


def test_another_name_is_a_rename() -> None:
    found, _ = batch(github(token=TOKEN), ["old/name"], {"data": {"r0": node("New/Name")}})
    finding = found["github:old/name"]
    assert (finding.health, finding.reason) == (Health.MOVED, "repository_renamed")
    assert finding.suggested_url == finding.final_url == "https://github.com/New/Name"
    assert finding.record["previous_name"] == ["old/name"]


def test_a_private_repository_is_blocked_and_its_record_stays_private() -> None:
    found, _ = batch(github(token=TOKEN), ["o/secret"], {"data": {"r0": node("o/secret", isPrivate=True)}})
    finding = found["github:o/secret"]
    assert (finding.health, finding.reason, finding.record) == (Health.BLOCKED, "private", {})


def test_not_found_is_asked_once_by_rest() -> None:
    site = github(token=TOKEN)
    errors = [{"type": "NOT_FOUND", "path": ["r1"], "message": "Could not resolve"}]
    found, questions = batch(
        site, ["o/a", "o/b"], {"data": {"r0": node("o/a"), "r1": None}, "errors": errors}
    )
    assert list(found) == ["github:o/a"]
    (question,) = questions
    assert (question.key, question.step, question.request.credential) == (
        "api.github.com",
        "repository",
        "github",
    )
    missing = only(site.read(question, answer(question, 404, {"message": "Not Found"})).findings)
    assert (missing.health, missing.reason, missing.http_status) == (Health.BROKEN, "not_found", 404)


def test_a_null_without_its_own_error_is_unverified() -> None:
    found, questions = batch(github(token=TOKEN), ["o/a"], {"data": {"r0": None}})
    assert (found["github:o/a"].health, found["github:o/a"].reason) == (Health.UNVERIFIED, "no_answer")
    assert questions == []


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]},
        {
            "errors": [
                {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "API rate limit exceeded"}
            ]
        },
    ],
)
def test_a_spent_hour_of_graphql(body: Any) -> None:
    found, questions = batch(github(token=TOKEN), ["o/a"], body)
    assert found["github:o/a"].reason == "rate_limited"
    assert questions == []


def test_too_much_is_halved_down_to_one_and_then_asked_by_rest() -> None:
    site = github(token=TOKEN)
    waiting = site.ask([target(f"o/r{number}") for number in range(50)])
    sizes: list[int] = []
    asked: set[str] = set()
    while waiting:
        question = waiting.pop(0)
        if question.step == "repository":
            asked.add(question.targets[0].key)
            continue
        sizes.append(len(question.targets))
        waiting += site.read(question, answer(question, 502, b"<html>")).questions
    assert sizes == [50, 25, 13, 7, 4, 2, 1]
    assert asked == {f"github:o/r{number}" for number in range(50)}


def test_a_size_that_github_bears_is_kept_for_the_others() -> None:
    site = github(token=TOKEN)
    waiting = site.ask([target(f"o/r{number}") for number in range(50)])
    sizes: list[int] = []
    found: set[str] = set()
    held: set[str] = set()
    while waiting:
        question = waiting.pop(0)
        size = len(question.targets)
        sizes.append(size)
        nodes = {"data": {f"r{n}": node(one.id) for n, one in enumerate(question.targets)}}
        served = size <= 20
        reading = site.read(question, answer(question, 200 if served else 502, nodes if served else b""))
        held = {one.key for one in reading.held} or held
        found |= {one.target for one in reading.findings}
        waiting += reading.questions
    assert sizes == [50, 25, 13, 13, 13, 11]
    assert found == {f"github:o/r{number}" for number in range(50)}
    assert held < found


def test_only_what_was_lost_is_asked_again() -> None:
    data = {f"r{number}": node(f"o/r{number}") if number < 2 else None for number in range(4)}
    errors = [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": [f"r{number}"]} for number in (2, 3)]
    site = github(token=TOKEN)
    found, questions = batch(site, ["o/r0", "o/r1", "o/r2", "o/r3"], {"data": data, "errors": errors})
    assert sorted(found) == ["github:o/r0", "github:o/r1"]
    (question,) = questions
    assert [one.id for one in question.targets] == ["o/r2"]
    (last,) = site.read(question, answer(question, 200, {"data": {"r0": node("o/r2")}})).questions
    assert [one.id for one in last.targets] == ["o/r3"]


@pytest.mark.parametrize("failure", ["host_not_found", "tls_untrusted", "connection_refused"])
def test_the_apis_trouble_is_not_the_links(failure: str) -> None:
    found, _ = batch(github(token=TOKEN), ["o/a"], b"", status=None, failure=failure)
    assert (found["github:o/a"].health, found["github:o/a"].reason) == (Health.UNVERIFIED, "no_answer")


def test_where_no_graphql_is_served_rest_is_asked() -> None:
    site = github(token=TOKEN, github_api="https://ghe.test/api/v3")
    (question,) = site.ask([target("o/a")])
    assert question.request.url == "https://ghe.test/api/graphql"
    (by_rest,) = site.read(question, answer(question, 404, b"<html>")).questions
    assert by_rest.request.url == "https://ghe.test/api/v3/repos/o/a"


def test_a_refused_token_is_one_message_and_the_run_goes_on_as_a_guest() -> None:
    site = github(token=TOKEN)
    first, second = site.ask([target(f"o/r{number}") for number in range(100)])
    questions = [*site.read(first, answer(first, 401, {"message": "Bad credentials"})).questions]
    questions += site.read(second, answer(second, 401, {"message": "Bad credentials"})).questions
    assert site.complaints == [
        "GITHUB_TOKEN was refused by GitHub (401 Bad credentials): going on without it"
    ]
    assert {(question.key, question.request.credential) for question in questions} == {("api.github.com", "")}
    assert sum(site.withhold(question) is None for question in questions) == 50
    assert site.key(target("o/a")) == "api.github.com"


def test_what_the_token_may_not_see_a_guest_may() -> None:
    errors = [{"type": "FORBIDDEN", "path": ["r0"], "message": "SAML enforcement"}]
    site = github(token=TOKEN)
    _, (question,) = batch(site, ["o/a"], {"data": {"r0": None}, "errors": errors})
    assert question.request.credential == ""
    denied = only(
        site.read(question, answer(question, 403, {"message": "Forbidden by an allow list"})).findings
    )
    assert (denied.health, denied.reason) == (Health.BLOCKED, "forbidden")


def test_a_token_about_to_expire_is_announced_once() -> None:
    site = github(token=TOKEN)
    for name in ("o/a", "o/b"):
        batch(
            site,
            [name],
            {"data": {"r0": node(name)}},
            github_authentication_token_expiration="2026-11-26 12:00:00 UTC",
        )
    assert site.complaints == ["GITHUB_TOKEN expires on 2026-11-26 (in 3 days): renew it"]


def test_notes_for_people() -> None:
    commit = {"name": "main", "target": {"committedDate": "2031-01-01T00:00:00Z"}}
    fields = node("o/a", isLocked=True, lockReason="MIGRATING", defaultBranchRef=commit)
    memory = Memories(records={"github:o/a": {"repository_id": 6}})
    found, _ = batch(github(memory, TOKEN), ["o/a"], {"data": {"r0": fields}})
    assert found["github:o/a"].notes == (
        "locked by GitHub (migrating)",
        "its last commit is dated in the future: 2031-01-01T00:00:00Z",
        "repository id changed from 6 to 7: another repository may have taken the name",
    )


# ── without a token ──────────────────────────────────────────────────────────────────────────────────────


def test_few_repositories_are_asked_in_depth() -> None:
    site = github()
    (question,) = site.ask([target("o/a")])
    assert (question.key, question.step, question.request.credential) == ("api.github.com", "repository", "")
    reading = site.read(question, answer(question, 200, repository("o/a"), etag='W/"e1"'))
    assert [
        one.request.url.removeprefix("https://api.github.com/repos/o/a") for one in reading.questions
    ] == [
        "/commits?per_page=1&sha=main",
        "/git/trees/main?recursive=1",
        "/releases/latest",
    ]
    assert only(reading.findings).validators == (
        ("https://api.github.com/repos/o/a#anonymous/2022-11-28", 'W/"e1"'),
    )


def test_the_parts_become_one_record() -> None:
    site = github()
    (question,) = site.ask([target("o/a")])
    commits, tree, release = site.read(question, answer(question, 200, repository("o/a"))).questions
    record: Record = {}
    commit = {"commit": {"committer": {"date": "2020-03-04T21:54:11Z"}}}
    record |= only(site.read(commits, answer(commits, 200, [commit])).findings).record
    files = [{"path": path, "type": "blob"} for path in ("README.md", "setup.py", "train.py", "eval.py")]
    reading = site.read(tree, answer(tree, 200, {"tree": files, "truncated": False}))
    record |= only(reading.findings).record
    assert "code_completeness" not in record
    (readme,) = reading.questions
    assert readme.request.url == "https://api.github.com/repos/o/a/readme"
    record |= only(site.read(readme, answer(readme, 404, {"message": "Not Found"})).findings).record
    last = only(site.read(release, answer(release, 404, {"message": "Not Found"})).findings)
    record |= last.record
    assert record["last_commit_at"] == "2020-03-04T21:54:11Z"
    assert record["latest_release"] is None
    assert record["code_completeness"] == 3
    assert last.health is None


@pytest.mark.parametrize("status", [403, 500, None])
def test_a_part_that_fails_says_nothing(status: int | None) -> None:
    site = github()
    (question,) = site.ask([target("o/a")])
    for part in site.read(question, answer(question, 200, repository("o/a"))).questions:
        silent = only(
            site.read(part, answer(part, status, b"", failure="" if status else "timeout")).findings
        )
        assert (silent.health, silent.record, silent.unchanged) == (None, {}, False)


def test_an_empty_repository_has_no_commit_and_no_code() -> None:
    site = github()
    (question,) = site.ask([target("o/a")])
    commits, tree, _ = site.read(question, answer(question, 200, repository("o/a"))).questions
    empty = {"message": "Git Repository is empty."}
    assert only(site.read(commits, answer(commits, 409, empty)).findings).record == {"last_commit_at": None}
    assert only(site.read(tree, answer(tree, 409, empty)).findings).record["code_completeness"] == 0


KNOWN: Record = {
    "full_name": "o/a",
    "repository_id": 7,
    "default_branch": "main",
    "pushed_at": "2020-01-01T00:00:00Z",
    "last_commit_at": "2020-01-01T00:00:00Z",
    "has_dependencies": True,
    "has_results_table": False,
    "latest_release": None,
}


def remembered(record: Record) -> Memories:
    urls = ("", "/commits?per_page=1&sha=main", "/git/trees/main?recursive=1", "/releases/latest")
    etags = {f"https://api.github.com/repos/o/a{url}#anonymous/2022-11-28": f'"e{url}"' for url in urls}
    return Memories(etags, {}, {"github:o/a": record})


def test_unchanged_costs_one_request() -> None:
    site = github(remembered(KNOWN))
    (question,) = site.ask([target("o/a")])
    assert ("If-None-Match", '"e"') in question.request.headers
    reading = site.read(question, answer(question, 304, b"", etag='"other"'))
    finding = only(reading.findings)
    assert (finding.unchanged, finding.health, finding.reason, finding.record) == (
        True,
        Health.ALIVE,
        "ok",
        {},
    )
    assert finding.http_status == 200
    assert finding.validators == (("https://api.github.com/repos/o/a#anonymous/2022-11-28", '"e"'),)
    assert reading.questions == []


def test_what_is_not_known_yet_is_asked_although_nothing_changed() -> None:
    site = github(remembered({name: value for name, value in KNOWN.items() if name != "latest_release"}))
    (question,) = site.ask([target("o/a")])
    (release,) = site.read(question, answer(question, 304, b"")).questions
    assert release.step == "release"


@pytest.mark.parametrize(
    ("changed", "steps"),
    [
        ({"stargazers_count": 9}, ["release"]),
        ({"pushed_at": "2021-01-01T00:00:00Z"}, ["commits", "tree", "release"]),
        ({"default_branch": "trunk"}, ["commits", "tree", "release"]),
    ],
)
def test_without_a_push_there_is_no_new_commit(changed: dict[str, Any], steps: list[str]) -> None:
    site = github(remembered(KNOWN))
    (question,) = site.ask([target("o/a")])
    reading = site.read(question, answer(question, 200, repository("o/a", **changed)))
    assert [one.step for one in reading.questions] == steps


def test_every_part_has_its_own_validator() -> None:
    site = github(remembered(KNOWN))
    (question,) = site.ask([target("o/a")])
    parts = site.read(
        question, answer(question, 200, repository("o/a", pushed_at="2021-01-01T00:00:00Z"))
    ).questions
    for part in parts:
        assert "If-None-Match" in dict(part.request.headers)
        reading = site.read(part, answer(part, 304, b""))
        assert only(reading.findings).unchanged
        assert reading.questions == []


def test_another_repository_under_the_name_inherits_nothing() -> None:
    site = github(remembered({**KNOWN, "repository_id": 6}))
    (question,) = site.ask([target("o/a")])
    reading = site.read(question, answer(question, 200, repository("o/a")))
    assert "repository id changed from 6 to 7" in only(reading.findings).notes[0]
    assert [one.step for one in reading.questions] == ["commits", "tree", "release"]
    assert all("If-None-Match" not in dict(one.request.headers) for one in reading.questions)


def test_a_304_is_not_asked_for_where_nothing_is_known() -> None:
    site = github(remembered({}))
    (question,) = site.ask([target("o/a")])
    assert "If-None-Match" not in dict(question.request.headers)


def test_a_rename_is_followed_by_the_repositorys_number() -> None:
    site = github()
    (question,) = site.ask([target("old/name")])
    location = "https://api.github.com/repositories/7"
    (second,) = site.read(question, answer(question, 301, {"url": location}, location=location)).questions
    assert (second.request.url, second.step) == (location, "repository")
    reading = site.read(second, answer(second, 200, repository("new/name")))
    finding = only(reading.findings)
    assert (finding.reason, finding.suggested_url) == ("repository_renamed", "https://github.com/new/name")
    assert reading.questions[0].request.url.startswith("https://api.github.com/repos/new/name/")


def test_renames_without_end_are_no_word() -> None:
    site = github()
    (question,) = site.ask([target("old/name")])
    for _ in range(3):
        (question,) = site.read(question, answer(question, 301, {}, location="/repositories/7")).questions
    finding = only(site.read(question, answer(question, 301, {}, location="/repositories/7")).findings)
    assert (finding.health, finding.reason) == (Health.UNVERIFIED, "no_answer")


def test_who_was_read_longest_ago_comes_first_and_the_rest_is_spared() -> None:
    names = [f"o/r{number:02}" for number in range(60)]
    memory = Memories(
        read={f"github:{name}": NOW - timedelta(days=number) for number, name in enumerate(names[1:])}
    )
    site = github(memory)
    questions = site.ask([target(name) for name in names])
    order = [question.targets[0].id for question in questions]
    assert order[:2] == ["o/r00", "o/r59"], "one never read, then the oldest"
    withheld = [site.withhold(question) for question in questions]
    assert [reading is None for reading in withheld] == [True] * 50 + [False] * 10
    spared = withheld[-1]
    assert spared is not None
    finding = only(spared.findings)
    assert (finding.health, finding.reason, finding.http_status) == (Health.UNVERIFIED, "rate_limited", None)
    reading = site.read(questions[0], answer(questions[0], 200, repository("o/r00")))
    assert reading.questions == []


def test_the_budget_holds_over_several_calls() -> None:
    site = github()
    questions = [
        one for start in range(0, 80, 20) for one in site.ask([target(f"o/{start + n}") for n in range(20)])
    ]
    allowed = [question for question in questions if site.withhold(question) is None]
    assert sum(question.context["depth"] for question in allowed) <= 50


def test_after_the_last_request_of_the_hour_nobody_is_asked() -> None:
    site = github()
    first, second = site.ask([target("o/a"), target("o/b")])
    reset = str(int((NOW + timedelta(minutes=40)).timestamp()))
    reading = site.read(
        first, answer(first, 200, repository("o/a"), x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    )
    assert reading.questions == []
    spared = site.withhold(second)
    assert spared is not None
    assert only(spared.findings).reason == "rate_limited"


@given(
    st.sampled_from([200, 301, 304, 401, 403, 404, 409, 429, 451, 500]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["full_name", "data", "r0", "errors", "tree", "message", "block", "nameWithOwner"]
                ),
                inner,
            )
        ),
    ),
    st.booleans(),
)
def test_every_target_gets_a_word_or_a_question_whatever_is_sent(status: int, body: Any, token: bool) -> None:
    site = github(token=TOKEN if token else None)
    waiting = site.ask([target("o/a")])
    for _ in range(30):
        if not waiting:
            break
        question = waiting.pop()
        reading = site.read(question, answer(question, status, body))
        named = {one.target for one in reading.findings} | {one.targets[0].key for one in reading.questions}
        assert named == {"github:o/a"}
        waiting += reading.questions
    assert not waiting
