"""Files and folders of Google Drive, by their pages: there, behind a login, or gone.

Drive's API wants a key, so the page has to do. A shared file's page carries its name; a private one redirects
to the login; a deleted one is a 404, or (for some kinds of file) a 200 that says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scraper.addresses import address
from scraper.model import Answer, Question, Reading, Request, Target
from scraper.sites.citation import read_head
from scraper.sites.drive import HOST
from scraper.sites.pages import signs
from scraper.sites.values import of_no_page, one_line
from scraper.verdicts.health import PAGE, Claim, finding
from scraper.verdicts.reasons import PRESENT

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_BODY_LIMIT = 512 * 1024
"""A file's page is about 100 kB, most of it scripts; its name and any message are near the top."""

_GONE = re.compile(
    r"(file|item|folder|document) you (have )?requested does not exist|file does not exist"
    r"|violation of (our|google's) terms|in (the|its) owner's trash|has been (deleted|removed)",
    re.I,
)
_REQUEST_ACCESS = re.compile(r"you need (access|permission)|request access|ask for access", re.I)
_GENERIC = re.compile(
    r"google (drive|docs)(\s*[:–-].*)?|meet google drive.*|sign in.*|error \d+.*|page not found"
    r"|loading\W*|access denied|you need (access|permission)|request access",
    re.I,
)
"""Titles of pages that are nobody's file."""
_OF_GOOGLE = re.compile(r" [-–—] Google \w+$")
"""Drive, Docs, Sheets, Slides, Forms, and what they are called in other languages."""


class GoogleDrive:
    """One page per file or folder."""

    name = "gdrive"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        """Needs neither: nothing of it can be set, and Drive sends no validators."""

    def key(self, target: Target) -> str:
        return HOST

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [
            Question(
                HOST, self.name, "page", (target,), Request(target.url, body_limit=_BODY_LIMIT), polite=True
            )
            for target in targets
        ]

    def read(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        name = file_name(answer)
        claim = judge(target, answer, name)
        record = {"title": name} if claim.health in PRESENT else {}
        return Reading([finding(target, "google-drive-page", PAGE, claim, answer, record=record)])


def judge(target: Target, answer: Answer, name: str) -> Claim:
    """What the page says of the file, whose name it shows or not."""
    view = signs.look(answer)
    said = f"{view.title} {' '.join(view.headings)} {view.text if len(view.text) < signs.LONG else ''}"
    final = address(answer.final_url)
    if final.hostname == "accounts.google.com" or final.path.endswith("/ServiceLogin"):
        return Claim(
            "login_required", "it redirects to Google's login: the file is not shared with everybody"
        )
    if (final.hostname or "").endswith("google.com") and final.path.startswith("/sorry"):
        return Claim("challenge", "Google asks for proof of a human (unusual traffic)")
    if (wall := signs.challenged(answer, view)) and not name:
        return Claim("challenge", wall)
    if answer.status in (200, 403) and not name and (asked := _REQUEST_ACCESS.search(said)):
        return Claim("login_required", f"the page says {asked[0]!r}: the file is not shared with everybody")
    if answer.failure or answer.status != 200:
        return of_no_page(answer)
    if not name and (gone := _GONE.search(said)):
        return Claim("soft_404", f"the page says {gone[0]!r}")
    if target.id not in answer.final_url:
        return Claim("soft_404", f"it redirects to {answer.final_url}, which is not the file")
    return Claim("ok") if name else Claim("no_answer", "the page names no file")


def file_name(answer: Answer) -> str:
    """The name in `og:title`, else in `<title>` before ` - Google Drive`; empty when there is none.

    A title without that is no file's: a wall's, a hotel's, Google's own.
    """
    if answer.status != 200 or not signs.is_html(answer):
        return ""
    head = read_head(answer.body)
    title = one_line(head.title) or ""
    for candidate in (head.first("og:title"), title if _OF_GOOGLE.search(title) else ""):
        name = _OF_GOOGLE.sub("", one_line(candidate) or "")
        if name and not _GENERIC.fullmatch(name) and not _GONE.search(name):
            return name
    return ""
