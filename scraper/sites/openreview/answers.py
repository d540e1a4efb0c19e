"""What an answer of OpenReview's API is: notes, or one of its refusals. Pure.

    {"name": "RateLimitError", "message": "Too many requests: …", "status": 429, "details": {…}}

The name decides and not the status alone, since errors have come with 200 and proxies answer in HTML.
Messages are not repeated: that of a ForbiddenError names the account.

The gate for guests has three faces: ChallengeRequiredError, a page with 200 whose title is `GATE_TITLE`, and
a redirect to `/challenge`. All say the same, and none may be taken for an empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from scraper.model import Answer
from scraper.sites.values import is_challenge, items, mapping, no_word, one_line, parse_json
from scraper.verdicts.health import Claim


class Refusal(StrEnum):
    """Why an answer holds no notes."""

    CHALLENGE = "challenge"
    RATE_LIMITED = "rate_limited"
    LOGIN = "login"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    TOO_MUCH = "too_much"
    """The request or the answer is too long."""
    FAILED = "failed"


_NAMES = {
    "ChallengeRequiredError": Refusal.CHALLENGE,
    "RateLimitError": Refusal.RATE_LIMITED,
    "TokenExpiredError": Refusal.LOGIN,
    "ForbiddenError": Refusal.FORBIDDEN,
    "NotFoundError": Refusal.NOT_FOUND,
}
_STATUSES = {
    429: Refusal.RATE_LIMITED,
    401: Refusal.LOGIN,
    400: Refusal.TOO_MUCH,
    413: Refusal.TOO_MUCH,
    414: Refusal.TOO_MUCH,
}

GATE_TITLE = "Verifying your browser"
GATE_PATH = "/challenge"

_GATE_PAGE = re.compile(rb"<title[^>]{0,200}>\s*" + GATE_TITLE.encode(), re.IGNORECASE)
_GATE_ADDRESS = re.compile(rf"(?:https?://[^/]*)?{GATE_PATH}(?:[/?#]|\Z)", re.IGNORECASE)
_PAGE_START = 16_384
"""Bytes in which a page's title stands; the gate's page has 4,787 in all."""

Notes = Mapping[str, Mapping[str, Any]]


def read_notes(answer: Answer) -> Notes | Refusal:
    """The notes by their ids, or why there are none."""
    if answer.failure:
        return Refusal.RATE_LIMITED if answer.failure == "rate_limited" else Refusal.FAILED
    if answer.truncated:
        return Refusal.TOO_MUCH
    document = mapping(parse_json(answer.body))
    if refusal := _refusal(answer, document):
        return refusal
    if answer.status != 200 or not isinstance(document.get("notes"), list):
        return Refusal.FAILED
    notes = (note for note in map(mapping, items(document["notes"])) if isinstance(note.get("id"), str))
    return {note["id"]: note for note in notes}


def _refusal(answer: Answer, document: Mapping[str, Any]) -> Refusal | None:
    name = one_line(document.get("name"))
    if "challengeUrl" in mapping(document.get("details")) or is_challenge(answer):
        return Refusal.CHALLENGE
    if not document and _is_gate(answer):
        return Refusal.CHALLENGE
    if name and "notes" not in document and name in _NAMES:
        return _NAMES[name]
    return _STATUSES.get(answer.status or 0)


def _is_gate(answer: Answer) -> bool:
    led = answer.headers.get("location", ""), answer.final_url
    return any(map(_GATE_ADDRESS.match, led)) or bool(_GATE_PAGE.search(answer.body[:_PAGE_START]))


_CLAIMS = {
    Refusal.CHALLENGE: Claim("challenge", "OpenReview's API asks guests for proof that they are human"),
    Refusal.RATE_LIMITED: Claim("rate_limited", "OpenReview's API asks for a longer pause"),
    Refusal.LOGIN: Claim("credentials", "OpenReview's API refused the token"),
    Refusal.TOO_MUCH: Claim("bad_answer", "OpenReview's API gave an answer that cannot be read"),
}


def claim_of(refusal: Refusal, answer: Answer) -> Claim:
    """What the refusal says of the notes that were asked for: never that one does not exist."""
    return _CLAIMS.get(refusal) or no_word(answer)
