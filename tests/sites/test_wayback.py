"""The archive: where copies are, and what becomes of its silence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Answer, Called, Hop, Question, Record, Request, Target
from scraper.settings import Settings
from scraper.sites.captures import KEY, Capture, availability_url, capture_of, captures, index_url
from scraper.sites.identity import identify
from scraper.sites.wayback import Wayback
from scraper.verdicts.health import weigh
from scraper.verdicts.history import State

URL = "https://a.test/x?y=1&z=ü#no"
STAMP = "20220926095407"
TARGET = Target("web:https://a.test/x", "web", "page", URL, URL)
NAMED = Target("web:https://a.test/x", "web", "page", URL, URL, STAMP)


@dataclass
class Known:
    """A memory."""

    validators: dict[str, str] = field(default_factory=dict)
    read_at: datetime | None = None
    dead: tuple[str, ...] = ()

    def validator(self, url: str) -> str:
        return self.validators.get(url, "")

    def last_read(self, target: str) -> datetime | None:
        return self.read_at

    def state(self, target: str) -> State:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        return State(None, long_ago, long_ago + timedelta(days=9), 9) if target in self.dead else State()

    def record(self, target: str) -> Record:
        return {}

    def called(self, target: str) -> Called:
        return Called()


def reply(document: object, status: int | None = 200, **more: Any) -> Answer:
    return Answer(
        "https://archive.org/x", "https://archive.org/x", status, {}, json.dumps(document).encode(), **more
    )


def closest(**fields: Any) -> dict[str, Any]:
    found = {
        "available": True,
        "status": "200",
        "timestamp": STAMP,
        "url": f"http://web.archive.org/web/{STAMP}/{URL}",
    }
    return {"url": URL, "archived_snapshots": {"closest": found | fields}}


def test_the_addresses_asked() -> None:
    query = parse_qs(urlsplit(availability_url(URL, STAMP)).query)
    assert query == {"url": [URL], "timestamp": [STAMP]}
    query = parse_qs(urlsplit(index_url(URL, "20260624")).query)
    assert query["url"] == [URL]
    assert (query["filter"], query["limit"], query["to"]) == (["statuscode:200"], ["-3"], ["20260624"])


@pytest.mark.parametrize(
    "address",
    [
        f"https://web.archive.org/web/{STAMP}/{URL}",
        f"http://web.archive.org/web/{STAMP}id_/{URL}",
        f"http://archive.org/web/{STAMP}if_/{URL}",
        f"//web.archive.org/web/{STAMP}im_/{URL}",
    ],
)
def test_the_capture_of_an_address(address: str) -> None:
    assert capture_of(address) == Capture(STAMP, URL)
    assert Capture(STAMP, URL).view == f"https://web.archive.org/web/{STAMP}/{URL}"
    assert Capture(STAMP, URL).raw == f"https://web.archive.org/web/{STAMP}id_/{URL}"


@pytest.mark.parametrize(
    "address", ["", URL, f"https://web.archive.org/web/{URL}", "https://web.archive.org/web/2022/"]
)
def test_what_is_no_capture(address: str) -> None:
    assert capture_of(address) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (closest(), [STAMP]),
        (closest(status=200), [STAMP]),
        (closest(status="301"), []),
        (closest(available=False), []),
        (closest(timestamp="2022-09-26"), []),
        (closest(timestamp=20220926095407), []),
        (closest(url=None), [STAMP]),
        ({"archived_snapshots": {}}, []),
        ({"archived_snapshots": []}, []),
        ({}, []),
        ([], []),
        (None, []),
    ],
)
def test_availability(document: object, expected: list[str]) -> None:
    assert [capture.timestamp for capture in captures("availability", reply(document), URL)] == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([["timestamp", "original"], ["2020", URL], [STAMP, URL]], [STAMP, "2020"]),
        ([["timestamp", "original"]], []),
        ([], []),
        ([["timestamp", "original"], ["x", URL], [STAMP], [1, 2], None, {}, [STAMP, None]], []),
        ({"error": "x"}, []),
    ],
)
def test_index(document: object, expected: list[str]) -> None:
    assert [capture.timestamp for capture in captures("cdx", reply(document), URL)] == expected


def site(**more: Any) -> Wayback:
    return Wayback(Settings(), Known(**more))


PROSE = "We study how gradients are clipped when the budget is small, and publish every seed. " * 5
GOOD = f"<title>Clipped gradients</title><h1>Clipped gradients</h1><p>{PROSE}</p>"
MISSING = "<title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>"
PARKED = "<title>a.test</title><h1>a.test</h1><p>This domain is for sale. Buy this domain.</p>"
CASINO = (
    "<title>Best Online Casino Bonus</title><h1>Free spins and live casino</h1>"
    "<p>Register now, deposit and play slots for real money. Claim the welcome bonus, jackpot and payout.</p>"
)


def copied(question: Question, markup: str = GOOD, status: int = 200, at: str = "", **more: Any) -> Answer:
    """The archive's replay of the copy that is asked for; `at`: where it redirected to."""
    url = question.request.url
    header = {"content-type": "text/html", "memento-datetime": "Mon, 26 Sep 2022 09:54:07 GMT"}
    return Answer(url, at or url, status, header, markup.encode(), **more)


