"""Any web page: is it there, and is it what it should be?

200 proves nothing on its own (docs/verdicts.md, rule 2), so the page is looked at. Where it shows no sign,
and nothing in it speaks of its address, a made-up sibling of the address that was asked is visited, once per
host and path shape: a page that any address of that shape gets, or a place that all of them are sent to, is
not the thing. Where it shows a doubtful sign, the sibling decides: a site that denies made-up addresses would
have denied this one. And where everybody gets a page that says nothing of absence, the front page is asked
too: a site that answers everything with one page lets nobody in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scraper.addresses import address, is_front
from scraper.model import Answer, Finding, Hop, Question, Reading, Request, Target
from scraper.sites.pages import signs, unchanged
from scraper.sites.pages.forwarding import onward_from
from scraper.sites.pages.judging import Judged, host_of, judge, judge_page, unseen
from scraper.sites.pages.recognising import Recogniser
from scraper.sites.pages.siblings import (
    MadeUp,
    beside,
    front_of,
    same_page,
    same_place,
    speaks_of_its_address,
    speaks_of_its_place,
)
from scraper.sites.ports import Memory
from scraper.verdicts.domains import same_owner
from scraper.verdicts.health import PAGE, Claim, finding, judge_answer
from scraper.verdicts.reasons import PRESENT

if TYPE_CHECKING:
    from scraper.settings import Settings

__all__ = ["FEW", "Page", "judge_page", "page_question", "page_request"]

_NO_PAGES = re.compile(
    r"\.(pdf|zip|gz|tgz|bz2|xz|7z|tar|png|jpe?g|gif|svg|mp4|mp3|csv|json|xml|pt|pth|h5|ckpt|npz|pkl|bin|whl|pptx?|docx?)$",
    re.I,
)
"""Endings of what is not a page: its first bytes are enough."""

FEW = 4_096
"""Bytes read of what is not a page. HEAD would save them, and is not believed: some servers say yes to it and
404 to GET, and what is called `paper.pdf` may be a page that says "not found"."""

READ_ON = 524_288
"""Bytes read of a page whose beginning shows little: of real articles 18 % show under 600 characters in their
first 64 KiB."""

CERTIFICATE_NOTICE = timedelta(days=14)


class _Seen(NamedTuple):
    """A page that was visited, and what it says for itself."""

    target: Target
    answer: Answer
    view: signs.PageView
    judged: Judged


@dataclass(slots=True)
class _Other:
    """Another address of a site, a made-up one or its front page, and who waits to hear of it."""

    answer: Answer | None = None
    view: signs.PageView | None = None
    """The page it got; None when it got none."""
    waiting: list[_Seen] = field(default_factory=list)

    def hear(self, answer: Answer) -> list[_Seen]:
        self.answer = answer
        there = answer.status is not None and 200 <= answer.status < 300 and not signs.to_front_page(answer)
        self.view = signs.look(answer) if there else None
        waiting, self.waiting = self.waiting, []
        return waiting


class Page:
    """Web pages, one question each."""

    name = "web"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._memory = memory
        self._probe = settings.probe
        self._siblings: dict[tuple[str, ...], _Other] = {}
        self._fronts: dict[str, _Other] = {}
        self._recogniser = Recogniser(memory, self.name, archive=settings.archive)

    def key(self, target: Target) -> str:
        return host_of(target.url)

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        asked = (page_question("web", target, target.url) for target in targets)
        return [unchanged.conditionally(question, self._memory) for question in asked]

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "memento":
            return unchanged.forgotten(self._recogniser.read(question, answer))
        if (known := unchanged.confirmed(question, answer)) is not None:
            return Reading([replace(known, notes=_certificate_note(answer))])
        if (again := unchanged.unconditionally(question, answer)) is not None:
            return Reading(questions=[again])
        return unchanged.forgotten(self._recogniser.look_at(self._read(question, answer)), but="ok")

    def _read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "sibling":
            return self._read_sibling(question, answer)
        if question.step == "front":
            front = self._fronts[question.context["front"]]
            return Reading([_by_front(seen, front) for seen in front.hear(answer)])
        (target,) = question.targets
        view = signs.look(answer)
        answer = _since(question, answer, view)
        judged = judge(answer, view)
        if (again := _once_more(question, answer, view, judged.claim)) is not None:
            return Reading(questions=[again])
        seen = _Seen(target, answer, view, judged)
        self._recogniser.saw(target, answer, view)
        if sibling := beside(answer) if self._worth_a_probe(seen) else None:
            return self._compare(seen, sibling)
        return Reading([unchanged.remembered(_found(seen, judged.claim), answer)])

    def _worth_a_probe(self, seen: _Seen) -> bool:
        if not (self._probe and (seen.view.markup or seen.judged.doubtful)):
            return False
        if seen.judged.doubtful:
            return True
        return (
            seen.judged.claim.health in PRESENT
            and seen.judged.claim.reason != "https_upgrade"
            and not signs.drawn_by_scripts(seen.view)
            and not speaks_of_its_address(seen.answer.url, seen.view)
            and not speaks_of_its_place(seen.answer.final_url, seen.view)
        )

    def _compare(self, seen: _Seen, made_up: MadeUp) -> Reading:
        sibling = self._siblings.get(made_up.shape)
        if sibling is None:
            self._siblings[made_up.shape] = _Other(waiting=[seen])
            context = {"shape": made_up.shape}
            return Reading(questions=[_question("sibling", seen, made_up.url, context)])
        if sibling.answer is None:
            sibling.waiting.append(seen)
            return Reading(held=[seen.target])
        return self._compared([seen], sibling)

    def _read_sibling(self, question: Question, answer: Answer) -> Reading:
        sibling = self._siblings[question.context["shape"]]
        return self._compared(sibling.hear(answer), sibling)

    def _compared(self, waiting: Sequence[_Seen], sibling: _Other) -> Reading:
        readings = [self._decide(seen, sibling) for seen in waiting]
        return Reading(
            [found for reading in readings for found in reading.findings],
            [question for reading in readings for question in reading.questions],
            [target for reading in readings for target in reading.held],
        )

    def _decide(self, seen: _Seen, sibling: _Other) -> Reading:
        """By the sibling; where both got the same and it says nothing of absence, by the front page."""
        if (claim := _by_sibling(seen, sibling)) is not None:
            return Reading([_found(seen, claim)])
        url = front_of(seen.answer.final_url)
        front = self._fronts.get(url)
        if front is None:
            self._fronts[url] = _Other(waiting=[seen])
            return Reading(questions=[_question("front", seen, url, {"front": url})])
        if front.answer is None:
            front.waiting.append(seen)
            return Reading(held=[seen.target])
        return Reading([_by_front(seen, front)])


def _question(step: str, seen: _Seen, url: str, context: Mapping[str, object]) -> Question:
    return Question(host_of(url), "web", step, (seen.target,), page_request(url), context, polite=True)


def page_question(site: str, target: Target, url: str, step: str = "page") -> Question:
    """The question whether a page is there."""
    return Question(host_of(url), site, step, (target,), page_request(url), polite=True)


def page_request(url: str) -> Request:
    """As much as a page is judged by; of what is not a page only the beginning is read."""
    if _NO_PAGES.search(address(url).path):
        return Request(url, body_limit=FEW)
    return Request(url, read_on=READ_ON)


def _once_more(question: Question, answer: Answer, view: signs.PageView, claim: Claim) -> Question | None:
    """The question about where a page forwards to by its markup, or for a body that can be read; once."""
    if claim.health not in PRESENT:
        return None
    if "content coding" in answer.detail and "plain" not in question.context:
        request = replace(question.request, headers=(("Accept-Encoding", "identity"),))
        return replace(question, request=request, context={**question.context, "plain": True})
    if not view.refresh or "hops" in question.context:
        return None
    onward = onward_from(answer.final_url, view.refresh)
    if onward in ("", answer.final_url):
        return None
    hops = (
        *answer.hops,
        Hop(answer.status or 200, onward, lasting=_for_good(answer.final_url, view, onward)),
    )
    asked = page_question(question.site, question.targets[0], onward, question.step)
    return replace(asked, context={"asked": answer.url, "hops": hops})


def _for_good(url: str, view: signs.PageView, onward: str) -> bool:
    """Whether a page that forwards by its markup stands for a redirect that is permanent.

    Within a site folders forward to their newest edition, and visits are told apart by a query: there the
    address that was asked stays the one to link.
    """
    if not view.instant or address(onward).query:
        return False
    return not same_owner(url, onward) or not (is_front(url) or url.endswith("/"))


def _since(question: Question, answer: Answer, view: signs.PageView) -> Answer:
    """The answer with the way to the page that forwarded to it: all of it is one chain of redirects.

    Where that page forwards once more, nobody knows where the way ends for good.
    """
    if "hops" not in question.context:
        return answer
    hops = (*question.context["hops"], *answer.hops)
    if view.refresh:
        hops = tuple(replace(hop, lasting=False) for hop in hops)
    return replace(answer, url=question.context["asked"], hops=hops)


def _found(seen: _Seen, claim: Claim) -> Finding:
    there = claim.health in PRESENT
    record = {"title": seen.view.title} if there and seen.view.title else {}
    notes = (*_certificate_note(seen.answer), *(unseen(seen.answer, seen.view) if there else ()))
    return finding(seen.target, "page", PAGE, claim, seen.answer, record=record, notes=notes)


def _by_sibling(seen: _Seen, sibling: _Other) -> Claim | None:
    """What a made-up address proves; None when both got the same, and that is all it says."""
    if sibling.view is None or sibling.answer is None:
        return judge_answer(seen.answer) if seen.judged.refutable else seen.judged.claim
    together = same_place(seen.answer, sibling.answer)
    if not together and not same_page(seen.view, sibling.view):
        stands = seen.judged.doubtful and (not seen.judged.refutable or signs.hints_at_absence(sibling.view))
        return seen.judged.claim if stands else judge_answer(seen.answer)
    if seen.judged.doubtful:
        return seen.judged.claim
    if hint := signs.hints_at_absence(seen.view):
        return Claim("soft_404", f"a made-up address beside it gets the same page: {hint}")
    if seen.view.password:
        return Claim("login_required", "every address beside it gets the same login form")
    if together and not signs.like_a_wall(seen.view):
        return Claim(
            "soft_404", f"a made-up address beside it is sent to the same place, {seen.answer.final_url}"
        )
    return None


def _by_front(seen: _Seen, front: _Other) -> Finding:
    """The same for every address beside it, and no word of absence: a wall, or another page than meant?"""
    menu = seen.view.links > 2
    wall = signs.like_a_wall(seen.view)
    if front.view is not None and same_page(seen.view, front.view) and (wall or not menu):
        return _found(
            seen, Claim("challenge", "every address of the site gets the same page, the front page too")
        )
    if wall and not menu and len(seen.view.text) < signs.BRIEF:
        return _found(seen, Claim("challenge", "every address beside it gets the same closed door"))
    return _found(seen, Claim("soft_404", "a made-up address beside it gets the same page"))


def _certificate_note(answer: Answer) -> tuple[str, ...]:
    expires = answer.certificate_expires
    now = answer.at or datetime.now(UTC)
    if expires is None or not now <= expires <= now + CERTIFICATE_NOTICE:
        return ()
    return (f"the certificate of {address(answer.final_url).hostname} expires on {expires:%Y-%m-%d}",)
