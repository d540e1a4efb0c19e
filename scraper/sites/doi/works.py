"""DOIs: Crossref, then DataCite, then doi.org itself, which knows the other agencies' names too.

A DOI is alive when its agency knows it: it is a name, and what it leads to is the publisher's business, whose
pages turn programs away. So doi.org is asked without following: 302 is registered, 404 is not.
https://www.doi.org/doi-handbook/HTML/resolution.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bs4 import BeautifulSoup

from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.sites.creative_commons import spdx_id
from scraper.sites.doi import HOSTS
from scraper.sites.values import (
    date_time,
    is_challenge,
    items,
    mapping,
    no_word,
    one_line,
    parse_json,
    text,
    texts,
)
from scraper.verdicts.health import API, PAGE, Claim, finding, judge_answer

if TYPE_CHECKING:
    from scraper.model import Memory
    from scraper.settings import Settings

_PATHS = {"crossref": "works/", "datacite": "dois/", "registry": ""}
_BODY_LIMIT = 8_388_608
"""Crossref sends the whole list of references."""
_LONGEST = 200_000
_HEADING = re.compile(r"<(jats:title|title)\b[^>]{0,200}>[^<]{0,200}</\1>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:jats:)?(?:p|sec)>|<br\s*/?>", re.IGNORECASE)
# Changing the tree instead of the text takes a minute for thirty thousand nested paragraphs.
_RETRACTED = frozenset(("retraction", "withdrawal", "removal"))


class Doi:
    """See the module's docstring."""

    name = "doi"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        pass

    def key(self, target: Target) -> str:
        return HOSTS["crossref"]

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [_question("crossref", target) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        target, step = question.targets[0], question.step
        if step == "registry":
            return Reading([_registered(target, answer)])
        following = _question("datacite" if step == "crossref" else "registry", target)
        if answer.status == 404 and not answer.failure:
            return Reading(questions=[following])
        record = _record(step, answer)
        if record is not None:
            return Reading([finding(target, step, API, Claim("confirmed_by_api"), answer, record=record)])
        claim = no_word(answer)
        said = finding(target, step, API, claim, answer)
        over = claim.reason in ("policy", "deadline", "offline")
        return Reading([said], [] if over else [following])


def _question(step: str, target: Target) -> Question:
    url = f"https://{HOSTS[step]}/{_PATHS[step]}{quote(target.id, safe='/' if step == 'registry' else '')}"
    request = Request(url, body_limit=_BODY_LIMIT) if step != "registry" else Request(url, follow=False)
    return Question(HOSTS[step], "doi", step, (target,), request)


def _registered(target: Target, answer: Answer) -> Finding:
    if not answer.failure and answer.status in (301, 302, 303, 307, 308):
        claim = Claim("ok", "registered with an agency whose records are not open")
    elif answer.status == 404 and not answer.failure:
        claim = Claim("not_found", "Crossref, DataCite and doi.org do not know it")
    elif is_challenge(answer):
        claim = Claim("challenge", "doi.org wants to see a human")
    else:
        claim = judge_answer(answer)
    return finding(target, "doi.org", PAGE, claim, answer)


def _record(step: str, answer: Answer) -> Record | None:
    """The record of a 200; None when it is none."""
    if answer.failure or answer.truncated or answer.status != 200:
        return None
    document = mapping(parse_json(answer.body))
    if step == "crossref":
        work = mapping(document.get("message"))
        return crossref_record(work) if one_line(work.get("DOI")) else None
    attributes = mapping(mapping(document.get("data")).get("attributes"))
    return datacite_record(attributes) if one_line(attributes.get("doi")) else None


def crossref_record(work: Mapping[str, Any]) -> Record:
    """https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md"""
    people = [mapping(person) for person in items(work.get("author"))]
    names = texts([_full_name(p.get("given"), p.get("family")) or p.get("name") for p in people])
    links = [mapping(link) for link in items(work.get("link"))]
    pdfs = (link.get("URL") for link in links if link.get("content-type") == "application/pdf")
    licenses = (spdx_id(mapping(license_).get("URL")) for license_ in items(work.get("license")))
    updates = [mapping(update).get("type") for update in items(work.get("updated-by"))]
    dates = (work.get(name) for name in ("published", "published-online", "published-print", "issued"))
    return _known(
        title=one_line(_plain(_first(work.get("title")))),
        abstract=_plain(work.get("abstract")),
        authors=names or None,
        keywords=texts(work.get("subject")) or None,
        venue=one_line(_first(work.get("container-title")))
        or one_line(mapping(work.get("event")).get("name")),
        published_at=next((date for date in map(_date_parts, dates) if date), None),
        license_spdx=next((name for name in licenses if name), None),
        pdf_url=next((address for address in map(one_line, pdfs) if address), None),
        withdrawn=any(kind in _RETRACTED for kind in updates if isinstance(kind, str)),
    )


def datacite_record(work: Mapping[str, Any]) -> Record:
    """https://support.datacite.org/docs/api-get-doi"""
    titles = [mapping(title) for title in items(work.get("titles"))]
    descriptions = [mapping(description) for description in items(work.get("descriptions"))]
    abstracts = [d.get("description") for d in descriptions if d.get("descriptionType") == "Abstract"]
    rights = [mapping(right) for right in items(work.get("rightsList"))]
    licenses = (spdx_id(right.get(name)) for right in rights for name in ("rightsIdentifier", "rightsUri"))
    dates = {mapping(date).get("dateType"): mapping(date).get("date") for date in _dates(work)}
    published = (date_time(dates.get(kind)) for kind in ("Issued", "Available", "Submitted", "Created"))
    return _known(
        title=one_line(_plain(titles[0].get("title"))) if titles else None,
        abstract=_plain(_first(abstracts)),
        authors=texts([_creator(mapping(creator)) for creator in items(work.get("creators"))]) or None,
        keywords=texts([mapping(subject).get("subject") for subject in items(work.get("subjects"))]) or None,
        venue=one_line(mapping(work.get("container")).get("title")),
        published_at=next((date for date in published if date), None),
        license_spdx=next((name for name in licenses if name), None),
        version=one_line(work.get("version")),
    )


def _dates(work: Mapping[str, Any]) -> list[Any]:
    return [date for date in items(work.get("dates")) if isinstance(mapping(date).get("dateType"), str)]


def _known(**fields: Any) -> Record:
    return {name: value for name, value in fields.items() if value is not None}


def _first(value: object) -> object:
    listed = items(value)
    return listed[0] if listed else None


def _full_name(given: object, family: object) -> str | None:
    return " ".join(part for part in (one_line(given), one_line(family)) if part) or None


def _creator(creator: Mapping[str, Any]) -> str | None:
    """DataCite's `name` is `Family, Given` for people."""
    if full := _full_name(creator.get("givenName"), creator.get("familyName")):
        return full
    name = one_line(creator.get("name"))
    family, comma, given = (name or "").partition(", ")
    return f"{given} {family}" if comma and creator.get("nameType") == "Personal" else name


def _date_parts(date: object) -> str | None:
    """`{"date-parts": [[2019, 12, 20]]}`; a year or a month alone is no date."""
    parts = items(_first(mapping(date).get("date-parts")))
    if len(parts) != 3 or not all(isinstance(part, int) for part in parts):
        return None
    year, month, day = parts
    return date_time(f"{year:04d}-{month:02d}-{day:02d}")


def _plain(markup: object) -> str | None:
    """Text of JATS or HTML: one line per paragraph, without the heading `Abstract`."""
    written = text(markup)
    if written is None or "<" not in written:
        return written
    marked = _PARAGRAPH_END.sub("\n", _HEADING.sub("\n", written[:_LONGEST]))
    soup = BeautifulSoup(f"<!doctype html>\n{marked}", "lxml")
    lines = (" ".join(line.split()) for line in soup.get_text().splitlines())
    return text("\n".join(line for line in lines if line))
