"""Pages that might be something else: what decides, and in whose favour."""

from __future__ import annotations

import pytest
from memories import Memories

from scraper.model import Answer, Hop, Question, Reading, Target
from scraper.settings import Settings
from scraper.sites.pages import signs
from scraper.sites.pages.page import Page, judge_page

PROSE = "The quick brown fox jumps over the lazy dog while seven wizards quietly mix jugs of liquid. "
DOUBTFUL = f"<title>Deploying</title><p>{PROSE * 3} A message that the page could not be found is harmless."
LISTING = f"<title>Papers</title><p>{PROSE * 2}"
MISSING = "<title>Lab</title><p>Sorry: the page {} could not be found on this site of ours. " + PROSE * 3


def seen(body: str, url: str, *hops: Hop, status: int = 200, kind: str = "text/html") -> Answer:
    final = hops[-1].url if hops else url
    return Answer(url, final, status, {"content-type": kind}, body.encode(), hops=hops)


def ask(site: Page, url: str) -> Question:
    (question,) = site.ask([Target(f"web:{url}", "web", "page", url, url)])
    return question


def visit(url: str, body: str, then: Answer | None = None) -> tuple[list[str], str]:
    """Reasons of the findings in the end, and the address that was asked besides, if one was."""
    site = Page(Settings(), Memories())
    reading: Reading = site.read(ask(site, url), seen(body, url))
    if not reading.questions:
        return _reasons(reading), ""
    (further,) = reading.questions
    other = further.request.url
    after = site.read(further, then or seen("", other, status=404))
    return _reasons(after), other


def _reasons(reading: Reading) -> list[str]:
    return [found.reason for found in reading.findings]


def test_a_doubtful_sentence_is_decided_by_a_made_up_sibling() -> None:
    url = "https://a.test/docs/deploying"
    assert visit(url, DOUBTFUL)[0] == ["ok"]
    assert visit(url, DOUBTFUL, seen(DOUBTFUL, url))[0] == ["soft_404"]
    assert visit(url, MISSING.format("a"), seen(MISSING.format("b"), url))[0] == ["soft_404"]
    assert visit(url, DOUBTFUL, Answer(url, url, failure="timeout"))[0] == ["ok"]
    claim = judge_page(seen(DOUBTFUL, url), signs.look(seen(DOUBTFUL, url)))
    assert claim.reason == "soft_404", "without a sibling to ask, the sentence is all there is"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<title>Bad Gateway</title><h1>Bad Gateway</h1><p>Retry in a moment.", "server_error"),
        ("<title>Forbidden</title><p>Your network may not come in here.", "forbidden"),
        ("<title>Corpora</title><p>This dataset has been withdrawn.", "soft_404"),
        ("<title>Wiki</title><p>Sie haben leider keine Berechtigung für diese Seite.", "forbidden"),
        ("<title>Foro</title><p>No tienes permisos para ver este contenido.", "forbidden"),
        ("<title>論壇</title><p>您沒有查看該頁面的權限。", "forbidden"),
        ("<title>Erreur</title><h1>Erreur interne du serveur</h1><p>Veuillez patienter.", "server_error"),
        ("<title>Kino</title><p>Der Film ist leider in deinem Land nicht verfügbar.", "forbidden"),
        ("<title>Films</title><p>This content is not available in your country.", "forbidden"),
    ],
)
def test_who_denies_made_up_addresses_still_fails_refuses_and_removes(body: str, reason: str) -> None:
    url = "https://a.test/corpora/4711"
    assert visit(url, body)[0] == [reason]
    other = seen(LISTING, url)
    assert visit(url, body, other)[0] == [reason], "nor does it help that others get a list"


@pytest.mark.parametrize(
    "text",
    [
        "We do not have permission to share the recordings. The slides are below.",
        "Wir haben keine Rechte an diesem Dokument; es steht in der Bibliothek.",
        "Pages that readers may not see: a study of access in wikis.",
    ],
)
def test_what_others_may_not_do_closes_no_page(text: str) -> None:
    assert visit("https://a.test/talks/17", f"<title>Talks</title><p>{text}")[0] == ["ok"]


def test_a_menu_before_a_heading_removes_nothing_where_others_are_denied() -> None:
    url = "https://a.test/releases/3"
    heading = "What was removed in version 3"
    notes = f"<title>{heading}</title><a href=/b>Blog</a> <h1>{heading}</h1><p>" + "The old exporter. " * 20
    assert visit(url, notes)[0] == ["ok"]


