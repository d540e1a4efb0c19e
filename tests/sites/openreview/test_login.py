"""Logging in to OpenReview: tokens, refusals, and that no secret shows."""

from __future__ import annotations

import base64
import json
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from scraper.model import Answer
from scraper.sites.openreview.login import (
    LOGIN_URL,
    Token,
    login_request,
    read_login,
    token_expiry,
    token_warning,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def reply(status: int | None, document: object = None, **more: str) -> Answer:
    body = json.dumps(document).encode() if document is not None else b""
    return Answer(LOGIN_URL, LOGIN_URL, status, {}, body, **more)  # type: ignore[arg-type]  # only texts are given


def jwt(expires: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
    return f"e30.{payload}.c2ln"


def test_the_request_is_what_the_api_wants_and_hides_the_password() -> None:
    request = login_request("me@example.org", "marker-pass")
    sent = json.loads(json.dumps(request.json))
    assert sent == {"id": "me@example.org", "password": "marker-pass", "expiresIn": 86400}
    assert (request.method, request.url, request.credential) == ("POST", LOGIN_URL, "")
    try:
        raise ValueError(request)
    except ValueError:
        assert "marker-pass" not in repr(request) + f"{request}" + traceback.format_exc()


def test_a_token() -> None:
    read = read_login(reply(200, {"token": "abc", "user": {"id": "me@example.org"}}))
    assert read == Token("abc")
    assert "abc" not in repr(read)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            reply(400, {"message": "Invalid username or password"}),
            "OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD",
        ),
        (
            reply(200, {"mfaPending": True, "mfaPendingToken": "secret", "mfaMethods": ["totp"]}),
            "OPENREVIEW_TOKEN",
        ),
        (reply(429, {"name": "RateLimitError"}), "three a minute"),
        (reply(None, failure="rate_limited"), "three a minute"),
        (reply(403, {"name": "ChallengeRequiredError"}), "asks for a human"),
        (reply(None, failure="timeout"), "(timeout)"),
        (reply(502), "(server_error)"),
        (reply(200, {"token": "with blank"}), "without a token"),
        (reply(200, {"token": "line\nbreak"}), "without a token"),
        (reply(200, ["?"]), "without a token"),
    ],
)
def test_a_refusal_is_one_line_that_names_the_variable(answer: Answer, said: str) -> None:
    line = read_login(answer)
    assert isinstance(line, str)
    assert said in line
    assert "OPENREVIEW_" in line
    assert line.endswith("as a guest")
    assert "\n" not in line
    assert "secret" not in line


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.é.c", "a..c", jwt("x"), jwt(1e300), jwt(None)])
def test_a_token_without_an_end(token: str) -> None:
    assert token_expiry(token) is None
    assert token_warning(token, NOW) == ""


@pytest.mark.parametrize(
    ("left", "said"),
    [(timedelta(days=6), ""), (timedelta(hours=30), "ends soon"), (timedelta(seconds=-1), "ended")],
)
def test_a_token_about_to_end_is_announced(left: timedelta, said: str) -> None:
    warning = token_warning(jwt((NOW + left).timestamp()), NOW)
    assert said in warning
    assert bool(warning) == bool(said)
