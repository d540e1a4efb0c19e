"""From findings to a verdict. Pure: plain values in, plain values out; docs/verdicts.md has the rules.

The reasons are a closed list (`REASONS`): each names its health and says in one line what it means, and the
reports, the documentation and the tests walk the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from scraper.addresses import is_https_upgrade
from scraper.model import Answer, Finding, Health, Hop, Record, Target, Verdict
from scraper.verdicts import suggesting
from scraper.verdicts.reasons import REASONS

PERMANENT = frozenset({301, 308})
"""RFC 9110, 15.4: the only redirects that ask for the address to be replaced."""

API, PAGE, ARCHIVE = 3, 2, 1
"""Ranks of a finding: rule 1 lets an API's word beat the page, and the page beats its archived copy."""


class Claim(NamedTuple):
    """What one answer says on health, before it is weighed against the others."""

    reason: str
    detail: str = ""
    suggested_url: str = ""
    recognised: bool = False
    """Whether what is served at `suggested_url` was seen to be the same thing; needed on another domain."""

    @property
    def health(self) -> Health:
        return REASONS[self.reason].health


_STATUS_REASONS = {
    401: "login_required",
    407: "login_required",
    404: "not_found",
    410: "gone",
    408: "timeout",
    429: "rate_limited",
    451: "unavailable_legally",
    999: "bot_denied",
    400: "bad_request",
    414: "bad_request",
}
"""The statuses that mean one thing; the classes are in `judge_status`."""


def judge_answer(answer: Answer) -> Claim:
    """What the status, the failure and the redirects say; the body is the business of the sites.

    A reader that knows better (a challenge page, a soft 404) makes its own `Claim`.
    """
    if answer.failure:
        return Claim(answer.failure, answer.detail)
    if answer.status is None:
        return Claim("protocol_error", answer.detail or "no status")
    if 200 <= answer.status < 300:
        return _judge_redirects(answer)
    if answer.status in _THERE:
        return Claim("ok", f"HTTP {answer.status}: it is there")
    return Claim(judge_status(answer.status), answer.detail or f"HTTP {answer.status}")


_THERE = frozenset({300, 304})
"""RFC 9110, 15.4.1: more than one representation; 15.4.5: unchanged, though nobody asked that."""


def judge_status(status: int) -> str:
    if status in _STATUS_REASONS:
        return _STATUS_REASONS[status]
    if 500 <= status < 600:
        return "server_error"
    if 400 <= status < 500:
        # 402, 403, 405, 406, 409, 418, …: somebody is home and refuses this visitor; only 404 and 410 deny
        # the thing itself (RFC 9110, 15.5), 400 and 414 the address.
        return "forbidden"
    return "protocol_error"


def _judge_redirects(answer: Answer) -> Claim:
    """RFC 9110, 15.4: permanent all the way is `moved`; one temporary step keeps the old address right."""
    if not answer.hops or not all(hop.lasting or hop.status in PERMANENT for hop in answer.hops):
        return Claim("ok")
    there = suggesting.clean(answer.final_url, answer.url)
    if suggesting.same_address(answer.url, there) or _is_downgrade(answer.url, there):
        return Claim("ok")  # only a session or a campaign was added, or the lock taken away
    if is_https_upgrade(answer.url, there):
        return Claim("https_upgrade", suggested_url=there)
    return Claim("redirected_permanently", suggested_url=there)


def _is_downgrade(before: str, after: str) -> bool:
    return is_https_upgrade(after, before)


def chain(hops: Sequence[Hop]) -> str:
    """The redirect chain as people read it: `301 https://a/ > 302 https://b/`."""
    return " > ".join(f"{hop.status} {hop.url}" for hop in hops)


def finding(
    target: Target,
    source: str,
    rank: int,
    claim: Claim | None,
    answer: Answer,
    *,
    record: Record | None = None,
    **more: Any,
) -> Finding:
    """A finding with what the answer shows of the visit; `more` are further fields of `Finding`.

    Where an API was asked is not part of it: a finding is about the link, and one request may serve many.
    Every suggestion of every site goes through the gate of `suggesting` here.
    """
    visited = rank < API
    claimed = claim or Claim("no_answer")
    suggested = suggesting.suggestion(target.url, claimed.suggested_url, recognised=claimed.recognised)
    return Finding(
        target=target.key,
        source=source,
        rank=rank,
        health=claim.health if claim else None,
        reason=claim.reason if claim else "",
        detail=claim.detail if claim else "",
        suggested_url=suggested,
        http_status=answer.status,
        final_url=answer.final_url if visited else "",
        redirects=chain(answer.hops) if visited else "",
        record=record or {},
        **more,
    )


_WEIGHT = {
    Health.ALIVE: 3,
    Health.MOVED: 3,
    Health.BROKEN: 3,
    Health.BLOCKED: 2,
    Health.FAILING: 1,
    Health.UNVERIFIED: 0,
}

_SAID = {field.name for field in fields(Verdict)} - {"health", "archived_url", "archived_at", "notes"}
"""What a verdict takes over from the finding that decides it: the fields of the same names."""


def weigh(findings: Iterable[Finding]) -> Verdict:
    """The verdict of all findings on one target (rules 1 and 4).

    A definite word (it is there; it is not) beats a closed door, a closed door beats silence, silence beats
    "not asked"; among equals the higher rank speaks. So an API that is itself challenged or limited never
    outvotes a page that answered, and a challenge page never outvotes an API that knows the thing.
    """
    heard = list(findings)
    archived_url, archived_at = _memento(heard)
    notes = tuple(dict.fromkeys(note for f in heard for note in f.notes))
    spoken = [(f, f.health) for f in heard if f.health is not None]
    if not spoken:
        return Verdict(
            Health.UNVERIFIED,
            "no_answer",
            "no source said anything on it",
            archived_url=archived_url,
            archived_at=archived_at,
            notes=notes,
        )
    best, health = max(spoken, key=lambda said: (_WEIGHT[said[1]], said[0].rank))
    said = {name: getattr(best, name) for name in _SAID}
    return Verdict(health=health, archived_url=archived_url, archived_at=archived_at, notes=notes, **said)


def _memento(findings: Sequence[Finding]) -> tuple[str, str]:
    return next(((f.archived_url, f.archived_at) for f in findings if f.archived_url), ("", ""))


def overlay(findings: Iterable[Finding]) -> tuple[Record, str]:
    """One record of all findings, the higher rank's word last, and the source it is named after."""
    record: dict[str, Any] = {}
    source = ""
    for f in sorted(findings, key=lambda f: f.rank):
        if f.record:
            record.update(f.record)
            source = f.source
    return record, source
