"""Decision, presentation and ratings of a paper, in the shapes that OpenReview's venues gave them.

| when | where the decision is |
|---|---|
| 2013 | the submission's own `content.decision`: `conferenceOral-iclr2013-conference`, `reject` |
| 2017 | a reply `…/-/paper123/acceptance`, `content.decision` |
| 2018 | a reply `…/-/Acceptance_Decision`, `content.decision` |
| 2019 | a reply `…/Meta_Review`, `content.recommendation` |
| 2020 and later | a reply `…/Decision`, `content.decision` |
| API v2 | the same, and the last part of `content.venueid`: `Rejected_Submission`, … |
| journals | a reply `…/Decision`, `content.recommendation` (`Accept as is`); `venueid`: `TMLR/Rejected` |

What a `venueid` proves differs. In API v2 its last part is the paper's state. In v1 it names the venue and
not the state: ICLR 2017, 2022 and 2023 and NeurIPS 2021 and 2022 gave the conference's own to papers they
rejected. There the note's invitation says who was withdrawn, and `venue` who was accepted.
A field of a v1 note is a value, of a v2 note `{"value": …}`; `openreview_notes.content` takes both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from scraper.model import Record
from scraper.sites.openreview.presentations import of_decision, of_venue
from scraper.sites.openreview.ratings import numbers, rating
from scraper.sites.values import items, one_line

Note = Mapping[str, Any]
Content = Mapping[str, Any]
Replies = Sequence[tuple[Note, Content]]

_DECISIONS = frozenset(("decision", "acceptance_decision", "acceptance", "final_decision", "paper_decision"))
_META_REVIEWS = frozenset(("meta_review", "metareview"))
_NOT_REVIEWS = ("meta", "ethic", "area", "senior", "self", "secondary", "reproducib")
_WITHDRAWALS = frozenset(("withdraw", "withdrawal", "withdraw_submission", "withdrawn_submission"))

_REJECTED = re.compile(r"\b(?:reject|rejected|withdrawn|retracted|submitted)\b", re.IGNORECASE)
_UNDECIDED = re.compile(r"\b(?:no decision|under review|pending|assign(?:ing|ed))\b", re.IGNORECASE)
_NOT_YET = re.compile(r"submission|submitted|review|reject|withdrawn|pending|assign|commitment|paused")
"""In the last part of the venue id of a paper that was not accepted, or not yet."""
_ACCEPTED_BY = re.compile(r"\s*accepted (?:by|at|to|for|in)\b", re.IGNORECASE)
_YEAR = re.compile(r"/20\d\d(?:/|\Z)")
_ACCEPTS_NOTHING = ("dblp.org/", "openreview.net/", "aclweb.org/acl/arr/")
"""Imported publications, archives of preprints, and ARR, which reviews for other venues."""


def kinds(note: Note) -> frozenset[str]:
    """The last part of each invitation, in lower case: `official_review` of `…/Paper1/-/Official_Review`."""
    named = [note.get("invitation"), *items(note.get("invitations"))]
    return frozenset(_last(name) for name in named if isinstance(name, str))


def judgement(note: Note, content: Content, replies: Replies | None) -> Record:
    """`decision`, `presentation` (and as it was written), `withdrawn`, and what the reviewers gave.

    Without replies (None) what only they can tell is left out: unknown, not empty.
    """
    status = _status(note, content)
    withdrawn = status in ("Withdrawn", "Retracted") or (not status and _withdrew(note, content, replies))
    decision = _decided(replies or ()) or status or ("Withdrawn" if withdrawn else None)
    decision = decision or _recommended(replies or ()) or _own(content) or _accepted(note, content)
    record: Record = {"withdrawn": withdrawn}
    if decision or replies is not None:
        record |= {"decision": decision, **_presented(decision, content)}
    return record | (_ratings(replies) if replies is not None else {})


def _presented(decision: str | None, content: Content) -> Record:
    """The decision's word first; many say only `Accept`, and the venue's text says how."""
    said = [of_decision(decision)] if decision else []
    said += [of_venue(venue)] if (venue := one_line(content.get("venue"))) else []
    if _REJECTED.search(decision or "") or (not decision and _REJECTED.search(venue or "")):
        said = []
    best = next((one for one in said if one.tier), None) or next((one for one in said if one.written), None)
    return {
        "presentation": best.tier if best else None,
        "presentation_as_written": best.written if best else None,
    }


def _status(note: Note, content: Content) -> str | None:
    """How it ended for a paper that was not accepted; never by the text of `venue`.

    `Submitted to ICLR 2026` stays the venue of a rejected paper, and `ICLR 2021 Poster` that of one which was
    withdrawn later: the single invitation of a v1 note is what the note is now. The list of a v2 note is its
    history, and counts only where there is no venue id.
    """
    invitation, venue_id = note.get("invitation"), one_line(content.get("venueid"))
    named = [_last(invitation)] if isinstance(invitation, str) else []
    named += [_last(venue_id)] if venue_id else sorted(kinds(note))
    return next((told for name in named if (told := _ended(name))), None)


def _ended(name: str) -> str | None:
    if name.startswith(("desk_reject", "deskreject")):
        return "Desk Reject"
    if name.startswith("withdrawn"):
        return "Withdrawn"
    if name.startswith("retracted"):  # a journal's paper, by its authors, after it was accepted
        return "Retracted"
    return "Reject" if name.startswith("reject") else None


def _accepted(note: Note, content: Content) -> str | None:
    """A venue's own id, without a `…_Submission` behind it, is given to accepted papers."""
    venue_id, venue = one_line(content.get("venueid")) or "", one_line(content.get("venue")) or ""
    if not venue_id or venue_id.lower().startswith(_ACCEPTS_NOTHING) or _NOT_YET.search(_last(venue_id)):
        return None
    if _REJECTED.search(venue) or _UNDECIDED.search(venue):
        return None
    if "invite" in venue.lower():
        return venue[venue.lower().index("invite") :]
    accepted = _ACCEPTED_BY.match(venue) or f"{venue_id}/-/Accepted" in items(note.get("invitations"))
    if not accepted and not _YEAR.search(venue_id):
        return None
    how = of_venue(venue)
    said = how.tier or how.written
    return f"Accept ({said[0].upper()}{said[1:]})" if said else "Accept"


