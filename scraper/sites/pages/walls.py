"""Closed doors: a page that asks for proof of a human, or a login. Pure.

Papers, contact forms and documentation have the words of walls, too: a sign counts where it is a whole title
or heading, or where little else is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from scraper.addresses import address, hostname
from scraper.model import Answer
from scraper.sites.pages import doors, phrases, sentences, wordings
from scraper.sites.pages.lines import first_whole, letters, quote, segments
from scraper.sites.pages.view import BARE, PageView

SHORT, BRIEF, LITTLE = 1_500, 600, 400


def challenged(answer: Answer, page: PageView) -> str:
    """What kind of challenge the page is, in words, or an empty string."""
    if why := _told_by_headers(answer):
        return why
    if page.cut:  # a wall is short, and all of it came
        return ""
    return ("" if page.blank else _marked(page) or _worded(page)) or _consent(answer)


def _told_by_headers(answer: Answer) -> str:
    mitigated = answer.headers.get("cf-mitigated", "").lower() == "challenge"
    if mitigated or "challenge" in answer.headers.get("x-amzn-waf-action", ""):
        return "the server answered with a challenge for humans"
    return ""


@cache
def _marks() -> tuple[str, ...]:
    return tuple(line.partition("\t")[0] for line in wordings.lines("wall_marks.txt"))


def _marked(page: PageView) -> str:
    """By what only walls put into their markup, where little else is said."""
    if len(page.text) >= SHORT:
        return ""
    marker = next((m for m in _marks() if m in page.source), "")
    widget = next((m for m in phrases.CAPTCHA_MARKERS if m in page.source), "")
    own = phrases.DESCRIBED.search(page.source)
    if widget and (page.fields or own):  # a contact form; a page that scripts draw
        widget = ""
    if found := marker or widget:
        subject = any(phrases.CHALLENGE_SUBJECT.search(line) for line in _face(page))
        if (len(page.text) < LITTLE or subject) and not page.password:
            return f"the page carries {found} and little else"
    return ""


def _worded(page: PageView) -> str:
    length = len(page.text)
    if length < SHORT and (said := first_whole(phrases.CHALLENGE, page)):
        return f"the page says {quote(said)}"
    subject = next(filter(phrases.CHALLENGE_SUBJECT.search, _face(page)), "") if length < LITTLE else ""
    if subject and ((length < 80 and page.scripts) or phrases.CHALLENGE_SENTENCE.search(page.text)):
        return f"the page says {quote(subject)} and little else"
    if length < BRIEF and (sign := phrases.NEEDS_COOKIES.search(page.text)):
        return f"the page says {quote(sign[0])}"
    if length < BRIEF and (sign := phrases.CHALLENGE_SENTENCE.search(page.text)) and not _has_a_name(page):
        return f"the page says {quote(sign[0])}"
    if "access denied" in page.title.lower() and "reference #" in page.text.lower():
        return "the page says 'Access Denied' with a reference number (Akamai)"
    return ""


def perhaps(page: PageView) -> str:
    """What asks for a human, in any language and little else; only other addresses can prove it."""
    if page.cut or not page.scripts or len(page.text) >= LITTLE or page.links > MENU or _has_a_name(page):
        return ""
    for line in (*segments(page.title), *page.headings[:2]):
        said = sentences.said("walls", line)
        if said and 2 * letters(said[0]) >= letters(line):
            return f"the page says {quote(line)} and little else"
    said = sentences.said("walls", page.text) if len(page.text) < BARE else None
    return f"the page says {quote(said[0])} and little else" if said else ""


MENU = 3
"""Links of a page that has no text of its own: help, a way to write, who made it."""


def _has_a_name(page: PageView) -> bool:
    """A page that describes itself to others is about something."""
    return bool(phrases.DESCRIBED.search(page.source))


def _face(page: PageView) -> tuple[str, ...]:
    return (page.title, *page.headings[:2])


def _consent(answer: Answer) -> str:
    host = hostname(answer.final_url)
    return (
        f"it redirects to {host}, which asks for consent"
        if answer.hops and host.startswith("consent.")
        else ""
    )


def wants_login(answer: Answer, page: PageView) -> str:
    """Why this is a login wall, in words, or an empty string. A link *to* a login page is not a wall."""
    if _is_login(answer.url):
        return ""
    final = address(answer.final_url)
    if answer.hops and _is_login(answer.final_url):
        return f"it redirects to the login page {final.scheme}://{final.netloc}{final.path}"
    if len(page.text) >= SHORT or page.cut:
        return ""
    said = list(_logins(page))
    if page.password and said:
        return f"the page is a login form: {quote(page.title)}"
    if len(said) > 1 and len(page.text) < BARE and doors.CREDENTIALS.search(page.text):
        whole = [line for line in said if doors.LOGIN.fullmatch(line.strip())]
        return f"the page is a login form: {quote(page.title)}" if len(whole) > 1 else ""
    return ""


def _logins(page: PageView) -> Iterator[str]:
    for line in (*segments(page.title), *page.headings[:2]):
        if doors.LOGIN.search(line):
            yield line


def _is_login(url: str) -> bool:
    parts = address(url)
    host = parts.hostname or ""
    return bool(
        doors.LOGIN_PATH.search(parts.path)
        or doors.LOGIN_PATH.search(host)
        or host.endswith(doors.LOGIN_HOSTS)
    )


def wants_others(page: PageView) -> str:
    """Why this is a page for other countries than ours, in words, or an empty string."""
    if page.cut or len(page.text) >= BRIEF:
        return ""
    said = doors.ELSEWHERE_ONLY.search(f"{page.title} . {page.text}")
    return f"the page says {quote(said[0])}" if said else ""


def withheld(page: PageView) -> str:
    """Why this is kept from who is not invited, in words, or an empty string."""
    if page.cut or len(page.text) >= BARE or page.links > MENU:
        return ""
    if phrases.REMAINS.search(page.text):
        return ""
    said = doors.WITHHELD.search(page.text) or sentences.said("denials", page.text)
    return f"the page says {quote(said[0])}" if said else ""


def like_a_wall(page: PageView) -> bool:
    """Whether a page that every address gets has the words of a closed door."""
    said = f"{page.title} {' '.join(page.headings[:3])} {page.text[:SHORT]} {page.unscripted[:SHORT]}"
    return page.password or (len(page.text) < SHORT and bool(phrases.WALL_HINT.search(said)))
