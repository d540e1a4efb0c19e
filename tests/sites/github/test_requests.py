"""How many requests the site needs, against the sandbox's GitHub; no socket is opened."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from memories import Memories
from pydantic import SecretStr

from scraper.model import Answer, Finding, Question, Target
from scraper.sandbox import github as face
from scraper.sandbox import records
from scraper.sandbox.messages import Ask
from scraper.sandbox.world import World
from scraper.settings import Settings
from scraper.sites.github.repositories import GitHub
from scraper.verdicts.health import weigh

NINE = [one["full_name"] for one in records.table("repositories")]


@dataclass
class Store(Memories):
    """A memory as the real one: validators, records laid over what was known, times of reading."""

    def keep(self, findings: list[Finding]) -> None:
        for found in findings:
            self.etags |= dict(found.validators)
            if found.record or found.unchanged:
                self.read[found.target] = datetime.now(UTC)
                self.records[found.target] = self.record(found.target) | found.record


@dataclass
class Run:
    findings: dict[str, list[Finding]]
    statuses: Counter[int]
    complaints: list[str]

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())

    def reasons(self) -> Counter[str]:
        return Counter(weigh(heard).reason for heard in self.findings.values())


def fetch(world: World, question: Question, token: str | None) -> Answer:
    request = question.request
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers} | {"user-agent": "tests"}
    if request.credential:
        headers["authorization"] = f"Bearer {token}"
    body = json.dumps(request.json).encode() if request.method == "POST" else b""
    ask = Ask(parts.scheme, parts.netloc, request.method, parts.path, parts.query, headers, body)
    reply = face.answer(world, ask)
    cut = reply.body[: request.body_limit]
    truncated = len(cut) < len(reply.body)
    return Answer(request.url, request.url, reply.status, reply.headers, cut, truncated, at=datetime.now(UTC))


def run(world: World, names: list[str], store: Store, token: str | None = None) -> Run:
    site = GitHub(Settings(github_token=SecretStr(token) if token else None), store)
    targets = [
        Target(f"github:{name.lower()}", "github", "repository", name, f"https://github.com/{name}")
        for name in names
    ]
    findings: dict[str, list[Finding]] = {target.key: [] for target in targets}
    statuses: Counter[int] = Counter()
    questions = deque(site.ask(targets))
    while questions:
        question = questions.popleft()
        reading = site.withhold(question)
        if reading is None:
            answer = fetch(world, question, token)
            statuses[answer.status or 0] += 1
            reading = site.read(question, answer)
        for found in reading.findings:
            findings[found.target].append(found)
        questions.extend(reading.questions)
    for heard in findings.values():
        store.keep(heard)
    return Run(findings, statuses, site.complaints)


def many(count: int) -> tuple[World, list[str]]:
    names = [f"many/r{number:03}" for number in range(count)]
    return World(repositories=[{"full_name": name} for name in names]), names


WHOLE = (
    "full_name",
    "repository_id",
    "stars",
    "license_state",
    "archived",
    "last_commit_at",
    "code_completeness",
    "latest_release",
)


def test_nine_with_a_token_are_one_request() -> None:
    store = Store()
    done = run(World(), NINE, store, records.GITHUB_TOKEN)
    assert done.statuses == {200: 1}
    assert all(set(WHOLE) <= set(record) for record in store.records.values())
    assert len(store.records) == 9


def test_five_hundred_with_a_token_are_ten_requests() -> None:
    world, names = many(500)
    store = Store()
    done = run(world, names, store, records.GITHUB_TOKEN)
    assert done.statuses == {200: 10}
    assert len(store.records) == 500


def test_nine_without_a_token_are_whole_and_then_only_304() -> None:
    world, store = World(), Store()
    cold = run(world, NINE, store)
    assert cold.requests <= 50
    assert all(set(WHOLE) <= set(record) for record in store.records.values())
    known = json.dumps(store.records, sort_keys=True)
    warm = run(world, NINE, store)
    assert warm.statuses == {304: 9}
    assert cold.requests + warm.requests <= 60
    assert json.dumps(store.records, sort_keys=True) == known
    assert warm.reasons() == cold.reasons()


def test_graphql_and_rest_tell_the_same() -> None:
    by_rest, by_graphql = Store(), Store()
    run(World(), NINE, by_rest)
    run(World(), NINE, by_graphql, records.GITHUB_TOKEN)
    for key, record in by_graphql.records.items():
        other = by_rest.records[key]
        assert record.keys() == other.keys()
        different = {name for name in record if record[name] != other[name]}
        assert different <= {"open_issues"}, "REST counts pull requests too"


def test_the_guests_budget_goes_round() -> None:
    world, names = many(120)
    store = Store()
    first = run(world, names, store)
    assert first.requests == 50
    assert first.reasons()["rate_limited"] == 70
    seen = set(store.records)
    world.budgets.clear()
    run(world, names, store)
    assert len(store.records) == 100
    assert seen < set(store.records)
    world.budgets.clear()
    run(world, names, store)
    assert len(store.records) == 120


@pytest.mark.parametrize("token", [None, records.GITHUB_TOKEN])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("sandbox-org/renamed-old", "repository_renamed"),
        ("sandbox-org/private", "not_found"),
        ("sandbox-org/never-was", "not_found"),
        ("sandbox-org/dmca", "repository_blocked"),
        ("sandbox-org/tos", "repository_blocked"),
    ],
)
def test_renamed_gone_and_blocked_are_told_apart(name: str, reason: str, token: str | None) -> None:
    done = run(World(), [name], Store(), token)
    assert dict(done.reasons()) == {reason: 1}


@pytest.mark.parametrize("token", [None, records.GITHUB_TOKEN])
def test_a_rename_is_remembered_and_confirmed(token: str | None) -> None:
    world, store = World(), Store()
    run(world, ["sandbox-org/renamed-old"], store, token)
    record = store.record("github:sandbox-org/renamed-old")
    assert (record["full_name"], record["previous_name"]) == (
        "sandbox-org/renamed-new",
        ["sandbox-org/renamed-old"],
    )
    again = run(world, ["sandbox-org/renamed-old"], store, token)
    assert dict(again.reasons()) == {"repository_renamed": 1}
    assert again.requests <= 2


@pytest.mark.parametrize(
    ("fault", "token", "reason"),
    [
        ("github_rate_limited", None, "rate_limited"),
        ("github_secondary_limit", None, "rate_limited"),
        ("graphql_rate_limited", records.GITHUB_TOKEN, "rate_limited"),
        ("github_502", None, "no_answer"),
        ("github_502", records.GITHUB_TOKEN, "no_answer"),
        ("graphql_null_without_error:sandbox-org/archived", records.GITHUB_TOKEN, "no_answer"),
    ],
)
def test_githubs_troubles_leave_the_link_unverified(fault: str, token: str | None, reason: str) -> None:
    done = run(World(faults=[fault]), ["sandbox-org/archived"], Store(), token)
    assert dict(done.reasons()) == {reason: 1}


@pytest.mark.parametrize(
    "fault", ["graphql_502_over:2", "graphql_resource_limits:2", "graphql_something_went_wrong:2"]
)
def test_what_is_too_much_at_once_arrives_in_smaller_batches(fault: str) -> None:
    store = Store()
    done = run(World(faults=[fault]), NINE, store, records.GITHUB_TOKEN)
    assert len(store.records) == 9
    assert done.requests <= 12


def test_a_refused_token_still_brings_the_records() -> None:
    store = Store()
    done = run(World(faults=["github_token_bad"]), NINE, store, records.GITHUB_TOKEN)
    assert len(done.complaints) == 1
    assert len(store.records) == 9


def test_a_new_repository_under_an_old_name_is_noted() -> None:
    world, store = World(), Store()
    run(world, ["sandbox-org/archived"], store)
    world.repositories["sandbox-org/archived"]["id"] = 5
    done = run(world, ["sandbox-org/archived"], store)
    notes: Any = [note for heard in done.findings.values() for found in heard for note in found.notes]
    assert any("repository id changed" in note for note in notes)