def _own(content: Content) -> str | None:
    """ICLR 2013 wrote its decisions into the submissions; 2014 wrote `submitted, no decision`."""
    decision = one_line(content.get("decision"))
    return None if decision and _UNDECIDED.search(decision) else decision


def _decided(replies: Replies) -> str | None:
    fields = ("decision", "final_decision", "acceptance_decision", "paper_decision", "acceptance")
    return _said(replies, _DECISIONS, (*fields, "recommendation"))


def _recommended(replies: Replies) -> str | None:
    return _said(replies, _META_REVIEWS, ("recommendation", "decision"))


def _said(replies: Replies, of: frozenset[str], fields: Sequence[str]) -> str | None:
    """What a reply of one of these kinds says in one of these fields; a chair's `4` is not a decision."""
    for reply, content in replies:
        if kinds(reply) & of:
            named = {re.sub(r"\W+", "_", name.lower()): value for name, value in content.items()}
            written = (one_line(named.get(field)) for field in fields)
            if said := next((one for one in written if one and re.search("[A-Za-z]", one)), None):
                return said
    return None


def _withdrew(note: Note, content: Content, replies: Replies | None) -> bool:
    """Whether a reply withdraws it; a v2 note's venue id says so itself, and a withdrawal can be reverted."""
    if note.get("invitations") and content.get("venueid"):
        return False
    return any(kinds(reply) & _WITHDRAWALS for reply, _ in replies or ())


def _ratings(replies: Replies) -> Record:
    """Ratings in the order of the reviews' numbers.

    No rating in sight is None: the reviews may be hidden, so it is not a count of 0.
    """
    reviews = [reply for reply in replies if any(map(_is_review, kinds(reply[0])))]
    given = [said for _, content in sorted(reviews, key=_number) if (said := rating(content))]
    values = numbers(given)
    return {
        "ratings": given or None,
        "rating_mean": round(fmean(values), 2) if values else None,
        "rating_count": len(given) or None,
    }


def _is_review(kind: str) -> bool:
    return kind.endswith("review") and not kind.startswith(_NOT_REVIEWS)


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1].lower()


def _number(review: tuple[Note, Content]) -> tuple[float, float, str]:
    note = review[0]
    number, created = (
        float(value) if isinstance(value, int | float) and value == value else float("inf")
        for value in (note.get("number"), note.get("cdate") or note.get("tcdate"))
    )
    return number, created, str(note.get("id"))
