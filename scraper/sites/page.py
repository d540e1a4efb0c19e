"""Any web page: is it there, and is it what it should be?

200 proves nothing on its own (rule 2), so the page is looked at. Where it shows no sign, and nothing in it
speaks of its address, a made-up sibling is asked once per host and path shape: a page that any address of
that shape gets is a soft 404, unless only scripts draw it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from scraper.health import PAGE, Claim, finding, judge_answer
from scraper.model import Answer, Finding, Question, Reading, Request, Target
from scraper.sites import Memory, signs

if TYPE_CHECKING:
    from scraper.settings import Settings

_NO_PAGES = re.compile(
    r"\.(pdf|zip|gz|tgz|bz2|xz|7z|tar|png|jpe?g|gif|svg|mp4|mp3|csv|json|xml|pt|pth|h5|ckpt|npz|pkl|bin|whl|pptx?|docx?)$",
    re.I,
)
"""Endings of what is no page: HEAD may answer for it, there is no text to look at."""

CERTIFICATE_NOTICE = timedelta(days=14)


@dataclass(slots=True)
class _Sibling:
    """What is known of a made-up address of one shape, and who waits to hear it."""

    view: signs.PageView | None = None
    answered: bool = False
    waiting: list[tuple[Target, Answer, signs.PageView]] = field(default_factory=list)


class Page:
    """Web pages, one question each."""

    name = "web"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._probe = settings.probe
        self._siblings: dict[tuple[str, ...], _Sibling] = {}

    def key(self, target: Target) -> str:
        return _host(target.url)

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [page_question("web", target, target.url) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "sibling":
            return self._read_sibling(question, answer)
        (target,) = question.targets
        view = signs.look(answer)
        claim = judge_page(answer, view)
        if claim.health.value != "alive" or not self._worth_a_probe(answer, view):
            return Reading([_found(target, answer, view, claim)])
        return self._compare(target, answer, view)

    def _worth_a_probe(self, answer: Answer, view: signs.PageView) -> bool:
        return (
            self._probe
            and bool(view.source)
            and not signs.is_front(answer.final_url)
            and not signs.drawn_by_scripts(view)
            and not _speaks_of_its_address(answer.final_url, view)
        )

    def _compare(self, target: Target, answer: Answer, view: signs.PageView) -> Reading:
        shape = _shape(answer.final_url)
        sibling = self._siblings.get(shape)
        if sibling is None:
            self._siblings[shape] = _Sibling(waiting=[(target, answer, view)])
            return Reading(questions=[_sibling_question(target, answer.final_url)])
        if not sibling.answered:
            sibling.waiting.append((target, answer, view))
            return Reading(held=[target])
        return Reading([_compared(target, answer, view, sibling.view)])

    def _read_sibling(self, question: Question, answer: Answer) -> Reading:
        sibling = self._siblings[_shape(question.request.url)]
        sibling.answered = True
        there = answer.status is not None and 200 <= answer.status < 300 and not signs.to_front_page(answer)
        sibling.view = signs.look(answer) if there else None
        waiting, sibling.waiting = sibling.waiting, []
        return Reading([_compared(target, seen, view, sibling.view) for target, seen, view in waiting])


def page_question(site: str, target: Target, url: str, step: str = "page") -> Question:
    """The question whether a page is there; HEAD may answer for what is no page."""
    method = "HEAD" if _NO_PAGES.search(urlsplit(url).path) else "GET"
    return Question(_host(url), site, step, (target,), Request(url, method=method))


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
    if why := signs.parked(answer, view):
        return Claim("parked", why)
    if why := signs.missing(answer, view):
        return Claim("soft_404", why)
    return claim


def _found(target: Target, answer: Answer, view: signs.PageView, claim: Claim) -> Finding:
    there = claim.health.value in ("alive", "moved")
    record = {"title": view.title} if there and view.title else {}
    return finding(target, "page", PAGE, claim, answer, record=record, notes=_certificate_note(answer))


def _compared(
    target: Target, answer: Answer, view: signs.PageView, sibling: signs.PageView | None
) -> Finding:
    if sibling is not None and signs.same_page(view, sibling):
        claim = Claim("soft_404", "a made-up address beside it gets the same page")
    else:
        claim = judge_answer(answer)
    return _found(target, answer, view, claim)


def _certificate_note(answer: Answer) -> tuple[str, ...]:
    expires = answer.certificate_expires
    now = answer.at or datetime.now(UTC)
    if expires is None or not now <= expires <= now + CERTIFICATE_NOTICE:
        return ()
    return (f"the certificate of {urlsplit(answer.final_url).hostname} expires on {expires:%Y-%m-%d}",)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # `http://[::1/`: the client will say invalid_url
        return ""


def _speaks_of_its_address(url: str, view: signs.PageView) -> bool:
    """A page whose title or heading has the words of its address is no page for everybody."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    words = [word for word in re.findall(r"[^\W\d_]{4,}", last.lower()) if word not in ("html", "index")]
    said = " ".join((view.title, *view.headings)).lower()
    return bool(words) and sum(word in said for word in words) * 2 >= len(words)


def _shape(url: str) -> tuple[str, ...]:
    """Host, depth, ending and query names: addresses that one program of the site is likely to answer."""
    parts = urlsplit(url)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    ending = re.search(r"\.\w{1,5}$", parts.path)
    return (parts.netloc, str(parts.path.rstrip("/").count("/")), ending[0] if ending else "", *names)


def _sibling_question(target: Target, url: str) -> Question:
    """A made-up address of the same shape; made from the host alone, so the same one at every run."""
    parts = urlsplit(url)
    made_up = "x" + hashlib.sha256(parts.netloc.encode()).hexdigest()[:15]
    query = parse_qsl(parts.query, keep_blank_values=True)
    if query:
        changed = urlencode([*query[:-1], (query[-1][0], made_up)])
        address = parts._replace(query=changed, fragment="")
    else:
        folder, _, last = parts.path.rstrip("/").rpartition("/")
        ending = re.search(r"\.\w{1,5}$", last)
        slash = "/" if parts.path.endswith("/") else ""
        path = f"{folder}/{quote(made_up)}{ending[0] if ending else ''}{slash}"
        address = parts._replace(path=path, fragment="")
    sibling = address.geturl()
    return Question(_host(url), "web", "sibling", (target,), Request(sibling))