def test_a_copy_is_looked_at_suggested_and_says_nothing_on_health() -> None:
    [question] = site().suggest(TARGET)
    assert (question.key, question.site, question.step) == ("archive.org", "wayback", "availability")
    [copy] = site().read(question, reply(closest())).questions
    assert (copy.key, copy.request.url) == (KEY, f"https://web.archive.org/web/{STAMP}id_/{URL}")
    [found] = site().read(copy, copied(copy)).findings
    assert (found.health, found.rank, found.archived_at) == (None, 1, STAMP)
    assert found.archived_url == f"https://web.archive.org/web/{STAMP}/{URL}"


def test_the_index_is_asked_when_availability_knows_none() -> None:
    [first] = site().suggest(TARGET)
    [second] = site().read(first, reply({"archived_snapshots": {}})).questions
    assert (second.step, second.key) == ("cdx", "web.archive.org/cdx")
    [copy] = site().read(second, reply([["timestamp", "original"], [STAMP, URL]])).questions
    [found] = site().read(copy, copied(copy)).findings
    assert found.archived_at == STAMP


@pytest.mark.parametrize("ruins", [MISSING, PARKED, CASINO])
def test_a_copy_of_the_ruins_is_not_suggested_but_an_earlier_one_is(ruins: str) -> None:
    [question] = site().suggest(TARGET)
    [copy] = site().read(question, reply(closest())).questions
    [index] = site().read(copy, copied(copy, ruins)).questions
    assert parse_qs(urlsplit(index.request.url).query)["to"] == [STAMP]
    rows = [["timestamp", "original"], ["20190101000000", URL], [STAMP, URL]]
    [earlier] = site().read(index, reply(rows)).questions
    [found] = site().read(earlier, copied(earlier)).findings
    assert found.archived_at == "20190101000000"


def test_after_three_ruins_there_is_no_copy() -> None:
    [question] = site().suggest(TARGET)
    [copy] = site().read(question, reply(closest())).questions
    [index] = site().read(copy, copied(copy, MISSING)).questions
    rows = [["timestamp", "original"], *([f"201{year}0101000000", URL] for year in range(9))]
    [copy] = site().read(index, reply(rows)).questions
    [copy] = site().read(copy, copied(copy, MISSING)).questions
    [found] = site().read(copy, copied(copy, MISSING)).findings
    assert (found.archived_url, found.detail[:36]) == ("", "no archived copy that shows it: the ")


def test_a_copy_that_leads_to_a_front_page_or_cannot_be_seen_is_not_suggested() -> None:
    [question] = site().suggest(TARGET)
    [copy] = site().read(question, reply(closest())).questions
    front = copied(copy, GOOD, at=f"https://web.archive.org/web/{STAMP}id_/https://elsewhere.test/")
    [index] = site().read(copy, front).questions
    [found] = site().read(index, reply([])).findings
    assert (found.archived_url, found.detail) == (
        "",
        "no archived copy that shows it: it redirects to a front page",
    )
    [found] = site().read(copy, Answer(copy.request.url, copy.request.url, 503)).findings
    assert (found.archived_url, found.detail) == ("", "the archive did not answer: HTTP 503")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (reply([]), "no archived copy"),
        (reply(None, 503), "the archive did not answer: HTTP 503"),
        (reply(None, None, failure="timeout"), "the archive did not answer: timeout"),
    ],
)
def test_the_archives_silence_is_no_verdict(answer: Answer, detail: str) -> None:
    question = Question("web.archive.org", "wayback", "cdx", (TARGET,), Request("https://web.archive.org/"))
    [found] = site().read(question, answer).findings
    assert (found.health, found.detail, found.archived_url) == (None, detail, "")
    assert weigh([found]).reason == "no_answer"


@pytest.mark.parametrize("answer", [reply(None, 429), reply(None, None, failure="rate_limited")])
def test_an_archive_that_wants_to_be_left_alone_is(answer: Answer) -> None:
    [question] = site().suggest(TARGET)
    reading = site().read(question, answer)
    assert not reading.questions
    assert len(reading.findings) == 1


def test_the_copy_closest_to_the_articles_or_to_when_it_was_alive() -> None:
    read_at = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    [by_article] = Wayback(Settings(check_mementos=True), Known(read_at=read_at)).ask([NAMED])
    [by_memory] = site(read_at=read_at).ask([TARGET])
    assert by_article.request.url.endswith(f"timestamp={STAMP}")
    assert by_memory.request.url.endswith("timestamp=20250102030405")


