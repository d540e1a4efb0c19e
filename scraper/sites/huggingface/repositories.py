"""Models, datasets and Spaces by `GET /api/models/{id}`, `/api/datasets/{id}`, `/api/spaces/{id}`.

The Hub answers 401 both for what does not exist and for what is private, so that nobody can find out which
(https://huggingface.co/docs/huggingface_hub: RepositoryNotFoundError); the reader of a list finds nothing at
either. A gated repository is there for everybody to read about; its files are given to those who agree to its
conditions. A repository with another name is answered with a redirect of the API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from scraper.addresses import address
from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.sites.huggingface import HOST
from scraper.sites.huggingface.address import FAMILIES, place
from scraper.sites.licences import license_columns
from scraper.sites.values import (
    count,
    date_time,
    items,
    mapping,
    no_word,
    one_line,
    own_word,
    parse_json,
    texts,
)
from scraper.verdicts.health import API, Claim, finding

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_BODY_LIMIT = 16 * 2**20
"""The list of a dataset's files may have a hundred thousand entries."""
_MOST_HOPS = 3
_STOPPED = {
    "BUILD_ERROR": "the Space could not be built",
    "CONFIG_ERROR": "the Space is misconfigured",
    "RUNTIME_ERROR": "the Space has crashed",
    "NO_APP_FILE": "the Space has no application",
    "PAUSED": "the Space is paused by its owner",
    "STOPPED": "the Space is stopped",
}
"""Stages of a Space that shows nothing; one that sleeps wakes up for its visitor."""


class HuggingFace:
    """One question per repository; the Hub has no batches."""

    name = "huggingface"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._memory = memory

    def key(self, target: Target) -> str:
        return HOST

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [_question(target, target.id, 0) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        if question.context["hops"] < _MOST_HOPS and (name := _onward(answer)):
            return Reading(questions=[_question(target, name, question.context["hops"] + 1)])
        body = mapping(parse_json(answer.body)) if answer.status == 200 and not answer.failure else {}
        if isinstance(body.get("id"), str):
            return Reading([self._there(target, body, answer)])
        return Reading([finding(target, "huggingface-api", API, self._missing(target, answer), answer)])

    def _there(self, target: Target, body: Mapping[str, Any], answer: Answer) -> Finding:
        """What the API knows; `private` is only ever said to an account."""
        if body.get("private") is True:
            claim = Claim("private", "only its members may see it")
            return finding(target, "huggingface-api", API, claim, answer)
        if body.get("disabled") is True:
            claim = Claim("repository_blocked", "the Hub has disabled it")
            return finding(target, "huggingface-api", API, claim, answer)
        now = place(_family(target.id), body["id"], "")
        claim = Claim("confirmed_by_api")
        if now.key != target.key:
            claim = Claim("repository_renamed", f"it is called {body['id']} now", now.url)
        notes = tuple(filter(None, (_gate(body), _stage(body))))
        record = record_of(body) | ({"previous_name": [target.id]} if now.key != target.key else {})
        return finding(target, "huggingface-api", API, claim, answer, record=record, notes=notes)

    def _missing(self, target: Target, answer: Answer) -> Claim:
        said = f"{answer.headers.get('x-error-code', '')} {answer.headers.get('x-error-message', '')}".lower()
        if answer.status not in (401, 403, 404) or not (said.strip() or own_word(answer)):
            return no_word(answer)
        if "disabled" in said:
            return Claim("repository_blocked", "the Hub has disabled it")
        if answer.status == 403:
            return no_word(answer)
        known = self._memory.record(target.key)
        before = "; it was there before" if known.get("full_name") else ""
        return Claim("not_found", f"the Hub has no such {target.kind}, or it is private{before}")


def record_of(body: Mapping[str, Any]) -> Record:
    """The metadata of a repository, in the columns of links.csv. What the Hub does not say is left out."""
    card = mapping(body.get("cardData"))
    tags = [tag for tag in items(body.get("tags")) if isinstance(tag, str)]
    tagged = next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), None)
    own = next(iter(texts(card.get("license"))), tagged)
    record: Record = {
        "full_name": one_line(body["id"]),
        "title": one_line(card.get("title")) or one_line(card.get("pretty_name")),
        "likes": count(body.get("likes")),
        "downloads": count(body.get("downloads")),
        "created_at": date_time(body.get("createdAt")),
        "last_commit_at": date_time(body.get("lastModified")),
        "topics": sorted(tag for tag in tags if ":" not in tag) or None,
        **license_columns(own),
    }
    return {name: value for name, value in record.items() if value is not None or name == "license_spdx"}


def _question(target: Target, identifier: str, hops: int) -> Question:
    family = _family(target.id)
    name = identifier.removeprefix(f"{family}/")
    url = f"https://{HOST}/api/{family}/{quote(name, safe='/')}"
    request = Request(url, body_limit=_BODY_LIMIT, follow=False)
    return Question(HOST, "huggingface", "repository", (target,), request, {"hops": hops})


def _family(identifier: str) -> str:
    first = identifier.partition("/")[0]
    return first if first in FAMILIES and identifier.count("/") else "models"


def _onward(answer: Answer) -> str:
    """The name that the API's redirect leads to; empty when it leads elsewhere."""
    if answer.status not in (301, 302, 307, 308):
        return ""
    steps = unquote(address(answer.headers.get("location", "")).path).strip("/").split("/")
    return "/".join(steps[2:]) if steps[:1] == ["api"] and len(steps) > 2 and steps[1] in FAMILIES else ""


def _gate(body: Mapping[str, Any]) -> str:
    kinds = {"auto": "to who agrees to its conditions", "manual": "to whom its owners approve"}
    way = kinds.get(str(body.get("gated")))
    return f"gated: its files are given only {way}" if way else ""


def _stage(body: Mapping[str, Any]) -> str:
    return _STOPPED.get(str(mapping(body.get("runtime")).get("stage")), "")
