"""api.github.com/graphql: the endpoint, the types `Query` and `Repository`, and the ways in which it fails.

HTTP 200 for most errors, partial data with errors by path, 502 for queries that are too much for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scraper.sandbox import graphql
from scraper.sandbox.github_limits import message, with_limits
from scraper.sandbox.github_nodes import git_object, parts, release_node
from scraper.sandbox.messages import Ask, Reply, as_json, page
from scraper.sandbox.repository import license_of, rest
from scraper.sandbox.world import World

Json = dict[str, Any]


def answer(world: World, ask: Ask) -> Reply:
    if not ask.bearer:
        return message("This endpoint requires you to be authenticated.", 401)
    given = ask.json()
    if ask.method != "POST" or not isinstance(given, dict) or not isinstance(given.get("query"), str):
        return message("Problems parsing JSON", 400)
    budget = world.budget("graphql", ask.bearer)
    if world.faults.on("graphql_rate_limited") or budget.remaining == 0:
        error = {"type": "RATE_LIMITED", "code": "graphql_rate_limit", "message": "API rate limit exceeded"}
        return with_limits(world, ask, as_json({"errors": [error]}), "graphql")
    try:
        document = graphql.parse(given["query"])
        asked = sum(one.name == "repository" for one in document.operation)
        failed = _too_much(world, asked)
        if failed:
            return with_limits(world, ask, failed, "graphql")
        # "requests to fulfil unique connections", about four per repository, by a hundred
        budget.used += (cost := max(1, round(asked * 4 / 100)))
        root = _Root(world, cost, budget.remaining, budget.reset).fields()
        data, errors = graphql.execute(document, root, given.get("variables") or {})
    except graphql.QueryError as error:
        told = {"path": list(error.path), "extensions": {"code": error.code}, "message": str(error)}
        return with_limits(world, ask, as_json({"errors": [told]}), "graphql")
    return with_limits(
        world, ask, as_json({"data": data} | ({"errors": errors} if errors else {})), "graphql"
    )


def _too_much(world: World, asked: int) -> Reply | None:
    if world.faults.over("graphql_502_over", 10, asked):
        return page("502 Bad Gateway", "<h1>502 Bad Gateway</h1>", 502)
    if world.faults.over("graphql_something_went_wrong", 0, asked):
        words = "Something went wrong while executing your query. This may be the result of a timeout."
        return as_json({"data": None, "errors": [{"message": words}]})
    return None


class _Root:
    """The type `Query`."""

    def __init__(self, world: World, cost: int, remaining: int, reset: int) -> None:
        self.world, self.cost, self.remaining, self.reset = world, cost, remaining, reset
        self.asked = 0

    def fields(self) -> Json:
        reset = datetime.fromtimestamp(self.reset, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        limit = {"limit": 5000, "cost": self.cost, "remaining": self.remaining, "used": 5000 - self.remaining}
        limit_node = {"__typename": "RateLimit", **limit, "resetAt": reset, "nodeCount": self.cost * 20}
        viewer = {"__typename": "User", "login": "sandbox"}
        return {
            "__typename": "Query",
            "repository": self.repository,
            "rateLimit": limit_node,
            "viewer": viewer,
        }

    def repository(self, owner: str, name: str, followRenames: bool = True) -> Json:
        self.asked += 1
        full_name, world = f"{owner}/{name}", self.world
        if full_name.lower() in map(str.lower, world.faults.arguments("graphql_null_without_error")):
            raise graphql.FieldError("", None)
        if world.faults.over("graphql_resource_limits", 10, self.asked):
            raise graphql.FieldError("Resource limits for this query exceeded.", "RESOURCE_LIMITS_EXCEEDED")
        found = world.repository(full_name) or (world.follow(full_name) if followRenames else None)
        # How GraphQL shows a blocked repository is not known; NOT_FOUND is the cautious guess
        if found is None or found["private"] or found["blocked"]:
            words = f"Could not resolve to a Repository with the name '{full_name}'."
            raise graphql.FieldError(words, "NOT_FOUND")
        return graph(found)


def graph(repository: Json) -> Json:
    """The type `Repository`; a value that takes arguments, or is costly, is a function."""
    return _identity(repository) | _state(repository) | _activity(repository) | _contents(repository)


def _identity(repository: Json) -> Json:
    body, parent = rest(repository), repository["fork_of"]
    return {
        "__typename": "Repository",
        "id": body["node_id"],
        "databaseId": repository["id"],
        "nameWithOwner": repository["full_name"],
        "name": body["name"],
        "owner": {"__typename": "User", "login": body["owner"]["login"]},
        "url": body["html_url"],
        "description": repository["description"],
        "homepageUrl": repository["homepage"],
        "isFork": parent is not None,
        "parent": {"__typename": "Repository", "nameWithOwner": parent} if parent else None,
    }


def _state(repository: Json) -> Json:
    return {
        "visibility": "PUBLIC",
        "isPrivate": False,
        "isArchived": repository["archived"],
        "archivedAt": repository["archived_at"],
        "isDisabled": repository["disabled"],
        "isLocked": False,
        "lockReason": None,
        "isEmpty": repository["default_branch"] is None,
        "isMirror": False,
        "isTemplate": False,
    }


def _activity(repository: Json) -> Json:
    return {
        "stargazerCount": repository["stars"],
        "forkCount": repository["forks"],
        "watchers": _counted(repository["watchers"]),
        "issues": _counted(repository["open_issues"]),
        "pullRequests": _counted(repository["open_pulls"]),
        "createdAt": repository["created_at"],
        "updatedAt": repository["pushed_at"] or repository["created_at"],
        "pushedAt": repository["pushed_at"],
        "latestRelease": _release(repository),
    }


def _counted(number: int) -> Callable[..., Json]:
    return lambda **_: {"totalCount": number}


def _release(repository: Json) -> Json | None:
    release = repository["release"]
    return release and release_node(repository, release)


def _contents(repository: Json) -> Json:
    known, branch, tags = license_of(repository), repository["default_branch"], repository["tags"]

    def topics(first: int = 100) -> Json:
        nodes = [{"topic": {"name": name}} for name in repository["topics"][:first]]
        return {"totalCount": len(repository["topics"]), "nodes": nodes}

    license_info = known and {
        "key": known["key"],
        "spdxId": known["spdx_id"],
        "name": known["name"],
        "url": known["url"],
        "pseudoLicense": known["key"] == "other",
    }
    return {
        "diskUsage": repository["size"],
        "primaryLanguage": {"name": repository["language"]} if repository["language"] else None,
        "licenseInfo": license_info,
        "repositoryTopics": topics,
        "defaultBranchRef": branch and {"name": branch, "target": lambda: git_object(repository, "HEAD")},
        "refs": lambda **_: {"totalCount": len(tags), "nodes": [{"name": tag} for tag in tags]},
        "object": lambda expression: git_object(repository, expression),
        **parts(repository),
    }
