"""Questions about parts of repositories, and what travels with them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scraper.model import Answer, Question, Reading, Request, Target
from scraper.sites.github import rest
from scraper.sites.github.deep_links import DeepLink, parse
from scraper.sites.github.deep_verdicts import Ground, lines_meant, there
from scraper.sites.github.findings import REST, say
from scraper.verdicts.health import Claim

RAW = "raw.githubusercontent.com"
BYTES = "github-raw"
"""Source: the file itself."""
PAGE = "github-page"

_LINES_LIMIT = 2**20

Afford = Callable[[int], rest.Api | None]
"""The REST API with that many requests taken from its budget; None when it has not as many left."""


def api_question(
    api: rest.Api,
    step: str,
    target: Target,
    ground: Ground,
    path: str,
    claim: Claim | None = None,
    **more: Any,
) -> Question:
    """A question to REST about a part; `claim` is what is said when its answer tells no more."""
    return api.question(step, target, path, "", {**context_of(ground, claim), **more})


def raw_question(
    step: str, target: Target, ground: Ground, place: str, claim: Claim | None = None, **more: Any
) -> Question:
    limit = _LINES_LIMIT if lines_meant(target) else 4096
    request = Request(f"https://{RAW}/{ground.full_name}/{place}", body_limit=limit)
    context = {**context_of(ground, claim), **more}
    return Question(RAW, "github", step, (target,), request, context)


def wiki_question(target: Target, ground: Ground) -> Question:
    page = target.id.split("/", 3)[3]
    request = Request(f"https://{RAW}/wiki/{ground.full_name}/{page}.md", body_limit=4096)
    return Question(RAW, "github", "deep_wiki", (target,), request, context_of(ground))


def page_question(target: Target, ground: Ground, claim: Claim | None = None) -> Question:
    url = there(target, ground).suggested_url or target.url
    return Question("github.com", "github", "deep_page", (target,), Request(url), context_of(ground, claim))


def link_of(target: Target) -> DeepLink:
    return parse(target.id) or DeepLink(target.kind, name=target.id)


def context_of(ground: Ground, claim: Claim | None = None) -> Mapping[str, Any]:
    """Plain values, so that the question can travel."""
    return {**ground._asdict(), "claim": tuple(claim) if claim else ()}


def ground_of(question: Question) -> Ground:
    return Ground(*(question.context[name] for name in Ground._fields))


def said(target: Target, claim: Claim, answer: Answer) -> Reading:
    return Reading([say(target, claim, answer, REST)])
