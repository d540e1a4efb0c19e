"""Pages are asked whether they changed: a 304 is believed of bytes that were judged, and of no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from memories import Memories
from running import article_of, run_in

from scraper.model import Answer, Finding, Health, Hop, Question, Target
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites.pages import unchanged
from scraper.sites.pages.page import Page

URL = "https://site.test/papers/2019/corvid-optimisers"
TARGET = Target(f"web:{URL}", "web", "page", URL, URL)
TEXT = "<p>Corvid optimisers are fast, and this page says at length how fast they are, and why.</p>" * 20
BODY = f"<html><title>Corvid optimisers</title><h1>Corvid optimisers</h1>{TEXT}</html>".encode()
HTML = {"content-type": "text/html"}


def answer(status: int = 200, body: bytes = BODY, **changes: Any) -> Answer:
    return replace(Answer(URL, URL, status, HTML, body), **changes)


def site(memory: Memories) -> Page:
    return Page(Settings(archive=False), memory)


def first_visit(headers: dict[str, str], **changes: Any) -> Finding:
    page = site(Memories())
    reading = page.read(page.ask([TARGET])[0], answer(headers={**HTML, **headers}, **changes))
    (found,) = reading.findings
    return found


def asked(known: tuple[tuple[str, str], ...]) -> tuple[Page, Question]:
    page = site(Memories(etags=dict(known)))
    return page, page.ask([TARGET])[0]


@pytest.mark.parametrize(
    ("header", "value", "condition"),
    [
        ("etag", '"abc"', "If-None-Match"),
        ("etag", 'W/"abc"', "If-None-Match"),
        ("last-modified", "Sun, 02 Jun 2019 10:00:00 GMT", "If-Modified-Since"),
    ],
)
def test_a_page_that_spoke_for_itself_is_asked_whether_it_changed(
    header: str, value: str, condition: str
) -> None:
    page, question = asked(first_visit({header: value}).validators)
    assert question.request.headers == ((condition, value),)
    (found,) = page.read(question, answer(304, b"")).findings
    assert (found.health, found.reason, found.http_status) == (Health.ALIVE, "ok", 200)
    assert found.unchanged
    assert not found.record


def test_the_page_is_read_again_every_tenth_time() -> None:
    known = first_visit({"etag": '"abc"'}).validators
    believed = 0
    while (visit := asked(known))[1].request.headers:
        page, question = visit
        known = page.read(question, answer(304, b"")).findings[0].validators
        believed += 1
    assert believed == unchanged.MOST


def test_another_version_of_the_program_reads_the_page_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = first_visit({"etag": '"abc"'}).validators
    monkeypatch.setattr(unchanged, "__version__", "99")
    assert asked(known)[1].request.headers == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"truncated": True},
        {"hops": (Hop(302, URL),), "url": "https://site.test/old"},
        {"status": 203},
        {"body": b"<title>Page not found</title><h1>Page not found</h1>"},
    ],
    ids=["cut short", "redirected", "not the page's own", "not there"],
)
def test_nothing_is_kept_of_a_page_that_was_not_wholly_well(changes: dict[str, Any]) -> None:
    assert first_visit({"etag": '"abc"'}, **changes).validators == ()


def test_nothing_is_kept_of_a_page_whose_sibling_decides() -> None:
    page = site(Memories())
    silent = BODY.replace(b"Corvid", b"Some").replace(b"optimisers", b"things")
    reading = page.read(page.ask([TARGET])[0], answer(body=silent, headers={**HTML, "etag": '"abc"'}))
    (sibling,) = reading.questions
    heard = page.read(sibling, Answer(sibling.request.url, sibling.request.url, 404, HTML, b"gone"))
    assert [(found.reason, found.validators) for found in heard.findings] == [("ok", ())]


def test_a_304_by_a_redirect_is_asked_about_once_more_and_plainly() -> None:
    page, question = asked(first_visit({"etag": '"abc"'}).validators)
    reading = page.read(question, answer(304, b"", hops=(Hop(301, URL),)))
    (again,) = reading.questions
    assert not reading.findings
    assert again.request.headers == ()


def test_a_304_that_nobody_asked_for_says_no_more_than_before() -> None:
    page = site(Memories())
    (found,) = page.read(page.ask([TARGET])[0], answer(304, b"")).findings
    assert not found.unchanged


def test_an_unchanged_page_gives_the_same_tables_and_is_not_sent_again(tmp_path: Path) -> None:
    article = article_of(tmp_path, f"<{URL}>")
    with Sandbox() as sandbox:
        sandbox.world.page(URL, TEXT, title="Corvid optimisers", etag='"one"')
        first, rows = run_in(sandbox, tmp_path, articles=[article])
        assert rows[TARGET.key]["health"] == "alive"
        second, rows = run_in(sandbox, tmp_path, articles=[article])
        assert rows[TARGET.key]["http_status"] == 200
        sent = [seen.ask.headers.get("if-none-match") for seen in sandbox.world.requests]
        assert sent == [None, '"one"']
        sandbox.world.page(URL, "<p>nothing</p>", title="404 Not Found", etag='"two"')
        _, rows = run_in(sandbox, tmp_path, articles=[article])
    assert (rows[TARGET.key]["health"], rows[TARGET.key]["reason"]) == ("broken", "soft_404")
    one, two = (shot.published["list"].path for shot in (first, second))
    assert (one / "links.csv").read_bytes() == (two / "links.csv").read_bytes()
