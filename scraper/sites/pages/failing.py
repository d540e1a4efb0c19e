"""What a page shows when the server fails, or refuses, and says so with 200. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.sites.pages import doors, phrases, sentences, wordings
from scraper.sites.pages.lines import bare, first_whole, letters, quote, segments
from scraper.sites.pages.view import BARE, PageView
from scraper.sites.pages.walls import BRIEF, MENU, SHORT
from scraper.verdicts.patterns import lazily


def failed(page: PageView) -> str:
    """Why this 200 is really a 5xx, in words, or an empty string."""
    if len(page.text) >= SHORT or page.cut:
        return ""
    if _PROXY in page.markup and (sign := _OF_PROXY.search(page.markup)):
        return f"a proxy's page: {sign[1]}"
    if said := _closed_for_works(page) or first_whole(phrases.FAILED, page):
        return f"the page says {quote(said)}" if len(page.text) < BRIEF else ""
    if any(
        wordings.fold(line) in wordings.server_errors()
        for line in (*segments(page.title), *page.headings[:2])
    ):
        return f"the page says {quote(page.title or page.headings[0])}" if len(page.text) < BRIEF else ""
    if sign := phrases.STACK_TRACE.search(page.text):
        lonely = not page.headings or len(page.text) < BRIEF
        return f"the page says {quote(sign[0])}" if lonely and not page.links > 3 else ""
    return ""


_PROXY = "ERR_"
_OF_PROXY = re.compile(r"""<body[^>]* id=["']?(ERR_[A-Z_]+)\b""")
"""Squid names its error pages so, in whatever language they are (errorpage.cc)."""


def _closed_for_works(page: PageView) -> str:
    lines = (*segments(page.title), *page.headings[:2])
    for line in lines:
        if (sign := phrases.WORKS.search(line)) and letters(line) - letters(sign[0]) <= 20:
            return line
    perhaps = next((line for line in lines if phrases.WORKS_PERHAPS.fullmatch(bare(line))), "")
    if perhaps and phrases.REGRET.search(page.text):
        return perhaps
    sign = phrases.WORKS.search(page.text) if len(page.text) < BARE else None
    return sign[0] if sign and phrases.REGRET.search(page.text) else ""


_WITH_STATUS = lazily(r"(?:\W|\b(?:http|error|status|code)\b)*([45]\d\d)\b\W*(.*)", re.I)


def status_said(page: PageView) -> int | None:
    """The status that a page has for a title or heading, with its name (`417 - Expectation Failed`)."""
    if len(page.text) >= BRIEF or page.cut:
        return None
    if len(page.text) < BARE and phrases.DENIED.search(page.text):
        return 403
    for line in (*segments(page.title)[:1], *page.headings[:1]):
        match = _WITH_STATUS.fullmatch(bare(line))
        if match and int(match[1]) in _statuses(match[2]):
            return int(match[1])
    return None


def status_named(page: PageView) -> int | None:
    """The status whose name is a page's title and only heading; papers have such names, too.

    A title that only says "Error" leaves it to the heading.
    """
    if len(page.text) >= BARE or page.cut or len(page.headings) > 1:
        return None
    titles = [line for line in segments(page.title) if not _MERELY.fullmatch(bare(line))]
    named = {status for line in titles for status in _statuses(line)}
    for heading in page.headings:
        named = named & _statuses(heading) if titles or not page.title else _statuses(heading)
    return min(named, default=None)


def status_numbered(page: PageView) -> int | None:
    """The status that is a whole title or heading, or stands behind some language's word for an error."""
    if len(page.text) >= BARE or page.cut:
        return None
    for line in (*segments(page.title), *page.headings[:2]):
        if (alone := _ALONE.fullmatch(bare(line))) and not _is_named_so(alone[1], page):
            return int(alone[1])
    said = set(_SAID.findall(page.text))
    return int(said.pop()) if said and len(set(_ANY_STATUS.findall(page.text))) == 1 else None


