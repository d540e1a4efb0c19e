"""api.github.com: REST with validators and budgets, and GraphQL for many repositories at once.

Shapes: renames as 301 to `/repositories/ID`; blocked repositories as 451 or 403 with `block`; weak ETags on
200 and strong ones on 304; a 304 that is free with a token and counts without; budgets in `x-ratelimit-*`.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import unquote

from scraper.sandbox import github_graphql, github_parts, github_writing, history, repository
from scraper.sandbox.github_limits import DOCS, message, with_limits
from scraper.sandbox.messages import Ask, Reply, as_json, page
from scraper.sandbox.world import Repository, World

Json = dict[str, Any]

API_VERSIONS = {"", "2022-11-28", "2026-03-10"}


def answer(world: World, ask: Ask) -> Reply:
    """The API at api.github.com, or below `/api` on any other host, as GitHub Enterprise has it."""
    path = ask.path.removeprefix("/api/v3").removeprefix("/api")
    refusal = _refusal(world, ask)
    if refusal:
        return refusal
    if path == "/graphql":
        return github_graphql.answer(world, ask)
    budget = world.budget("core", ask.bearer)
    if path == "/rate_limit":
        return with_limits(world, ask, as_json(_rate_limit(world, ask)))
    if budget.remaining == 0 or world.faults.on("github_rate_limited"):
        budget.used = budget.limit
        who = "user ID 1" if ask.bearer else "127.0.0.1"
        limited = message(f"API rate limit exceeded for {who}.", 403, f"{DOCS}/rate-limits-for-the-rest-api")
        return with_limits(world, ask, limited)
    if world.first("github_secondary_limit", float("inf")):
        words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        about = f"{DOCS}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"
        return with_limits(world, ask, message(words, 403, about, {"retry-after": "1"}))
    reply = _conditional(ask, _resource(world, ask, path))
    # "a 304 … does not count … if the request was made while correctly authorized"
    budget.used += not (reply.status == 304 and ask.bearer)
    return with_limits(world, ask, reply)


def _refusal(world: World, ask: Ask) -> Reply | None:
    if world.faults.on("github_502"):
        return page("Unicorn! · GitHub", "<p>We had issues producing the response to your request.</p>", 502)
    if not ask.headers.get("user-agent"):
        return message(
            "Request forbidden by administrative rules. Missing or invalid User Agent string.", 403
        )
    if ask.headers.get("x-github-api-version", "") not in API_VERSIONS:
        return message("The API version in the X-GitHub-Api-Version header is not supported.", 400)
    unknown = ask.bearer not in world.github_tokens or world.faults.on("github_token_bad")
    if "authorization" in ask.headers and unknown:
        return message("Bad credentials", 401)
    return None


def _rate_limit(world: World, ask: Ask) -> Json:
    def told(resource: str) -> Json:
        budget = world.budget(resource, ask.bearer)
        return {
            "limit": budget.limit,
            "used": budget.used,
            "remaining": budget.remaining,
            "reset": budget.reset,
        }

    resources = {"core": told("core")} | ({"graphql": told("graphql")} if ask.bearer else {})
    # `rate` is gone in the version of 2026
    old = ask.headers.get("x-github-api-version", "") != "2026-03-10"
    return {"resources": resources} | ({"rate": told("core")} if old else {})


def _conditional(ask: Ask, reply: Reply) -> Reply:
    """Weak ETag on a 200, strong on the 304; it depends on token and API version, as GitHub's does."""
    if reply.status != 200 or ask.method not in {"GET", "HEAD"}:
        return reply
    seed = f"{ask.bearer}|{ask.headers.get('x-github-api-version', '')}|".encode()
    tag = hashlib.sha256(seed + reply.body).hexdigest()
    known = {one.strip().removeprefix("W/") for one in ask.headers.get("if-none-match", "").split(",")}
    if f'"{tag}"' in known:
        return Reply(304, b"", {"etag": f'"{tag}"'})
    return Reply(200, reply.body, {**reply.headers, "etag": f'W/"{tag}"'})


# REST


def _resource(world: World, ask: Ask, path: str) -> Reply:
    steps = [unquote(step) for step in path.strip("/").split("/")]
    missing = message("Not Found", 404, f"{DOCS}/repos/repos#get-a-repository")
    if steps[0] == "gists" and len(steps) == 2:
        return github_parts.gist(world, steps[1])
    if steps[0] == "repositories" and len(steps) >= 2:
        named = [one["full_name"] for one in world.repositories.values() if str(one["id"]) == steps[1]]
        found, rest = world.repository(named[0]) if named else None, steps[2:]
    elif steps[0] == "repos" and len(steps) >= 3:
        name, rest = "/".join(steps[1:3]), steps[3:]
        blocked = world.death(f"https://github.com/{name}") == 451
        if blocked:
            return _blocked({"status": 451, "reason": "dmca", "created_at": None, "html_url": None})
        found, former = world.repository(name), world.follow(name)
        if not found and former:
            return _moved(former, rest, ask)
    else:
        return message("Not Found", 404)
    if not found or found["private"]:
        return missing
    if found["blocked"]:
        return _blocked(found["blocked"])
    return (
        github_writing.answer(world, found, rest, ask)
        or _part(found, rest, ask)
        or github_parts.rest(world, found, rest, ask)
        or missing
    )


def _moved(former: Repository, rest: list[str], ask: Ask) -> Reply:
    url = "/".join([f"{repository.API}/repositories/{former['id']}", *rest]) + (
        f"?{ask.query}" if ask.query else ""
    )
    body = {
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": "https://docs.github.com/v3/#http-redirects",
    }
    return as_json(body, 301, {"location": url})


def _blocked(block: Json) -> Reply:
    shown = {key: block[key] for key in ("reason", "created_at", "html_url")}
    return as_json({"message": "Repository access blocked", "block": shown}, block["status"])


def _part(found: Repository, rest: list[str], ask: Ask) -> Reply | None:
    """The repository itself, its commits, release, tree or README; None for what does not exist."""
    if not rest:
        return as_json(repository.rest(found))
    branch = found["default_branch"]
    if rest == ["commits"] and branch is None:
        return message("Git Repository is empty.", 409)
    if rest == ["releases", "latest"] and found["release"]:
        return as_json(github_parts.release(found["release"]))
    if rest[:2] == ["git", "trees"] and branch is not None and rest[2:] in ([branch], ["HEAD"]):
        return _tree(found, bool(ask.value("recursive")))
    if rest == ["readme"]:
        return _readme(found, ask)
    return None


def _tree(found: Repository, recursive: bool) -> Reply:
    entries = [
        {"path": path, "mode": "100644" if kind == "blob" else "040000", "type": kind}
        | {"sha": repository.sha(found["id"], path, kind)}
        for path, kind in history.paths(frozenset(found["tree"]))
        if recursive or "/" not in path
    ]
    return as_json({"sha": repository.sha(found["id"], "", "tree"), "tree": entries, "truncated": False})


def _readme(found: Repository, ask: Ask) -> Reply | None:
    name = next((path for path in found["tree"] if path.lower().startswith("readme")), None)
    if name is None:
        return None
    text = found["readme"].encode()
    if "raw" in ask.headers.get("accept", ""):
        return Reply(200, text, {"content-type": "application/vnd.github.raw+json; charset=utf-8"})
    page = f"https://github.com/{found['full_name']}/blob/{found['default_branch']}/{name}"
    body = {
        "type": "file",
        "encoding": "base64",
        "size": len(text),
        "name": name,
        "path": name,
        "html_url": page,
    }
    return as_json(body | {"html_url": page, "content": base64.encodebytes(text).decode()})