@pytest.mark.parametrize(
    ("url", "made_up"),
    [
        ("https://a.test/view?id=1&lang=en", "https://a.test/view?id=*&lang=en"),
        ("https://a.test/forum?noteId=Q&&id=%20", "https://a.test/forum?noteId=*&&id=%20"),
        ("https://a.test/talks/7.html?utm_source=x", "https://a.test/talks/*.html?utm_source=x"),
        ("https://a.test/talks/7/?v=2", "https://a.test/talks/*/?v=2"),
        ("https://a.test/?p=12", "https://a.test/?p=*"),
        ("https://a.test/?ref=weekly", ""),
        ("https://a.test/", ""),
    ],
)
def test_the_sibling_differs_in_what_says_which_page_is_meant(url: str, made_up: str) -> None:
    _, asked = visit(url, LISTING)
    before, star, after = made_up.partition("*")
    if star:
        assert asked.startswith(before)
        assert asked.endswith(after)
        assert len(asked) > len(before) + len(after)
    else:
        assert asked == made_up


def test_the_same_login_form_everywhere_is_a_closed_door_and_no_missing_page() -> None:
    form = "<title>Portal</title><form><input name=user><input type=password></form>"
    url = "https://a.test/p/17"
    assert visit(url, form, seen(form, url))[0] == ["login_required"]


FORWARD = "<title>Moved</title><meta http-equiv=Refresh content=\"0; URL='{}'\"><p>This page has moved."


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        (seen(LISTING, "https://a.test/new/place"), "redirected_permanently"),
        (seen("", "https://a.test/new/place", status=404), "not_found"),
        (
            Answer("https://a.test/new/place", "https://a.test/new/place", failure="tls_expired"),
            "tls_expired",
        ),
        (seen(LISTING, "https://a.test/new/place", Hop(302, "https://a.test/")), "soft_404"),
        (seen(LISTING, "https://a.test/new/place", Hop(302, "https://a.test/login")), "login_required"),
        (seen(FORWARD.format("/again"), "https://a.test/new/place"), "ok"),
    ],
)
def test_a_page_that_forwards_by_its_markup_is_judged_by_where_it_leads(then: Answer, reason: str) -> None:
    url = "https://a.test/papers/17"
    site = Page(Settings(probe=False), Memories())
    (onward,) = site.read(ask(site, url), seen(FORWARD.format("/new/place"), url)).questions
    assert onward.request.url == "https://a.test/new/place"
    (found,) = site.read(onward, then).findings
    assert found.reason == reason
    assert found.redirects.startswith("200 https://a.test/new/place")


@pytest.mark.parametrize(
    ("url", "content"),
    [
        ("https://a.test/papers/17", "3; url=/new/place"),
        ("https://a.test/papers/17", "0; url=/new/place?visit=81"),
        ("https://a.test/docs/", "0; url=/docs/stable/"),
        ("https://a.test/", "0; url=/en"),
    ],
)
def test_what_shows_itself_first_or_is_a_folder_forwards_not_for_good(url: str, content: str) -> None:
    site = Page(Settings(probe=False), Memories())
    page = f"<title>Wait</title><meta http-equiv=refresh content='{content}'>"
    (onward,) = site.read(ask(site, url), seen(page, url)).questions
    (found,) = site.read(onward, seen(LISTING, onward.request.url)).findings
    assert (found.reason, found.suggested_url) == ("ok", "")


@pytest.mark.parametrize("to", ["", "https://[::1", "javascript:alert(1)", "https://a.test/p/17"])
def test_markup_that_forwards_nowhere_is_a_page_like_others(to: str) -> None:
    url = "https://a.test/p/17"
    site = Page(Settings(probe=False), Memories())
    assert _reasons(site.read(ask(site, url), seen(FORWARD.format(to), url))) == ["ok"]


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ("404 page not found\n", "text/plain", "soft_404"),
        (PROSE * 9, "text/plain", "ok"),
        ("<title>Portal</title><p>Please enable cookies to continue.", "text/html", "challenge"),
        (
            f"<title>Cookies in browsers</title><p>{PROSE * 9} Please enable cookies to continue.",
            "text/html",
            "ok",
        ),
        ("<title>Lab</title><h1>Down for maintenance</h1>", "text/html", "server_error"),
        (f"<title>Software under maintenance: a survey</title><p>{PROSE * 9}", "text/html", "ok"),
        ("<script>window.location.href='/lander'</script>", "text/html", "parked"),
        ("<title>Contact</title><textarea></textarea><i class=g-recaptcha></i>", "text/html", "ok"),
        ("<title>Portal</title><i class=g-recaptcha></i>", "text/html", "challenge"),
        (f"<title>CAPTCHA recognition with CNNs</title><p>{PROSE * 6}", "text/html", "ok"),
    ],
)
def test_a_sign_counts_where_little_else_is_said(body: str, kind: str, reason: str) -> None:
    answer = seen(body, "https://a.test/p/17", kind=kind)
    assert judge_page(answer, signs.look(answer)).reason == reason


def test_a_redirect_to_a_consent_page_is_no_proof_that_anything_is_there() -> None:
    answer = seen(
        LISTING, "https://videos.test/watch?v=1", Hop(302, "https://consent.videos.test/m?continue=x")
    )
    assert judge_page(answer, signs.look(answer)).reason == "challenge"


