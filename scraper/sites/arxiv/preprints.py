"""arXiv: preprints, a hundred at a time through the Atom API, and by their page when the API is unwell.

https://info.arxiv.org/help/api/user-manual.html; at most one request every three seconds and one connection
(https://info.arxiv.org/help/api/tou.html), which is the pace of the key `export.arxiv.org`.

The API leaves out what it does not know, sometimes also what it does, so an absent preprint is asked for once
more. One malformed id makes the whole answer an entry titled `Error`: the batch is halved until it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from lxml import etree

from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.sites.arxiv import BATCH, HOST, PAGES
from scraper.sites.arxiv.pages import page_record
from scraper.sites.arxiv.records import Preprint, preprint_record
from scraper.sites.citation import read_head
from scraper.sites.values import date_time, is_challenge, no_word, of_no_page, one_line
from scraper.verdicts.health import API, PAGE, Claim, finding

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_FEED_LIMIT = 4_194_304
_MOST_ENTRIES = 2_000
_PAGE_LIMIT = 262_144
"""The history of the versions stands near the end of the page."""
_NAMES = {"atom": "http://www.w3.org/2005/Atom", "arxiv": "http://arxiv.org/schemas/atom"}
_VERSION = re.compile(r"v(\d{1,3})\Z", re.ASCII)


class Feed(NamedTuple):
    """Entries by their ids, with and without version; `error` is what the API complains of."""

    entries: dict[str, Record]
    error: str = ""


class Arxiv:
    """See the module's docstring."""

    name = "arxiv"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        pass

    def key(self, target: Target) -> str:
        return HOST

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [_query(targets[start : start + BATCH]) for start in range(0, len(targets), BATCH)]

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "page":
            return Reading([_read_page(question.targets[0], answer)])
        feed = None if answer.failure or answer.truncated else read_feed(answer.body)
        if feed is None or answer.status not in (200, 400):
            return _api_failed(question, answer)
        if feed.error:
            return _api_complained(question, answer, feed.error)
        found = {t: feed.entries[i] for t in question.targets if (i := identity(t.id)) in feed.entries}
        missing = [target for target in question.targets if target not in found]
        findings = [_found(target, record, answer) for target, record in found.items()]
        if missing and not question.context["again"]:
            return Reading(findings, [_query(missing, again=True)])
        return Reading(findings + [_unknown(target, answer, "arXiv does not know it") for target in missing])


def identity(identifier: str) -> str:
    """One form of an id: `math.GT/0309136` and `math/0309136` are the same; a version stays."""
    bare = identifier.strip().lower().removeprefix("arxiv:")
    return re.sub(r"^([a-z-]+)\.[a-z]{2}/", r"\1/", bare)


def read_feed(body: bytes) -> Feed | None:
    """The entries of an Atom feed; None when it is not a feed. Entities and external parts stay unread."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or etree.QName(root).localname != "feed":
        return None
    entries: dict[str, Record] = {}
    for entry in islice(root.iterfind("atom:entry", _NAMES), _MOST_ENTRIES):
        address = _text(entry, "atom:id") or ""
        if "/api/errors" in address:
            return Feed({}, (_text(entry, "atom:summary") or "no reason given")[:200])
        _, _, versioned = address.partition("/abs/")
        if versioned:
            record, full = _record(entry, versioned), identity(versioned)
            entries |= {full: record, _VERSION.sub("", full): record}
    return Feed(entries)


def _record(entry: etree._Element, versioned: str) -> Record:
    version = _VERSION.search(versioned)
    names = (one_line(name.text) for name in entry.iterfind("atom:author/atom:name", _NAMES))
    return preprint_record(
        Preprint(
            id=_VERSION.sub("", versioned),
            version=version[0] if version else None,
            title=_text(entry, "atom:title"),
            abstract=_text(entry, "atom:summary"),
            authors=[name for name in names if name] or None,
            published_at=date_time(_text(entry, "atom:published")),
            modified_at=date_time(_text(entry, "atom:updated")),
            comment=_text(entry, "arxiv:comment"),
            journal=_text(entry, "arxiv:journal_ref"),
        )
    )


def _text(entry: etree._Element, path: str) -> str | None:
    """The text of a child; arXiv wraps its lines, so white space is one space."""
    child = entry.find(path, _NAMES)
    return one_line("".join(str(part) for part in child.itertext())) if child is not None else None


def _query(targets: Sequence[Target], *, again: bool = False) -> Question:
    ids = quote(",".join(identity(target.id) for target in targets), safe=",/")
    url = f"https://export.arxiv.org/api/query?id_list={ids}&max_results={len(targets)}"
    request = Request(url, body_limit=_FEED_LIMIT)
    return Question(HOST, "arxiv", "query", tuple(targets), request, {"again": again})


def _page(target: Target) -> Question:
    request = Request(target.url, body_limit=_PAGE_LIMIT)
    return Question(PAGES, "arxiv", "page", (target,), request, polite=True)


def _found(target: Target, record: Record, answer: Answer) -> Finding:
    code = tuple(record["code_urls"] or ())
    return finding(target, "arxiv-api", API, Claim("confirmed_by_api"), answer, record=record, code=code)


def _unknown(target: Target, answer: Answer, detail: str) -> Finding:
    """arXiv answers 200 for what it does not know; the verdict does not rest on that status."""
    said = finding(target, "arxiv-api", API, Claim("not_found", detail), answer)
    return replace(said, http_status=None)


def _api_complained(question: Question, answer: Answer, error: str) -> Reading:
    if len(question.targets) == 1:
        return Reading([_unknown(question.targets[0], answer, f"arXiv says: {error}")])
    half = len(question.targets) // 2
    parts: Iterable[Sequence[Target]] = (question.targets[:half], question.targets[half:])
    return Reading(questions=[_query(part, again=question.context["again"]) for part in parts])


def _api_failed(question: Question, answer: Answer) -> Reading:
    """The API's troubles say nothing of the links: their pages are asked, one by one."""
    limited = answer.body[:100].strip().lower().startswith(b"rate exceeded")
    claim = Claim("rate_limited", "arXiv's API: rate exceeded") if limited else no_word(answer)
    findings = [finding(target, "arxiv-api", API, claim, answer) for target in question.targets]
    if claim.reason in ("policy", "deadline", "offline"):
        return Reading(findings)
    return Reading(findings, [_page(target) for target in question.targets])


def _read_page(target: Target, answer: Answer) -> Finding:
    claim = of_no_page(answer)
    if is_challenge(answer):
        claim = Claim("challenge", "the page asks for proof of a human")
    if answer.failure or answer.status != 200 or claim.reason == "challenge":
        return finding(target, "arxiv-page", PAGE, claim, answer)
    head = read_head(answer.body)
    if not head.first("citation_title"):
        claim = Claim("no_answer", "a page without a preprint (no citation_title)")
        return finding(target, "arxiv-page", PAGE, claim, answer)
    record = page_record(head, answer.body, _VERSION.sub("", identity(target.id)))
    code = tuple(record["code_urls"] or ())
    return finding(target, "arxiv-page", PAGE, Claim("ok"), answer, record=record, code=code)
