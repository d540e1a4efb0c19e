"""What every answer of GitHub's API carries: budgets, request id, and the shape of its error messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scraper.sandbox.messages import Ask, Reply, as_json
from scraper.sandbox.world import World

DOCS = "https://docs.github.com/rest"


def message(text: str, status: int, about: str = DOCS, headers: dict[str, str] | None = None) -> Reply:
    return as_json({"message": text, "documentation_url": about, "status": str(status)}, status, headers)


def with_limits(world: World, ask: Ask, reply: Reply, resource: str = "core") -> Reply:
    budget = world.budget(resource, ask.bearer)
    headers = {
        "x-ratelimit-limit": str(budget.limit),
        "x-ratelimit-remaining": str(budget.remaining),
        "x-ratelimit-used": str(budget.used),
        "x-ratelimit-reset": str(budget.reset),
        "x-ratelimit-resource": resource,
        "x-github-media-type": "github.v3; format=json",
        "x-github-api-version-selected": ask.headers.get("x-github-api-version", "2022-11-28"),
        "x-github-request-id": f"SAND:{len(world.requests):04X}",
        "cache-control": f"{'private' if ask.bearer else 'public'}, max-age=60, s-maxage=60",
        "vary": "Accept, Authorization, Cookie, X-GitHub-OTP" if ask.bearer else "Accept",
    }
    if ask.bearer and world.faults.on("github_token_expiring"):
        soon = datetime.now(UTC) + timedelta(days=3)
        headers["github-authentication-token-expiration"] = f"{soon:%Y-%m-%d %H:%M:%S} UTC"
    return Reply(reply.status, reply.body, {**headers, **reply.headers})
