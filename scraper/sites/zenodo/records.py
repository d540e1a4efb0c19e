"""Records of Zenodo by `GET /api/records/{id}` (https://developers.zenodo.org/#records).

The number of all versions of a record (`conceptrecid`) is answered with a redirect to the newest of them: the
link still works, so this is not a move. What was removed is answered with 410 and a tombstone that says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scraper.addresses import address
from scraper.model import Answer, Question, Reading, Record, Request, Target
from scraper.sites.citation import given_first
from scraper.sites.licences import license_columns
from scraper.sites.markup import plain
from scraper.sites.values import date_time, items, mapping, no_word, one_line, own_word, parse_json, texts
from scraper.sites.zenodo import HOST
from scraper.verdicts.health import API, Claim, finding

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_BODY_LIMIT = 8 * 2**20
_MOST_HOPS = 2
_LEGACY_LICENCES = {
    "apache2.0": "apache-2.0",
    "apgl-v3": "agpl-3.0",
    "artistic-license-2.0": "artistic-2.0",
    "bsl1.0": "bsl-1.0",
    "ecl2": "ecl-2.0",
    "eclipse-1.0": "epl-1.0",
    "gfdl": "gfdl-1.1",
    "isc-license": "isc",
    "mit-license": "mit",
    "odc-odbl": "odbl-1.0",
    "odc-pddl": "pddl-1.0",
    "pythonpl": "python-2.0",
    "uoi-ncsa": "ncsa",
    "zlib-license": "zlib",
}
"""What this API calls some licences, and what the record has: `RDM_TO_LEGACY_MAP` of zenodo-rdm turns the
SPDX ids of records into the names of the old Zenodo (`apgl-v3` is as they write it)."""


class Zenodo:
    """One question per record."""

    name = "zenodo"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        """Needs neither: nothing of it can be set, and Zenodo sends no validators."""

    def key(self, target: Target) -> str:
        return HOST

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [_question(target, target.id, 0) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        if question.context["hops"] < _MOST_HOPS and (number := _newest(answer)):
            return Reading(questions=[_question(target, number, question.context["hops"] + 1)])
        body = mapping(parse_json(answer.body)) if not answer.failure else {}
        if answer.status == 200 and mapping(body.get("metadata")):
            claim, record = Claim("confirmed_by_api"), record_of(body)
            return Reading([finding(target, "zenodo-api", API, claim, answer, record=record)])
        return Reading([finding(target, "zenodo-api", API, _missing(answer, body), answer)])


def record_of(body: Mapping[str, Any]) -> Record:
    """The metadata of a record, in the columns of links.csv. What Zenodo does not say is left out."""
    about = mapping(body.get("metadata"))
    creators = texts([mapping(creator).get("name") for creator in items(about.get("creators"))])
    record: Record = {
        "title": one_line(about.get("title")),
        "abstract": plain(about.get("description")),
        "authors": list(map(given_first, creators)) or None,
        "keywords": texts(about.get("keywords")) or None,
        "published_at": date_time(about.get("publication_date")),
        "modified_at": date_time(body.get("modified")),
        "doi": one_line(about.get("doi")) or one_line(body.get("doi")),
        "version": one_line(about.get("version")),
        "files": len(items(body.get("files"))) or None,
        **license_columns(_licence(about.get("license"))),
    }
    return {name: value for name, value in record.items() if value is not None or name == "license_spdx"}


def _licence(given: object) -> object:
    name = mapping(given).get("id") or given
    return _LEGACY_LICENCES.get((one_line(name) or "").lower(), name)


def _question(target: Target, number: str, hops: int) -> Question:
    request = Request(f"https://{HOST}/api/records/{number}", body_limit=_BODY_LIMIT, follow=False)
    return Question(HOST, "zenodo", "record", (target,), request, {"hops": hops})


def _newest(answer: Answer) -> str:
    """The number that a redirect of the API leads to; empty when it leads elsewhere."""
    if answer.status not in (301, 302, 303, 307, 308):
        return ""
    match = re.fullmatch(r"/api/records/([0-9]{1,12})", address(answer.headers.get("location", "")).path)
    return match[1] if match else ""


def _missing(answer: Answer, body: Mapping[str, Any]) -> Claim:
    if answer.status not in (403, 404, 410) or not own_word(answer):
        return no_word(answer)
    if answer.status == 403:
        return Claim("private", "the record is restricted")
    if answer.status == 404:
        return Claim("not_found", "Zenodo has no such record")
    tombstone = mapping(body.get("tombstone"))
    why = one_line(tombstone.get("note")) or _reason(tombstone.get("removal_reason")) or "no reason given"
    return Claim("gone", f"removed from Zenodo: {why}")


def _reason(value: object) -> str | None:
    """`{"id": "spam", "title": {"en": "Spam"}}`, or a text in older tombstones."""
    told = mapping(value)
    return one_line(mapping(told.get("title")).get("en")) or one_line(told.get("id")) or one_line(value)