_STATUS = r"(4(?:0[0-9]|1[0-8]|2[1-9]|31|51)|5(?:0[0-9]|1[01]|2[0-7]))"
_ERROR = (
    rf"(?:{phrases.ERROR}|{phrases.ERROR_UNSPACED}|código|codice|code|status|http|状态码|狀態碼|ステータス)"
)
_ALONE = lazily(rf"(?:\W|\b{_ERROR}\b|{_ERROR})*{_STATUS}(?:\W|\b{_ERROR}\b|{_ERROR})*", re.I)
_MERELY = lazily(rf"(?:\W|\b{_ERROR}\b|{_ERROR})+", re.I)
_ANY_STATUS = lazily(rf"(?<!\d){_STATUS}(?!\d)")
_SAID = lazily(rf"{_ERROR}[\s:：#№.(-]{{0,4}}(?:{_ERROR}[\s:：#(-]{{0,3}})?{_STATUS}(?!\d)", re.I)


def _is_named_so(status: str, page: PageView) -> bool:
    """`Fiat 500`, `500 questions`: a line that has the number and is more than the number."""
    if any(re.match(rf"{status} [a-z]", line) for line in (page.title, *page.headings[:1])):
        return True
    return status in page.title and not any(_ALONE.fullmatch(bare(part)) for part in segments(page.title))


class Refusal(NamedTuple):
    """What a server says it cannot do, and in which reason of ours that ends."""

    reason: str
    why: str


def refused(page: PageView) -> Refusal | None:
    """What a server says it cannot do, in a title or a heading, where little else is said."""
    if len(page.text) >= BRIEF or page.cut or page.links > MENU:
        return None
    for line in (*segments(page.title)[:2], *page.headings[:1]):
        told = len(line) <= _LONGEST and not _statuses(line)  # names are told apart more carefully
        said = sentences.said("refusals", line) if told else None
        if said and _NAMED_AFTER.match(line, said.end()):
            continue
        if said and 2 * letters(said[0]) >= letters(line):
            reason = "forbidden" if doors.ACCESS_DENIED.search(said[0]) else "server_error"
            return Refusal(reason, f"the page says {quote(line)}")
    return None


_NAMED_AFTER = re.compile(r" (?!Error|Exception)[A-Z]")
"""`Bad Gateway Drugs`: what follows is called after it."""

_LONGEST = 120
"""Characters of a line that says only that."""


def _statuses(line: str) -> set[int]:
    """What a line is the name of, in any language; a few programs have one name for two."""
    said = _POLITE.sub("", wordings.fold(line))
    return {status for status, names in _NAMES.items() if said in names} | wordings.statuses(said)


_POLITE = re.compile(r"(?<=\w)(?:です|でした|しました|されました|いたしました)$|(?<=\w)(?:입니다|습니다)$")
"""What makes of a name a sentence."""

_NAMES = {
    400: ("bad request",),
    401: ("unauthorized", "authorization required"),
    402: ("payment required",),
    403: ("forbidden", "access denied", "access forbidden"),
    405: ("method not allowed",),
    406: ("not acceptable",),
    407: ("proxy authentication required",),
    408: ("request timeout", "request time-out"),
    409: ("conflict",),
    411: ("length required",),
    412: ("precondition failed",),
    413: ("payload too large", "request entity too large", "content too large"),
    414: ("uri too long", "request-uri too large", "request-uri too long"),
    415: ("unsupported media type",),
    416: ("range not satisfiable", "requested range not satisfiable"),
    417: ("expectation failed",),
    418: ("i'm a teapot",),
    421: ("misdirected request",),
    423: ("locked",),
    429: ("too many requests",),
    451: ("unavailable for legal reasons", "unavailable due to legal reasons"),
    500: ("internal server error", "server error"),
    501: ("not implemented",),
    502: ("bad gateway",),
    503: ("service unavailable", "service temporarily unavailable"),
    504: ("gateway timeout", "gateway time-out"),
    505: ("http version not supported",),
}
"""RFC 9110, 15, and what common servers write for it."""
