"""What we send and read, held against GitHub's own descriptions and recordings (npm, see package.json)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import graphql
import pytest
from memories import Memories

from scraper.model import Answer, Health, Question, Target
from scraper.settings import Settings
from scraper.sites.github import graphql as query_of
from scraper.sites.github import records, rescue
from scraper.sites.github.deep_links import DeepLink, parse
from scraper.sites.github.groups import grouped
from scraper.sites.github.part_paths import part_path, tag_path
from scraper.sites.github.repositories import GitHub
from scraper.sites.github.rest import STEPS, api, path_of
from scraper.sites.identity import identify

PACKAGES = Path(__file__).parent / "node_modules" / "@octokit"

pytestmark = pytest.mark.skipif(
    not PACKAGES.is_dir(), reason="GitHub's descriptions are not installed: npm ci --prefix tests/contracts"
)


@cache
def schema() -> graphql.GraphQLSchema:
    # As published it defines a field twice, so the schema itself would not pass the check of schemas.
    text = (PACKAGES / "graphql-schema" / "schema.graphql").read_text("utf-8")
    return graphql.build_schema(text, assume_valid=True, assume_valid_sdl=True)


@cache
def openapi() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(
        (PACKAGES / "openapi" / "generated" / "api.github.com.json").read_text("utf-8")
    )
    return description


def recorded(scenario: str) -> list[dict[str, Any]]:
    place = PACKAGES / "fixtures" / "scenarios" / "api.github.com" / scenario / "normalized-fixture.json"
    exchanges: list[dict[str, Any]] = json.loads(place.read_text("utf-8"))
    return exchanges


def target(name: str) -> Target:
    return Target(f"github:{name.lower()}", "github", "repository", name, f"https://github.com/{name}")


# ── GraphQL ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [1, 2, 50])
def test_the_query_is_valid(count: int) -> None:
    body = query_of.query([f"o/r{number}" for number in range(count)])
    assert graphql.validate(schema(), graphql.parse(body["query"])) == []
    declared = set(re.findall(r"\$(\w+): String!", body["query"]))
    assert declared == set(body["variables"])


PARTS = (
    "blob/main/a.py", "blob/main/a.py#L3", "tree/f/x/y", "tree/main", "commits/main/a.py", "commit/0123abc",
    "issues/7", "pull/7", "discussions/7", "releases/tag/v1", "releases/latest", "releases/download/v1/a.zip",
    "releases/latest/download/a.zip", "archive/refs/heads/main.zip", "wiki/Page",
)  # fmt: skip


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("parts", [*((part,) for part in PARTS), PARTS])
def test_the_query_for_parts_is_valid(parts: tuple[str, ...], whole: bool) -> None:
    targets = [identify(f"https://github.com/o/r/{part}") for part in parts]
    targets += [identify("https://github.com/o/r")] if whole else []
    groups = grouped([*targets, identify("https://github.com/o/other")])
    body = query_of.query([group.full_name for group in groups], [group.share for group in groups])
    assert graphql.validate(schema(), graphql.parse(body["query"])) == []
    assert set(re.findall(r"\$(\w+): String!", body["query"])) == set(body["variables"])


def test_the_check_can_fail() -> None:
    text = query_of.query(["o/r"])["query"].replace("stargazerCount", "starCount")
    assert graphql.validate(schema(), graphql.parse(text))


def test_every_field_that_is_read_is_asked_for() -> None:
    """A node in which each field asked for has a value fills every column that GraphQL can fill."""
    fragment = graphql.parse(query_of.FIELDS).definitions[0]
    assert isinstance(fragment, graphql.FragmentDefinitionNode)
    names = {
        each.alias.value if each.alias else each.name.value
        for each in fragment.selection_set.selections
        if isinstance(each, graphql.FieldNode)
    }
    node: dict[str, Any] = {
        "nameWithOwner": "a/b", "databaseId": 1, "stargazerCount": 1, "forkCount": 1, "diskUsage": 1,
        "watchers": {"totalCount": 1}, "openIssues": {"totalCount": 1},
        "isArchived": False, "isDisabled": False, "isFork": False,
        "primaryLanguage": None, "description": None, "homepageUrl": None, "licenseInfo": None,
        "latestRelease": None, "repositoryTopics": {"nodes": []}, "defaultBranchRef": None,
        "createdAt": "2020-01-01T00:00:00Z", "pushedAt": "2020-01-01T00:00:00Z",
    }  # fmt: skip
    assert set(node) <= names
    rest = records.repository({"full_name": "a/b"}).keys()
    assert len(records.node(node)) == 21 and rest <= records.node(node).keys()


# ── REST ─────────────────────────────────────────────────────────────────────────────────────────────────

TEMPLATES = {
    "repository": "/repos/{owner}/{repo}",
    "commits": "/repos/{owner}/{repo}/commits",
    "tree": "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    "release": "/repos/{owner}/{repo}/releases/latest",
    "readme": "/repos/{owner}/{repo}/readme",
}


@pytest.mark.parametrize("step", STEPS)
def test_every_rest_request_is_described(step: str) -> None:
    question = api("https://api.github.com").question(
        step, target("o/r"), path_of(step, "o/r", "main"), "", {}
    )
    parts = urlsplit(question.request.url)
    template = TEMPLATES[step]
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), parts.path)
    operation = openapi()["paths"][template][question.request.method.lower()]
    known = {resolve(each)["name"]: resolve(each) for each in operation["parameters"]}
    for name, value in parse_qsl(parts.query):
        described = known[name]
        assert described["in"] == "query"
        kind = described["schema"]["type"]
        assert kind == "string" or (kind == "integer" and value.isdecimal())


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("blob/main/a.py", "/repos/{owner}/{repo}/contents/{path}"),
        ("tree/main", "/repos/{owner}/{repo}/commits/{ref}"),
        ("commit/0123abc", "/repos/{owner}/{repo}/commits/{ref}"),
        ("issues/7", "/repos/{owner}/{repo}/issues/{issue_number}"),
        ("pull/7", "/repos/{owner}/{repo}/issues/{issue_number}"),
        ("releases/tag/v1", "/repos/{owner}/{repo}/releases/tags/{tag}"),
        ("releases/latest", "/repos/{owner}/{repo}/releases/latest"),
        ("releases/download/v1/a.zip", "/repos/{owner}/{repo}/releases/tags/{tag}"),
        ("compare/v1...a/b", "/repos/{owner}/{repo}/compare/{basehead}"),
        ("milestone/3", "/repos/{owner}/{repo}/milestones/{milestone_number}"),
        ("gist", "/gists/{gist_id}"),
    ],
)
def test_every_rest_request_for_parts_is_described(path: str, template: str) -> None:
    url = f"https://github.com/o/r/{path}" if path != "gist" else f"https://gist.github.com/{'a' * 32}"
    link = parse(identify(url).id) or DeepLink("gist", name="a" * 32)
    described(part_path(link, "o/r"), template)


def test_what_tells_the_fate_of_a_file_is_described() -> None:
    described(rescue.history_path("o/r", "a/b.py", "main"), "/repos/{owner}/{repo}/commits")
    described(rescue.commit_path("o/r", "a" * 40), "/repos/{owner}/{repo}/commits/{ref}")
    described(tag_path(DeepLink("release", tag="v1"), "o/r"), "/repos/{owner}/{repo}/git/ref/{ref}")
    answer = openapi()["paths"]["/repos/{owner}/{repo}/commits/{ref}"]["get"]["responses"]["200"]["content"]
    body = resolve(next(iter(answer.values()))["schema"])
    assert {"sha", "parents", "files"} <= set(body["properties"])
    file = resolve(body["properties"]["files"]["items"])
    assert {"filename", "status", "previous_filename"} <= set(file["properties"])
    assert {"removed", "renamed"} <= set(file["properties"]["status"]["enum"])


def described(path: str, template: str) -> None:
    parts = urlsplit(path)
    assert re.fullmatch(re.sub(r"\{\w+\}", ".+", template), parts.path)
    known = {resolve(each)["name"] for each in openapi()["paths"][template]["get"]["parameters"]}
    assert {name for name, _ in parse_qsl(parts.query)} <= known


def test_the_version_is_the_one_described() -> None:
    question = api("https://api.github.com").question(
        "repository", target("o/r"), path_of("repository", "o/r"), "", {}
    )
    headers = dict(question.request.headers)
    assert headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert headers["Accept"].startswith("application/vnd.github")


def resolve(node: Any) -> Any:
    """The node, or what its local `$ref` points to."""
    while isinstance(node, dict) and "$ref" in node:
        place: Any = openapi()
        for step in node["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        node = place
    return node


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (
            "repository",
            [
                "id", "full_name", "private", "stargazers_count", "subscribers_count", "forks_count", "size",
                "open_issues_count", "license", "archived", "disabled", "fork", "language", "topics",
                "description", "homepage", "created_at", "pushed_at", "default_branch",
            ],
        ),
        ("tree", ["tree", "truncated"]),
        ("release", ["tag_name"]),
        ("readme", ["encoding", "content"]),
    ],
)  # fmt: skip
def test_every_field_that_is_read_is_described(step: str, fields: list[str]) -> None:
    answer = openapi()["paths"][TEMPLATES[step]]["get"]["responses"]["200"]["content"]
    body = resolve(next(iter(answer.values()))["schema"])
    assert set(fields) <= set(body["properties"])


@pytest.mark.parametrize("step", ["repository", "tree", "release"])
def test_githubs_own_examples_can_be_read(step: str) -> None:
    content = openapi()["paths"][TEMPLATES[step]]["get"]["responses"]["200"]["content"]["application/json"]
    example = next(resolve(each)["value"] for each in content["examples"].values())
    record: dict[str, Any]
    if step == "repository":
        record = records.repository(example)
        assert record["full_name"] == "octocat/Hello-World"
        assert record["license_spdx"] == "MIT"
    elif step == "release":
        assert records.latest_release(example) == {"latest_release": "v1.0.0"}
    else:
        files = records.rest_files(example)
        assert files is not None and files.whole and files.paths


# ── recordings ───────────────────────────────────────────────────────────────────────────────────────────


def replay(question: Question, exchange: dict[str, Any]) -> Answer:
    """The recorded answer to a question; the recorded request must be the one we would send."""
    assert urlsplit(question.request.url).path == exchange["path"]
    assert exchange["method"] == "get"
    body = json.dumps(exchange["response"]).encode()
    url = question.request.url
    return Answer(url, url, exchange["status"], exchange["headers"], body)


def test_a_recorded_repository() -> None:
    site = GitHub(Settings(), Memories())
    (question,) = site.ask([target("octokit-fixture-org/hello-world")])
    (exchange,) = recorded("get-repository")
    reading = site.read(question, replay(question, exchange))
    (finding,) = reading.findings
    assert (finding.health, finding.reason) == (Health.ALIVE, "ok")
    assert finding.record["full_name"] == "octokit-fixture-org/hello-world"
    assert finding.record["repository_id"] == exchange["response"]["id"]
    assert finding.record["watchers"] == exchange["response"]["subscribers_count"]
    assert finding.record["license_state"] == "none"
    assert finding.validators[0][1] == exchange["headers"]["etag"]


def test_a_recorded_rename() -> None:
    site = GitHub(Settings(), Memories())
    (question,) = site.ask([target("octokit-fixture-org/rename-repository")])
    moved, whole = (each for each in recorded("rename-repository") if each["method"] == "get")
    (second,) = site.read(question, replay(question, moved)).questions
    (finding,) = site.read(second, replay(second, whole)).findings
    assert (finding.health, finding.reason) == (Health.MOVED, "repository_renamed")
    assert finding.suggested_url == "https://github.com/octokit-fixture-org/rename-repository-newname"
    assert finding.record["previous_name"] == ["octokit-fixture-org/rename-repository"]


def test_a_recorded_error_is_no_verdict_on_the_link() -> None:
    site = GitHub(Settings(), Memories())
    (question,) = site.ask([target("octokit-fixture-org/errors")])
    (exchange,) = recorded("errors")
    body = json.dumps(exchange["response"]).encode()
    (finding,) = site.read(question, Answer("u", "u", exchange["status"], exchange["headers"], body)).findings
    assert (finding.health, finding.reason) == (Health.UNVERIFIED, "no_answer")
    assert records.message(body) == "Validation Failed"
