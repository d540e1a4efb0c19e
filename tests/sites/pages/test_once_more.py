"""Pages that are asked once more: for a body that can be read, and for where a header forwards to."""

from __future__ import annotations

import pytest
from memories import Memories

from scraper.model import Answer, Question, Target
from scraper.settings import Settings
from scraper.sites.pages.page import Page

URL = "https://a.test/data/set-1"
HTML = {"content-type": "text/html"}
PAGE = b"<title>Set 1</title><h1>Set 1</h1><p>Readings of one buoy in the north, every ten minutes."


def asked(site: Page) -> Question:
    (question,) = site.ask([Target(f"web:{URL}", "web", "page", URL, URL)])
    return question


def test_a_body_in_a_coding_that_was_not_asked_for_is_asked_for_without_any() -> None:
    site = Page(Settings(probe=False), Memories())
    squeezed = Answer(URL, URL, 200, HTML, b"", detail="the content coding 'br' was not asked for")
    (again,) = site.read(asked(site), squeezed).questions
    assert ("Accept-Encoding", "identity") in again.request.headers
    (found,) = site.read(again, Answer(URL, URL, 200, HTML, PAGE)).findings
    assert (found.reason, found.notes) == ("ok", ())


def test_a_server_that_sends_it_so_all_the_same_is_asked_only_once_more() -> None:
    site = Page(Settings(probe=False), Memories())
    squeezed = Answer(URL, URL, 200, HTML, b"", detail="the content coding 'br' was not asked for")
    (again,) = site.read(asked(site), squeezed).questions
    last = site.read(again, squeezed)
    assert not last.questions
    assert last.findings[0].reason == "ok"
    assert "not looked into" in last.findings[0].notes[0]


def test_a_refresh_header_is_followed_as_a_redirect() -> None:
    site = Page(Settings(probe=False), Memories())
    sent = Answer(URL, URL, 200, HTML | {"refresh": "0; url=/gone"}, b"<p>One moment")
    (onward,) = site.read(asked(site), sent).questions
    assert onward.request.url == "https://a.test/gone"
    landed = Answer(onward.request.url, onward.request.url, 404, HTML, b"")
    (found,) = site.read(onward, landed).findings
    assert found.reason == "not_found"


def test_a_refresh_header_that_waits_is_no_redirect() -> None:
    site = Page(Settings(probe=False), Memories())
    clock = Answer(URL, URL, 200, HTML | {"refresh": "60; url=/gone"}, PAGE)
    assert site.read(asked(site), clock).findings[0].reason == "ok"


@pytest.mark.parametrize("base", ["/data/en/", "//a.test/data/en/x", "en/", "https://a.test/data/en/#top"])
@pytest.mark.parametrize(
    "sends",
    ["<meta http-equiv=refresh content='0; url=set-1.html'>", "<script>location='set-1.html'</script>"],
)
def test_a_page_forwards_from_its_base(base: str, sends: str) -> None:
    site = Page(Settings(probe=False), Memories())
    page = f"<base target=_top><base href='{base}'><base href=/no/>{sends}".encode()
    (onward,) = site.read(asked(site), Answer(URL, URL, 200, HTML, page)).questions
    assert onward.request.url == "https://a.test/data/en/set-1.html"


@pytest.mark.parametrize("base", ["javascript:alert(1)", "data:text/html,", "https://[::1", "  ", "mailto:"])
def test_a_base_that_is_none_changes_nothing(base: str) -> None:
    site = Page(Settings(probe=False), Memories())
    page = f"<base href='{base}'><meta http-equiv=refresh content='0; url=set-2'>".encode()
    (onward,) = site.read(asked(site), Answer(URL, URL, 200, HTML, page)).questions
    assert onward.request.url == "https://a.test/data/set-2"


@pytest.mark.parametrize(
    ("to", "onward"),
    [
        ("https://u:SECRET@a.test/set-2#top", "https://a.test/set-2"),
        ("//u:SECRET@a.test:8443/set-2", "https://a.test:8443/set-2"),
        ("/\x1b[31m\u202eset?q=\u00e9&r=%20+|", "https://a.test/%1B[31m%E2%80%AEset?q=%C3%A9&r=%20+|"),
        ("https://b\u00fccher.test/", "https://xn--bcher-kva.test/"),
        ("?v=2", "https://a.test/data/set-1?v=2"),
    ],
)
def test_where_a_page_forwards_to_is_written_like_a_redirects_end(to: str, onward: str) -> None:
    site = Page(Settings(probe=False), Memories())
    page = f"<meta http-equiv=refresh content='0; url={to}'>".encode()
    html = {"content-type": "text/html; charset=utf-8"}
    (asked_next,) = site.read(asked(site), Answer(URL, URL, 200, html, page)).questions
    assert asked_next.request.url == onward
    assert [hop.url for hop in asked_next.context["hops"]] == [onward]


@pytest.mark.parametrize(
    ("content", "onward"),
    [  # what Chromium makes of them on a page at /data/set-1
        ("0 url=/g", "/g"),
        ("0 /g", "/g"),
        (".5;url=/g", "/g"),
        ("0.5.1;url=/g", "/g"),
        ("00,/g", "/g"),
        ("\t0 ;\nURL = /g", "/g"),
        ("0;url=/g h", "/g%20h"),
        ("0;url='/g h' x", "/g%20h"),
        ("0;url=/g'h", "/g'h"),
        ("0;uri=/g", "/data/uri=/g"),
        ("0;;url=/g", "/data/;url=/g"),
        ("0;url=\\g", "/g"),
        ("0;url=///a.test/g", "/g"),
        ("0;url=http:/g", "//g/"),
        ("-0;url=/g", ""),
        ("+0;url=/g", ""),
        ("0x;url=/g", ""),
        ("0;url=", ""),
        ("0;", ""),
        ("0", ""),
        ("06;url=/g", ""),
        ("9" * 5000 + ";url=/g", ""),
    ],
)
def test_a_refresh_is_read_as_browsers_read_it(content: str, onward: str) -> None:
    site = Page(Settings(probe=False), Memories())
    sent = Answer(URL, URL, 200, HTML | {"refresh": content}, PAGE)
    questions = site.read(asked(site), sent).questions
    expected = {"": [], "//g/": ["http://g/"]}.get(onward, [f"https://a.test{onward}"])
    assert [question.request.url for question in questions] == expected


def test_a_header_knows_no_base() -> None:
    site = Page(Settings(probe=False), Memories())
    sent = Answer(URL, URL, 200, HTML | {"refresh": "0; url=set-2"}, b"<base href=/elsewhere/>")
    (onward,) = site.read(asked(site), sent).questions
    assert onward.request.url == "https://a.test/data/set-2"


@pytest.mark.parametrize(
    ("body", "onward"),
    [
        ("<script>window.location.replace('/gone')</script>", "https://a.test/gone"),
        (
            '<title>Moved</title><p>Redirecting<script>location.href = "../new";</script>',
            "https://a.test/new",
        ),
        ("<script>var to = '/a'; location = to + '/b';</script>", ""),
        ("<script>if (old) location = '/a'; else location = '/b';</script>", ""),
        (f"<p>{'A page of its own. ' * 20}<script>location = '/gone';</script>", ""),
        ("<script>my.location = '/gone';</script>", ""),
    ],
)
def test_a_script_that_sends_everybody_on_is_followed_where_it_is_all_there_is(
    body: str, onward: str
) -> None:
    site = Page(Settings(probe=False), Memories())
    sent = Answer(URL, URL, 200, HTML, body.encode())
    found = [question.request.url for question in site.read(asked(site), sent).questions]
    assert found == ([onward] if onward else [])
