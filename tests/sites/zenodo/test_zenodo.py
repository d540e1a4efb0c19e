"""Records of Zenodo: which addresses mean one, and what its API's answers say of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from memories import Memories
from running import article_of, run_in

from scraper.model import Answer, Finding
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites.identity import identify
from scraper.sites.zenodo.records import Zenodo, record_of


@pytest.mark.parametrize(
    "url",
    [
        "https://zenodo.org/record/990001",
        "https://zenodo.org/records/990001",
        "zenodo.org/records/990001/",
        "https://www.zenodo.org/records/990001?preview=1#files",
        "https://zenodo.org/api/records/990001",
        "https://zenodo.org/records/990001/export/bibtex",
    ],
)
def test_a_record_is_known_by_its_pages(url: str) -> None:
    target = identify(url)
    assert (target.key, target.kind, target.url) == (
        "zenodo:990001",
        "record",
        "https://zenodo.org/records/990001",
    )
    assert identify(target.url) == target


@pytest.mark.parametrize(
    "url",
    [
        "https://zenodo.org/",
        "https://zenodo.org/communities/x",
        "https://zenodo.org/records/990001/files/data.zip?download=1",
        "https://zenodo.org/records/abc",
    ],
)
def test_other_pages_stay_pages(url: str) -> None:
    assert identify(url).site == "web"


def test_a_doi_of_zenodo_stays_a_doi() -> None:
    assert identify("https://zenodo.org/doi/10.5281/zenodo.990001").key == "doi:10.5281/zenodo.990001"


def found(status: int, body: object = None, **headers: str) -> Finding:
    site = Zenodo(Settings(), Memories())
    (question,) = site.ask([identify("https://zenodo.org/records/1")])
    asked = question.request.url
    answer = Answer(asked, asked, status, headers, json.dumps(body).encode())
    (one,) = site.read(question, answer).findings
    return one


@pytest.mark.parametrize(
    ("status", "body", "reason", "detail"),
    [
        (404, {}, "not_found", "no such record"),
        (410, {}, "gone", "no reason given"),
        (410, {"tombstone": {"removal_reason": {"id": "spam"}}}, "gone", "spam"),
        (410, {"tombstone": {"removal_reason": "duplicate"}}, "gone", "duplicate"),
        (410, {"tombstone": {"note": "By its authors"}}, "gone", "By its authors"),
        (410, {"tombstone": []}, "gone", "no reason given"),
        (403, {}, "private", "restricted"),
        (429, {}, "rate_limited", ""),
        (500, {}, "no_answer", ""),
        (200, [], "bad_answer", ""),
        (200, {"metadata": None}, "bad_answer", ""),
    ],
)
def test_what_zenodo_does_not_give_is_told_apart(status: int, body: object, reason: str, detail: str) -> None:
    one = found(status, body)
    assert one.reason == reason
    assert detail in one.detail


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("body", [b"<h1>Not Found</h1>", b"404 page not found", b"", b'"gone"', b"[]"])
def test_what_is_not_the_apis_word_denies_nothing(status: int, body: bytes) -> None:
    site = Zenodo(Settings(), Memories())
    (question,) = site.ask([identify("https://zenodo.org/records/1")])
    asked = question.request.url
    (one,) = site.read(question, Answer(asked, asked, status, {}, body)).findings
    assert (one.health, one.reason) == ("unverified", "no_answer")


@pytest.mark.parametrize("value", [None, "", [], {}, 3, True, [None], {"id": 3}, [{"name": 3}]])
@pytest.mark.parametrize(
    "name", ["title", "creators", "description", "license", "keywords", "version", "doi", "publication_date"]
)
def test_no_type_of_a_field_ends_in_a_fault(name: str, value: Any) -> None:
    assert "license_state" in record_of({"metadata": {name: value}, "files": value, "modified": value})


@pytest.mark.parametrize(
    ("given", "state", "spdx"),
    [
        ({"id": "mit-license"}, "spdx", "MIT"),
        ({"id": "apache2.0"}, "spdx", "Apache-2.0"),
        ({"id": "apgl-v3"}, "spdx", "AGPL-3.0"),
        ("isc-license", "spdx", "ISC"),
        ({"id": "cc-zero"}, "spdx", "CC0-1.0"),
        ({"id": "bsd-3-clause"}, "spdx", "BSD-3-Clause"),
        ({"id": "gfdl"}, "unrecognised", None),  # the first of its versions, of which we know none
        ({"id": "other-open"}, "unrecognised", None),
        ({}, "none", None),
    ],
)
def test_licences_have_the_names_of_the_old_zenodo(given: object, state: str, spdx: str | None) -> None:
    record = record_of({"metadata": {"license": given}})
    assert (record["license_state"], record["license_spdx"]) == (state, spdx)


def test_the_whole_way_in_the_sandbox(tmp_path: Path) -> None:
    numbers = ("990001", "990000", "990010", "990020", "990030", "990099")
    with Sandbox() as sandbox:
        article = article_of(tmp_path, *(f"<https://zenodo.org/record/{number}>" for number in numbers))
        _, rows = run_in(sandbox, tmp_path, [article])
    row = {number: rows[f"zenodo:{number}"] for number in numbers}
    assert {number: one["reason"] for number, one in row.items()} == {
        "990001": "confirmed_by_api",
        "990000": "confirmed_by_api",
        "990010": "gone",
        "990020": "private",
        "990030": "confirmed_by_api",
        "990099": "not_found",
    }
    first = row["990001"]
    assert (first["authors"], first["doi"]) == (["Ada Sandbox", "The Sandbox Group"], "10.5281/zenodo.990001")
    assert first["abstract"].splitlines()[1] == "Second paragraph with 3 < 4."
    assert (first["license_spdx"], first["version"], first["files"]) == ("CC-BY-4.0", "1.0.0", 2)
    assert row["990000"]["version"] == "2.0.0", "the newest of all versions"
    assert row["990030"]["license_state"] == "unrecognised"
    assert "at the request of its authors" in row["990010"]["detail"]
