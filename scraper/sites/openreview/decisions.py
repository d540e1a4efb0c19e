"""Decision, presentation and ratings of a paper, in the shapes that OpenReview's venues gave them.

| when | where the decision is |
|---|---|
| 2017 | a reply `…/-/paper123/acceptance`, `content.decision` |
| 2018 | a reply `…/-/Acceptance_Decision`, `content.decision` |
| 2019 | a reply `…/Meta_Review`, `content.recommendation` |
| 2020 and later | a reply `…/Decision`, `content.decision` |
| API v2 | the same, and the last part of `content.venueid`: `Rejected_Submission`, … |

A field of a v1 note is a value, of a v2 note `{"value": …}`; `openreview_notes.content` takes both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from scraper.model import Record
from scraper.sites.values import items, one_line

Note = Mapping[str, Any]
Content = Mapping[str, Any]

_DECISIONS = frozenset(("decision", "acceptance_decision", "acceptance", "final_decision", "paper_decision"))
_META_REVIEWS = frozenset(("meta_review", "metareview"))
_REVIEWS = frozenset(("official_review", "review"))
_WITHDRAWALS = frozenset(("withdraw", "withdrawal", "withdraw_submission", "withdrawn_submission"))
_RATINGS = (
    "rating",
    "recommendation",
    "overall_recommendation",
    "overall_rating",
    "overall_assessment",
    "overall_score",
    "overall_evaluation",
    "score",
)
"""Names of a review's overall rating: ICLR to 2021, ICLR 2022 and 2023, ICML 2025, ARR, others."""

_LEADING_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d{1,4})?(?![\w.])", re.ASCII)
_PRESENTATION = re.compile(r"\b(oral|spotlight|poster|talk)s?\b|notable[- ]top[- ](5|25)%", re.IGNORECASE)
_REJECTED = re.compile(r"\b(?:reject|rejected|withdrawn|submitted)\b", re.IGNORECASE)


def kinds(note: Note) -> frozenset[str]:
    """The last part of each invitation, in lower case: `official_review` of `…/Paper1/-/Official_Review`."""
    named = [note.get("invitation"), *items(note.get("invitations"))]
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in named if isinstance(name, str))


def judgement(note: Note, content: Content, replies: Sequence[tuple[Note, Content]] | None) -> Record:
    """`decision`, `presentation`, `withdrawn`, `ratings`, `rating_mean`, `rating_count`.

    Without replies (None) what only they can tell is left out: unknown, not empty.
    """
    status = _status(note, content)
    withdrawn = status == "Withdrawn" or (not status and _withdrew(replies or ()))
    decision = _decided(replies or ()) or ("Withdrawn" if withdrawn else status)
    decision = decision or _recommended(replies or ()) or _accepted(content)
    record: Record = {"withdrawn": withdrawn}
    if decision or replies is not None:
        record |= {"decision": decision, "presentation": presentation(decision, content)}
    return record | (_ratings(replies) if replies is not None else {})


def presentation(decision: str | None, content: Content) -> str | None:
    """oral, spotlight, poster or talk; ICLR 2023 wrote `notable-top-5%` for oral and `-25%` for spotlight."""
    venue = one_line(content.get("venue"))
    for written in (decision, venue):
        if written and _REJECTED.search(written):
            return None
        if match := _PRESENTATION.search(written or ""):
            return match[1].lower() if match[1] else {"5": "oral", "25": "spotlight"}[match[2]]
    return None


def _status(note: Note, content: Content) -> str | None:
    """What the venue's id, or for API v1 the note's invitation, says; never the text of `venue`.

    `Submitted to ICLR 2026` stays the venue of a rejected paper.
    """
    venue_id = one_line(content.get("venueid"))
    for name in [venue_id.rsplit("/", 1)[-1].lower()] if venue_id else sorted(kinds(note)):
        if name.startswith("desk_reject"):
            return "Desk Reject"
        if name.startswith("withdrawn"):
            return "Withdrawn"
        if name.startswith("reject"):
            return "Reject"
    return None


def _accepted(content: Content) -> str | None:
    """A venue's own id, without a `…_Submission` behind it, is given to accepted papers."""
    venue_id, venue = one_line(content.get("venueid")), one_line(content.get("venue"))
    if not venue_id or not re.search(r"/20\d\d(?:/|$)", venue_id) or venue_id.startswith("dblp.org/"):
        return None
    if re.search(
        r"submission|submitted|review|reject|withdrawn|pending", venue_id.rsplit("/", 1)[-1].lower()
    ):
        return None
    if venue and _REJECTED.search(venue):
        return None
    how = presentation(None, content)
    return f"Accept ({how.capitalize()})" if how else "Accept"


def _decided(replies: Sequence[tuple[Note, Content]]) -> str | None:
    return _said(replies, _DECISIONS, ("decision", "final_decision"))


def _recommended(replies: Sequence[tuple[Note, Content]]) -> str | None:
    return _said(replies, _META_REVIEWS, ("recommendation", "decision"))


def _said(replies: Sequence[tuple[Note, Content]], of: frozenset[str], fields: Sequence[str]) -> str | None:
    written = (
        one_line(content.get(field)) for reply, content in replies if kinds(reply) & of for field in fields
    )
    return next((said for said in written if said), None)


def _withdrew(replies: Sequence[tuple[Note, Content]]) -> bool:
    return any(kinds(reply) & _WITHDRAWALS for reply, _ in replies)


def _ratings(replies: Sequence[tuple[Note, Content]]) -> Record:
    """Ratings in the order of the reviews' numbers; `6: Weak Accept` is given as `6`.

    No rating in sight is None: the reviews may be hidden, so it is not a count of 0.
    """
    reviews = [reply for reply in replies if kinds(reply[0]) & _REVIEWS]
    given = [rating for _, content in sorted(reviews, key=_number) if (rating := _rating(content))]
    numbers = [float(rating) for rating in given if _LEADING_NUMBER.fullmatch(rating)]
    return {
        "ratings": given or None,
        "rating_mean": round(fmean(numbers), 2) if numbers else None,
        "rating_count": len(given) or None,
    }


def _rating(content: Content) -> str | None:
    for field in _RATINGS:
        value = content.get(field)
        written = one_line(str(value) if isinstance(value, int | float) and value is not True else value)
        if written:
            number = _LEADING_NUMBER.match(written)
            return number[0] if number else written
    return None


def _number(review: tuple[Note, Content]) -> tuple[float, float, str]:
    note = review[0]
    number, created = (
        float(value) if isinstance(value, int | float) and value == value else float("inf")
        for value in (note.get("number"), note.get("cdate") or note.get("tcdate"))
    )
    return number, created, str(note.get("id"))
