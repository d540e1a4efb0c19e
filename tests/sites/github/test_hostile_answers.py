"""Whatever GitHub's API sends about parts: each gets a verdict, none is condemned by it, nothing raises."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memories import Memories
from pydantic import SecretStr

from scraper.model import Answer, Finding, Health, Question
from scraper.settings import Settings
from scraper.sites.github.repositories import GitHub
from scraper.sites.identity import identify
from scraper.verdicts.health import weigh

PARTS = (
    "blob/main/a.py#L3", "blob/f/x/y.py", "tree/main/src", "tree/gone", "commit/0123abc", "issues/7",
    "pull/8", "discussions/9", "releases/tag/v1", "releases/download/v1/a.zip", "archive/v1.zip", "wiki/Page",
)  # fmt: skip
URLS = [
    "https://github.com/o/n",
    *(f"https://github.com/o/n/{part}" for part in PARTS),
    f"https://gist.github.com/{'a' * 32}",
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(["", "o/n", "a.py", "main", "f" * 40]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                str.split(
                    "data errors r0 p0 p1 p2 p3 p5 p8 nameWithOwner defaultBranchRef name path type nodes"
                    " number url text isTruncated full_name default_branch id sha parents commit files"
                    " filename status message previous_filename html_url assets timelineItems"
                    " releaseAssets discussion tagName"
                )
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)
ANSWERS = st.tuples(
    st.sampled_from([200, 200, 200, 301, 304, 401, 403, 404, 409, 410, 422, 429, 451, 500, 502]),
    VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20),
    st.sampled_from(["", "https://api.github.com/repositories/7/issues/9", "https://evil.example/"]),
)


def run(token: bool, answers: list[tuple[int, bytes, str]]) -> dict[str, list[Finding]]:
    site = GitHub(Settings(github_token=SecretStr("x") if token else None), Memories())
    targets = [identify(url) for url in URLS]
    heard: dict[str, list[Finding]] = {target.key: [] for target in targets}
    questions: deque[Question] = deque(site.ask(targets))
    for number in range(400):
        if not questions:
            return heard
        question = questions.popleft()
        reading = site.withhold(question)
        if reading is None:
            status, body, location = answers[number % len(answers)]
            url = question.request.url
            headers = {"location": location} if location else {}
            reading = site.read(question, Answer(url, url, status, headers, body))
        for found in reading.findings:
            heard[found.target].append(found)
        questions.extend(reading.questions)
    raise AssertionError("it never ends")


@pytest.mark.parametrize("token", [True, False])
@settings(max_examples=150, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=6))
def test_every_part_gets_a_finding_whatever_is_answered(
    token: bool, answers: list[tuple[int, bytes, str]]
) -> None:
    heard = run(token, answers)
    assert [key for key, found in heard.items() if not found] == []


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize("status", [200, 403, 429, 500, 502, 503])
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<html>", b'{"data": {"r0": {}}}'])
def test_what_denies_nothing_condemns_nothing(token: bool, status: int, body: bytes) -> None:
    heard = run(token, [(status, body, "")])
    assert Health.BROKEN not in {weigh(found).health for found in heard.values()}
