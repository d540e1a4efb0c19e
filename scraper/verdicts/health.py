"""From findings to a verdict. Pure: plain values in, plain values out; README's "Verdicts" gives the rules.

The reasons are a closed list (`REASONS`): each names its health and says in one line what it means, and the
report, the README and the tests walk the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from scraper.model import Answer, Finding, Health, Hop, Record, Target, Verdict


class Reason(NamedTuple):
    health: Health
    meaning: str


_A, _M, _B, _X, _F, _U = (
    Health.ALIVE,
    Health.MOVED,
    Health.BLOCKED,
    Health.BROKEN,
    Health.FAILING,
    Health.UNVERIFIED,
)

REASONS: dict[str, Reason] = {
    "ok": Reason(_A, "It answered, and what it answered is what it should be"),
    "confirmed_by_api": Reason(_A, "The site's API knows it, whatever its page shows to programs"),
    "redirected_permanently": Reason(_M, "Every redirect on the way is permanent (301, 308)"),
    "repository_renamed": Reason(_M, "The repository has another name or owner now"),
    "https_upgrade": Reason(_M, "The same address over https"),
    "login_required": Reason(_B, "It asks for a login (401, 407, or a redirect to a login page)"),
    "forbidden": Reason(_B, "403: it is there and refuses this visitor"),
    "challenge": Reason(_B, "A page that wants to see a human: Turnstile, captcha, browser check"),
    "bot_denied": Reason(_B, "999: refused for being a program"),
    "unavailable_legally": Reason(_B, "451: withheld here for legal reasons"),
    "private": Reason(_B, "It exists and is not public"),
    "not_found": Reason(_X, "404, by GET, or the API's word that there is no such thing"),
    "gone": Reason(_X, "410: removed for good"),
    "soft_404": Reason(_X, "It answers 200 and says, or shows, that the page does not exist"),
    "parked": Reason(_X, "The domain is for sale or shows only advertising"),
    "redirect_loop": Reason(_X, "Its redirects never end"),
    "too_many_redirects": Reason(_X, "More than 10 redirects"),
    "bad_redirect": Reason(_X, "It redirects to something that is no web address"),
    "bad_request": Reason(_X, "The server refuses the address itself (400, 414 and other 4xx)"),
    "host_not_found": Reason(_X, "The host's name does not exist"),
    "invalid_url": Reason(_X, "It is not an address that anything could visit"),
    "repository_blocked": Reason(_X, "GitHub blocked it: 451, or 403 with a reason (dmca, tos)"),
    "note_deleted": Reason(_X, "OpenReview says the note was deleted"),
    "timeout": Reason(_F, "No complete answer in time"),
    "connection_refused": Reason(_F, "Nothing listens there"),
    "connection_reset": Reason(_F, "The connection broke before the answer was complete"),
    "unreachable": Reason(_F, "No route to the host"),
    "server_error": Reason(_F, "The server failed (5xx), or says that it is down for maintenance"),
    "tls_expired": Reason(_F, "Its certificate has expired"),
    "tls_not_yet_valid": Reason(_F, "Its certificate is not valid yet"),
    "tls_hostname": Reason(_F, "Its certificate is for another name"),
    "tls_untrusted": Reason(_F, "Its certificate is signed by nobody we trust"),
    "tls_protocol": Reason(_F, "It speaks no TLS, or one that is too old"),
    "protocol_error": Reason(_F, "What it sends is not HTTP, or contradicts itself"),
    "bad_answer": Reason(_F, "An API answered with something that cannot be read"),
    "rate_limited": Reason(_U, "Asked too often; it wants to be left alone for longer than we may wait"),
    "offline": Reason(_U, "This machine has no network"),
    "deadline": Reason(_U, "The run's time was up before its turn came"),
    "robots": Reason(_U, "robots.txt asks us not to visit it (setting `robots`)"),
    "policy": Reason(_U, "The address guard refused it: a private address or a port that is not allowed"),
    "unsupported": Reason(_U, "Not something that is visited over http or https"),
    "dns_failure": Reason(_U, "The resolver failed, which says nothing about the name"),
    "no_answer": Reason(_U, "The API neither gave it nor denied it"),
    "credentials": Reason(_U, "The credentials were refused, and without them nothing can be said"),
    "internal_error": Reason(_U, "A fault of ours; the detail names it"),
}
"""Every reason there is, with its health and its meaning."""

DEAD = frozenset({Health.BROKEN, Health.FAILING})
"""The verdicts that count towards `confirmed_dead`."""

PERMANENT = frozenset({301, 308})
"""RFC 9110, 15.4: the only redirects that ask for the address to be replaced."""

API, PAGE, ARCHIVE = 3, 2, 1
"""Ranks of a finding: rule 1 lets an API's word beat the page, and the page beats its archived copy."""


