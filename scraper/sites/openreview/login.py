"""Logging in to OpenReview: once per run, before the questions. Logged-in readers pass the guest gate.

The run asks `login_request` and `read_login`; the token goes to the client, which adds it to the requests
whose `credential` is `openreview`. The password is in that one request alone, never in a `Question`.

    POST https://api2.openreview.net/login {"id": …, "password": …, "expiresIn": seconds}
    -> {"token": "…", "user": {…}}, or {"mfaPending": true, "mfaMethods": ["totp"], …}

The token of this host serves both APIs.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scraper.model import Answer, Request
from scraper.sites.values import is_challenge, mapping, parse_json
from scraper.verdicts.health import judge_answer

LOGIN_URL = "https://api2.openreview.net/login"
LIFETIME = timedelta(days=1)
"""Longer than any run; OpenReview grants up to a week."""
SOON = timedelta(days=2)
"""A token given by OPENREVIEW_TOKEN that ends within this time is announced."""

_VARIABLES = "OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD"
_GUEST = "continuing as a guest"


_B64TOKEN = re.compile(r"[!-~]{1,8192}")
"""What can stand in an Authorization field (RFC 6750, 2.1, and anything visible besides)."""


class _Hidden(dict[str, Any]):
    """JSON for the wire that does not show itself in a traceback or a log."""

    def __repr__(self) -> str:
        return "{…}"


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)


def login_request(username: str, password: str) -> Request:
    body = _Hidden(id=username, password=password, expiresIn=int(LIFETIME.total_seconds()))
    return Request(LOGIN_URL, method="POST", json=body, follow=False)


def read_login(answer: Answer) -> Token | str:
    """The token, or one line for the user that names the variable to look at. Server text is not repeated."""
    reply = mapping(parse_json(answer.body))
    token = reply.get("token")
    if answer.status == 200 and isinstance(token, str) and _B64TOKEN.fullmatch(token):
        return Token(token)
    return f"OpenReview: {_why_not(answer, bool(reply.get('mfaPending')))}; {_GUEST}"


def _why_not(answer: Answer, second_factor: bool) -> str:
    if second_factor:
        return (
            "the account of OPENREVIEW_USERNAME wants a second factor, which a program cannot give: "
            "put a token into OPENREVIEW_TOKEN instead"
        )
    if answer.status in (400, 401):
        return f"{_VARIABLES} were refused: the name or the password is wrong"
    claim = judge_answer(answer)
    if claim.reason == "rate_limited":
        return f"too many logins with {_VARIABLES}; it allows about three a minute"
    if is_challenge(answer) or mapping(parse_json(answer.body)).get("name") == "ChallengeRequiredError":
        return (
            f"it asks for a human before it takes {_VARIABLES}; a token in OPENREVIEW_TOKEN avoids the login"
        )
    if answer.failure or claim.reason != "ok":
        return f"the login with {_VARIABLES} got no answer ({claim.reason})"
    return f"the login with {_VARIABLES} got an answer without a token"


def token_expiry(token: str) -> datetime | None:
    """The `exp` of a JSON Web Token (RFC 7519, 4.1.4), not verified; None when it has none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        expires = mapping(parse_json(payload)).get("exp")
        return datetime.fromtimestamp(expires, UTC) if isinstance(expires, int | float) else None
    except (binascii.Error, ValueError, OverflowError, OSError):
        return None


def token_warning(token: str, now: datetime) -> str:
    """One line when the token of OPENREVIEW_TOKEN has ended or ends soon; else empty."""
    expires = token_expiry(token)
    if expires is None or expires > now + SOON:
        return ""
    if expires <= now:
        return f"OPENREVIEW_TOKEN ended at {expires:%Y-%m-%d %H:%M} UTC; {_GUEST}"
    return f"OPENREVIEW_TOKEN ends soon, at {expires:%Y-%m-%d %H:%M} UTC"
