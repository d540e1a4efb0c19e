"""Where everybody ends, and what is no HTML."""

from __future__ import annotations

import pytest
from memories import Memories

from scraper.model import Answer, Finding, Hop, Question, Target
from scraper.settings import Settings
from scraper.sites.pages import signs
from scraper.sites.pages.page import Page, judge_page

LIST = "<title>Proceedings</title><h1>All papers</h1><p>" + "By their first author, year by year. " * 20
WALL = "<title>Portal</title><p>A moment, we look at your request. Access follows."
ASKED = "https://a.test/papers/17"


def seen(body: str, url: str, *to: str, status: int = 200, kind: str = "text/html") -> Answer:
    hops = tuple(Hop(302, address) for address in to)
    return Answer(url, to[-1] if to else url, status, {"content-type": kind}, body.encode(), hops=hops)


def end(first: Answer, **others: Answer) -> tuple[Finding, list[str]]:
    """The finding, and what was asked besides."""
    site = Page(Settings(archive=False), Memories())
    questions = site.ask([Target(f"web:{ASKED}", "web", "page", ASKED, ASKED)])
    asked: list[Question] = []
    answer = first
    while True:
        question = questions.pop()
        reading = site.read(question, answer)
        if reading.findings:
            return reading.findings[0], [further.request.url for further in asked]
        questions = list(reading.questions)
        asked += questions
        answer = others[questions[-1].step]


def test_the_sibling_is_made_from_the_address_that_was_asked() -> None:
    there = "https://a.test/proceedings/all"
    found, asked = end(seen(LIST, ASKED, there), sibling=seen(LIST, "https://a.test/papers/x", there))
    assert found.reason == "soft_404"
    assert asked[0].startswith("https://a.test/papers/x")
    found, _ = end(seen(LIST, ASKED, there), sibling=seen("", "https://a.test/papers/x", status=404))
    assert found.reason == "ok"


@pytest.mark.parametrize(
    ("there", "title"),
    [
        ("/Error.aspx", "Error"),
        ("/search", "Search"),
        ("/search-results", "Search results"),
        ("/list", "List"),
    ],
)
def test_a_place_for_all_that_is_called_what_it_is_proves_nothing(there: str, title: str) -> None:
    page = f"<title>{title}</title><h1>{title}</h1><p>Back to the start."
    led = seen(page, ASKED, f"https://a.test{there}")
    found, asked = end(led, sibling=seen(page, "https://a.test/papers/x", f"https://a.test{there}"))
    assert (found.reason, len(asked)) == ("soft_404", 1)


def test_an_address_with_the_title_of_its_page_needs_no_sibling() -> None:
    page = (
        "<title>Learning to find lost pages</title><p>An abstract of some length, and a list of references."
    )
    found, asked = end(seen(page, ASKED, "https://a.test/papers/17/learning-to-find-lost-pages"))
    assert (found.reason, asked) == ("ok", [])


def test_a_page_that_every_address_gets_and_the_front_too_is_a_closed_door() -> None:
    same = seen(WALL, "https://a.test/papers/x")
    found, asked = end(seen(WALL, ASKED), sibling=same, front=seen(WALL, "https://a.test/"))
    assert (found.reason, asked[-1]) == ("challenge", "https://a.test/")
    found, _ = end(seen(LIST, ASKED), sibling=seen(LIST, "https://a.test/papers/x"), front=seen(WALL, ASKED))
    assert found.reason == "soft_404"


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ('{"error": "Not Found"}', "application/json", "soft_404"),
        ('{"error": {"code": 404, "message": "Not Found"}}', "application/json", "soft_404"),
        ('{"title": "Small budgets", "status": "published"}', "application/json", "ok"),
        ("<Error><Code>NoSuchKey</Code><Key>a</Key></Error>", "application/xml", "soft_404"),
        ("<feed><title>News</title></feed>", "application/xml", "ok"),
        (
            '<?xml version="1.0" encoding="utf-8"?><html><title>Seite nicht gefunden</title></html>',
            "application/xhtml+xml",
            "soft_404",
        ),
        ("<title>Lab</title><h1>Error<br>404</h1>", "text/html", "soft_404"),
        (
            "<html data-adblockkey=x><div></div><script>window.park=1</script>",
            "text/html",
            "parked",
        ),
    ],
)
def test_errors_come_in_other_formats_too(body: str, kind: str, reason: str) -> None:
    answer = seen(body, ASKED, kind=kind)
    assert judge_page(answer, signs.look(answer)).reason == reason


def test_what_browsers_do_not_follow_is_not_followed() -> None:
    body = "<noscript><meta http-equiv=refresh content='0; url=/unscripted'></noscript><p>Papers"
    assert signs.look(seen(body, ASKED)).refresh == ""


def test_a_page_drawn_by_scripts_says_that_it_was_not_looked_into() -> None:
    found, _ = end(seen("<title>App</title><div id=root></div><script src=/app.js></script>", ASKED))
    assert found.health == "alive"
    assert any("scripts" in note for note in found.notes)
