"""What a page shows, and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memories import Memories

from scraper.model import Answer, Hop, Question, Target
from scraper.settings import Settings
from scraper.sites.pages import characters, failing, signs, vacancy
from scraper.sites.pages.page import Page, judge_page
from scraper.verdicts.reasons import REASONS

LOREM = "The quick brown fox jumps over the lazy dog while seven wizards quietly mix jugs of liquid. " * 30


def page(
    body: str,
    *hops: tuple[int, str],
    status: int = 200,
    url: str = "https://a.test/deep/thing",
    **headers: str,
) -> Answer:
    made = tuple(Hop(code, to) for code, to in hops)
    final = made[-1].url if made else url
    fields = {"content-type": "text/html; charset=utf-8"} | {
        k.replace("_", "-"): v for k, v in headers.items()
    }
    return Answer(url, final, status, fields, body.encode(), hops=made)


def html(title: str = "", h1: str = "", text: str = "", extra: str = "") -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return f"<html><head><title>{title}</title></head><body>{heading}<p>{text}</p>{extra}</body></html>"


def reason(answer: Answer) -> str:
    return judge_page(answer, signs.look(answer)).reason


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(html("Page not found | My Site", "Page not found", "Go home")), "soft_404"),
        (page(html("My Site", "404", "Memories to see")), "soft_404"),
        (page(html("Seite nicht gefunden – Uni", "Seite nicht gefunden", "Startseite")), "soft_404"),
        (page(html("页面不存在", "", "返回首页")), "soft_404"),
        (page(html("お探しのページが見つかりません", "お探しのページが見つかりません")), "soft_404"),
        (page(html("My Site", "", "The page you requested could not be found. Search?")), "soft_404"),
        (page("<title>x</title><meta name='prerender-status-code' content='404'><p>hm</p>"), "soft_404"),
        (page("Not Found"), "soft_404"),
        (page(html("How to design a great 404 page", "How to design a great 404 page", LOREM)), "ok"),
        (page(html("HTTP 404 - Wikipedia", "HTTP 404", LOREM * 2)), "ok"),
        (page(html("404 Not Found: a history", "404 Not Found: a history", LOREM)), "ok"),
        (page(html("Missing data in clinical trials", "Missing data", LOREM)), "ok"),
        (page(html("Just a moment...", "", "Checking your browser"), status=403), "challenge"),
        (page(html("Just a moment...", "", "Checking your browser"), status=503), "challenge"),
        (page(html("x", "", "", "<script>window._cf_chl_opt={}</script>")), "challenge"),
        (page("", status=403, cf_mitigated="challenge"), "challenge"),
        (page(html("Access Denied", "Access Denied", "Reference #18.2f"), status=403), "challenge"),
        (page(html("Contact", "Contact us", LOREM, "<div class=g-recaptcha></div>")), "ok"),
        (page(html("Log in", "Log in", "", "<input type=password>")), "login_required"),
        (
            page(html("Welcome", "Welcome", LOREM), (302, "https://a.test/login?next=/deep/thing")),
            "login_required",
        ),
        (page(html("Sign in", "Sign in", "", "<input type=password>"), url="https://a.test/login"), "ok"),
        (page(html("shop", "", LOREM, "<input type=password>")), "ok"),
        (page(html("Home", "Welcome", LOREM), (301, "https://a.test/")), "soft_404"),
        (page(html("Home", "Welcome", LOREM), (302, "https://www.a.test/en/")), "soft_404"),
        (page(html("Project", "Project", LOREM), (301, "https://project.test/")), "redirected_permanently"),
        (
            page(html("Home", "Welcome", LOREM), (301, "https://a.test/"), url="https://a.test/index.html"),
            "redirected_permanently",
        ),
        (page(html("x", "x", LOREM), (302, "https://a.test/404.html")), "soft_404"),
        (page(html("a.test", "", "This domain is for sale! Buy this domain")), "parked"),
        (page(html("Buying a house", "The domain of real estate", LOREM)), "ok"),
        (page("", status=404), "not_found"),
        (page(html("Page not found"), status=500), "server_error"),
        (page(""), "ok"),
    ],
)
def test_a_page_is_judged_by_what_it_shows(answer: Answer, expected: str) -> None:
    assert reason(answer) == expected


@pytest.mark.parametrize(
    "text", ["Found", "This page is available", "Project", "Content found", "Missing values"]
)
def test_words_that_only_look_like_an_error_page(text: str) -> None:
    assert not signs.names_absence(text)


def target(url: str) -> Target:
    return Target(f"web:{url}", "web", "page", url, url)


def ask(site: Page, url: str) -> Question:
    (question,) = site.ask([target(url)])
    return question


SAME = html(
    "Acme", "Acme", "Acme makes many fine things for many fine people, today and tomorrow and always."
)


def test_the_same_page_for_a_made_up_sibling_is_a_soft_404_and_is_asked_for_once() -> None:
    site = Page(Settings(), Memories())
    one, two, three = (f"https://a.test/p/{name}" for name in "abc")
    first = site.read(ask(site, one), page(SAME, url=one))
    (probe,) = first.questions
    assert probe.request.url.startswith("https://a.test/p/x")
    held = site.read(ask(site, two), page(SAME, url=two))
    assert [t.url for t in held.held] == [two]
    asked = site.read(probe, page(SAME, url=probe.request.url))
    (front,) = asked.questions
    assert (front.step, front.request.url) == ("front", "https://a.test/")
    assert [t.url for t in asked.held] == [two]
    answered = site.read(front, page(html("Acme", "Welcome", LOREM), url="https://a.test/"))
    assert {(f.target, f.reason) for f in answered.findings} == {
        (f"web:{one}", "soft_404"),
        (f"web:{two}", "soft_404"),
    }
    later = site.read(ask(site, three), page(SAME, url=three))
    assert [f.reason for f in later.findings] == ["soft_404"]


@pytest.mark.parametrize(
    "sibling",
    [
        page(html("Not found", "404"), status=404),
        page(html("Acme", "Another thing", LOREM)),
        page(SAME, (302, "https://a.test/"), url="https://a.test/p/x"),
        Answer("https://a.test/p/x", "https://a.test/p/x", failure="timeout"),
    ],
)
def test_a_site_that_answers_its_siblings_differently_is_honest(sibling: Answer) -> None:
    site = Page(Settings(), Memories())
    url = "https://a.test/p/a"
    (probe,) = site.read(ask(site, url), page(SAME, url=url)).questions
    assert [f.reason for f in site.read(probe, sibling).findings] == ["ok"]


@pytest.mark.parametrize(
    ("status", "reason"), [(199, "ok"), (200, "soft_404"), (299, "soft_404"), (300, "ok"), (404, "ok")]
)
def test_a_sibling_that_got_a_page_is_one_that_can_be_compared(status: int, reason: str) -> None:
    site = Page(Settings(), Memories())
    url = "https://a.test/p/a"
    (probe,) = site.read(ask(site, url), page(SAME, url=url)).questions
    told = site.read(probe, page(SAME, url=probe.request.url, status=status))
    for question in told.questions:
        told = site.read(question, page(html("Acme", "Welcome", LOREM), url="https://a.test/"))
    assert [f.reason for f in told.findings] == [reason]


@pytest.mark.parametrize(("links", "reason"), [(0, "challenge"), (2, "challenge"), (3, "soft_404")])
def test_a_page_for_every_address_and_the_front_is_a_wall_unless_it_has_a_menu(
    links: int, reason: str
) -> None:
    menu = "".join(f"<a href='/{number}'>Part {number}</a> " for number in range(links))
    everywhere = SAME.replace("</body>", f"{menu}</body>")
    site = Page(Settings(), Memories())
    url = "https://a.test/p/a"
    (probe,) = site.read(ask(site, url), page(everywhere, url=url)).questions
    (front,) = site.read(probe, page(everywhere, url=probe.request.url)).questions
    told = site.read(front, page(everywhere, url="https://a.test/"))
    assert [f.reason for f in told.findings] == [reason]


@pytest.mark.parametrize(("status", "title"), [(200, "On ice"), (404, None), (500, None)])
def test_only_a_page_that_is_there_has_a_title(status: int, title: str | None) -> None:
    site, url = Page(Settings(), Memories()), "https://a.test/about-ice"
    told = site.read(ask(site, url), page(html("On ice", "About ice", LOREM), url=url, status=status))
    assert [found.record.get("title") for found in told.findings] == [title]


def test_no_probe_where_the_page_speaks_of_its_address_or_only_scripts_draw_it() -> None:
    site = Page(Settings(), Memories())
    named = "https://a.test/blog/gradient-clipping"
    assert site.read(ask(site, named), page(html("Gradient clipping", "", LOREM), url=named)).findings
    shell = "https://a.test/app/1"
    drawn = page("<title>App</title><div id=root></div><script src=/app.js></script>", url=shell)
    assert [f.reason for f in site.read(ask(site, shell), drawn).findings] == ["ok"]
    quiet = Page(Settings(probe=False), Memories())
    assert quiet.read(ask(quiet, shell), page(SAME, url=shell)).findings


def test_the_query_is_never_dropped_or_reordered() -> None:
    site = Page(Settings(), Memories())
    url = "https://a.test/s?z=1&a=%20b&&noteId=Q"
    assert ask(site, url).request.url == url
    (probe,) = site.read(ask(site, url), page(SAME, url=url)).questions
    assert probe.request.url.startswith("https://a.test/s?z=1&a=")


def test_of_what_is_no_page_only_the_beginning_is_read_and_head_is_not_believed() -> None:
    site = Page(Settings(), Memories())
    file, text = (ask(site, f"https://a.test/{name}").request for name in ("paper.pdf", "paper"))
    assert (file.method, text.method) == ("GET", "GET")
    assert file.body_limit < text.body_limit


def test_a_certificate_that_expires_soon_is_noted() -> None:
    site = Page(Settings(), Memories())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    url = "https://a.test/"
    for days, noted in ((13, 1), (15, 0)):
        ends = now + timedelta(days=days)
        seen = Answer(url, url, 200, body=b"%PDF-1.7", at=now, certificate_expires=ends)
        (found,) = site.read(ask(site, url), seen).findings
        assert len(found.notes) == noted


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"caf\xc3\xa9", "text/html", "café"),
        (b"caf\xe9 noir", "text/html", "café noir"),
        (b"caf\xe9", "text/html; charset=iso-8859-1", "café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=latin-1", "café"),
        ("café".encode("utf-16-le"), "text/html; charset=utf-16-le", "café"),
        (b"<meta charset=gbk>" + "页".encode("gbk"), "text/html", "<meta charset=gbk>页"),
        (b"plain", "text/html; charset=rot13", "plain"),
        (b"plain", "text/html; charset=base64", "plain"),
        (b"plain", "text/html; charset=idna", "plain"),
        (b"plain", "text/html; charset=utf-7", "plain"),
        (b"plain", "text/html; charset=" + "x" * 5000, "plain"),
        (b"a\0b", "text/html", "ab"),
        ("页".encode()[:2], "text/html", "\ufffd"),
        ("<p>没有找到您要的页面，请返回首页".encode("gbk"), "text/html", "<p>没有找到您要的页面，请返回首页"),
        ("<p>Такой страницы у нас нет".encode("cp1251"), "text/html", "<p>Такой страницы у нас нет"),
        ("<p>Такой страницы у нас нет".encode("koi8_r"), "text/html", "<p>Такой страницы у нас нет"),
        ("<p>お探しのページはありません".encode("cp932"), "text/html", "<p>お探しのページはありません"),
        ("<p>Größe für Gäste; naïve café".encode("cp1252"), "text/html", "<p>Größe für Gäste; naïve café"),
    ],
)
def test_bodies_are_decoded_as_browsers_do(body: bytes, content_type: str, text: str) -> None:
    assert characters.decode(body, content_type) == text


@given(st.binary(max_size=400), st.text(max_size=60), st.text(max_size=40), st.integers(100, 999))
def test_no_body_and_no_header_makes_the_judge_raise(
    body: bytes, content_type: str, final: str, status: int
) -> None:
    answer = Answer(
        "https://a.test/x",
        f"https://a.test/{final}",
        status,
        {"content-type": content_type},
        body,
        hops=(Hop(301, "x"),),
    )
    claim = judge_page(answer, signs.look(answer))
    assert claim.reason in REASONS
    assert claim == judge_page(answer, signs.look(answer))


@given(st.text(max_size=300))
def test_no_markup_makes_the_eye_blink(markup: str) -> None:
    signs.look(page("<div>" * 500 + markup + "<b>" * 500))


def test_a_view_of_nothing_says_nothing_so_files_are_not_looked_into() -> None:
    """What the shortcut for files takes for granted: no look finds anything where nothing is."""
    nothing, url = signs.PageView(), "https://site.test/paper.pdf"
    served = Answer(url, url, 200, {"content-type": "application/pdf"}, b"%PDF-1.7", truncated=True)
    looks = (
        *(signs.says_missing(nothing).why, signs.hints_at_absence(nothing), vacancy.let_go(nothing)),
        *(vacancy.parked(served, nothing), vacancy.suspended(nothing), vacancy.default_page(nothing)),
        *(failing.failed(nothing), failing.status_said(nothing), failing.status_named(nothing)),
        *(failing.status_numbered(nothing), failing.refused(nothing), signs.wants_login(served, nothing)),
    )
    assert nothing.blank
    assert not any(looks)
    assert judge_page(served, signs.look(served)).reason == "ok"


def test_a_file_that_is_led_to_a_login_is_one_all_the_same() -> None:
    url = "https://site.test/paper.pdf"
    final = "https://site.test/login?next=/paper.pdf"
    led = Answer(url, final, 200, {"content-type": "application/pdf"}, b"", hops=(Hop(302, final),))
    assert judge_page(led, signs.look(led)).reason == "login_required"
