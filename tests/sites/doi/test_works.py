"""DOIs: Crossref, DataCite, doi.org."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memories import Memories

from scraper.columns import LINKS
from scraper.model import Answer, Finding, Question, Target
from scraper.records import normal
from scraper.settings import Settings
from scraper.sites.doi.records import crossref_record, datacite_record
from scraper.sites.doi.works import Doi
from scraper.verdicts.health import weigh

SITE = Doi(Settings(), Memories())
NAME = "10.1002/(SICI)1096<1::AID>3.0.CO;2-#"
TARGET = Target(f"doi:{NAME.lower()}", "doi", "work", NAME, f"https://doi.org/{NAME}")

CROSSREF: dict[str, Any] = {
    "DOI": NAME,
    "title": ["On <i>Attention</i>\n and <b>More</b>"],
    "author": [{"given": "Ada", "family": "Lovelace"}, {"name": "The Group"}, {"family": "Turing"}, {}],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>First <jats:italic>x</jats:italic>2.</jats:p>\n"
    "<jats:p>Second &lt; third.</jats:p>",
    "container-title": ["Journal of Tests"],
    "published": {"date-parts": [[2019, 12]]},
    "published-online": {"date-parts": [[2019, 12, 20]]},
    "license": [
        {"URL": "https://www.publisher.test/tdm"},
        {"URL": "http://creativecommons.org/licenses/by/4.0/"},
    ],
    "link": [
        {"content-type": "text/xml", "URL": "https://x"},
        {"content-type": "application/pdf", "URL": "https://p.test/1.pdf"},
    ],
    "subject": ["Testing", ""],
}
DATACITE: dict[str, Any] = {
    "doi": NAME.lower(),
    "titles": [{"title": "A Data Set"}],
    "creators": [
        {"name": "Lovelace, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Lovelace"},
        {"name": "Turing, Alan", "nameType": "Personal"},
        {"name": "Group, The", "nameType": "Organizational"},
    ],
    "descriptions": [
        {"descriptionType": "Methods", "description": "m"},
        {"descriptionType": "Abstract", "description": "<p>One.</p><p>Two.</p>"},
    ],
    "dates": [{"dateType": "Issued", "date": "2020"}, {"dateType": "Available", "date": "2020-03-04"}],
    "rightsList": [{"rights": "x"}, {"rightsIdentifier": "cc-by-sa-4.0"}],
    "subjects": [{"subject": "s"}],
    "container": {"title": "Repository"},
    "version": "v2",
}


def reply(question: Question, status: int | None, document: object = None, **more: Any) -> Answer:
    body = json.dumps(document).encode() if document is not None else b"Resource not found."
    return Answer(question.request.url, question.request.url, status, {}, body, **more)


def visit(
    crossref: tuple[Any, ...], datacite: tuple[Any, ...] = (404,), registry: int | None = 404
) -> list[Finding]:
    """What is found when the three answer like this."""
    answers = {"crossref": crossref, "datacite": datacite, "registry": (registry,)}
    findings: list[Finding] = []
    queue = SITE.ask([TARGET])
    while queue:
        question = queue.pop(0)
        status, *document = answers[question.step]
        failure = {} if status else {"failure": "timeout"}
        reading = SITE.read(question, reply(question, status, *document, **failure))
        findings += reading.findings
        queue += reading.questions
    return findings


def verdict(findings: list[Finding]) -> tuple[str, str]:
    said = weigh(findings)
    return str(said.health), said.reason


def test_the_name_is_encoded() -> None:
    [first] = SITE.ask([TARGET])
    assert first.key == "api.crossref.org"
    assert first.request.url == (
        "https://api.crossref.org/works/10.1002%2F%28SICI%291096%3C1%3A%3AAID%3E3.0.CO%3B2-%23"
    )
    [second] = SITE.read(first, reply(first, 404)).questions
    assert second.key == "api.datacite.org"
    assert second.request.url.startswith("https://api.datacite.org/dois/10.1002%2F%28SICI")
    [third] = SITE.read(second, reply(second, 404, {"errors": []})).questions
    assert (third.key, third.request.follow) == ("doi.org", False)
    assert third.request.url.startswith("https://doi.org/10.1002/%28SICI")


def test_crossref() -> None:
    [found] = visit((200, {"message": CROSSREF}))
    assert verdict([found]) == ("alive", "confirmed_by_api")
    assert found.record == {
        "title": "On Attention and More",
        "abstract": "First x2.\nSecond < third.",
        "authors": ["Ada Lovelace", "The Group", "Turing"],
        "keywords": ["Testing"],
        "venue": "Journal of Tests",
        "published_at": "2019-12-20T00:00:00Z",
        "license_spdx": "CC-BY-4.0",
        "pdf_url": "https://p.test/1.pdf",
        "withdrawn": None,
        "notice_type": None,
        "notice_doi": None,
        "notice_date": None,
        "notice_source": None,
        "notices": None,
    }
    assert found.record.keys() <= {column.name for column in LINKS.columns}
    assert normal(found.record) == found.record


def test_a_retraction_is_the_publishers_and_not_the_authors_word() -> None:
    [found] = visit((200, {"message": CROSSREF | {"updated-by": [{"type": "retraction"}]}}))
    assert (found.record["notice_type"], found.record["withdrawn"]) == ("retraction", None)


def test_datacite() -> None:
    [found] = visit((404,), (200, {"data": {"attributes": DATACITE}}))
    assert verdict([found]) == ("alive", "confirmed_by_api")
    assert found.record == {
        "title": "A Data Set",
        "abstract": "One.\nTwo.",
        "authors": ["Ada Lovelace", "Alan Turing", "Group, The"],
        "keywords": ["s"],
        "venue": "Repository",
        "published_at": "2020-03-04T00:00:00Z",
        "license_spdx": "CC-BY-SA-4.0",
        "version": "v2",
        "withdrawn": None,
        "notice_type": None,
        "notice_doi": None,
        "notice_date": None,
        "notice_source": None,
        "notices": None,
    }


BY, NC = "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by-nc/4.0/"


@pytest.mark.parametrize(
    ("given", "licence"),
    [
        ([("am", NC), ("vor", BY)], "CC-BY-4.0"),
        ([("tdm", NC), ("unspecified", BY)], "CC-BY-4.0"),
        ([("am", BY), ("tdm", "https://publisher.test/tdm")], None),
        ([("tdm", BY)], "CC-BY-4.0"),
    ],
)
def test_a_licence_is_that_of_the_version_of_record(
    given: list[tuple[str, str]], licence: str | None
) -> None:
    licenses = [{"content-version": version, "URL": url} for version, url in given]
    assert crossref_record({"license": licenses}).get("license_spdx") == licence


def test_the_pdf_of_the_version_of_record_comes_first() -> None:
    pdfs = [
        {
            "content-version": version,
            "URL": f"https://p.test/{version}.pdf",
            "content-type": "application/pdf",
        }
        for version in ("am", "tdm", "vor")
    ]
    assert crossref_record({"link": pdfs})["pdf_url"] == "https://p.test/vor.pdf"
    assert crossref_record({"link": pdfs[:1]})["pdf_url"] == "https://p.test/am.pdf"


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ([{"title": "Also", "titleType": "AlternativeTitle"}, {"title": "Main"}], "Main"),
        ([{"title": "Sous", "titleType": "TranslatedTitle"}, {"title": "Main", "titleType": None}], "Main"),
        ([{"title": ""}, {"title": "Also", "titleType": "AlternativeTitle"}], "Also"),
        ([{"title": "Main"}, {"title": "Sub", "titleType": "Subtitle"}], "Main"),
        ([{"titleType": "Subtitle"}, 7], None),
    ],
)
def test_the_main_title_of_datacite_is_the_one_without_a_kind(titles: list[Any], title: str | None) -> None:
    assert datacite_record({"titles": titles}).get("title") == title


def test_datacite_names_the_venue_as_container_or_as_related_item() -> None:
    whole = {"relationType": "IsPublishedIn", "titles": [{"title": "A &amp; B"}]}
    other = {"relationType": "Cites", "titles": [{"title": "Cited"}]}
    nameless = {"relationType": "IsPublishedIn", "titles": []}
    related = {"relatedItems": [other, nameless, whole]}
    assert datacite_record(related | {"container": {}})["venue"] == "A & B"
    assert datacite_record(related | {"container": {"title": "Journal"}})["venue"] == "Journal"
    assert "venue" not in datacite_record({"relatedItems": [other, nameless]})


@pytest.mark.parametrize(
    ("right", "licence"),
    [
        ({"rightsIdentifier": "mit", "rightsIdentifierScheme": "SPDX"}, "MIT"),
        ({"rightsIdentifier": "gpl-3.0-only", "rightsIdentifierScheme": "spdx"}, "GPL-3.0"),
        ({"rightsIdentifier": "Apache-2.0"}, "Apache-2.0"),
        ({"rightsIdentifier": "mit", "rightsIdentifierScheme": "local"}, None),
        ({"rightsIdentifier": "cc-by-sa-4.0", "rightsIdentifierScheme": "local"}, "CC-BY-SA-4.0"),
        ({"rightsIdentifier": "cc-by-3.0-us", "rightsIdentifierScheme": "SPDX"}, None),
        ({"rights": "MIT License"}, None),
        ({"rightsUri": "https://creativecommons.org/licenses/by/4.0/deed.de"}, "CC-BY-4.0"),
    ],
)
def test_datacite_names_licences_by_the_list_of_spdx(right: dict[str, str], licence: str | None) -> None:
    assert datacite_record({"rightsList": [{"rights": "x"}, right]}).get("license_spdx") == licence


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"name": "Lovelace, Ada"}, "Ada Lovelace"),
        ({"name": "Lovelace, Ada", "nameType": None}, "Ada Lovelace"),
        ({"name": "Turing, A. M.", "nameType": "Personal"}, "A. M. Turing"),
        ({"name": "Ada Lovelace", "givenName": "Ada Lovelace", "familyName": None}, "Ada Lovelace"),
        ({"name": "Department of Rivers, Utopia"}, "Department of Rivers, Utopia"),
        ({"name": "Rivers, Utopia", "nameType": "Organizational"}, "Rivers, Utopia"),
        ({"name": "Rivers & Sons, Utopia"}, "Rivers & Sons, Utopia"),
    ],
)
def test_creators_of_datacite_are_people_unless_it_says_so(creator: dict[str, Any], name: str) -> None:
    assert datacite_record({"creators": [creator]})["authors"] == [name]


def test_the_first_abstract_of_datacite_that_says_something() -> None:
    given = [{"descriptionType": "Abstract", "description": said} for said in (None, " ", "Said.")]
    assert datacite_record({"descriptions": given})["abstract"] == "Said."


@pytest.mark.parametrize(
    ("crossref", "datacite", "registry", "expected"),
    [
        ((404,), (404,), 404, ("broken", "not_found")),
        ((404,), (404,), 302, ("alive", "ok")),
        ((404,), (404,), 503, ("failing", "server_error")),
        ((404,), (404,), 200, ("unverified", "no_answer")),  # a wall's page: it would lead on, or deny
        ((404,), (404,), 304, ("unverified", "no_answer")),
        ((500,), (404,), 302, ("alive", "ok")),
        ((500,), (404,), 404, ("broken", "not_found")),
        ((429,), (503,), 302, ("unverified", "rate_limited")),
        ((429,), (200, {"data": {"attributes": DATACITE}}), 404, ("alive", "confirmed_by_api")),
        ((200, ["?"]), (404,), 302, ("alive", "ok")),
        ((200, {"message": {}}), (200, {"data": None}), 302, ("alive", "ok")),
        ((None,), (200, {"data": {"attributes": DATACITE}}), 404, ("alive", "confirmed_by_api")),
    ],
)
def test_verdicts(
    crossref: tuple[Any, ...], datacite: tuple[Any, ...], registry: int | None, expected: tuple[str, str]
) -> None:
    assert verdict(visit(crossref, datacite, registry)) == expected


@pytest.mark.parametrize("failure", ["policy", "deadline", "offline"])
def test_what_we_may_not_ask_is_not_asked_elsewhere(failure: str) -> None:
    [question] = SITE.ask([TARGET])
    reading = SITE.read(question, reply(question, None, failure=failure))
    assert not reading.questions
    assert [found.reason for found in reading.findings] == [failure]


@pytest.mark.parametrize(
    "date", [[[2019]], [[None]], [["2019", "1", "1"]], [[2019, 13, 1]], [[10**30, 1, 1]], [], 5]
)
def test_a_date_that_is_none(date: object) -> None:
    work = {"DOI": NAME, "title": ["T"], "issued": {"date-parts": date}}
    assert "published_at" not in visit((200, {"message": work}))[0].record


def test_a_deep_or_endless_abstract_is_survived() -> None:
    for abstract in ("<b>" * 30_000 + "x", "<jats:p>" * 30_000, "x<" * 2_000_000):
        [found] = visit((200, {"message": CROSSREF | {"abstract": abstract}}))
        assert found.record["title"] == "On Attention and More"


FIELDS = st.sampled_from(
    [*CROSSREF, *DATACITE, "message", "data", "attributes", "name", "given", "date-parts", "URL"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("<p>x</p>"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=8), st.binary(max_size=20))
def test_no_answer_raises(fields: dict[str, Any], junk: bytes) -> None:
    for document in (
        fields,
        {"message": {"DOI": "x"} | fields},
        {"data": {"attributes": {"doi": "x"} | fields}},
    ):
        for status in (200, None):
            findings = visit((status, document), (status, document), 404)
            assert findings
    [question] = SITE.ask([TARGET])
    reading = SITE.read(question, Answer("u", "u", 200, body=junk))
    assert len(reading.findings) == 1
