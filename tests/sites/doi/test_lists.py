"""Many DOIs at once: how many requests they take, and what a list that fails leads to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from memories import Memories

from scraper.model import Answer, Finding, Question, Target
from scraper.settings import Settings
from scraper.sites.doi import BATCH
from scraper.sites.doi.works import Doi
from scraper.verdicts.health import weigh


def doi(name: str) -> Target:
    return Target(f"doi:{name.lower()}", "doi", "work", name, f"https://doi.org/{name}")


def names(count: int, prefix: str = "10.1234/Work") -> list[str]:
    return [f"{prefix}.{number:05d}" for number in range(count)]


Disturbed = Callable[[str, list[str]], Answer | None]


class Agencies:
    """Crossref, DataCite and doi.org, which count what they are asked."""

    def __init__(
        self,
        crossref: Iterable[str] = (),
        datacite: Iterable[str] = (),
        registered: Iterable[str] = (),
        disturbed: Disturbed = lambda step, names: None,
    ) -> None:
        self.known = {
            "crossref": {name.lower() for name in crossref},
            "datacite": {name.lower() for name in datacite},
        }
        self.registered = {name.lower() for name in registered}.union(*self.known.values())
        self.disturbed = disturbed
        self.asked: Counter[str] = Counter()
        self.longest = 0

    def answer(self, question: Question) -> Answer:
        self.asked[question.step] += 1
        url = question.request.url
        self.longest = max(self.longest, len(url))
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        if question.step == "registry":
            status = 302 if unquote(parts.path[1:]).lower() in self.registered else 404
            return Answer(url, url, status)
        listed = query.get("filter", query.get("ids"))
        wanted = listed[0].split(",") if listed else [unquote(parts.path.split("/", 2)[2])]
        wanted = [name.removeprefix("doi:").lower() for name in wanted]
        if disturbance := self.disturbed(question.step, wanted):
            return disturbance
        found = [name for name in wanted if name in self.known[question.step]]
        if not listed and not found:
            return Answer(url, url, 404, body=b"Resource not found.")
        return Answer(url, url, 200, {}, self._body(question.step, found, bool(listed)))

    def _body(self, step: str, found: list[str], listed: bool) -> bytes:
        if step == "crossref":
            works: list[dict[str, Any]] = [{"DOI": name, "title": [f"T {name}"]} for name in reversed(found)]
            message = {"items": works, "total-results": len(works)} if listed else works[0]
            return json.dumps({"status": "ok", "message": message}).encode()
        made = [
            {"id": name, "attributes": {"doi": name.upper(), "titles": [{"title": f"T {name}"}]}}
            for name in found
        ]
        return json.dumps({"data": made if listed else made[0]}).encode()


def visit(agencies: Agencies, targets: list[Target]) -> dict[str, list[Finding]]:
    """Ask until nothing is left; whoever is left out of an answer must be served by another."""
    site = Doi(Settings(), Memories())
    findings: dict[str, list[Finding]] = {target.key: [] for target in targets}
    queue = site.ask(targets)
    while queue:
        question = queue.pop(0)
        reading = site.read(question, agencies.answer(question))
        for found in reading.findings:
            findings[found.target].append(found)
        queue += reading.questions
        assert sum(agencies.asked.values()) < 5_000
    assert all(findings.values())
    return findings


def verdict(findings: list[Finding]) -> tuple[str, str]:
    said = weigh(findings)
    return str(said.health), said.reason


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_ten_thousand_take_at_most_two_hundred_and_fifty_requests(share: float) -> None:
    every = names(10_000)
    cut = int(len(every) * share)
    agencies = Agencies(every[cut:], every[:cut])
    findings = visit(agencies, [doi(name) for name in every])
    assert sum(agencies.asked.values()) <= 250
    assert agencies.asked["registry"] == 0
    assert {verdict(found) for found in findings.values()} == {("alive", "confirmed_by_api")}
    assert findings["doi:10.1234/work.00007"][0].record["title"] == "T 10.1234/work.00007"


def test_addresses_stay_below_what_servers_take() -> None:
    every = names(500, "10.1234/(SICI)1096-8644%<" + "x" * 60)
    agencies = Agencies(every)
    visit(agencies, [doi(name) for name in every])
    assert agencies.longest < 8_000


def test_what_the_lists_leave_out_is_asked_for_alone() -> None:
    every = names(BATCH)
    agencies = Agencies(every[2:], registered=every[:1])
    findings = visit(agencies, [doi(name) for name in every])
    assert agencies.asked == {"crossref": 3, "datacite": 3, "registry": 2}
    assert verdict(findings["doi:10.1234/work.00000"]) == ("alive", "ok")
    assert verdict(findings["doi:10.1234/work.00001"]) == ("broken", "not_found")


def test_an_alias_that_no_list_knows_is_found_alone() -> None:
    def alias(step: str, wanted: list[str]) -> Answer | None:
        if step == "crossref" and wanted == ["10.1234/old"]:
            message = {"DOI": "10.1234/new", "title": ["T"]}
            return Answer("u", "u", 200, body=json.dumps({"message": message}).encode())
        return None

    findings = visit(Agencies(names(2), disturbed=alias), [doi(name) for name in [*names(2), "10.1234/old"]])
    assert verdict(findings["doi:10.1234/old"]) == ("alive", "confirmed_by_api")


def test_a_name_with_a_comma_is_asked_for_alone() -> None:
    every = ["10.1/a,b", *names(3)]
    agencies = Agencies(every)
    findings = visit(agencies, [doi(name) for name in every])
    assert agencies.asked == {"crossref": 2}
    assert {verdict(found) for found in findings.values()} == {("alive", "confirmed_by_api")}


@pytest.mark.parametrize("status", [400, 404, 413, 414, 422])
def test_a_list_that_is_refused_is_halved_until_the_name_is_found(status: int) -> None:
    every = names(64)

    def refused(step: str, wanted: list[str]) -> Answer | None:
        return Answer("u", "u", status) if step == "crossref" and every[9].lower() in wanted else None

    agencies = Agencies(every, registered=every, disturbed=refused)
    findings = visit(agencies, [doi(name) for name in every])
    reasons = Counter(verdict(found)[1] for found in findings.values())
    assert reasons == {"confirmed_by_api": 63, "ok": 1}
    assert agencies.asked["crossref"] <= 14


def test_a_list_that_was_cut_short_is_halved() -> None:
    def cut(step: str, wanted: list[str]) -> Answer | None:
        return Answer("u", "u", 200, body=b'{"mess', truncated=True) if len(wanted) > 30 else None

    agencies = Agencies(names(100), disturbed=cut)
    findings = visit(agencies, [doi(name) for name in names(100)])
    assert {verdict(found) for found in findings.values()} == {("alive", "confirmed_by_api")}
    assert agencies.asked["crossref"] == 7


def test_a_limit_of_hours_is_told_and_nobody_else_is_asked_but_the_other_agency() -> None:
    """The client's word for a Retry-After beyond `max_wait` is `rate_limited`."""

    def limited(step: str, wanted: list[str]) -> Answer | None:
        if step != "crossref":
            return None
        return Answer(
            "u", "u", 429, {"retry-after": "54000"}, failure="rate_limited", detail="429, wants 54000 s"
        )

    every = names(300)
    agencies = Agencies(every, every[:50], disturbed=limited)
    findings = visit(agencies, [doi(name) for name in every])
    assert agencies.asked == {"crossref": 3, "datacite": 3}
    assert Counter(verdict(found) for found in findings.values()) == {
        ("alive", "confirmed_by_api"): 50,
        ("unverified", "rate_limited"): 250,
    }


