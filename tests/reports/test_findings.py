from __future__ import annotations

import re

import pytest

from scraper.reports.findings import WORDS, brief, finding, more, phrase
from scraper.verdicts.reasons import REASONS


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (finding("not_found", "HTTP 404", 404), "Not found (404)"),
        (finding("not_found", "both of OpenReview's APIs say that there is no such note"), "Not found"),
        (finding("gone", "HTTP 410", 410), "Removed for good (410)"),
        (finding("bot_denied", "", 999), "Refused as a bot (999)"),
        (
            finding("timeout", "no answer within 0.999 s", attempts=3, timeout=20.0),
            "No answer in 20 s, 3 tries",
        ),
        (finding("timeout", timeout=0.5), "No answer in 0.5 s"),
        (finding("connection_refused", "[Errno 111] Connect call failed"), "Connection refused"),
        (
            finding("tls_expired", "[SSL: CERTIFICATE_VERIFY_FAILED] has expired (_ssl.c:1006)"),
            "Certificate expired",
        ),
        (
            finding("soft_404", "the deep link ends at the front page.", 200),
            "Page missing (soft 404): the deep link ends at the front page",
        ),
        (finding("server_error", "HTTP 503", 503, attempts=3), "Server error (503), 3 tries"),
        (finding("not_found", "HTTP 404", 404, attempts=3), "Not found (404)"),
        (finding("some_new_reason", "", 418), "Some new reason (418)"),
    ],
)
def test_a_finding_reads_as_people_say_it(said: str, told: str) -> None:
    assert said == told


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_words_of_its_own_and_not_its_definition(reason: str) -> None:
    said = phrase(reason, 404, attempts=2, timeout=20.0)
    assert said != REASONS[reason].meaning
    assert not re.search(r"[{}_]", said)
    assert len(said) <= 40
    assert reason in WORDS
    assert len(brief(reason).split()) <= 3


@pytest.mark.parametrize(("reason", "status", "told"), [
    ("not_found", 404, "404"),
    ("not_found", None, "not found"),
    ("soft_404", 200, "page missing"),
    ("timeout", None, "no answer"),
    ("server_error", 503, "503"),
])  # fmt: skip
def test_a_column_has_room_for_a_status_or_three_words(reason: str, status: int | None, told: str) -> None:
    assert brief(reason, status) == told


def test_what_a_stranger_wrote_is_harmless_and_short() -> None:
    told = more("forbidden", "\x1b[31mGo\u202eaway\n::error::" + "x" * 1_000)
    assert told.isprintable()
    assert len(told) == 300