def test_the_articles_own_memento_is_tried_before_anybody_is_asked_where_one_is() -> None:
    [own] = site().suggest(NAMED)
    assert (own.key, own.request.url) == (KEY, f"https://web.archive.org/web/{STAMP}id_/{URL}")
    [found] = site().read(own, copied(own)).findings
    assert found.archived_at == STAMP
    [looked_up] = site().read(own, Answer(own.request.url, own.request.url, 404)).questions
    assert looked_up.step == "availability"


def test_nothing_is_suggested_when_it_is_not_wanted_or_was_looked_for() -> None:
    forum = Target("openreview:a", "openreview", "forum", "a", "https://openreview.net/forum?id=a")
    assert Wayback(Settings(archive=False), Known()).suggest(TARGET) == []
    assert site().suggest(forum) == []


def test_a_copy_that_was_found_is_recalled() -> None:
    [question] = site().suggest(TARGET)
    [copy] = site().read(question, reply(closest())).questions
    [found] = site().read(copy, copied(copy)).findings
    again = site(validators=dict(found.validators)).recall(TARGET)
    assert again is not None
    assert (again.archived_url, again.archived_at) == (found.archived_url, STAMP)
    assert again.validators == found.validators
    assert site().recall(TARGET) is None
    unseen = {
        availability_url(URL): f"https://web.archive.org/web/{STAMP}/{URL}"
    }  # as it was once remembered
    assert site(validators=unseen).recall(TARGET) is None


def test_the_articles_copy_is_visited_when_asked() -> None:
    [question] = site().ask_mementos([TARGET, NAMED])
    asked = f"https://web.archive.org/web/{STAMP}id_/{URL}"
    assert (question.targets, question.request.url) == ((NAMED,), asked)
    nearest = f"https://web.archive.org/web/20220927000000id_/{URL}"
    [found] = site().read(question, copied(question, at=nearest, hops=(Hop(302, nearest),))).findings
    assert (found.archived_at, found.notes, found.health) == ("20220927000000", (), None)
    [looked_up] = site().read(question, Answer(asked, asked, 404)).questions
    [copy] = site().read(looked_up, reply(closest(timestamp="2021"))).questions
    [found] = site().read(copy, copied(copy)).findings
    assert (found.archived_at, found.notes) == ("2021", (f"the archived copy of {STAMP} is gone (HTTP 404)",))
    [found] = site().read(question, Answer(asked, asked, 503)).findings
    assert "503" in found.detail


def test_the_articles_copy_of_the_ruins_is_told() -> None:
    [question] = site().ask_mementos([NAMED])
    [looked_up] = site().read(question, copied(question, MISSING)).questions
    [copy] = site().read(looked_up, reply(closest(timestamp="2021"))).questions
    [found] = site().read(copy, copied(copy)).findings
    [note] = found.notes
    assert note.startswith(f"the archived copy of {STAMP} does not show what was there (the ")


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_an_archived_error_is_the_originals_and_another_copy_is_looked_for(status: int) -> None:
    [question] = site().ask_mementos([NAMED])
    [looked_up] = site().read(question, copied(question, status=status)).questions
    [copy] = site().read(looked_up, reply(closest(timestamp="2021"))).questions
    [found] = site().read(copy, copied(copy)).findings
    assert found.archived_at == "2021"
    [note] = found.notes
    assert note == f"the archived copy of {STAMP} shows an error page (HTTP {status}), not what was there"


@settings(deadline=None)
@given(
    st.sampled_from(["availability", "cdx", "memento"]),
    st.sampled_from([200, 302, 404, 429, 500, None]),
    st.binary(max_size=50)
    | st.recursive(
        st.none() | st.integers() | st.just(STAMP) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["archived_snapshots", "closest", "available", "url"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_no_answer_raises(step: str, status: int | None, body: bytes) -> None:
    question = Question("web.archive.org", "wayback", step, (NAMED,), Request(URL), {})
    answer = Answer(URL, "https://[::1/", status, body=body, failure="" if status else "timeout")
    reading = site().read(question, answer)
    assert len(reading.findings) + len(reading.questions) == 1


def test_the_confirmed_dead_go_first_and_of_the_others_what_died_last() -> None:
    page = identify("https://site.test/paper")
    recently = Known(read_at=datetime(2026, 11, 1, tzinfo=UTC))
    long_ago = Known(read_at=datetime(2020, 11, 1, tzinfo=UTC))
    confirmed = Known(read_at=datetime(2020, 11, 1, tzinfo=UTC), dead=(page.key,))
    memories = {"recently": recently, "never": Known(), "long ago": long_ago, "confirmed": confirmed}
    ranks = {name: Wayback(Settings(), memory).ask([page])[0].rank for name, memory in memories.items()}
    assert sorted(ranks, key=ranks.__getitem__, reverse=True) == [
        "confirmed",
        "recently",
        "long ago",
        "never",
    ]