def test_an_agency_that_is_away_leaves_the_registry() -> None:
    def away(step: str, wanted: list[str]) -> Answer | None:
        return Answer("u", "u", 503) if step == "crossref" else None

    agencies = Agencies(names(3), disturbed=away)
    findings = visit(agencies, [doi(name) for name in names(3)])
    assert agencies.asked == {"crossref": 1, "datacite": 1, "registry": 3}
    assert {verdict(found) for found in findings.values()} == {("alive", "ok")}
    assert "did not answer" in findings["doi:10.1234/work.00000"][-1].detail


@pytest.mark.parametrize("failure", ["policy", "deadline", "offline"])
def test_what_we_may_not_ask_is_not_asked_elsewhere(failure: str) -> None:
    agencies = Agencies(names(3), disturbed=lambda step, wanted: Answer("u", "u", failure=failure))
    findings = visit(agencies, [doi(name) for name in names(3)])
    assert agencies.asked == {"crossref": 1}
    assert {found[0].reason for found in findings.values()} == {failure}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"message": []}', b'{"message": {"items": {}}}', b"<html>"]
)
def test_a_list_that_cannot_be_read_denies_nothing(body: bytes) -> None:
    agencies = Agencies(
        names(2),
        disturbed=lambda step, wanted: Answer("u", "u", 200, body=body) if step == "crossref" else None,
    )
    findings = visit(agencies, [doi(name) for name in names(2)])
    assert {verdict(found) for found in findings.values()} == {("alive", "ok")}
