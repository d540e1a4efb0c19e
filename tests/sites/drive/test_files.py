from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memories import Memories

from scraper.model import Answer, Health, Hop, Target
from scraper.settings import Settings
from scraper.sites.drive.files import GoogleDrive

ID = "12QK7onizf2ArpEBK706ly8bNfiM9cPzp"
FILE = Target(f"gdrive:{ID}", "gdrive", "file", ID, f"https://drive.google.com/file/d/{ID}/view")
FOLDER = Target(f"gdrive:{ID}", "gdrive", "folder", ID, f"https://drive.google.com/drive/folders/{ID}")
LOGIN = "https://accounts.google.com/ServiceLogin?service=wise&continue=x"


def page(title: str, body: str = "", head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


NAMED = page("robust.zip - Google Drive", "x", '<meta property="og:title" content="robust.zip">')
SORRY = (
    "<p>Sorry, the file you have requested does not exist.</p><p>Make sure that you have the correct URL.</p>"
)


def answer(status: int | None, body: bytes = b"", final: str = FILE.url, failure: str = "") -> Answer:
    hops = () if final == FILE.url else (Hop(302, final),)
    return Answer(
        FILE.url,
        final,
        status,
        {"content-type": "text/html; charset=utf-8"},
        body,
        hops=hops,
        failure=failure,
    )


def drive() -> GoogleDrive:
    return GoogleDrive(Settings(), Memories())


@pytest.mark.parametrize(
    ("given_answer", "health", "reason"),
    [
        (answer(200, NAMED), Health.ALIVE, "ok"),
        (answer(200, page("weights - Google Drive")), Health.ALIVE, "ok"),
        (answer(200, page("404 pages, a study.pdf - Google Drive", SORRY)), Health.ALIVE, "ok"),
        (answer(200, NAMED, f"{FILE.url}?usp=sharing"), Health.ALIVE, "ok"),
        (answer(200, page("Sign in - Google Accounts"), LOGIN), Health.BLOCKED, "login_required"),
        (answer(200, page("Google Drive: Sign-in"), LOGIN), Health.BLOCKED, "login_required"),
        (answer(403, page("Google Drive", "<h1>You need access</h1>")), Health.BLOCKED, "login_required"),
        (answer(404, page("Page Not Found", SORRY)), Health.BROKEN, "not_found"),
        (answer(410, b""), Health.BROKEN, "gone"),
        (answer(200, page("Google Drive", SORRY)), Health.BROKEN, "soft_404"),
        (
            answer(
                200, page("Google Drive", "This item was found to be in violation of our Terms of Service")
            ),
            Health.BROKEN,
            "soft_404",
        ),
        (answer(200, page("Meet Google Drive"), "https://www.google.com/drive/"), Health.BROKEN, "soft_404"),
        (answer(200, page("Google Drive")), Health.UNVERIFIED, "no_answer"),
        (answer(200, b""), Health.UNVERIFIED, "no_answer"),
        (
            answer(429, page("Sorry..."), "https://www.google.com/sorry/index?q=1"),
            Health.BLOCKED,
            "challenge",
        ),
        (answer(500, b""), Health.FAILING, "server_error"),
        (answer(None, failure="timeout"), Health.FAILING, "timeout"),
    ],
)
def test_what_the_page_says(given_answer: Answer, health: Health, reason: str) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    (finding,) = site.read(question, given_answer).findings
    assert (finding.health, finding.reason, finding.rank) == (health, reason, 2)
    assert bool(finding.record) == (health is Health.ALIVE)


def test_the_name_is_the_title() -> None:
    site = drive()
    (question,) = site.ask([FOLDER])
    (finding,) = site.read(question, answer(200, NAMED)).findings
    assert finding.record == {"title": "robust.zip"}
    assert (question.key, question.step, question.request.url) == ("drive.google.com", "page", FOLDER.url)


@pytest.mark.parametrize(
    "name", ["Error rates.xlsx", "Google Drive backup.zip", "loading.gif", "errata 404.pdf"]
)
def test_a_name_that_resembles_a_message_is_a_name(name: str) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    (finding,) = site.read(question, answer(200, page(f"{name} - Google Drive"))).findings
    assert finding.record == {"title": name}


@pytest.mark.parametrize("title", ["Welcome", "Hotel Wi-Fi", "robust.zip", "Google"])
def test_a_page_with_any_other_title_is_no_file(title: str) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    (finding,) = site.read(question, answer(200, page(title, "<p>Please use our new portal."))).findings
    assert (finding.reason, finding.record) == ("no_answer", {})


@pytest.mark.parametrize("status", [204, 206, 300, 304])
def test_an_answer_without_a_page_shows_no_file_and_erases_no_name(status: int) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    (finding,) = site.read(question, answer(status, b"")).findings
    assert (finding.health, finding.reason, finding.record) == ("unverified", "no_answer", {})


@pytest.mark.parametrize("product", ["Drive", "Docs", "Sheets", "Slides", "Forms", "Tabellen", "ドライブ"])
def test_a_name_stands_before_the_product(product: str) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    (finding,) = site.read(question, answer(200, page(f"Plan - Google {product}"))).findings
    assert (finding.reason, finding.record) == ("ok", {"title": "Plan"})


@given(st.sampled_from([200, 302, 403, 404, 999]), st.binary(max_size=200))
def test_no_page_makes_the_reader_raise(status: int, body: bytes) -> None:
    site = drive()
    (question,) = site.ask([FILE])
    assert len(site.read(question, answer(status, b"<html>" + body)).findings) == 1