class Claim(NamedTuple):
    """What one answer says on health, before it is weighed against the others."""

    reason: str
    detail: str = ""
    suggested_url: str = ""

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
"""The statuses that mean one thing; the classes are in `_judge_status`."""


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
    return Claim(_judge_status(answer.status), answer.detail or f"HTTP {answer.status}")


def _judge_status(status: int) -> str:
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
    if not answer.hops or any(hop.status not in PERMANENT for hop in answer.hops):
        return Claim("ok")
    if is_https_upgrade(answer.url, answer.final_url):
        return Claim("https_upgrade", suggested_url=answer.final_url)
    return Claim("redirected_permanently", suggested_url=answer.final_url)


def address(url: str) -> SplitResult:
    """The parts of an address; all empty when it is none (`http://[::1/`): what is judged may be anything."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def is_https_upgrade(before: str, after: str) -> bool:
    """Whether the two addresses differ in nothing but http and https."""
    old, new = address(before), address(after)
    return (old.scheme, new.scheme) == ("http", "https") and (
        (old.hostname, old.path or "/", old.query) == (new.hostname, new.path or "/", new.query)
    )


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
    """A finding with what the answer shows of the visit; `more` are further fields of `Finding`."""
    return Finding(
        target=target.key,
        source=source,
        rank=rank,
        health=claim.health if claim else None,
        reason=claim.reason if claim else "",
        detail=claim.detail if claim else "",
        suggested_url=claim.suggested_url if claim else "",
        http_status=answer.status,
        final_url=answer.final_url,
        redirects=chain(answer.hops),
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
    return Verdict(
        health,
        best.reason,
        detail=best.detail,
        http_status=best.http_status,
        final_url=best.final_url,
        redirects=best.redirects,
        suggested_url=best.suggested_url,
        archived_url=archived_url,
        archived_at=archived_at,
        notes=notes,
    )


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


class Network:
    """Whether this machine has a network at all (rule 6), told from the answers of a whole run.

    Offline: not one host gave an answer or so much as a certificate. Captive: three hosts or more answered,
    all with the same page, or with certificates of somebody else; a real web never does that.
    """

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._pages: set[tuple[int, int]] = set()
        self._intercepted: set[str] = set()
        self._silent = False

    def heard(self, answer: Answer) -> None:
        host = address(answer.url).hostname or ""
        if answer.status is not None:
            _keep(self._answered, host)
            _keep(self._pages, (answer.status, hash(answer.body or answer.url)))
        elif answer.failure in ("tls_hostname", "tls_untrusted"):
            _keep(self._intercepted, host)
        elif answer.failure in OFFLINE_FAILURES:
            self._silent = True

    @property
    def captive(self) -> bool:
        """Whether one and the same page answers for everybody."""
        return len(self._answered) == _SEVERAL and len(self._pages) == 1

    @property
    def offline(self) -> str:
        """Why nothing of this run may be believed, in words; empty when there is a network."""
        if self.captive:
            return "every host answers with the same page (a captive portal?)"
        if self._answered:
            return ""
        if len(self._intercepted) == _SEVERAL:
            return "every host shows somebody else's certificate (a captive portal?)"
        return "no host could be reached" if self._silent and not self._intercepted else ""


_SEVERAL = 3


def _keep(seen: set[Any], value: object) -> None:
    """Remember up to `_SEVERAL` different values: a run of a million links needs no more memory than that."""
    if len(seen) < _SEVERAL:
        seen.add(value)


OFFLINE_FAILURES = frozenset(
    ("host_not_found", "dns_failure", "unreachable", "timeout", "connection_refused", "connection_reset")
)
"""Failures that a missing network looks like."""
