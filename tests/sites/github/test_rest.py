from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Answer, Target
from scraper.sites.github import rest
from scraper.sites.github.graphql import address

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DATE = "Mon, 23 Nov 2026 12:00:00 GMT"
TARGET = Target("github:a/b", "github", "repository", "a/b", "https://github.com/a/b")


def answer(status: int | None, body: Any = None, failure: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = "https://api.github.com/repos/a/b"
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(url, url, status, {"date": DATE, **named}, data, failure=failure, at=NOW)


NOT_FOUND = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
DMCA = {
    "message": "Repository access blocked",
    "block": {
        "reason": "dmca",
        "created_at": "2021-04-22T17:53:56Z",
        "html_url": "https://github.com/github/dmca/blob/master/2021/04/2021-04-20-x.md",
    },
}
TOS = {
    "message": "Repository access blocked",
    "block": {"reason": "tos", "created_at": "2023-02-02T15:50:17Z", "html_url": "https://github.com/tos"},
}
SECONDARY = {
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
}
PRIMARY = {"message": "API rate limit exceeded for 192.0.2.1. (But here's the good news: …)"}


@pytest.mark.parametrize(
    ("given_answer", "reason"),
    [
        (answer(404, NOT_FOUND), "not_found"),
        (answer(404, b"<html>no such route</html>"), "no_answer"),
        (answer(451, DMCA), "repository_blocked"),
        (answer(451, b""), "repository_blocked"),
        (answer(403, TOS), "repository_blocked"),
        # blocked is permanent, whatever is left of the hour
        (answer(403, TOS, x_ratelimit_remaining="0"), "repository_blocked"),
        (answer(403, PRIMARY, x_ratelimit_remaining="0"), "rate_limited"),
        (answer(403, PRIMARY), "rate_limited"),
        (answer(403, SECONDARY), "rate_limited"),
        (
            answer(
                403, {"message": "x", "documentation_url": "https://docs.github.com/v3/#abuse-rate-limits"}
            ),
            "rate_limited",
        ),
        (answer(429, b""), "rate_limited"),
        (answer(None, failure="rate_limited"), "rate_limited"),
        (answer(200, {"message": "not a repository"}), "bad_answer"),
        (answer(200, b"[" * 100_000), "bad_answer"),
        (answer(200, b'{"id": ' + b"9" * 5000), "bad_answer"),
        (answer(410, {"message": "gone"}), "no_answer"),
        (answer(400, {"message": "version"}), "no_answer"),
        (answer(500, b"<html>"), "no_answer"),
        (answer(304), "no_answer"),
        (answer(None, failure="host_not_found"), "no_answer"),
        (answer(None, failure="deadline"), "deadline"),
        (answer(301, {"message": "Moved Permanently"}), "no_answer"),
    ],
)
def test_what_an_answer_means(given_answer: Answer, reason: str) -> None:
    word = rest.read(given_answer, etag="")
    assert (word.kind, word.claim.reason) == ("claim", reason)


def test_blocked_says_why_and_since_when() -> None:
    detail = rest.read(answer(451, DMCA), "").claim.detail
    assert detail.startswith("GitHub blocked it (dmca, 2021-04-22): https://github.com/github/dmca/")
    assert "tos" in rest.read(answer(403, TOS), "").claim.detail


def test_the_words_that_lead_on() -> None:
    assert rest.read(answer(200, {"full_name": "a/b"}), "").kind == "body"
    assert rest.read(answer(304), '"x"').kind == "unchanged"
    assert rest.read(answer(401, {"message": "Bad credentials"}), "").kind == "refused"
    assert (
        rest.read(answer(403, {"message": "Resource protected by organization SAML enforcement."}), "").kind
        == "forbidden"
    )


@pytest.mark.parametrize(
    ("location", "number"),
    [
        ("https://api.github.com/repositories/515436299", "515436299"),
        ("https://evil.example/repositories/7", "7"),
        ("https://api.github.com/repositories/7/../../user", ""),
        ("/user", ""),
    ],
)
def test_of_a_redirect_only_the_number_is_taken(location: str, number: str) -> None:
    word = rest.read(answer(301, {"message": "Moved Permanently"}, location=location), "")
    assert word.body == (number or None)


@pytest.mark.parametrize(
    ("repositories", "steps"),
    [(0, 5), (1, 5), (9, 5), (10, 5), (12, 4), (16, 3), (25, 2), (50, 1), (51, 0), (10_000, 0)],
)
def test_depth_fits_the_budget(repositories: int, steps: int) -> None:
    assert rest.depth(repositories) == steps
    assert steps * repositories <= rest.BUDGET


@given(st.integers(0, 10_000), st.integers(0, 5_000))
def test_depth_never_overspends(repositories: int, budget: int) -> None:
    steps = rest.depth(repositories, budget)
    assert 0 <= steps <= len(rest.STEPS)
    assert repositories == 0 or steps * repositories <= budget


@pytest.mark.parametrize(
    ("remaining", "reset", "spent"),
    [
        ("0", NOW.timestamp() + 1800, True),
        ("0", NOW.timestamp() + 30, False),
        ("0", NOW.timestamp() - 30, False),
        ("0", 10**10, True),
        ("1", NOW.timestamp() + 1800, False),
    ],
)
def test_a_budget_is_spent_when_the_next_hour_is_too_far(remaining: str, reset: float, spent: bool) -> None:
    last = answer(200, {}, x_ratelimit_remaining=remaining, x_ratelimit_reset=str(int(reset)))
    assert rest.is_spent(last, bearable=60) is spent


@pytest.mark.parametrize("reset", ["nan", "inf", "-5", "１２", "", "99999999999999999999"])
def test_a_reset_that_is_no_time_is_none(reset: str) -> None:
    assert rest.resets_at(answer(200, {}, x_ratelimit_reset=reset)) is None


def test_the_limit_says_until_when_by_the_servers_clock() -> None:
    limit = rest.rate_limit(
        answer(403, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW.timestamp()) + 1800))
    )
    assert limit is not None
    assert limit.detail == "GitHub's hourly limit is used up until 12:30 UTC"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-11-29 12:00:00 UTC", "2026-11-29 (in 6 days)"),
        ("2026-11-29 14:00:00 +0200", "2026-11-29 (in 6 days)"),
        ("2026-11-20 12:00:00 UTC", "2026-11-20 (in 0 days)"),
        ("2027-06-08 06:12:06 UTC", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_a_token_about_to_expire(written: str, told: str) -> None:
    assert rest.token_expiry(answer(200, {}, github_authentication_token_expiration=written)) == told


def test_a_question_carries_no_token_and_its_validator_depends_on_it() -> None:
    secret = "ghp_MARKER"
    guest, one, two = (
        rest.api("https://api.github.com/"),
        rest.api("https://api.github.com", secret),
        rest.api("https://api.github.com", "other"),
    )
    question = one.question(
        "commits", TARGET, rest.path_of("commits", "a/b", "feature/x"), 'W/"e"', {"depth": 5}
    )
    assert secret not in repr(question)
    assert question.request.url == "https://api.github.com/repos/a/b/commits?per_page=1&sha=feature%2Fx"
    assert dict(question.request.headers) == {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "If-None-Match": 'W/"e"',
    }
    assert (question.request.credential, question.request.follow) == ("github", False)
    assert len({api.validator_key("u") for api in (guest, one, two)}) == 3
    assert guest.validator_key("u") == "u#anonymous/2022-11-28"


def test_enterprise_has_its_own_addresses() -> None:
    assert rest.api("https://ghe.example/api/v3").key == "ghe.example"
    assert address("https://ghe.example/api/v3/") == "https://ghe.example/api/graphql"
    assert address("https://api.github.com") == "https://api.github.com/graphql"


@given(
    st.sampled_from([200, 301, 304, 401, 403, 404, 409, 410, 429, 451, 500, 999]),
    st.binary(max_size=40)
    | st.dictionaries(
        st.sampled_from(["message", "block", "url", "documentation_url"]),
        st.none() | st.integers() | st.text() | st.lists(st.text()),
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(
            [
                "location",
                "date",
                "x-ratelimit-remaining",
                "x-ratelimit-reset",
                "retry-after",
                "github-authentication-token-expiration",
            ]
        ),
        st.text(),
    ),
)
def test_no_answer_makes_the_reader_raise(status: int, body: bytes, headers: dict[str, str]) -> None:
    strange = Answer("https://api.github.com/x", "https://api.github.com/x", status, headers, body)
    rest.read(strange, "")
    rest.is_spent(strange, 60)
    rest.token_expiry(strange)
