"""What is wrong with a link, in a reader's words: `Not found (404)`, `No answer in 20 s, 3 tries`. Pure.

Every report speaks through this module (terminal, mail, Markdown, page, feed, JUnit, SARIF), so one finding
reads the same everywhere. Times are those of the settings, never what a clock had left, so the same web gives
the same words. The definitions of the reasons are for the documentation; nobody needs one to read a finding.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.reports.text import count, plain, shorten, words


class Words(NamedTuple):
    phrase: str
    """`{status}` stands for the status in brackets, and for nothing where there was none."""
    brief: str
    """At most three words, for a column; a status of 400 and above says as much and is shorter."""
    adds: bool = False
    """Whether the detail can tell more than the phrase does."""


WORDS: dict[str, Words] = {
    "ok": Words("Works", "works"),
    "confirmed_by_api": Words("Confirmed by the site's API", "confirmed"),
    "drifted": Words("Shows something else than before", "changed", adds=True),
    "redirected_permanently": Words("Moved permanently", "moved"),
    "repository_renamed": Words("Repository renamed", "renamed"),
    "file_moved": Words("Moved within its repository", "moved", adds=True),
    "branch_renamed": Words("Default branch renamed", "branch renamed", adds=True),
    "issue_transferred": Words("Issue transferred to another repository", "transferred", adds=True),
    "became_discussion": Words("Issue became a discussion", "discussion", adds=True),
    "https_upgrade": Words("Also available over https", "https"),
    "login_required": Words("Login required{status}", "login"),
    "forbidden": Words("Access refused{status}", "refused", adds=True),
    "challenge": Words("Only for humans: bot check", "bot check"),
    "bot_denied": Words("Refused as a bot{status}", "refused"),
    "unavailable_legally": Words("Withheld for legal reasons{status}", "withheld"),
    "private": Words("Not public", "not public"),
    "not_found": Words("Not found{status}", "not found"),
    "gone": Words("Removed for good{status}", "removed"),
    "soft_404": Words("Page missing (soft 404)", "page missing", adds=True),
    "replaced": Words("Taken over by somebody else", "taken over", adds=True),
    "suspended": Words("Site suspended by its host", "suspended"),
    "parked": Words("Domain parked or for sale", "parked"),
    "redirect_loop": Words("Redirects in a loop", "redirect loop"),
    "too_many_redirects": Words("Too many redirects", "redirects"),
    "bad_redirect": Words("Redirects to an invalid address", "bad redirect"),
    "bad_request": Words("Address refused{status}", "refused"),
    "host_not_found": Words("Host not found", "host not found"),
    "invalid_url": Words("Invalid address", "invalid", adds=True),
    "repository_blocked": Words("Blocked by GitHub{status}", "blocked", adds=True),
    "file_removed": Words("Removed from its repository", "removed", adds=True),
    "path_not_found": Words("Not in its repository", "not there", adds=True),
    "anchor_missing": Words("No such place in the file", "no such place", adds=True),
    "revision_not_found": Words("Branch, tag or commit missing", "branch missing", adds=True),
    "note_deleted": Words("Deleted on OpenReview", "deleted"),
    "timeout": Words("No answer{within}", "no answer"),
    "connection_refused": Words("Connection refused", "refused"),
    "connection_reset": Words("Connection broken off", "broken off"),
    "unreachable": Words("Host unreachable", "unreachable"),
    "server_error": Words("Server error{status}", "server error", adds=True),
    "tls_expired": Words("Certificate expired", "certificate", adds=True),
    "tls_not_yet_valid": Words("Certificate not valid yet", "certificate"),
    "tls_hostname": Words("Certificate of another host", "certificate"),
    "tls_untrusted": Words("Certificate not trusted", "certificate"),
    "tls_protocol": Words("No usable encryption (TLS)", "no TLS"),
    "protocol_error": Words("Invalid HTTP answer", "invalid answer"),
    "bad_answer": Words("Unreadable answer from the API", "unreadable", adds=True),
    "rate_limited": Words("Too many requests{status}", "rate limited", adds=True),
    "offline": Words("Not checked: no network here", "no network"),
    "deadline": Words("Not checked: the run's time was up", "no time"),
    "robots": Words("Not checked: robots.txt disallows it", "robots.txt"),
    "policy": Words("Not checked: address not allowed", "not allowed", adds=True),
    "unsupported": Words("Not checked: not a web address", "not web"),
    "dns_failure": Words("Name lookup failed", "lookup failed"),
    "generated": Words("Perhaps made by the site's generator", "unchecked", adds=True),
    "no_answer": Words("Could not be checked", "unchecked", adds=True),
    "credentials": Words("Credentials refused", "credentials", adds=True),
    "internal_error": Words("Internal error of scraper", "internal error", adds=True),
}

_RETRIED = frozenset({"timeout", "connection_refused", "connection_reset", "dns_failure", "server_error"})
"""Reasons of which it matters how often we tried."""

# What a machine says of itself, and what the phrase has said already.
_NOISE = re.compile(r"HTTP \d{3}|\[(?:SSL|Errno)\b.*|.*\(_ssl\.c:\d+\)|no answer within [\d.]+ s", re.DOTALL)


def phrase(reason: str, status: int | None = None, *, attempts: int = 1, timeout: float = 0.0) -> str:
    """The finding in a few words.

    Args:
        attempts: how often the request was tried; told from the second try on.
        timeout: seconds that one try may take by the settings; 0 is not told.
    """
    known = WORDS.get(reason)
    text = known.phrase if known else _capital(words(plain(reason))) + "{status}"
    text = text.replace("{status}", f" ({status})" if _refused(status) else "")
    text = text.replace("{within}", f" in {timeout:g} s" if timeout else "")
    return f"{text}, {count(attempts, 'try', 'tries')}" if reason in _RETRIED and attempts > 1 else text


def brief(reason: str, status: int | None = None) -> str:
    """The finding in three words at most: `404`, `no answer`, `page missing`."""
    known = WORDS.get(reason)
    if _refused(status) and (known is None or "{status}" in known.phrase):
        return str(status)
    return known.brief if known else words(plain(reason))


def more(reason: str, detail: str) -> str:
    """What was seen, where that tells more than the phrase; else nothing."""
    known = WORDS.get(reason)
    text = shorten(plain(detail or "").strip().rstrip("."), 300)
    return "" if _NOISE.fullmatch(text) or (known is not None and not known.adds) else text


def finding(
    reason: str,
    detail: str = "",
    status: int | None = None,
    *,
    attempts: int = 1,
    timeout: float = 0.0,
) -> str:
    """The phrase, and the detail where that adds something: `Page missing (soft 404): the title says so`."""
    said, detail = phrase(reason, status, attempts=attempts, timeout=timeout), more(reason, detail)
    return f"{said}: {detail}" if detail else said


def _refused(status: int | None) -> bool:
    return status is not None and status >= 400


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
