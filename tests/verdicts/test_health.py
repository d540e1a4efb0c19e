"""One table per rule of the verdicts."""

from __future__ import annotations

import pytest
from documents import everything
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Answer, Finding, Health, Hop, Target
from scraper.sites.values import no_word
from scraper.verdicts.health import API, ARCHIVE, PAGE, Claim, chain, finding, judge_answer, overlay, weigh
from scraper.verdicts.reasons import DEAD, REASONS
from scraper.visits.network import Network

TARGET = Target("web:https://a.test/x", "web", "page", "https://a.test/x", "https://a.test/x")


def answer(
    status: int | None = 200, *hops: tuple[int, str], url: str = "https://a.test/x", **more: str
) -> Answer:
    made = tuple(Hop(code, to) for code, to in hops)
    return Answer(url, made[-1].url if made else url, status, hops=made, **more)  # type: ignore[arg-type]  # str fields only


def said(rank: int, reason: str, **more: object) -> Finding:
    return Finding(TARGET.key, f"source-{rank}", rank, REASONS[reason].health, reason, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "health", "reason"),
    [
        (200, "alive", "ok"),
        (204, "alive", "ok"),
        (206, "alive", "ok"),
        (299, "alive", "ok"),
        (401, "blocked", "login_required"),
        (407, "blocked", "login_required"),
        (402, "blocked", "forbidden"),
        (403, "blocked", "forbidden"),
        (405, "blocked", "forbidden"),
        (418, "blocked", "forbidden"),
        (411, "blocked", "forbidden"),
        (499, "blocked", "forbidden"),
        (451, "blocked", "unavailable_legally"),
        (999, "blocked", "bot_denied"),
        (404, "broken", "not_found"),
        (410, "broken", "gone"),
        (400, "broken", "bad_request"),
        (414, "broken", "bad_request"),
        (408, "failing", "timeout"),
        (500, "failing", "server_error"),
        (503, "failing", "server_error"),
        (530, "failing", "server_error"),
        (599, "failing", "server_error"),
        (429, "unverified", "rate_limited"),
        (304, "alive", "ok"),
        (300, "alive", "ok"),
        (600, "failing", "protocol_error"),
        (99, "failing", "protocol_error"),
        (199, "failing", "protocol_error"),
        (399, "failing", "protocol_error"),
    ],
)
def test_a_status_has_one_meaning(status: int, health: str, reason: str) -> None:
    claim = judge_answer(answer(status))
    assert (claim.health, claim.reason) == (Health(health), reason)


@pytest.mark.parametrize(
    ("hops", "reason", "suggested"),
    [
        ([(301, "https://b.test/y")], "redirected_permanently", "https://b.test/y"),
        (
            [(308, "https://b.test/y"), (301, "https://c.test/z")],
            "redirected_permanently",
            "https://c.test/z",
        ),
        ([(302, "https://b.test/y")], "ok", ""),
        ([(301, "https://b.test/y"), (302, "https://c.test/z")], "ok", ""),
        ([(307, "https://b.test/y"), (301, "https://c.test/z")], "ok", ""),
        ([(303, "https://b.test/y")], "ok", ""),
    ],
)
def test_moved_means_permanent_all_the_way(hops: list[tuple[int, str]], reason: str, suggested: str) -> None:
    claim = judge_answer(answer(200, *hops))
    assert (claim.reason, claim.suggested_url) == (reason, suggested)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("http://a.test/x?q=1", "https://a.test/x?q=1", "https_upgrade"),
        ("http://a.test", "https://a.test/", "https_upgrade"),
        ("http://a.test/x", "https://www.a.test/x", "redirected_permanently"),
        ("http://a.test/x?b=1&a=2", "https://a.test/x?a=2&b=1", "redirected_permanently"),
    ],
)
def test_an_https_upgrade_changes_nothing_else(before: str, after: str, reason: str) -> None:
    assert judge_answer(answer(200, (301, after), url=before)).reason == reason


def test_a_move_to_an_error_is_judged_by_the_error() -> None:
    assert judge_answer(answer(404, (301, "https://b.test/"))).reason == "not_found"


@pytest.mark.parametrize(
    "reason", [name for name, reason in REASONS.items() if reason.health is not Health.ALIVE]
)
def test_a_failure_is_its_own_reason(reason: str) -> None:
    claim = judge_answer(answer(None, failure=reason, detail="seen"))
    assert (claim.reason, claim.health, claim.detail) == (reason, REASONS[reason].health, "seen")


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ([(API, "confirmed_by_api"), (PAGE, "challenge")], "confirmed_by_api"),
        ([(API, "not_found"), (PAGE, "ok")], "not_found"),
        ([(API, "challenge"), (PAGE, "challenge")], "challenge"),
        ([(API, "challenge"), (PAGE, "ok")], "ok"),
        ([(API, "rate_limited"), (PAGE, "ok")], "ok"),
        ([(API, "rate_limited"), (PAGE, "timeout")], "timeout"),
        ([(API, "bad_answer"), (PAGE, "not_found")], "not_found"),
        ([(API, "private"), (PAGE, "login_required")], "private"),
        ([(PAGE, "timeout"), (API, "rate_limited")], "timeout"),
    ],
)
def test_an_api_outvotes_a_page_and_a_definite_word_outvotes_silence(
    findings: list[tuple[int, str]], reason: str
) -> None:
    heard = [said(rank, name) for rank, name in findings]
    assert weigh(heard).reason == weigh(reversed(heard)).reason == reason


