"""GitHub's faces have the shapes that were seen of the real ones."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from sandbox_visitor import Visitor

from scraper.sandbox import Sandbox, records

API = "https://api.github.com"
TOKEN = {"authorization": f"Bearer {records.GITHUB_TOKEN}"}


def test_a_repository_by_rest(running: Visitor) -> None:
    reply = running.ask(f"{API}/repos/ibm/fedma")
    body = reply.json()
    assert body["full_name"] == "IBM/FedMA", "the case is GitHub's, not the asker's"
    assert body["license"]["spdx_id"] == "MIT" and body["license"]["key"] == "mit"
    assert body["watchers_count"] == body["stargazers_count"] != body["subscribers_count"]
    assert (body["archived"], body["disabled"], body["fork"]) == (False, False, False)
    assert body["open_issues_count"] == 15, "issues and pull requests together"
    assert body["pushed_at"] == "2021-12-05T11:39:13Z" and body["default_branch"] == "master"
    assert reply.headers["etag"].startswith('W/"') and reply.headers["x-ratelimit-limit"] == "60"
    assert reply.headers["x-ratelimit-resource"] == "core"


def test_licences_have_three_states(running: Visitor) -> None:
    def license_of(name: str) -> Any:
        return running.json(f"{API}/repos/{name}", headers=TOKEN)["license"]

    assert license_of("automl/RobustDARTS")["spdx_id"] == "Apache-2.0"
    assert license_of("lottery-ticket/rewinding-iclr20-public") is None
    other = license_of("sandbox-org/odd-licence")
    assert (other["key"], other["name"], other["spdx_id"], other["url"]) == (
        "other",
        "Other",
        "NOASSERTION",
        None,
    )


def test_a_renamed_repository_redirects_to_its_id(running: Visitor) -> None:
    reply = running.ask(f"{API}/repos/sandbox-org/renamed-old", headers=TOKEN)
    body = reply.json()
    assert (reply.status_code, body["message"]) == (301, "Moved Permanently")
    assert reply.headers["location"] == body["url"] == f"{API}/repositories/910000101"
    assert running.json(body["url"], headers=TOKEN)["full_name"] == "sandbox-org/renamed-new"
    deeper = running.ask(f"{API}/repos/sandbox-org/renamed-old/commits?per_page=1", headers=TOKEN)
    assert deeper.headers["location"] == f"{API}/repositories/910000101/commits?per_page=1"
    page = running.ask("https://github.com/sandbox-org/renamed-old")
    assert (page.status_code, page.headers["location"]) == (301, "https://github.com/sandbox-org/renamed-new")


@pytest.mark.parametrize(
    ("name", "status", "message", "block"),
    [
        ("sandbox-org/none", 404, "Not Found", None),
        ("sandbox-org/private", 404, "Not Found", None),
        ("sandbox-org/dmca", 451, "Repository access blocked", "dmca"),
        ("sandbox-org/tos", 403, "Repository access blocked", "tos"),
    ],
)
def test_what_is_not_to_be_had(
    running: Visitor, name: str, status: int, message: str, block: str | None
) -> None:
    reply = running.ask(f"{API}/repos/{name}", headers=TOKEN)
    body = reply.json()
    assert (reply.status_code, body["message"]) == (status, message)
    assert body.get("block", {}).get("reason") == block


def test_refusals_of_the_visitor(running: Visitor) -> None:
    address = f"{API}/repos/IBM/FedMA"
    wrong = running.ask(address, headers={"authorization": "Bearer ghp_wrong"})
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Bad credentials")
    assert running.ask(address, headers={"user-agent": ""}).status_code == 403
    assert running.ask(address, headers={"x-github-api-version": "1999-01-01"}).status_code == 400


def test_a_304_is_free_with_a_token_and_counts_without(visitor: Visitor) -> None:
    address = f"{API}/repos/IBM/FedMA"
    for headers, used in (({}, "2"), (TOKEN, "1")):
        tag = visitor.ask(address, headers=headers).headers["etag"]
        again = visitor.ask(address, headers={**headers, "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag.removeprefix("W/"), "strong on the 304"
        assert again.headers["x-ratelimit-used"] == used
    guests = visitor.ask(address).headers["etag"]
    assert visitor.ask(address, headers={**TOKEN, "if-none-match": guests}).status_code == 200, "per token"
    visitor.sandbox.world.repositories["ibm/fedma"]["stars"] += 1
    assert visitor.ask(address, headers={**TOKEN, "if-none-match": tag}).status_code == 200, "it changed"


def test_the_budget_of_a_guest_ends_after_sixty(visitor: Visitor) -> None:
    answers = [visitor.ask(f"{API}/repos/IBM/FedMA") for _ in range(61)]
    assert {one.status_code for one in answers[:60]} == {200}
    last = answers[60]
    assert last.status_code == 403 and last.headers["x-ratelimit-remaining"] == "0"
    assert last.json()["message"].startswith("API rate limit exceeded for 127.0.0.1.")
    assert visitor.json(f"{API}/rate_limit")["resources"]["core"]["remaining"] == 0
    assert visitor.ask(f"{API}/repos/IBM/FedMA", headers=TOKEN).status_code == 200
    visitor.sandbox.world.refill()
    assert visitor.ask(f"{API}/repos/IBM/FedMA").status_code == 200


def test_limits_and_tokens_can_be_faults(visitor: Visitor) -> None:
    faults, address = visitor.sandbox.world.faults, f"{API}/repos/IBM/FedMA"
    faults.add("github_secondary_limit:1")
    limited = visitor.ask(address, headers=TOKEN)
    assert limited.status_code == 403 and limited.headers["retry-after"] == "1"
    assert "secondary rate limit" in limited.json()["message"]
    assert limited.headers["x-ratelimit-remaining"] != "0"
    assert visitor.ask(address, headers=TOKEN).status_code == 200
    faults |= {"github_token_expiring"}
    expiry = visitor.ask(address, headers=TOKEN).headers["github-authentication-token-expiration"]
    assert expiry.endswith(" UTC")
    faults |= {"github_token_bad"}
    assert visitor.ask(address, headers=TOKEN).status_code == 401


def test_parts_of_a_repository(running: Visitor) -> None:
    base = f"{API}/repos/AndreasMadsen/stable-nalu"

    def part(path: str) -> Any:
        return running.json(f"{base}/{path}", headers=TOKEN)

    (commit,) = part("commits?per_page=1&sha=master")
    assert commit["commit"]["committer"]["date"] == "2021-08-19T18:23:45Z"
    tree = part("git/trees/master?recursive=1")
    kinds = {one["path"]: one["type"] for one in tree["tree"]}
    assert kinds["Dockerfile"] == "blob" and kinds["stable_nalu/layer"] == "tree" and not tree["truncated"]
    assert "stable_nalu/layer/nau.py" not in {one["path"] for one in part("git/trees/master")["tree"]}
    readme = part("readme")
    assert b"Neural Arithmetic Units" in base64.b64decode(readme["content"])
    assert running.ask(f"{base}/releases/latest", headers=TOKEN).status_code == 404
    latest = running.json(f"{API}/repos/sandbox-org/released/releases/latest", headers=TOKEN)
    assert latest["tag_name"] == "v2.1.0"
    empty = running.ask(f"{API}/repos/sandbox-org/empty/commits", headers=TOKEN)
    assert (empty.status_code, empty.json()["message"]) == (409, "Git Repository is empty.")


def test_enterprise_answers_below_api_v3(running: Visitor) -> None:
    base = "https://github.enterprise.test/api"
    assert running.json(f"{base}/v3/repos/IBM/FedMA", headers=TOKEN)["full_name"] == "IBM/FedMA"
    body = {"query": "{ viewer { login } }"}
    answer = running.json(f"{base}/graphql", "POST", json=body, headers=TOKEN)
    assert answer == {"data": {"viewer": {"login": "sandbox"}}}


def test_a_repository_can_be_renamed_and_its_old_name_taken(visitor: Visitor) -> None:
    world = visitor.sandbox.world
    world.rename("IBM/FedMA", "sandbox-org/FedMA")
    assert visitor.ask(f"{API}/repos/IBM/FedMA").status_code == 301
    world.repositories["ibm/fedma"] = records.repository({"full_name": "IBM/FedMA", "id": 7})
    assert visitor.json(f"{API}/repos/IBM/FedMA")["id"] == 7
    world.kill("https://github.com/sandbox-org/FedMA")
    assert visitor.ask(f"{API}/repos/sandbox-org/FedMA").status_code == 404
    assert visitor.ask("https://github.com/sandbox-org/FedMA").status_code == 404


def test_five_hundred_given_repositories() -> None:
    given = [{"full_name": f"made/repo{n}", "stars": n, "license": None} for n in range(500)]
    with Sandbox(repositories=given) as sandbox:
        visitor = Visitor(sandbox)
        with visitor.transport:
            body = visitor.json(f"{API}/repos/made/repo499", headers=TOKEN)
    assert (body["stargazers_count"], body["license"]) == (499, None)
    with pytest.raises(ValueError, match="unknown fields of a repository: star"):
        Sandbox(repositories=[{"full_name": "a/b", "star": 1}])


# GraphQL

QUERY = """
query Repos($o0: String!, $n0: String!, $o1: String!, $n1: String!, $follow: Boolean = true) {
  r0: repository(owner: $o0, name: $n0, followRenames: $follow) { ...Fields }
  r1: repository(owner: $o1, name: $n1, followRenames: $follow) { ...Fields }  # a comment
  rateLimit { limit cost remaining used resetAt nodeCount }
}
fragment Fields on Repository {
  __typename nameWithOwner databaseId stargazerCount
  watchers { totalCount } openIssues: issues(states: OPEN) { totalCount }
  openPullRequests: pullRequests(states: [OPEN]) { totalCount }
  licenseInfo { spdxId pseudoLicense }
  repositoryTopics(first: 1) { totalCount nodes { topic { name } } }
  latestRelease { tagName }
  defaultBranchRef { name target { oid ... on Commit { committedDate } } }
  files: object(expression: "HEAD:") { ... on Tree { entries { name type object { ...Inside } } } }
  readme: object(expression: "HEAD:README.md") { ... on Blob { text isBinary } }
  missing: object(expression: "HEAD:nothing") { ... on Blob { text } }
}
fragment Inside on Tree { entries { path type } }
"""


def asked(visitor: Visitor, first: str, second: str, query: str = QUERY, **more: Any) -> Any:
    names = dict(zip(("o0", "n0"), first.split("/"), strict=True))
    names |= dict(zip(("o1", "n1"), second.split("/"), strict=True))
    body = {"query": query, "variables": names | more}
    return visitor.json(f"{API}/graphql", "POST", json=body, headers=TOKEN)


def test_graphql_answers_what_is_selected(running: Visitor) -> None:
    answer = asked(running, "AndreasMadsen/stable-nalu", "ibm/fedma")
    assert "errors" not in answer
    nalu, fedma = answer["data"]["r0"], answer["data"]["r1"]
    assert nalu["__typename"] == "Repository" and nalu["nameWithOwner"] == "AndreasMadsen/stable-nalu"
    assert nalu["repositoryTopics"] == {"totalCount": 2, "nodes": [{"topic": {"name": "arithmetic"}}]}
    assert nalu["defaultBranchRef"]["target"]["committedDate"] == "2021-08-19T18:23:45Z"
    files = {one["name"]: one for one in nalu["files"]["entries"]}
    assert files["tests"]["type"] == "tree" and files["setup.py"]["object"] == {}
    assert files["tests"]["object"]["entries"] == [{"path": "tests/test_layers.py", "type": "blob"}]
    assert nalu["readme"]["text"].startswith("# Neural Arithmetic Units") and nalu["missing"] is None
    assert fedma["openIssues"] == {"totalCount": 14} and fedma["openPullRequests"] == {"totalCount": 1}
    assert set(answer["data"]["rateLimit"]) == {"limit", "cost", "remaining", "used", "resetAt", "nodeCount"}


def test_graphql_names_what_is_missing_by_path_and_follows_renames(running: Visitor) -> None:
    answer = asked(running, "sandbox-org/none", "sandbox-org/renamed-old")
    assert answer["data"]["r0"] is None
    assert answer["data"]["r1"]["nameWithOwner"] == "sandbox-org/renamed-new"
    (error,) = answer["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["r0"])
    assert error["message"] == "Could not resolve to a Repository with the name 'sandbox-org/none'."
    unfollowed = asked(running, "sandbox-org/renamed-old", "sandbox-org/dmca", follow=False)
    assert [one["path"] for one in unfollowed["errors"]] == [["r0"], ["r1"]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer { nonsense } }", "undefinedField"),
        ("{ viewer }", "selectionMismatch"),
        ("{ viewer { ...None } }", "useAndDefineFragment"),
        ("{ repository(owner: $o, name: $o) { name } }", "variableNotDefined"),
        ("{ viewer { login }", ""),
        ("mutation { x }", ""),
    ],
)
def test_graphql_refuses_a_wrong_query_as_a_whole(running: Visitor, query: str, code: str) -> None:
    answer = running.json(f"{API}/graphql", "POST", json={"query": query}, headers=TOKEN)
    assert "data" not in answer and answer["errors"][0]["extensions"]["code"] == code


def test_graphql_wants_a_token(running: Visitor) -> None:
    assert running.ask(f"{API}/graphql", "POST", json={"query": "{ viewer { login } }"}).status_code == 401


@pytest.fixture
def disturbed(visitor: Visitor) -> Iterator[Any]:
    def ask(fault: str) -> Any:
        visitor.sandbox.world.faults.clear()
        visitor.sandbox.world.faults.add(fault)
        return asked(visitor, "IBM/FedMA", "automl/RobustDARTS")

    yield ask


def test_graphql_fails_in_parts(disturbed: Any) -> None:
    silent = disturbed("graphql_null_without_error:automl/RobustDARTS")
    assert silent["data"]["r1"] is None and silent["data"]["r0"] and "errors" not in silent
    limited = disturbed("graphql_resource_limits:1")
    assert limited["data"]["r1"] is None and limited["data"]["r0"]
    assert limited["errors"][0]["type"] == "RESOURCE_LIMITS_EXCEEDED"


def test_graphql_fails_as_a_whole(visitor: Visitor, disturbed: Any) -> None:
    assert disturbed("graphql_rate_limited")["errors"][0]["type"] == "RATE_LIMITED"
    wrong = disturbed("graphql_something_went_wrong:1")
    assert wrong["data"] is None and "Something went wrong" in wrong["errors"][0]["message"]
    assert disturbed("graphql_something_went_wrong:2")["data"]["r0"]
    with pytest.raises(ValueError, match="Expecting value"):
        disturbed("graphql_502_over:1")
    assert visitor.sandbox.world.requests[-1].status == 502
