"""huggingface.co: the Hub's API and the pages of a few made-up repositories.

The API answers 401 with `X-Error-Code: RepoNotFound` for what does not exist or is private, redirects from a
former name, and tells a disabled repository by `X-Error-Message`.
"""

from __future__ import annotations

from typing import Any

from scraper.sandbox import records
from scraper.sandbox.messages import Ask, Reply, as_json, page, redirect
from scraper.sandbox.world import World

FAMILIES = ("models", "datasets", "spaces")


def answer(world: World, ask: Ask) -> Reply:
    steps = ask.path.strip("/").split("/")
    if steps[0] == "api" and len(steps) > 2 and steps[1] in FAMILIES:
        return _api(world, steps[1], "/".join(steps[2:]))
    family = steps.pop(0) if steps[0] in FAMILIES else "models"
    found = _repository(family, "/".join(steps))
    if found is None or found["private"] or world.death(ask.url) is not None:
        return page("Hugging Face", "<h1>404</h1><p>Sorry, we can't find the page.</p>", 404)
    return page(f"{found['id']} · Hugging Face", f"<h1>{found['id']}</h1>")


def _api(world: World, family: str, name: str) -> Reply:
    if world.faults.on("host_limited", "huggingface.co"):
        return as_json({"error": "Too Many Requests"}, 429)
    found = _repository(family, name)
    prefix = "" if family == "models" else f"{family}/"
    dead = world.death(f"https://huggingface.co/{prefix}{name}") is not None
    if found is None or found["private"] or dead:
        lines = {"x-error-code": "RepoNotFound", "x-error-message": "Repository not found"}
        return as_json({"error": "Invalid username or password."}, 401, lines)
    if found["disabled"]:
        lines = {"x-error-message": "Access to this resource is disabled."}
        return as_json({"error": "Access to this resource is disabled."}, 403, lines)
    if found["id"].lower() != name.lower():
        return redirect(f"/api/{family}/{found['id']}", 307)
    return as_json({key: value for key, value in found.items() if key not in ("family", "former")})


def _repository(family: str, name: str) -> dict[str, Any] | None:
    """The repository with this name or former name."""
    every = (one for one in records.table("huggingface") if one["family"] == family)
    return next((one for one in every if name.lower() in (one["id"].lower(), one["former"].lower())), None)
