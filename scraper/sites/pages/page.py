"""Any web page: is it there, and is it what it should be?

200 proves nothing on its own (rule 2), so the page is looked at. Where it shows no sign, and nothing in it
speaks of its address, a made-up sibling is asked once per host and path shape: a page that any address of
that shape gets is a soft 404, unless only scripts draw it. Where it shows a doubtful sign, the sibling
decides: a site that denies made-up addresses would have denied this one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from scraper.addresses import address
from scraper.model import Answer, Finding, Hop, Memory, Question, Reading, Request, Target
from scraper.sites.pages import signs
from scraper.sites.pages.recognising import Recogniser, prepare
from scraper.verdicts import suggesting
from scraper.verdicts.health import PAGE, Claim, finding, judge_answer

if TYPE_CHECKING:
    from scraper.settings import Settings

_NO_PAGES = re.compile(
    r"\.(pdf|zip|gz|tgz|bz2|xz|7z|tar|png|jpe?g|gif|svg|mp4|mp3|csv|json|xml|pt|pth|h5|ckpt|npz|pkl|bin|whl|pptx?|docx?)$",
    re.I,
)
"""Endings of what is no page: its first bytes are enough."""

FEW = 4_096
"""Bytes read of what is no page. HEAD would save them, and is not believed: some servers say yes to it and
404 to GET, and what is called `paper.pdf` may be a page that says "not found"."""

CERTIFICATE_NOTICE = timedelta(days=14)


@dataclass(slots=True)
class _Sibling:
    """What is known of a made-up address of one shape, and who waits to hear it."""

    answered: bool = False
    view: signs.PageView | None = None
    """The page it got; None when it got none."""
    waiting: list[_Seen] = field(default_factory=list)


class _Seen(NamedTuple):
    """A page that was visited, and what it says for itself."""

    target: Target
    answer: Answer
    view: signs.PageView
    claim: Claim


class Page:
    """Web pages, one question each."""

    name = "web"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._probe = settings.probe
        self._siblings: dict[tuple[str, ...], _Sibling] = {}
        self._recogniser = Recogniser(memory, self.name, archive=settings.archive)

    def key(self, target: Target) -> str:
        return _host(target.url)

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        prepare()
        return [page_question("web", target, target.url) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "memento":
            return self._recogniser.read(question, answer)
        return self._recogniser.look_at(self._read(question, answer))

    def _read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "sibling":
            return self._read_sibling(question, answer)
        (target,) = question.targets
        answer = _since(question, answer)
        view = signs.look(answer)
        claim = judge_page(answer, view)
        if (onward := _forwarded(question, answer, view, claim)) is not None:
            return Reading(questions=[onward])
        made_up = _made_up(answer.final_url) if self._worth_a_probe(answer, view, claim) else None
        seen = _Seen(target, answer, view, claim)
        self._recogniser.saw(target, answer, view)
        return self._compare(seen, made_up) if made_up else Reading([_found(seen, claim)])

    def _worth_a_probe(self, answer: Answer, view: signs.PageView, claim: Claim) -> bool:
        if not (self._probe and view.source):
            return False
        if claim.reason == "soft_404":
            return not signs.missing(answer, view, surely=True)
        return (
            claim.health.value == "alive"
            and not signs.drawn_by_scripts(view)
            and not _speaks_of_its_address(answer.final_url, view)
        )

    def _compare(self, seen: _Seen, made_up: _MadeUp) -> Reading:
        sibling = self._siblings.get(made_up.shape)
        if sibling is None:
            self._siblings[made_up.shape] = _Sibling(waiting=[seen])
            context = {"shape": made_up.shape}
            request = Request(made_up.url)
            host = _host(made_up.url)
            return Reading(
                questions=[Question(host, "web", "sibling", (seen.target,), request, context, polite=True)]
            )
        if not sibling.answered:
            sibling.waiting.append(seen)
            return Reading(held=[seen.target])
        return Reading([_compared(seen, sibling)])

    def _read_sibling(self, question: Question, answer: Answer) -> Reading:
        sibling = self._siblings[question.context["shape"]]
        sibling.answered = True
        there = answer.status is not None and 200 <= answer.status < 300 and not signs.to_front_page(answer)
        sibling.view = signs.look(answer) if there else None
        waiting, sibling.waiting = sibling.waiting, []
        return Reading([_compared(seen, sibling) for seen in waiting])


def page_question(site: str, target: Target, url: str, step: str = "page") -> Question:
    """The question whether a page is there."""
    return Question(_host(url), site, step, (target,), page_request(url), polite=True)


def page_request(url: str) -> Request:
    """As much as a page is judged by; of what is no page only the beginning is read."""
    return Request(url, body_limit=FEW) if _NO_PAGES.search(address(url).path) else Request(url)


def judge_page(answer: Answer, view: signs.PageView) -> Claim:
    """The claim of one page: its status and redirects, then what it shows.

    A challenge is looked for at any status: bot walls answer with 200, 403, 429 and 503.
    """
    if answer.status is not None and (why := signs.challenged(answer, view)):
        return Claim("challenge", why)
    claim = judge_answer(answer)
    if claim.health.value not in ("alive", "moved"):
        return claim
    if why := signs.wants_login(answer, view):
        return Claim("login_required", why)
    if why := signs.closed_for_works(view):
        return Claim("server_error", why)
    if why := signs.parked(answer, view):
        return Claim("parked", why)
    if why := signs.missing(answer, view):
        return Claim("soft_404", why)
    return claim


def _forwarded(question: Question, answer: Answer, view: signs.PageView, claim: Claim) -> Question | None:
    """The question about where a page forwards to by its markup; once, and not back to itself."""
    if not view.refresh or claim.health.value not in ("alive", "moved") or "hops" in question.context:
        return None
    try:
        onward = urljoin(answer.final_url, view.refresh)
    except ValueError:
        return None
    if address(onward).scheme not in ("http", "https") or onward.partition("#")[0] == answer.final_url:
        return None
    hops = (*answer.hops, Hop(answer.status or 200, onward))
    asked = page_question(question.site, question.targets[0], onward, question.step)
    return replace(asked, context={"asked": answer.url, "hops": hops})


def _since(question: Question, answer: Answer) -> Answer:
    """The answer with the way to the page that forwarded to it: all of it is one chain of redirects."""
    if "hops" not in question.context:
        return answer
    hops = (*question.context["hops"], *answer.hops)
    return replace(answer, url=question.context["asked"], hops=hops)


def _found(seen: _Seen, claim: Claim) -> Finding:
    there = claim.health.value in ("alive", "moved")
    record = {"title": seen.view.title} if there and seen.view.title else {}
    notes = _certificate_note(seen.answer)
    return finding(seen.target, "page", PAGE, claim, seen.answer, record=record, notes=notes)


def _compared(seen: _Seen, sibling: _Sibling) -> Finding:
    if sibling.view is not None and signs.same_page(seen.view, sibling.view):
        if seen.view.password:
            return _found(seen, Claim("login_required", "every address beside it gets the same login form"))
        return _found(seen, Claim("soft_404", "a made-up address beside it gets the same page"))
    if seen.claim.reason == "soft_404" and sibling.view is not None and signs.says_missing(sibling.view):
        return _found(seen, seen.claim)
    return _found(seen, judge_answer(seen.answer))


def _certificate_note(answer: Answer) -> tuple[str, ...]:
    expires = answer.certificate_expires
    now = answer.at or datetime.now(UTC)
    if expires is None or not now <= expires <= now + CERTIFICATE_NOTICE:
        return ()
    return (f"the certificate of {address(answer.final_url).hostname} expires on {expires:%Y-%m-%d}",)


def _host(url: str) -> str:
    return (address(url).hostname or "").rstrip(".")


def _speaks_of_its_address(url: str, view: signs.PageView) -> bool:
    """A page whose title or heading has the words of its address is no page for everybody."""
    last = unquote(address(url).path).rstrip("/").rpartition("/")[2]
    words = [word for word in re.findall(r"[^\W\d_]{4,}", last.lower()) if word not in ("html", "index")]
    said = " ".join((view.title, *view.headings)).lower()
    return bool(words) and sum(word in said for word in words) * 2 >= len(words)


_IDENTIFIER = re.compile(
    r"(.*[_-])?id|[a-z]{1,6}id|p|doc|article|item|paper|key|slug|page|page_?name|title|file|path|code|nr|name"
    r"|number|no|entry|record|story|product|project|pub|publication|dataset|model",
    re.I,
)
"""Names of query parameters that say which page is meant. Others (`utm_source`, `lang`, `ref`, `v`) may be
anything, and the page is the same: that says nothing against it."""


class _MadeUp(NamedTuple):
    url: str
    shape: tuple[str, ...]
    """What addresses have in common that one program of the site is likely to answer."""


def _made_up(url: str) -> _MadeUp | None:
    """A made-up address like this one; made from the host alone, so the same one at every run.

    An identifier in the query is replaced, or the last segment of the path; None where there is neither.
    """
    parts = address(url)
    telling = address(suggesting.clean(url)).query.split("&")  # `gclid` ends in `id` and tells nothing
    invented = "x" + hashlib.sha256(parts.netloc.encode("utf-8", "replace")).hexdigest()[:15]
    pairs = [pair.partition("=") for pair in parts.query.split("&")]
    for number, (name, _, value) in enumerate(pairs):
        if value and _IDENTIFIER.fullmatch(name) and f"{name}={value}" in telling:
            pairs[number] = (name, "=", invented)
            changed = parts._replace(query="&".join(map("".join, pairs)), fragment="")
            return _MadeUp(changed.geturl(), (parts.netloc, parts.path, name))
    if signs.is_front(parts._replace(query="").geturl()):
        return None
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    match = re.search(r"\.\w{1,5}$", last)
    ending = match[0] if match else ""
    slash = "/" if parts.path.endswith("/") else ""
    changed = parts._replace(path=f"{folder}/{invented}{ending}{slash}", fragment="")
    return _MadeUp(changed.geturl(), (parts.netloc, str(folder.count("/")), ending))
