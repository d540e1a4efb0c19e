"""Whatever the web says, the judge has a word for it: always one, always the same, always in the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memories import Memories

from scraper.model import Answer, Finding, Hop, Question
from scraper.settings import Settings
from scraper.sites.identity import identify
from scraper.sites.pages.page import Page
from scraper.verdicts.health import judge_answer, weigh
from scraper.verdicts.reasons import REASONS

pytestmark = pytest.mark.long

ADDRESSES = st.one_of(
    st.text(max_size=80),
    st.from_regex(
        r"https?://[\[\]a-z0-9.:@%-]{0,30}(/[a-z%0-9;._-]{0,12}){0,3}(\?[a-z=&;%]{0,20})?", fullmatch=True
    ),
)
FIELDS = st.dictionaries(
    st.sampled_from(["content-type", "retry-after", "server", "cf-mitigated", "x-amzn-waf-action", "date"]),
    st.text(max_size=60),
)
SIGNS = ("<title>", "</title>", "<h1>", "<!--", "'>", "404", "not found", "log in", "just a moment", "\0")
FORMS = ("g-recaptcha", "<input type=password>", "<meta http-equiv=refresh content='0;url=", "<p>" * 40)
MARKUP = st.lists(st.sampled_from(SIGNS + FORMS), max_size=12).map(lambda parts: " ".join(parts).encode())
ANSWERS = st.builds(
    Answer,
    url=ADDRESSES,
    final_url=ADDRESSES,
    status=st.one_of(st.none(), st.integers(-1, 1000), st.sampled_from([200, 301, 403, 404, 429, 503])),
    headers=FIELDS,
    body=st.one_of(st.binary(max_size=200), MARKUP),
    hops=st.lists(st.builds(Hop, st.sampled_from([301, 302, 308]), ADDRESSES), max_size=3).map(tuple),
    failure=st.sampled_from(["", "", "timeout", "tls_expired", "policy", "invalid_url", "rate_limited"]),
)


def visit(answer: Answer, sibling: Answer) -> tuple[tuple[str, str], ...]:
    """All that a page's visit leads to: the verdict, with the sibling's answer wherever one is asked for."""
    site = Page(Settings(), Memories())
    target = identify(answer.url)
    open_questions: list[tuple[Question, Answer]] = [(q, answer) for q in site.ask([target])]
    findings: list[Finding] = []
    while open_questions:
        reading = site.read(*open_questions.pop())
        findings += reading.findings
        open_questions += [(question, sibling) for question in reading.questions]
    verdict = weigh(findings)
    assert findings
    assert REASONS[verdict.reason].health is verdict.health
    return tuple((str(found.health), found.reason) for found in findings)


@given(ANSWERS, ANSWERS)
def test_no_answer_makes_the_judge_raise_and_judging_is_deterministic(
    answer: Answer, sibling: Answer
) -> None:
    assert visit(answer, sibling) == visit(answer, sibling)
    assert judge_answer(answer).reason in REASONS


@given(ADDRESSES)
def test_every_address_is_a_target_and_its_own_identity(url: str) -> None:
    once = identify(url)
    again = identify(once.url)
    assert (again.key, again.site, again.id) == (once.key, once.site, once.id)
    assert once.key


def test_every_reason_has_a_health_and_a_meaning_in_one_line() -> None:
    for health, meaning in REASONS.values():
        assert str(health)
        assert meaning.strip()
        assert "\n" not in meaning
