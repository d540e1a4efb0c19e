"""What a hostile web may do to a run: nothing. Faults of ours, dead hosts, credentials."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from memories import Memories
from servers import Talk, hang, redirect

from hostile.certificates import Certificates
from hostile.checking import check, impatient
from hostile.labels import Behaviour, Link, many
from hostile.pages import GOOD
from hostile.server import HostileWeb
from scraper.model import Answer, Question, Reading, Request, Target
from scraper.sites.pages.page import Page
from scraper.web import Credentials, Web
from scraper.web.guard import Guard

pytestmark = pytest.mark.long


class Buggy(Page):
    """A reader, and an asker, that stumble over one link each."""

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        if any("unaskable" in target.url for target in targets):
            raise ZeroDivisionError("nobody thought of this address")
        return super().ask(targets)

    def read(self, question: Question, answer: Answer) -> Reading:
        if "unreadable" in answer.url:
            raise AttributeError("nobody thought of this answer")
        return super().read(question, answer)


async def test_a_bug_of_ours_ends_its_own_target_and_no_other(
    certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["/unaskable", "/unreadable", "/one", "/two"]
    async with HostileWeb([Behaviour("Good", many("ok", GOOD, names))], certificates) as web:
        settings = impatient(connect_to=web.connect_to)
        outcomes = await check(web.links(), settings, web=Buggy(settings, Memories()))
    said = {url.rpartition("/")[2]: (o.verdict.health, o.verdict.reason) for url, o in outcomes.items()}
    assert said == {
        "unaskable": ("unverified", "internal_error"),
        "unreadable": ("unverified", "internal_error"),
        "one": ("alive", "ok"),
        "two": ("alive", "ok"),
    }
    details = [o.verdict.detail for o in outcomes.values() if o.verdict.reason == "internal_error"]
    assert [detail.partition(":")[0] for detail in details] == ["ZeroDivisionError", "AttributeError"]
    assert "fault of ours" in caplog.text


async def test_after_three_dead_targets_a_host_gets_one_attempt_each(certificates: Certificates) -> None:
    paths = [f"/{number}" for number in range(7)]
    async with HostileWeb([Behaviour("Dead", many("timeout", hang, paths))], certificates) as web:
        settings = impatient(
            connect_to=web.connect_to, timeout=0.2, target_budget=5.0, attempts=3, host_concurrency=1
        )
        outcomes = await check(web.links(), settings)
        (host,) = web.hosts.values()
    assert {(o.verdict.health, o.verdict.reason) for o in outcomes.values()} == {("failing", "timeout")}
    assert sorted(host.memory.values()) == [1, 1, 1, 1, 3, 3, 3]
    assert host.requests == 13


async def test_an_hour_of_peace_is_kept_for_the_whole_host(certificates: Certificates) -> None:
    limit = b"HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    paths = [f"/{number}" for number in range(5)]
    async with HostileWeb([Behaviour("Limit", many("rate_limited", limit, paths))], certificates) as web:
        settings = impatient(connect_to=web.connect_to, host_concurrency=1)
        outcomes = await check(web.links(), settings)
        assert web.requests == 1
    assert {o.verdict.reason for o in outcomes.values()} == {"rate_limited"}


async def test_credentials_and_cookies_stay_at_home(certificates: Certificates, ca_file: str) -> None:
    """Through A, B and back to A, upwards to https and down again, and to the same name elsewhere."""

    async def back(talk: Talk) -> None:
        await talk.send(redirect("https://home.test/end", "307 Temporary Redirect"))

    start = redirect("https://abroad.test/start", "307 Temporary Redirect", "Set-Cookie: own=1")
    home = Behaviour(
        "Home", many("ok", GOOD, ["/end"]), {"/start": start}, host="home.test", certificate="good"
    )
    abroad = Behaviour("Abroad", many("ok", back, ["/start"]), host="abroad.test", certificate="good")
    async with HostileWeb([home, abroad], certificates) as web:
        settings = impatient(connect_to=web.connect_to, ca_file=ca_file)
        credentials = Credentials({"home": ("the-token", ["home.test"])})
        request = Request(
            "https://home.test/start",
            headers=(
                ("X-Api-Key", "the-key"),
                ("Private-Token", "the-private"),
                ("Referer", "https://me.test"),
            ),
            credential="home",
        )
        async with Web(settings, credentials) as client:
            answer = await client.fetch(request)
    assert answer.status == 200, answer
    first, last = web.hosts["home.test"].seen
    (there,) = web.hosts["abroad.test"].seen
    assert first["authorization"] == "Bearer the-token"
    for seen in (there, last):
        assert not {"authorization", "x-api-key", "private-token", "referer"} & seen.keys()
        assert not any("the-" in value for value in seen.values())
    assert "cookie" not in there
    assert last["cookie"] == "own=1"


async def test_a_token_is_not_sent_by_plain_http(certificates: Certificates) -> None:
    home = Behaviour("Home", many("ok", GOOD, ["/end"]), host="home.test")
    async with HostileWeb([home], certificates) as web:
        credentials = Credentials({"home": ("the-token", ["home.test"])})
        async with Web(impatient(connect_to=web.connect_to), credentials) as client:
            await client.fetch(Request("http://home.test/end", credential="home"))
    (seen,) = web.hosts["home.test"].seen
    assert "authorization" not in seen


async def test_an_answer_that_changes_between_two_look_ups_is_not_believed_twice(
    certificates: Certificates,
) -> None:
    """Rebinding: public when it is judged, private when it is connected to. It is looked up once."""
    asked = list[str]()

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"] if len(asked) > 1 else ["127.0.0.1"]

    links = [Link("http://rebinding.test/a", "policy", "Rebinding", False)]
    outcomes = await check(links, impatient(), lookup)
    assert outcomes[links[0].url].verdict.reason == "policy"
    assert asked == ["rebinding.test"]
    assert Guard().refuses(["127.0.0.1"])


def test_the_authority_of_the_web_is_written_for_those_who_shall_trust_it(ca_file: str) -> None:
    assert "BEGIN CERTIFICATE" in Path(ca_file).read_text()
