"""Runs of the GitHub site against the sandbox's faces of it; no socket is opened."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from memories import Memories
from pydantic import SecretStr

from scraper.model import Answer, Finding, Hop, Question, Target, Verdict
from scraper.sandbox import faces, records
from scraper.sandbox.messages import Ask
from scraper.sandbox.world import World
from scraper.settings import Settings
from scraper.sites.github.repositories import GitHub
from scraper.sites.identity import identify, merged, repository_of
from scraper.verdicts.health import weigh

TOKEN = records.GITHUB_TOKEN


@dataclass
class Run:
    """What a run found, and what it asked."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    """Requests by host."""
    per_target: Counter[str] = field(default_factory=Counter)
    """Requests about one target alone, by its key."""

    def reason(self, url: str) -> str:
        return self.verdicts[identify(url).key].reason


def fetch(world: World, question: Question, token: str | None) -> Answer:
    request, hops = question.request, list[Hop]()
    url = request.url
    while True:
        parts = urlsplit(url)
        headers = {name.lower(): value for name, value in request.headers} | {"user-agent": "tests"}
        if request.credential:
            headers["authorization"] = f"Bearer {token}"
        body = json.dumps(request.json).encode() if request.method == "POST" else b""
        ask = Ask(parts.scheme, parts.netloc, request.method, parts.path, parts.query, headers, body)
        reply = faces.answer(world, ask)
        location = reply.headers.get("location")
        if not request.follow or location is None or len(hops) > 5:
            break
        url = urljoin(url, location)
        hops.append(Hop(reply.status, url))
    cut = reply.body[: request.body_limit]
    now = datetime.now(UTC)
    truncated = len(cut) < len(reply.body)
    return Answer(request.url, url, reply.status, reply.headers, cut, truncated, tuple(hops), at=now)


def run(world: World, urls: list[str], token: str | None = TOKEN, memory: Memories | None = None) -> Run:
    """All that is linked, and the repositories that it is in."""
    targets: dict[str, Target] = {}
    for url in urls:
        target = identify(url)
        targets[target.key] = merged(targets.get(target.key, target), target)
        if parent := repository_of(target):
            targets.setdefault(parent.key, parent)
    secret = SecretStr(token) if token else None
    site = GitHub(Settings(github_token=secret), memory or Memories())
    done = Run(findings={key: [] for key in targets})
    questions = deque(site.ask([targets[key] for key in sorted(targets)]))
    while questions:
        question = questions.popleft()
        reading = site.withhold(question)
        if reading is None:
            answer = fetch(world, question, token)
            done.asked[urlsplit(question.request.url).netloc] += 1
            if len(question.targets) == 1:
                done.per_target[question.targets[0].key] += 1
            reading = site.read(question, answer)
        for found in reading.findings:
            done.findings[found.target].append(found)
        questions.extend(reading.questions)
    done.verdicts = {key: weigh(heard) for key, heard in done.findings.items()}
    silent = [key for key, heard in done.findings.items() if not heard]
    assert not silent, silent
    return done


def exists(world: World, url: str) -> bool:
    """Whether GitHub's page of this address shows something."""
    parts = urlsplit(url)
    reply = faces.answer(
        world, Ask(parts.scheme, parts.netloc, "GET", parts.path, "", {"user-agent": "tests"})
    )
    return reply.status == 200


def repository(name: str, **fields: Any) -> dict[str, Any]:
    return {"full_name": name, "default_branch": "main", **fields}


def release(tag: str, *assets: str) -> dict[str, Any]:
    stamp = "2022-01-01T00:00:00Z"
    return {"tag": tag, "name": "", "published_at": stamp, "prerelease": False, "assets": list(assets)}