@pytest.mark.parametrize("url", ["http://[::1/", "http:///nothing", "file:///x", "", "http://[]/?id=1"])
def test_an_address_that_is_none_harms_no_other(url: str) -> None:
    site = Page(Settings(), Memories())
    good = "https://a.test/paper"
    targets = [Target(f"web:{one}", "web", "page", one, one) for one in (url, good)]
    assert [question.request.url for question in site.ask(targets)] == [url, good]
    answer = Answer(url, url, failure="invalid_url")
    assert _reasons(site.read(site.ask(targets)[0], answer)) == ["invalid_url"]


def test_the_number_in_a_title_makes_a_sentence_among_menus_count() -> None:
    menu = "".join(f"<li><a href=/{n}>Component number {n}</a>" for n in range(50))
    page = f"<title>Kit - {{}}</title><ul>{menu}</ul><div>404</div><p>The page was not found."
    url = "https://a.test/kit/4711"
    for number, reason in (("404", "soft_404"), ("Buttons", "ok")):
        answer = seen(page.format(number), url)
        assert judge_page(answer, signs.look(answer)).reason == reason
    assert visit(url, page.format("404"))[0] == ["ok"], "a site that denies made-up addresses decides"


@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_answer_is_told(status: int) -> None:
    url = "https://a.test/corpora/4711"
    site = Page(Settings(), Memories())
    (found,) = site.read(ask(site, url), seen("", url, status=status)).findings
    assert found.reason == "ok"
    assert found.notes == ("the answer is empty: there was nothing to look into",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<title>Web</title><h1>It works !</h1><p>Caches are warm.", "soft_404"),
        ("<title>Welcome</title><p>This is the default Tomcat home page.", "soft_404"),
        ("<title>BŁĄD</title><body id=ERR_DNS_FAIL><h1>BŁĄD</h1><p>Nie ma.", "server_error"),
        ("<title>Tracker 500 error</title><h1>Internal error</h1><p>Tell the owner.", "server_error"),
        (f"<title>Servers</title><p>This is the default page. {PROSE * 30}", "ok"),
    ],
)
def test_servers_without_a_site_and_proxies_without_an_answer(body: str, reason: str) -> None:
    answer = seen(body, "https://a.test/corpora/4711")
    assert judge_page(answer, signs.look(answer)).reason == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<title>502 Proxy Error</title><h1>Proxy Error</h1><p>Nothing came from upstream.", "server_error"),
        ("<title>App</title><h1>OperationalError at /papers/7</h1><p>Refused.", "server_error"),
        ("<title>App</title><h1>NoMethodError in PapersController#show</h1>", "server_error"),
        ("<title>Lab</title><h1>We are performing urgent maintenance</h1><p>Back soon.", "server_error"),
        (
            "<title>Lab</title><p>The requested URL was rejected. Please consult with your administrator.",
            "challenge",
        ),
        ("<title>Films</title><p>Video unavailable. This video is private.", "forbidden"),
        ("<title>Wiki</title><h1>Corals</h1><p>There is currently no text in this page.", "soft_404"),
        ("<title>Labor</title><h1>Diese Seite gibt es (nicht mehr).</h1>", "soft_404"),
        ("Internal Server Error", "server_error"),
        ("No input file specified.", "soft_404"),
        ("<title>Corpora</title><h1>Invalid data set id</h1><p>No data set with this id exists.", "soft_404"),
        ("<title>Projekt</title><p>Diese Seite wurde abgeschaltet.", "soft_404"),
        ("<title>Lab</title><p>This website has been taken offline.", "soft_404"),
        ("<title>Bad Gateway Drugs</title><h1>Bad Gateway Drugs</h1><p>Essay on policy.", "ok"),
        ("<title>500</title><h1>500 questions</h1><p>A data set for question answering.", "ok"),
        ("<title>The captcha problem</title><p>Are you a robot? Why proving it gets harder.", "ok"),
        ("<title>Lost leaves</title><p>Fragments of manuscripts that were not found until 1945.", "ok"),
        (f"<title>Data</title><p>Ask us: this repository is private. {PROSE * 3}", "ok"),
    ],
)
def test_what_frameworks_hosts_and_living_pages_say(body: str, reason: str) -> None:
    answer = seen(body, "https://a.test/corpora/4711")
    assert judge_page(answer, signs.look(answer)).reason == reason


@pytest.mark.parametrize(
    "body",
    [
        "<title>410</title><h1>Gene 410</h1><p>Expression profile.",
        "<title>Gaps</title><h1>Missing data in surveys</h1><p>For data that are not available at random.",
        "<title>Lost hands</title><h1>Nicht gefunden: verlorene Handschriften</h1><p>Bis zum 3. Mai.",
    ],
)
def test_short_pages_that_sound_missing_are_freed_by_an_honest_site(body: str) -> None:
    assert visit("https://a.test/corpora/4711", body)[0] == ["ok"]
