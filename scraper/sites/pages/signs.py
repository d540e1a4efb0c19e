"""What a page shows: that the thing is not there, or that its domain is for sale. Pure.

Two degrees of evidence. *Proof* convicts on its own: title and heading together, a page that says nothing
else, a mark in the markup. A *doubt* is a sentence, or a title or heading alone: papers, rooms and songs have
such names; where a made-up sibling can be asked, that decides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scraper.addresses import address, hostname, is_front
from scraper.model import Answer
from scraper.sites.pages import phrases, wordings
from scraper.sites.pages.lines import bare, letters, quote, search_where, segments
from scraper.sites.pages.view import BARE, PageView, is_html, look
from scraper.sites.pages.walls import BRIEF, SHORT, challenged, like_a_wall, wants_login

__all__ = [
    "BARE",
    "BRIEF",
    "LONG",
    "SHORT",
    "PageView",
    "challenged",
    "is_html",
    "like_a_wall",
    "look",
    "wants_login",
]

MIDDLING, LONG = 2_500, 4_000
"""Characters of visible text: below BARE a page says nothing but its message, above this it has a text of its
own; below BRIEF a sentence in the middle of it may be the message. Measured on error pages of common servers
and site builders, with their menus and footers."""


class Evidence(NamedTuple):
    """Why something is not there, in words; empty where nothing says so."""

    why: str = ""
    proof: bool = False
    face: bool = True
    """Whether its title or a heading says so, and not only its text."""
    removed: bool = False
    """Whether it is said to have been there."""


# ── nothing is there ─────────────────────────────────────────────────────────────────────────────────────

_MISSING_PATH = re.compile(
    r"/(404|not-?found|page-?not-?found|error-?404|notfound|404error)(\.\w+)?/?$", re.I
)
_DECLARES = "prerender-status-code"
_DECLARED = re.compile(rf'<meta[^<>]+{_DECLARES}["\'][^<>]+404')


def missing(answer: Answer, page: PageView) -> Evidence:
    """Why this 200 is a soft 404."""
    if answer.hops and _MISSING_PATH.search(address(answer.final_url).path):
        return Evidence(f"it redirects to {address(answer.final_url).path}", proof=True)
    if to_front_page(answer):
        return Evidence("the deep link ends at the site's front page", proof=True)
    if _DECLARES in page.markup and _DECLARED.search(page.source):
        return Evidence("the page declares itself a 404 (prerender-status-code)", proof=True)
    return says_missing(page)


def says_missing(page: PageView) -> Evidence:
    """Where the page itself says that nothing is there."""
    if len(page.text) >= LONG:
        return Evidence()
    evidence = _said(page)
    return Evidence() if evidence.why and explains(page) else evidence


def _said(page: PageView) -> Evidence:
    titled = next(filter(names_absence, segments(page.title)), "")
    headed = next(filter(names_absence, page.headings[:3]), "")
    number = next(filter(_is_number, (*segments(page.title), *page.headings[:3])), "")
    if page.cut:  # what was not read may say anything
        return Evidence(f"the title says {quote(page.title)}") if titled and headed else Evidence()
    if why := _face_says(page, titled, headed, number):
        return Evidence(why, proof=True)
    if (titled and len(page.text) < MIDDLING) or (headed and len(page.text) < SHORT):
        why = f"the {'title' if titled else 'heading'} says {quote(titled or headed)}"
        proof = len(page.text) < BARE or _text_agrees(page)
        line = titled or headed
        removed = wordings.removal(line) is not None and wordings.absence(line) is None
        return Evidence(why, proof, removed=removed)
    said = _text_says(page, number)._replace(face=False)
    if number and not said.why and len(page.text) < MIDDLING and (found := wordings.absence(page.text)):
        return Evidence(f"the page says {quote(number)} and {quote(found[0])}")
    return said


def _face_says(page: PageView, titled: str, headed: str, number: str) -> str:
    """Title and heading together, or a page that says nothing else."""
    titles = segments(page.title)
    if titled and (headed or any(_is_number(heading) for heading in page.headings[:3])):
        return f"the title says {quote(page.title)}"
    if headed and any(_is_number(title) for title in titles):
        return f"the title says {quote(page.title)}"
    if titled and not page.headings and len(page.text) < BRIEF:
        return f"the title says {quote(page.title)}"
    if any(_is_number(title) for title in titles) and any(
        _is_number(heading) for heading in page.headings[:3]
    ):
        return f"the title says {quote(page.title)}"
    if number and not any(map(_is_name, (page.title, *page.headings[:1]))) and _little_besides(page):
        return f"the page says {quote(number)} and nothing else"
    alone = len(page.text) < 120 and not page.headings
    if _ERROR_CODE.fullmatch(page.text) or (alone and names_absence(page.text)):
        return f"the page says {quote(page.text)}"
    return ""


def _little_besides(page: PageView) -> bool:
    return letters(page.text) - letters(" ".join(page.headings[:1])) < 40


_ERROR_CODE = re.compile(r"\W*(?:[A-Z]{2,20}_){1,4}NOT_FOUND\W*")
"""What a program says to programs: the whole of a page."""


def _text_agrees(page: PageView) -> bool:
    """Whether a short text says so once more, beyond the title and the headings, and to the visitor."""
    if len(page.text) >= BRIEF or not phrases.TO_THE_VISITOR.search(page.text):
        return False
    rest = page.text
    for line in (*segments(page.title), *page.headings[:3]):
        rest = rest.replace(line, " . ")
    return bool(wordings.absence(rest) or wordings.removal(rest))


def _is_name(title: str) -> bool:
    """`Room 404`, `Line 404`: a title with the number in it that is not the status."""
    return bool(re.search(r"\b4(?:04|10)\b", title)) and not any(_is_number(part) for part in segments(title))


def _text_says(page: PageView, number: str) -> Evidence:
    """A sentence in a short text."""
    if len(page.text) >= BRIEF:
        return Evidence()
    lines = (*segments(page.title), *page.headings[:2])
    if sign := phrases.OBJECT_STORES.search(page.text):
        return Evidence(f"the page says {quote(sign[0])}", proof=len(page.text) < BARE)
    if found := wordings.absence(page.text):
        return Evidence(f"the page says {quote(found[0])}", proof=_two_witnesses(page, number))
    if known := wordings.wording(page.text):
        return Evidence(f"the page says {quote(known)}", proof=_two_witnesses(page, number))
    if len(page.text) < BARE and (said := next(filter(phrases.NUMBERED_ERROR.search, lines), "")):
        return Evidence(f"the page says {quote(said)}")
    if phrases.NUMBERED.search(page.text) and not _is_name(page.title) and number:
        return Evidence(f"the page says {quote(number)}")
    if phrases.REMAINS.search(page.text):
        return Evidence()
    if found := wordings.removal(page.text):
        proof = _two_witnesses(page, number, _GONE)
        alone = len(page.text) < BARE  # else a menu and a heading may have come together
        return Evidence(f"the page says {quote(found[0])}", proof, removed=alone)
    if len(page.text) < BARE and (sign := phrases.EMPTY_HOST.search(page.text)):
        return Evidence(f"the page says {quote(sign[0])}")
    if len(page.text) < BARE and not _is_name(page.title) and (number or _begins_with_status(page)):
        return Evidence(f"the page says {quote(number or page.text[:12])} and little else")
    return Evidence()


def _begins_with_status(page: PageView) -> bool:
    """`404 Whatever`, in any language; `404 people` goes on in small letters."""
    found = _FIRST_STATUS.match(page.text)
    return found is not None and not page.text[found.end() :].lstrip(" .:–—-")[:1].islower()


_GONE = frozenset({"gone", "removed", "deleted"})


def _two_witnesses(page: PageView, number: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether more than a sentence speaks: a page that says little else has the status for a title, a heading
    or its first word, or addresses the visitor."""
    if len(page.text) >= BARE:
        return False
    named = any(wordings.fold(line) in names for line in page.headings[:1])
    first = _FIRST_STATUS.match(page.text) and not _is_name(page.title)
    return bool(number or named or first or phrases.TO_THE_VISITOR.search(page.text))


