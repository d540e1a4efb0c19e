"""OpenReview from question to verdict, against a stand-in that answers as the service does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from memories import Memories
from pydantic import SecretStr

from scraper.model import Answer, Finding, Hop, Question, Request, Target, Verdict
from scraper.settings import Settings
from scraper.sites.captures import PACES
from scraper.sites.openreview.forums import OpenReview
from scraper.verdicts.health import overlay, weigh

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
STAMP = "20220926095407"


def forum(note: str, archived_at: str = "") -> Target:
    url = f"https://openreview.net/forum?id={note}"
    return Target(f"openreview:{note}", "openreview", "forum", note, url, archived_at)


def v1(note: str, **more: Any) -> dict[str, Any]:
    fields = {"title": f" Paper {note} ", "abstract": f"About {note}.\n\nTwice. ", "authors": ["A B", "C D"]}
    invitation = "ICLR.cc/2020/Conference/-/Blind_Submission"
    made = {"id": note, "forum": note, "invitation": invitation, "readers": ["everyone"], "content": fields}
    return made | {"cdate": 1569438812057, "tmdate": 1583912045523, "ddate": None} | more


def v2(note: str) -> dict[str, Any]:
    fields = {"title": {"value": f"Paper {note}"}, "abstract": {"value": "New."}}
    return {"id": note, "forum": note, "version": 2, "readers": ["everyone"], "content": fields}


def error(name: str, status: int, message: str = "", **details: Any) -> tuple[int, dict[str, Any]]:
    return status, {"name": name, "message": message, "status": status, "details": details}


CHALLENGE = error("ChallengeRequiredError", 403, challengeUrl="https://openreview.net/challenge?redirect=x")
LIMITED = error("RateLimitError", 429, "Too many requests: …", resetTime="2026-08-31T08:59:25.212Z")


def paper_page(note: str) -> str:
    return (
        f'<html><head><title>Paper {note} | OpenReview</title><meta name="description" content="Short.">'
        f'<meta name="citation_title" content="Paper {note}"><meta name="citation_author" content="A B">'
        f'<meta name="citation_abstract" content="About &lt;b&gt; {note}."></head><body>…</body></html>'
    )


def error_page(message: str) -> str:
    return (
        "<html><head><title>Forum | OpenReview</title></head><body><div class='error-display'><h1>Error</h1>"
        f"<pre class='error-message'>{message}</pre></div></body></html>"
    )


def old_page(note: dict[str, Any]) -> str:
    data = json.dumps({"props": {"pageProps": {"forumNote": note}}})
    return (
        "<html><head><title>x</title></head><body>"
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script></body></html>'
    )


@dataclass
class Service:
    """OpenReview and the archive, each request of which is counted under its key."""

    one: dict[str, dict[str, Any]] = field(default_factory=dict)
    two: dict[str, dict[str, Any]] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    gated: bool = False
    gate: tuple[int, dict[str, str], bytes] | None = None
    """Status, headers and body of a gate that does not answer in JSON."""
    limited: bool = False
    pages: dict[str, str] = field(default_factory=dict)
    page_gated: bool = False
    redirects: dict[str, str] = field(default_factory=dict)
    mementos: dict[str, str] = field(default_factory=dict)
    """Raw address -> page."""
    available: dict[str, str] = field(default_factory=dict)
    """Forum address -> time stamp that the availability API gives."""
    index: dict[str, list[str]] = field(default_factory=dict)
    """Forum address -> time stamps in the index, oldest first."""
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, question: Question) -> Answer:
        self.asked[question.key] += 1
        url = question.request.url
        host = urlsplit(url).hostname or ""
        query = parse_qs(urlsplit(url).query)
        if host.startswith("api"):
            if self.gate:
                return Answer(url, url, self.gate[0], self.gate[1], self.gate[2])
            notes = self.one if host == "api.openreview.net" else self.two
            status, document = self._api(notes, query)
            return Answer(url, url, status, body=json.dumps(document).encode())
        if host == "openreview.net":
            return self._page(url, query["id"][0])
        return self._archive(url, query)

    def _api(
        self, notes: dict[str, dict[str, Any]], query: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        if self.gated:
            return CHALLENGE
        if self.limited:
            return LIMITED
        if "id" in query:
            note = query["id"][0]
            if note in self.private:
                return error(
                    "ForbiddenError", 403, f"User Jane Doe does not have permission to see Note {note}"
                )
            if note not in notes:
                return error("NotFoundError", 404, f"The Note {note} was not found")
            return 200, {"notes": [notes[note]], "count": 1}
        found = [notes[note] for note in query["ids"] if note in notes and note not in self.private]
        return 200, {"notes": found, "count": len(found)}

    def _page(self, url: str, note: str) -> Answer:
        if self.page_gated:
            final = f"https://openreview.net/challenge?redirect=%2Fforum%3Fid%3D{note}"
            page = b"<html><head><title>Verifying your browser | OpenReview</title></head></html>"
            return Answer(url, final, 200, body=page, hops=(Hop(307, final),))
        if note in self.private:
            final = f"https://openreview.net/login?redirect=/forum?id%3D{note}"
            return Answer(url, final, 200, body=b"<title>Login</title>", hops=(Hop(307, final),))
        right = self.redirects.get(note, note)
        final = f"https://openreview.net/forum?id={right}"
        hops = (Hop(307, final),) if right != note else ()
        shown = self.pages.get(right, error_page(f"The Note {right} was not found"))
        return Answer(url, final, 200, body=shown.encode(), hops=hops)

    def _archive(self, url: str, query: dict[str, list[str]]) -> Answer:
        if "/wayback/available" in url:
            stamp = self.available.get(query["url"][0])
            closest = {"available": True, "status": "200", "timestamp": stamp, "url": f"http://x/{stamp}"}
            snapshots = {"closest": closest} if stamp else {}
            return Answer(url, url, 200, body=json.dumps({"archived_snapshots": snapshots}).encode())
        if "/cdx/" in url:
            rows = [[stamp, query["url"][0]] for stamp in self.index.get(query["url"][0], ())]
            document = [["timestamp", "original"], *rows] if rows else []
            return Answer(url, url, 200, body=json.dumps(document).encode())
        page = self.mementos.get(url)
        return Answer(url, url, 200 if page else 404, body=(page or "").encode())


def visit(
    service: Service, targets: Sequence[Target], known: Memories | None = None, **settings: Any
) -> dict[str, list[Finding]]:
    """Ask until nothing is left; every target of every question must get a finding or a further question."""
    site = OpenReview(Settings(**settings), known or Memories())
    findings: dict[str, list[Finding]] = {target.key: [] for target in targets}
    queue = site.ask(targets)
    while queue:
        question = queue.pop(0)
        reading = site.read(question, service.answer(question))
        served = {found.target for found in reading.findings}
        served |= {target.key for follow in reading.questions for target in follow.targets}
        assert {target.key for target in question.targets} <= served
        for found in reading.findings:
            findings[found.target].append(found)
        queue += reading.questions
        assert sum(service.asked.values()) < 3000
    return findings


def verdict(findings: Sequence[Finding]) -> tuple[str, str]:
    said = weigh(findings)
    return str(said.health), said.reason


def names(count: int) -> list[str]:
    return [f"Note{number:06d}" for number in range(count)]


# ── the API ──────────────────────────────────────────────────────────────────────────────────────────────


def test_687_notes_take_14_requests() -> None:
    service = Service(one={name: v1(name) for name in names(687)})
    findings = visit(service, [forum(name) for name in names(687)])
    assert service.asked == {"api.openreview.net": 14}
    assert {verdict(found) for found in findings.values()} == {("alive", "confirmed_by_api")}


def test_sixteen_notes_take_one_request_with_credential_and_replies() -> None:
    [question] = OpenReview(Settings(), Memories()).ask([forum(name) for name in names(16)])
    assert question.request.credential == "openreview"
    assert question.request.url.startswith("https://api.openreview.net/notes?ids=Note000000&ids=Note000001&")
    assert question.request.url.endswith("&details=replies")


def test_addresses_stay_short() -> None:
    [question] = OpenReview(Settings(), Memories()).ask([forum("-" + name) for name in names(50)])
    assert len(question.request.url) < 1000


def test_v2_is_asked_for_what_v1_does_not_have() -> None:
    service = Service(one={"a": v1("a")}, two={"b": v2("b"), "c": v2("c")})
    findings = visit(service, [forum("a"), forum("b"), forum("c")])
    assert service.asked == {"api.openreview.net": 1, "api2.openreview.net": 1}
    assert [found[0].source for found in findings.values()] == [
        "openreview-api-v1",
        "openreview-api-v2",
        "openreview-api-v2",
    ]
    assert findings["openreview:b"][0].record["title"] == "Paper b"


@pytest.mark.parametrize("others", [0, 3])
def test_an_id_that_nobody_knows_is_broken(others: int) -> None:
    service = Service(one={name: v1(name) for name in names(others)})
    findings = visit(service, [*map(forum, names(others)), forum("gone")])
    assert verdict(findings["openreview:gone"]) == ("broken", "not_found")
    assert weigh(findings["openreview:gone"]).http_status == 404
    assert all(verdict(findings[f"openreview:{name}"])[0] == "alive" for name in names(others))
    assert service.asked["api.openreview.net"] + service.asked["api2.openreview.net"] <= 4


def test_a_private_note_is_blocked_and_the_account_is_not_named() -> None:
    findings = visit(Service(private={"p"}), [forum("p"), forum("gone")])
    assert verdict(findings["openreview:p"]) == ("blocked", "private")
    assert "Jane" not in repr(findings)


def test_a_note_only_our_account_may_read_is_private_and_its_text_is_not_taken() -> None:
    service = Service(one={"p": v1("p", readers=["ICLR.cc/2020/Conference", "~Jane_Doe1"])})
    findings = visit(service, [forum("p")])["openreview:p"]
    assert verdict(findings) == ("blocked", "private")
    assert not any(found.record for found in findings)


def test_a_deleted_note_is_broken() -> None:
    findings = visit(Service(one={"d": v1("d", ddate=1600000000000)}), [forum("d")])
    assert verdict(findings["openreview:d"]) == ("broken", "note_deleted")


@pytest.mark.parametrize("ddate", [None, "None", "", 0, -1, True, {}, [1600000000000], float("nan")])
def test_only_a_time_deletes_a_note(ddate: object) -> None:
    findings = visit(Service(one={"d": v1("d", ddate=ddate)}), [forum("d")])
    assert verdict(findings["openreview:d"]) == ("alive", "confirmed_by_api")


@pytest.mark.parametrize(
    ("readers", "reason"),
    [
        (["everyone"], "confirmed_by_api"),
        ("everyone", "confirmed_by_api"),
        ([], "confirmed_by_api"),
        ("ICLR.cc/2020/Conference", "private"),
        ({"readers": "everyone"}, "private"),
        ([7], "private"),
    ],
)
def test_what_is_not_said_to_be_for_everyone_is_not_taken(readers: object, reason: str) -> None:
    findings = visit(Service(one={"d": v1("d", readers=readers)}), [forum("d")])
    assert verdict(findings["openreview:d"])[1] == reason


def test_the_id_of_a_reply_leads_to_its_forum() -> None:
    reply = v1("reply", forum="paper", invitation="ICLR.cc/2020/Conference/Paper1/-/Official_Review")
    service = Service(one={"reply": reply, "paper": v1("paper"), "other": v1("other")})
    findings = visit(service, [forum("reply"), forum("other")])["openreview:reply"]
    assert verdict(findings) == ("alive", "confirmed_by_api")
    record, _ = overlay(findings)
    assert (record["title"], record["forum_id"]) == ("Paper paper", "paper")
    assert not any(found.suggested_url for found in findings)


def test_a_reply_that_names_itself_around_a_circle_ends() -> None:
    service = Service(one={"x": v1("x", forum="y"), "y": v1("y", forum="x")})
    assert verdict(visit(service, [forum("x")])["openreview:x"]) == ("alive", "confirmed_by_api")


def test_the_id_of_an_original_is_alive_by_its_page() -> None:
    service = Service(pages={"blind": paper_page("blind")}, redirects={"orig": "blind"})
    findings = visit(service, [forum("orig")])["openreview:orig"]
    assert verdict(findings) == ("alive", "ok")
    assert overlay(findings)[0]["forum_id"] == "blind"


# ── the gate ─────────────────────────────────────────────────────────────────────────────────────────────


def gated(count: int) -> tuple[Service, list[Target]]:
    targets = [forum(name, STAMP) for name in names(count)]
    mementos = {
        f"https://web.archive.org/web/{STAMP}id_/{target.url}": old_page(v1(target.id)) for target in targets
    }
    return Service(gated=True, page_gated=True, mementos=mementos), targets


def test_behind_the_gate_all_are_blocked_and_all_abstracts_arrive() -> None:
    service, targets = gated(120)
    findings = visit(service, targets)
    assert service.asked == {"api.openreview.net": 1, "openreview.net": 120, "web.archive.org": 120}
    for target in targets:
        assert verdict(findings[target.key]) == ("blocked", "challenge")
        record, source = overlay(findings[target.key])
        assert record["abstract"] == f"About {target.id}.\n\nTwice."
        assert source == "memento"
        said: Verdict = weigh(findings[target.key])
        assert said.archived_url == f"https://web.archive.org/web/{STAMP}/{target.url}"
        assert said.archived_at == STAMP


GATE_PAGE = b"<!DOCTYPE html><html><head><title>Verifying your browser | OpenReview</title></head></html>"
TO_THE_GATE = {"location": "https://openreview.net/challenge?redirect=%2Fnotes%3Fids%3Da"}


@pytest.mark.parametrize(
    "gate",
    [
        (200, {"content-type": "text/html; charset=utf-8"}, GATE_PAGE),
        (403, {"content-type": "text/html"}, GATE_PAGE),
        (307, TO_THE_GATE, b""),
        (302, {"location": "/challenge?redirect=x"}, b""),
    ],
)
def test_a_gate_that_is_a_page_or_a_redirect_is_asked_once_and_left_alone(
    gate: tuple[int, dict[str, str], bytes],
) -> None:
    service, targets = gated(160)
    service.gate = gate
    findings = visit(service, targets)
    assert service.asked == {"api.openreview.net": 1, "openreview.net": 160, "web.archive.org": 160}
    assert {verdict(findings[target.key]) for target in targets} == {("blocked", "challenge")}


def test_a_paper_about_gates_is_none() -> None:
    note = v1("a", content={"title": "Verifying your browser", "abstract": "<title>Verifying your browser"})
    assert verdict(visit(Service(one={"a": note}), [forum("a")])["openreview:a"]) == (
        "alive",
        "confirmed_by_api",
    )


def test_with_a_login_one_challenge_is_a_blip() -> None:
    service = Service(gated=True, pages={name: paper_page(name) for name in names(120)})
    site = OpenReview(Settings(openreview_token=SecretStr("t")), Memories())
    [first] = site.ask([forum(name) for name in names(120)])
    reading = site.read(first, service.answer(first))
    keys = Counter(question.key for question in reading.questions)
    assert keys == {"api2.openreview.net": 1, "api.openreview.net": 2}


def test_open_pages_beat_a_gated_api() -> None:
    service = Service(gated=True, pages={"a": paper_page("a")})
    findings = visit(service, [forum("a")])["openreview:a"]
    assert verdict(findings) == ("alive", "ok")
    assert overlay(findings)[0]["abstract"] == "About <b> a."


def test_a_limited_api_is_left_alone_for_the_rest_of_the_run() -> None:
    service = Service(limited=True, pages={name: paper_page(name) for name in names(60)})
    findings = visit(service, [forum(name) for name in names(60)])
    assert service.asked == {"api.openreview.net": 1, "openreview.net": 60}
    assert {verdict(found)[0] for found in findings.values()} == {"alive"}


def test_limited_everywhere_is_unverified() -> None:
    service = Service(limited=True)
    service.pages["a"] = error_page("Too many requests: You have made 165 requests, surpassing …")
    assert verdict(visit(service, [forum("a")])["openreview:a"]) == ("unverified", "rate_limited")


def test_nothing_is_asked_of_the_archive_when_it_is_not_wanted() -> None:
    service, targets = gated(3)
    findings = visit(service, targets, archive=False)
    assert not any(service.asked[key] for key in PACES)
    assert verdict(findings[targets[0].key]) == ("blocked", "challenge")


# ── the archive ──────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_time_stamp_the_closest_copy_before_the_gate_is_taken() -> None:
    target = forum("a")
    memento = f"https://web.archive.org/web/20230101000000id_/{target.url}"
    service = Service(
        gated=True,
        page_gated=True,
        available={target.url: "20230101000000"},
        mementos={memento: old_page(v1("a"))},
    )
    findings = visit(service, [target])[target.key]
    assert overlay(findings)[0]["title"] == "Paper a"
    assert weigh(findings).archived_at == "20230101000000"


def test_a_useless_copy_leads_to_the_index_and_its_next_copy() -> None:
    target = forum("a", STAMP)
    raw = f"https://web.archive.org/web/{{}}id_/{target.url}".format
    service = Service(
        gated=True,
        page_gated=True,
        mementos={raw(STAMP): error_page("x"), raw("20210101000000"): error_page("x")}
        | {raw("20200101000000"): old_page(v1("a"))},
        available={target.url: STAMP},
        index={target.url: ["20200101000000", "20210101000000"]},
    )
    findings = visit(service, [target])[target.key]
    assert overlay(findings)[0]["title"] == "Paper a"
    assert sum(service.asked[key] for key in PACES) == 5


def test_an_archived_refusal_is_the_originals_and_the_archive_is_asked_on() -> None:
    target = forum("a", STAMP)
    site = OpenReview(Settings(), Memories())
    started = site.read(site.ask([target])[0], Answer("u", "u", 200, body=GATE_PAGE)).questions
    page = site.read(started[0], Answer("u", "https://openreview.net/challenge", 200, body=GATE_PAGE))
    [copy] = page.questions
    refused = Answer(copy.request.url, copy.request.url, 429, {"memento-datetime": "Tue, 27 Sep 2022"})
    [lookup] = site.read(copy, refused).questions
    assert lookup.step == "availability"
    itself = Answer(copy.request.url, copy.request.url, 429)
    assert not site.read(copy, itself).questions


def test_a_copy_of_the_gate_gives_nothing() -> None:
    target = forum("a", STAMP)
    gate = "<title>Verifying your browser | OpenReview</title><meta name=citation_title content=Verifying>"
    raw = f"https://web.archive.org/web/{STAMP}id_/{target.url}"
    service = Service(gated=True, page_gated=True, mementos={raw: gate})
    findings = visit(service, [target])[target.key]
    assert verdict(findings) == ("blocked", "challenge")
    assert overlay(findings) == ({}, "")
    assert findings[-1].detail


def test_a_copy_that_was_read_is_not_asked_for_again() -> None:
    service, targets = gated(2)
    first = visit(service, targets)
    known = Memories()
    for target in targets:
        known.records[target.key] = overlay(first[target.key])[0]
        known.etags |= dict(pair for found in first[target.key] for pair in found.validators)
    service.asked.clear()
    second = visit(service, targets, known)
    assert not any(service.asked[key] for key in PACES)
    assert any(found.unchanged for found in second[targets[0].key])
    assert weigh(second[targets[0].key]).archived_at == STAMP
    assert [f.validators for f in second[targets[0].key]] == [f.validators for f in first[targets[0].key]]
    known.records[targets[1].key] = known.records[targets[1].key] | {"abstract": "Edited."}
    service.asked.clear()
    visit(service, targets, known)
    assert service.asked["web.archive.org"] == 1


# ── the login, and bad answers ───────────────────────────────────────────────────────────────────────────


def test_an_expired_token_is_renewed_once() -> None:
    site = OpenReview(Settings(), Memories())
    [question] = site.ask([forum("a"), forum("b")])
    url = question.request.url
    expired = Answer(url, url, 401, body=json.dumps(error("TokenExpiredError", 401)[1]).encode())
    [again] = site.read(question, expired).questions
    assert (again.renews_login, again.request) == (True, question.request)
    well = Answer(url, url, 200, body=json.dumps({"notes": [v1("a"), v1("b")]}).encode())
    assert {f.reason for f in site.read(again, well).findings} == {"confirmed_by_api"}
    reading = site.read(again, expired)
    assert {found.reason for found in reading.findings} == {"credentials"}
    assert {follow.key for follow in reading.questions} == {"openreview.net"}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"\xef\xbb\xbfnull",
        b"<html>502</html>",
        b'{"notes": {"id": 1}}',
        b'{"notes": [1, null, {"id": 5}, {"id": "a", "content": [1]}]}',
        b'{"notes": [{"id": "a", "forum": 1, "content": {"title": NaN, "abstract": 1e999, "code": [[]]}}]}',
        b'{"notes": [{"id": "a", "cdate": ' + b"9" * 5000 + b', "content": {"title": "\\ud800"}}]}',
        b'{"name": "InternalError", "message": "x", "status": "500"}',
        b"",
    ],
)
def test_a_bad_answer_is_survived(body: bytes) -> None:
    site = OpenReview(Settings(), Memories())
    [question] = site.ask([forum("a"), forum("b")])
    url = question.request.url
    reading = site.read(question, Answer(url, url, 200, body=body))
    served = {f.target for f in reading.findings} | {t.key for q in reading.questions for t in q.targets}
    assert served == {"openreview:a", "openreview:b"}
    assert not {f.reason for f in reading.findings} & {"not_found", "soft_404"}


@pytest.mark.parametrize("status", [400, 404, 403, 413, 414])
def test_a_batch_that_is_refused_whole_is_halved(status: int) -> None:
    site = OpenReview(Settings(), Memories())
    [question] = site.ask([forum(name) for name in names(50)])
    name = {403: "ForbiddenError", 404: "NotFoundError"}.get(status, "ValidationError")
    url = question.request.url
    reading = site.read(question, Answer(url, url, status, body=json.dumps(error(name, status)[1]).encode()))
    assert [len(follow.targets) for follow in reading.questions] == [25, 25]


def test_an_answer_that_was_cut_short_is_asked_in_halves() -> None:
    site = OpenReview(Settings(), Memories())
    [question] = site.ask([forum("a"), forum("b")])
    url = question.request.url
    reading = site.read(question, Answer(url, url, 200, body=b'{"notes": [', truncated=True))
    assert [follow.request.url.count("id=") for follow in reading.questions] == [1, 1]


@pytest.mark.parametrize("failure", ["timeout", "host_not_found", "tls_expired", "connection_refused"])
def test_the_api_being_away_is_not_the_link_being_dead(failure: str) -> None:
    site = OpenReview(Settings(), Memories())
    [question] = site.ask([forum("a")])
    first = site.read(question, Answer(question.request.url, question.request.url, failure=failure))
    assert verdict(first.findings) == ("unverified", "no_answer")
    second = first.questions[0]
    third = site.read(second, Answer(second.request.url, second.request.url, 502, body=b"<html>"))
    assert [follow.step for follow in third.questions] == ["page"]


@pytest.mark.parametrize("count", [1, 2])
def test_one_api_being_away_keeps_the_others_denial_from_convicting(count: int) -> None:
    """A note of ICLR 2020 is unknown to API v2; with v1 away only the page can tell."""
    service = Service()
    site = OpenReview(Settings(), Memories())
    queue = site.ask([forum(name) for name in names(count)])
    steps = []
    while queue:
        question = queue.pop(0)
        steps.append(question.step)
        if question.step == "page":
            assert question.context["denial"] == ""
            continue
        answer = service.answer(question)
        away = question.key == "api.openreview.net"
        url = question.request.url
        queue += site.read(question, Answer(url, url, 503, body=b"<html>") if away else answer).questions
    assert steps == ["api", "api", *["page"] * count]


def test_nothing_to_ask() -> None:
    assert OpenReview(Settings(), Memories()).ask([]) == []


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["notes", "id", "forum", "content", "value", "title", "authors", "rating", "readers"]
            )
            | st.sampled_from(["details", "replies", "name", "invitation", "invitations", "code", "ddate"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
NOTE = st.dictionaries(
    st.sampled_from(["forum", "content", "readers", "details", "cdate", "invitation", "license"]), JSON
)
ANSWERS = st.builds(
    lambda body, status, failure, final: Answer(
        "https://api.openreview.net/notes", final, None if failure else status, body=body, failure=failure
    ),
    st.binary(max_size=300)
    | JSON.map(lambda value: json.dumps(value).encode())
    | NOTE.map(lambda note: json.dumps({"notes": [{"id": "a"} | note]}).encode()),
    st.sampled_from([200, 200, 204, 307, 400, 401, 403, 404, 429, 500, 999]),
    st.sampled_from(["", "", "", "timeout", "rate_limited", "policy"]),
    st.sampled_from(["https://openreview.net/forum?id=a", "https://[::1/", "", "x", "https://a/challenge"]),
)


def questions(site: OpenReview) -> Iterator[Question]:
    yield from site.ask([forum("a", STAMP), forum("b")])
    request = Request("https://web.archive.org/x")
    target = (forum("a", STAMP),)
    yield Question("openreview.net", "openreview", "page", target, request, {"denial": "", "version": ""})
    context = {"tried": [STAMP], "left": ["cdx"], "others": []}
    for step in ("memento", "availability", "cdx"):
        yield Question("web.archive.org", "openreview", step, target, request, context)


@hypothesis_settings(deadline=None, max_examples=200)
@given(ANSWERS)
def test_no_answer_raises_or_leaves_a_target_out(answer: Answer) -> None:
    site = OpenReview(Settings(), Memories())
    for question in questions(site):
        reading = site.read(question, answer)
        served = {f.target for f in reading.findings} | {t.key for q in reading.questions for t in q.targets}
        assert {target.key for target in question.targets} <= served


# ── the real notes ───────────────────────────────────────────────────────────────────────────────────────


def test_the_real_notes_through_the_api_and_through_the_archive() -> None:
    path = DATA / "openreview_v1_notes_iclr2020_687.json"
    if not path.is_file():
        pytest.skip("the collection of real notes is not beside this checkout")
    notes = {note["id"]: note for note in json.loads(path.read_text("utf-8"))["notes"]}
    targets = [forum(note, STAMP) for note in notes]
    service = Service(one=notes)
    by_api = {key: overlay(found)[0] for key, found in visit(service, targets).items()}
    assert sum(service.asked.values()) <= 20
    raw = {f"https://web.archive.org/web/{STAMP}id_/{t.url}": old_page(notes[t.id]) for t in targets}
    closed = Service(gated=True, page_gated=True, mementos=raw)
    by_archive = {key: overlay(found)[0] for key, found in visit(closed, targets).items()}
    for target in targets:
        content = notes[target.id]["content"]
        for record in (by_api[target.key], by_archive[target.key]):
            assert record["title"] == content["title"].strip()
            assert record["abstract"] == content["abstract"].strip()
            authors = " and ".join(content["authors"]).split(" and ")
            assert record["authors"] == [" ".join(name.split()) for name in authors]
        assert by_api[target.key] == by_archive[target.key]