def test_a_memento_says_nothing_on_health_but_is_suggested() -> None:
    memento = Finding(
        TARGET.key, "memento", ARCHIVE, archived_url="https://web.archive.org/web/2020/x", archived_at="2020"
    )
    verdict = weigh([said(PAGE, "not_found"), memento])
    assert (verdict.health, verdict.archived_url) == (Health.BROKEN, memento.archived_url)
    assert weigh([memento]).reason == "no_answer"


def test_the_higher_rank_writes_last_and_absent_keys_erase_nothing() -> None:
    page = said(PAGE, "ok", record={"title": "page", "abstract": "kept"})
    api = said(API, "ok", record={"title": "api"})
    assert overlay([api, page]) == ({"title": "api", "abstract": "kept"}, "source-3")


def test_a_finding_shows_its_visit() -> None:
    seen = answer(200, (301, "https://b.test/y"))
    made = finding(TARGET, "page", PAGE, judge_answer(seen), seen)
    assert (made.http_status, made.final_url, made.redirects) == (
        200,
        "https://b.test/y",
        "301 https://b.test/y",
    )
    assert chain([Hop(301, "a"), Hop(302, "b")]) == "301 a > 302 b"


def heard(*answers: Answer) -> str:
    network = Network()
    for one in answers:
        network.heard(one)
    return network.offline


def at(host: str, **more: object) -> Answer:
    return Answer(f"https://{host}/", f"https://{host}/", **more)  # type: ignore[arg-type]


def test_offline_is_when_nobody_answers_at_all() -> None:
    assert heard(at("a", failure="host_not_found"), at("b", failure="timeout"))
    assert not heard(at("a", failure="host_not_found"), at("b", status=404))
    assert not heard(at("a", failure="tls_expired"))
    assert not heard()


def test_a_captive_portal_answers_for_everybody() -> None:
    portal = {"status": 200, "body": b"<h1>Welcome to the hotel</h1>"}
    assert "portal" in heard(at("a", **portal), at("b", **portal), at("c", **portal))
    assert not heard(at("a", **portal), at("b", **portal))
    assert not heard(at("a", **portal), at("b", **portal), at("c", status=200, body=b"else"))
    strange = {"failure": "tls_hostname"}
    assert "certificate" in heard(at("a", **strange), at("b", **strange), at("c", **strange))


@given(
    st.integers(min_value=-(10**6), max_value=10**6) | st.none(), st.lists(st.integers(100, 999)), st.text()
)
def test_judging_never_raises_and_is_deterministic(status: int | None, codes: list[int], url: str) -> None:
    one = answer(status, *((code, url) for code in codes))
    assert judge_answer(one) == judge_answer(one)
    assert judge_answer(one).reason in REASONS


def test_every_reason_is_explained_in_the_readme() -> None:
    readme = everything()
    assert [name for name in REASONS if f"`{name}`" not in readme] == []


def test_claims_carry_the_health_of_their_reason() -> None:
    assert all(Claim(name).health is reason.health for name, reason in REASONS.items())


def test_a_finding_says_what_its_claim_does_and_nothing_without_one() -> None:
    heard = answer(404, (301, "https://b.test/y"))
    claimed = finding(TARGET, "page", PAGE, Claim("not_found", "it is not there"), heard)
    assert (claimed.health, claimed.reason, claimed.detail) == (
        Health.BROKEN,
        "not_found",
        "it is not there",
    )
    assert (claimed.final_url, claimed.redirects) == ("https://b.test/y", "301 https://b.test/y")
    silent = finding(TARGET, "api", API, None, heard, record={"title": "T"})
    assert (silent.health, silent.reason, silent.detail, silent.record) == (None, "", "", {"title": "T"})
    assert (silent.final_url, silent.redirects, silent.http_status) == ("", "", 404)


@pytest.mark.parametrize(
    ("asked", "final", "reason"),
    [
        ("https://a.test/x", "http://a.test/x", "ok"),
        ("https://a.test/x", "https://A.test/x#part", "ok"),
        ("https://a.test/x", "https://a.test/x?utm_source=mail", "ok"),
        ("http://a.test/x", "https://a.test/x", "https_upgrade"),
        ("http://a.test/x", "https://a.test/y", "redirected_permanently"),
        ("https://a.test/x", "http://a.test/y", "redirected_permanently"),
    ],
)
def test_a_permanent_redirect_to_the_same_place_is_no_move(asked: str, final: str, reason: str) -> None:
    assert judge_answer(answer(200, (301, final), url=asked)).reason == reason


def test_what_an_api_garbles_never_counts_towards_death() -> None:
    """A wall that answers 200 for three days would confirm every link dead that only the API is asked of."""
    answer = Answer("https://api.test/x", "https://api.test/x", 200, {}, b"<title>One moment</title>")
    claim = no_word(answer)
    assert (claim.reason, claim.health in DEAD) == ("bad_answer", False)