_FIRST_STATUS = re.compile(r"\W*(?:(?:http|error|status|code)\W*)*(?:404|410)\b(?!\W*\d)", re.I)


def names_absence(line: str) -> bool:
    """Whether a line says that something is not there, and nothing else: `Seite nicht gefunden | 404`."""
    return len(line) <= _LONGEST_LINE and _names_absence(line)


_LONGEST_LINE = 1_000


@lru_cache(2048)  # a page's heading is mostly its title once more, and a site's name stands in all its titles
def _names_absence(line: str) -> bool:
    line = bare(line)
    folded = wordings.fold(line)
    if not 3 < len(folded) <= 120 or folded in phrases.BARE_WORDS or _is_number(line):
        return False
    core = _STATUS.sub(" ", line).strip("0123456789 .!?:;,#()[]-–—")
    folded = wordings.fold(core)
    if folded in phrases.WHOLE_WORDS or folded in wordings.translated():
        return True
    found = wordings.absence(core) or wordings.removal(core)
    if found is None:
        return False
    core = found.string
    before, rest = letters(core[: found.start()]), core[found.end() :]
    return before <= 0.62 * letters(core) and letters(rest) <= 8 and "(" not in rest


_STATUS = re.compile(
    r"(?:\b(?:http|error|status|code|erreur|fehler|ошибка|errore?)\W*)?\b4(?:04|10)\b[\s:.,()-]*", re.I
)


