"""Replies below a note of OpenReview: decisions and reviews, in the shapes of their years. Pure."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

_RATINGS_2020 = {1: "1: Reject", 3: "3: Weak Reject", 6: "6: Weak Accept", 8: "8: Accept"}
"""ICLR 2020 had these four; there was no confidence field."""
_TEXT = "Sandbox text: it stands in for what the reviewers wrote."
_DECIDED = 1576798753000


def identifier(*seeds: object) -> str:
    """An id in OpenReview's form (ten characters, maybe `-` or `_` in front), the same for the same seeds."""
    digest = hashlib.sha256(":".join(map(str, seeds)).encode()).digest()
    return urlsafe_b64encode(digest).decode()[:10]


def for_note(note: Json, decision: str | None, ratings: Sequence[int | str], shape: str = "") -> list[Json]:
    """Replies of API v1, in no useful order: reviews, an author's comment under the first, the decision.

    `shape` is the form of the year: `2018` (Acceptance_Decision), `2019` (Meta_Review) or that of 2020.
    """
    group = note["signatures"][0].partition("/Paper")[0]
    paper = f"Paper{note['number']}"
    reviews = [
        _reply(
            note,
            note["id"],
            _invitation(group, paper, "Official_Review", shape),
            f"{group}/{paper}/AnonReviewer{index}",
            {
                "title": f"Official Blind Review #{index}",
                "rating": _rating(rating),
                "review": _TEXT,
                "review_assessment:_thoroughness_in_paper_reading": _TEXT,
            },
        )
        for index, rating in enumerate(ratings, 1)
    ]
    comments = [
        _reply(
            note,
            review["id"],
            _invitation(group, paper, "Official_Comment", shape),
            f"{group}/{paper}/Authors",
            {"title": "Response", "comment": _TEXT},
        )
        for review in reviews[:1]
    ]
    return comments + reviews + ([_decision(note, group, paper, decision, shape)] if decision else [])


def _decision(note: Json, group: str, paper: str, decision: str, shape: str) -> Json:
    chairs = f"{group}/Program_Chairs"
    if shape == "2018":
        content = {
            "title": "ICLR 2018 Conference Acceptance Decision",
            "decision": decision,
            "comment": _TEXT,
        }
        return _reply(note, note["id"], f"{group}/-/Acceptance_Decision", chairs, content)
    if shape == "2019":
        content = {"metareview": _TEXT, "recommendation": decision, "title": "metareview", "confidence": "5"}
        return _reply(
            note, note["id"], f"{group}/-/{paper}/Meta_Review", f"{group}/{paper}/Area_Chair1", content
        )
    content = {"title": "Paper Decision", "decision": decision, "comment": _TEXT}
    return _reply(note, note["id"], f"{group}/{paper}/-/Decision", chairs, content)


def _invitation(group: str, paper: str, kind: str, shape: str) -> str:
    # The order of the parts changed with the conference of 2020
    return f"{group}/-/{paper}/{kind}" if shape in {"2018", "2019"} else f"{group}/{paper}/-/{kind}"


def _rating(rating: int | str) -> str:
    return rating if isinstance(rating, str) else _RATINGS_2020.get(rating, str(rating))


def _reply(note: Json, to: str, invitation: str, signature: str, content: Json) -> Json:
    return {
        "id": identifier(to, invitation, signature),
        "original": None,
        "number": 1,
        "cdate": _DECIDED,
        "ddate": None,
        "tcdate": _DECIDED,
        "tmdate": _DECIDED,
        "tddate": None,
        "forum": note["id"],
        "replyto": to,
        "invitation": invitation,
        "content": content,
        "signatures": [signature],
        "readers": ["everyone"],
        "nonreaders": [],
        "writers": [signature],
    }


def for_note_v2(note: Json, decision: str | None, ratings: Sequence[int | str]) -> list[Json]:
    """Replies of API v2: `invitations` in the plural, every value wrapped in `{"value": …}`."""
    paper = f"{note['domain']}/Submission{note['number']}"
    contents: list[tuple[str, str, Json]] = [
        ("Official_Review", f"Reviewer_{index}", {"summary": _TEXT, "rating": rating, "confidence": 4})
        for index, rating in enumerate(ratings, 1)
    ]
    decided: list[tuple[str, str, Json]] = [
        ("Decision", "Program_Chairs", {"title": "Paper Decision", "decision": decision, "comment": _TEXT})
    ]
    return [
        {
            "id": identifier(note["id"], kind, who),
            "forum": note["id"],
            "replyto": note["id"],
            "number": 1,
            "version": 2,
            "domain": note["domain"],
            "invitations": [f"{paper}/-/{kind}", f"{paper}/-/Edit"],
            "cdate": note["cdate"],
            "mdate": note["mdate"],
            "tcdate": note["tcdate"],
            "tmdate": note["tmdate"],
            "content": {key: {"value": value} for key, value in content.items()},
            "signatures": [f"{paper}/{who}"],
            "readers": ["everyone"],
            "writers": [note["domain"]],
        }
        for kind, who, content in (*contents, *(decided if decision else []))
    ]
