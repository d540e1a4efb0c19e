"""A forum page of OpenReview, live or archived: what it is, and its record.

A forum page proves a paper only by its `citation_title`: unknown ids, API errors and the guest gate all
answer 200. Since June 2025 the site redirects with 307 and puts its errors into the page; before, it answered
404.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from scraper.model import Answer, Record
from scraper.sites.citation import Head, citation_record, read_head
from scraper.sites.code_links import code_addresses, code_fields
from scraper.sites.openreview.answers import GATE_PATH, GATE_TITLE
from scraper.sites.openreview.notes import is_public, note_record
from scraper.sites.values import is_challenge, items, mapping, one_line, parse_json
from scraper.verdicts.health import Claim, judge_answer

_MESSAGE = re.compile(rb"<pre[^>]{0,200}error-message[^>]{0,200}>(.{0,2000}?)</pre>", re.DOTALL)
_NEXT_DATA = re.compile(
    rb"<script[^>]{0,200}id=[\"']?__NEXT_DATA__[^>]{0,200}>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
_HEADING = re.compile(rb"<h2[^>]{0,200}\bcitation_title\b", re.IGNORECASE)
_MESSAGES = (
    (re.compile(r"was not found|^not found$|id is required", re.IGNORECASE), "soft_404"),
    (re.compile(r"too many requests", re.IGNORECASE), "rate_limited"),
    (re.compile(r"permission", re.IGNORECASE), "private"),
    (re.compile(r"challenge", re.IGNORECASE), "challenge"),
)


class ForumPage(NamedTuple):
    """What a forum page is; with the claim `ok` it shows a paper."""

    claim: Claim
    record: Record


def read_forum_page(answer: Answer) -> ForumPage:
    """The live page."""
    if answer.failure or answer.status != 200:
        claim = (
            Claim("challenge", "a page that asks for proof of a human")
            if is_challenge(answer)
            else judge_answer(answer)
        )
        return ForumPage(_not_alive(claim, answer), {})
    head = read_head(answer.body)
    claim = _wall(answer, head) or _shown(answer, head)
    return ForumPage(claim, _tagged(answer, head) if claim.reason == "ok" else {})


def read_archived_page(answer: Answer, forum: str) -> Record:
    """The record of an archived page; empty when it shows no paper, or another one.

    The note in `__NEXT_DATA__` (2020 to June 2025) says more than the tags, without abstract before 2023.
    """
    if answer.failure or answer.status != 200:
        return {}
    note = _embedded_note(answer.body, forum)
    if note:
        return note_record(note)
    head = read_head(answer.body)
    shown = head.first("citation_title") and not head.title.startswith(GATE_TITLE)
    return _tagged(answer, head) if shown else {}


def _not_alive(claim: Claim, answer: Answer) -> Claim:
    """A 2xx without a page (204, 206) shows no paper."""
    return Claim("bad_answer", f"HTTP {answer.status} without a page") if claim.reason == "ok" else claim


def _wall(answer: Answer, head: Head) -> Claim | None:
    path = _split(answer.final_url)[0]
    if path.rstrip("/") == GATE_PATH or head.title.startswith(GATE_TITLE) or is_challenge(answer):
        return Claim("challenge", "the page asks for proof of a human before it shows the paper")
    if path.rstrip("/") == "/login":
        return Claim("private", "guests are sent to the login page")
    return None


def _shown(answer: Answer, head: Head) -> Claim:
    path = _split(answer.final_url)[0].rstrip("/")
    if path in ("", "/group", "/venue"):
        return Claim("soft_404", f"the forum's address leads to {path or 'the front page'}")
    if path != "/forum":
        return Claim("no_answer", f"the forum's address leads to {path}")
    # Notes that were imported from dblp carry no citation tags; their heading has the class of the same name.
    if head.first("citation_title") or _HEADING.search(answer.body):
        return Claim("ok")
    message = _message(answer.body)
    for pattern, reason in _MESSAGES:
        if pattern.search(message):
            return Claim(reason, f"the page says: {message}")
    if message:
        return Claim("server_error", f"the page says: {message}")
    return Claim("no_answer", "a forum page without a paper (no citation_title) and without a message")


def _message(body: bytes) -> str:
    match = _MESSAGE.search(body)
    written = re.sub(r"<[^<>]*>", " ", match[1].decode("utf-8", "replace")) if match else ""
    return (one_line(html.unescape(written)) or "")[:200]


def _tagged(answer: Answer, head: Head) -> Record:
    record = citation_record(head)
    forum = _split(answer.final_url)[1]
    if forum:
        record["forum_id"] = forum
    prose = record.get("abstract")
    found = code_addresses((), [prose] if isinstance(prose, str) else ())
    # The tags say nothing of the field `code`: only what was found is known.
    return record | (code_fields(found) if found else {})


def _split(url: str) -> tuple[str, str]:
    """Path, and the value of `id`, of an address or of the address in a memento's."""
    try:
        parts = urlsplit(url)
        inner = parts.path.find("://")
        if inner >= 0:  # https://web.archive.org/web/2022id_/https://openreview.net/forum?id=…
            parts = urlsplit(f"https{parts.path[inner:]}?{parts.query}")
        return parts.path, parse_qs(parts.query).get("id", [""])[0]
    except ValueError:
        return "", ""


def _embedded_note(body: bytes, forum: str) -> Mapping[str, Any]:
    match = _NEXT_DATA.search(body)
    document = mapping(parse_json(match[1])) if match else {}
    properties = mapping(mapping(document.get("props")).get("pageProps"))
    several = properties.get("forumNotes")
    notes = [properties.get("forumNote"), *(items(several) or mapping(several).values())]
    ours = (note for note in map(mapping, notes) if forum in (note.get("id"), note.get("forum")))
    return next((note for note in ours if is_public(note) and note.get("content")), {})
