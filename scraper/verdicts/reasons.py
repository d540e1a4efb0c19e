"""Every reason there is, with its health and what it means: one closed list.

The reports, the documentation and the tests walk the same list.
"""

from __future__ import annotations

from typing import NamedTuple

from scraper.model import Health


class Reason(NamedTuple):
    health: Health
    meaning: str


_A, _M, _B, _X, _F, _U = (
    Health.ALIVE,
    Health.MOVED,
    Health.BLOCKED,
    Health.BROKEN,
    Health.FAILING,
    Health.UNVERIFIED,
)

REASONS: dict[str, Reason] = {
    "ok": Reason(_A, "It works, and shows what it should"),
    "drifted": Reason(
        _A, "It answers, and neither its title nor its words are those it had when last seen well"
    ),
    "confirmed_by_api": Reason(_A, "The site's API confirms it, whatever its page shows to a bot"),
    "redirected_permanently": Reason(_M, "Permanent redirect (301, 308), at every step of the way"),
    "repository_renamed": Reason(_M, "The repository has another name or owner now"),
    "file_moved": Reason(_M, "The file or folder has another place in its repository now"),
    "branch_renamed": Reason(_M, "It is on the default branch, which has another name now"),
    "issue_transferred": Reason(_M, "The issue was transferred to another repository"),
    "became_discussion": Reason(_M, "The issue was turned into a discussion"),
    "https_upgrade": Reason(_M, "The same address answers over https"),
    "login_required": Reason(_B, "It asks for a login (401, 407, or a redirect to a login page)"),
    "forbidden": Reason(_B, "The site refuses this visitor (403 and similar)"),
    "challenge": Reason(_B, "A bot check stands before the page: Turnstile, captcha, browser check"),
    "bot_denied": Reason(_B, "Refused as a bot (999)"),
    "unavailable_legally": Reason(_B, "Withheld here for legal reasons (451)"),
    "private": Reason(_B, "It exists and is not public"),
    "not_found": Reason(_X, "Not found (404), unknown to the site's API, or no file of the repository"),
    "gone": Reason(_X, "Removed for good (410)"),
    "soft_404": Reason(_X, "It answers 200, and says or shows that the page does not exist"),
    "replaced": Reason(
        _X, "Somebody else answers: another trade, or another domain where nothing of it is left"
    ),
    "parked": Reason(_X, "The domain is for sale or shows only advertising"),
    "suspended": Reason(_X, "The host says that the site is suspended or has run out"),
    "redirect_loop": Reason(_X, "Its redirects never end"),
    "too_many_redirects": Reason(_X, "More than 10 redirects"),
    "bad_redirect": Reason(_X, "It redirects to something that is not a web address"),
    "bad_request": Reason(_X, "The server refuses the address itself (400, 414 and other 4xx)"),
    "host_not_found": Reason(_X, "The host's name does not exist"),
    "invalid_url": Reason(_X, "Not a valid address"),
    "repository_blocked": Reason(_X, "GitHub blocked it: 451, or 403 with a reason (dmca, tos)"),
    "file_removed": Reason(_X, "The repository is there; a commit removed this file or folder from it"),
    "path_not_found": Reason(_X, "The repository is there, and has no such file or folder"),
    "anchor_missing": Reason(_X, "The file beside the article has no such heading, name or line"),
    "revision_not_found": Reason(_X, "The repository is there, and has no such branch, tag or commit"),
    "note_deleted": Reason(_X, "OpenReview says the note was deleted"),
    "timeout": Reason(_F, "No complete answer in time"),
    "connection_refused": Reason(_F, "Nothing listens there"),
    "connection_reset": Reason(_F, "The connection broke before the answer was complete"),
    "unreachable": Reason(_F, "No route to the host"),
    "server_error": Reason(_F, "The server failed (5xx), or says that it is down for maintenance"),
    "tls_expired": Reason(_F, "Its certificate has expired"),
    "tls_not_yet_valid": Reason(_F, "Its certificate is not valid yet"),
    "tls_hostname": Reason(_F, "Its certificate is for another name"),
    "tls_untrusted": Reason(_F, "Its certificate is signed by nobody we trust"),
    "tls_protocol": Reason(_F, "No TLS, or a version that is too old"),
    "protocol_error": Reason(_F, "What it sends is not HTTP, or contradicts itself"),
    "rate_limited": Reason(_U, "The site asks for a longer pause than the settings allow"),
    "offline": Reason(_U, "This machine has no network"),
    "deadline": Reason(_U, "The run's time was up before it could be checked"),
    "robots": Reason(_U, "robots.txt asks us not to visit it (setting `robots`)"),
    "policy": Reason(_U, "The address guard refused it: a private address or a port that is not allowed"),
    "unsupported": Reason(_U, "Not an http or https address"),
    "dns_failure": Reason(_U, "The resolver failed, which says nothing about the name"),
    "generated": Reason(_U, "No file is called so, but the site's generator may make a page of it"),
    "no_answer": Reason(_U, "The API neither gave it nor denied it"),
    "bad_answer": Reason(_U, "The API sent an answer that cannot be read, which says nothing of the link"),
    "credentials": Reason(_U, "The credentials were refused, and without them nothing can be said"),
    "internal_error": Reason(_U, "An internal error of scraper; the detail names it"),
}
"""Every reason there is, with its health and its meaning."""

DEAD = frozenset({Health.BROKEN, Health.FAILING})
"""The verdicts that count towards `confirmed_dead`."""

PRESENT = frozenset({Health.ALIVE, Health.MOVED})
"""The verdicts that say the thing is there."""