def _is_number(line: str) -> bool:
    return bool(phrases.NUMBER.fullmatch(bare(line)))


def explains(page: PageView) -> bool:
    """A text about error pages, for readers; the pages themselves are terse."""
    if len(page.text) < 120:
        return False
    numbered = any(map(page.text.__contains__, _FIRST_DIGITS))
    if numbered and len(set(phrases.STATUS_NUMBERS.findall(page.text))) > 2:
        return True
    return search_where(OF_ERRORS, phrases.ABOUT, page.text) is not None


_FIRST_DIGITS = ("40", "41", "42", "50")
OF_ERRORS = ("code", "error", "status", "message", "hypertext", "response", "alert")
"""One of them is in all that `ABOUT` matches."""


def hints_at_absence(page: PageView) -> str:
    """The faintest word of absence. It counts only on a page that every address gets."""
    if why := says_missing(page).why:
        return why
    text = f"{page.title} . {' . '.join(page.headings[:3])} . {page.text[:SHORT]} . {page.unscripted[:SHORT]}"
    if found := wordings.absence(text) or wordings.removal(text):
        return f"the page says {quote(found[0])}"
    if known := wordings.wording(text):
        return f"the page says {quote(known)}"
    if sign := re.search(r"\b(?:404|410)\b", text) or phrases.EMPTY_HOST.search(text):
        return f"the page says {quote(sign[0])}"
    return ""


def to_front_page(answer: Answer) -> bool:
    """A deep link that ends at the front page of its own site; a short link to another's is fine."""
    if not answer.hops or is_front(answer.url) or not is_front(answer.final_url):
        return False
    asked, final = hostname(answer.url), hostname(answer.final_url)
    return _same_site(asked, final)


def _same_site(one: str, other: str) -> bool:
    a, b = one.removeprefix("www."), other.removeprefix("www.")
    return a == b or a.endswith("." + b) or b.endswith("." + a)


# ── the same page for everybody ──────────────────────────────────────────────────────────────────────────


def drawn_by_scripts(page: PageView) -> bool:
    """A shell whose content only scripts draw: all its addresses look alike, dead or alive."""
    if page.scripts == 0 or page.cut or len(page.text) >= BARE:
        return False
    return len(page.text) < 80 or bool(phrases.NEEDS_SCRIPTS.search(f"{page.text} {page.unscripted}"))
