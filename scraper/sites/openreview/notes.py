"""A note of OpenReview's API (v1 or v2) as a record. Pure, and tolerant of whatever else is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scraper.model import Record
from scraper.records import clean
from scraper.sites.code_links import code_addresses, code_fields
from scraper.sites.licences import creative_commons
from scraper.sites.openreview.decisions import Content, Note, judgement
from scraper.sites.values import instant, items, mapping, one_line, text, texts

SITE = "https://openreview.net"

_SUMMARIES = ("TLDR", "TL;DR", "one-sentence_summary")
"""v2; v1 until 2020; v1 in 2021 and 2022."""
_BOOK = re.compile(r"\b(?:booktitle|journal)\s*=\s*\{([^{}\n]{1,300})\}", re.IGNORECASE)
_AND = re.compile(r"[,;]\s*(?:and\s)?|\s(?:and|&)\s")
"""Between authors who were written as one text. Blanks before a comma are stripped afterwards: to look for
them costs the square of a run of blanks."""
_LEADING_AND = re.compile(r"\A\s*and\s")
_NOT_CODE = re.compile(r"code_of|ethic|conduct|_agreement|decode|encode", re.IGNORECASE)


def is_public(thing: Mapping[str, Any]) -> bool:
    """Whether everyone may read a note or a field; a configured login may see more than that."""
    readers = thing.get("readers")
    return not readers or "everyone" in texts(readers)


def is_deleted(note: Note) -> bool:
    """Whether it has a time of deletion; whatever else stands there deletes no paper."""
    return instant(note.get("ddate")) is not None


def content(note: Note) -> Content:
    """The public fields: a v1 field is its value, a v2 field `{"value": …, "readers": […]}`."""
    fields = {}
    for name, value in mapping(note.get("content")).items():
        wrapped = mapping(value)
        if "value" not in wrapped:
            fields[name] = value
        elif is_public(wrapped):
            fields[name] = wrapped["value"]
    return fields


def replies(note: Note) -> list[tuple[Note, Content]] | None:
    """Public replies that were sent along, with their fields; None when none were asked for."""
    details = mapping(note.get("details"))
    sent = details.get("replies", details.get("directReplies"))
    if not isinstance(sent, list):
        return None
    notes = [reply for reply in map(mapping, sent) if is_public(reply) and not is_deleted(reply)]
    return [(reply, content(reply)) for reply in notes]


def note_record(note: Note) -> Record:
    """Everything the note says of its paper. A field that a note always has and this one lacks is unknown."""
    fields = content(note)
    record: Record = {
        "title": text(fields.get("title")),
        "abstract": text(fields.get("abstract")),
        "authors": _authors(fields),
        "published_at": _first(instant, note, "pdate", "odate", "cdate", "tcdate"),
        "modified_at": _first(instant, note, "mdate", "tmdate"),
        "license_spdx": creative_commons(note.get("license")),
        "forum_id": one_line(note.get("forum")) or one_line(note.get("id")),
    }
    known = {name: value for name, value in record.items() if value is not None}
    bibtex = text(fields.get("_bibtex"))
    known |= {
        "tldr": _first(text, fields, *_SUMMARIES),
        "keywords": _keywords(fields.get("keywords")),
        "venue": one_line(fields.get("venue")) or _book(bibtex),
        "pdf_url": _pdf(note, fields),
        "bibtex": bibtex,
        "original_id": one_line(note.get("original")),
    }
    return known | code_fields(_code(fields)) | judgement(note, fields, replies(note))


def _first(read: Any, fields: Mapping[str, Any], *names: str) -> Any:
    found = (read(fields.get(name)) for name in names)
    return next((value for value in found if value is not None), None)


def _authors(fields: Content) -> list[str] | None:
    """Names in order; v2 has objects `{"fullname": …}` too. `Anonymous` is not a name but the want of one."""
    given = fields.get("authors")
    listed = [given] if isinstance(given, str) else items(given)
    names = texts([name for author in listed for name in _names(author, alone=isinstance(given, str))])
    return names if names and names != ["Anonymous"] else None


def _names(author: object, *, alone: bool) -> list[object]:
    """Lists have been typed too: `["A", "B", "and C"]`, `["A and B"]`. A comma alone may belong to a name."""
    if person := mapping(author):
        return [person.get("fullname") or person.get("name")]
    if not isinstance(author, str):
        return []
    several = _LEADING_AND.sub("", author, count=1)
    return (
        [each.strip() for each in _AND.split(several)]
        if alone or re.search(r"\s(?:and|&)\s", several)
        else [several]
    )


def _keywords(given: object) -> list[str] | None:
    return texts(re.split(r"[,;]", given) if isinstance(given, str) else given) or None


def _book(bibtex: str | None) -> str | None:
    """The page gives the BibTeX entry's `booktitle` as its conference; older notes have no `venue`."""
    match = _BOOK.search(bibtex or "")
    return one_line(match[1]) if match else None


def _pdf(note: Note, fields: Content) -> str | None:
    pdf = one_line(fields.get("pdf"))
    if not pdf:
        return None
    return (
        pdf
        if pdf.startswith(("https://", "http://"))
        else f"{SITE}/pdf?id={quote(clean(str(note.get('id'))))}"
    )


def _code(fields: Content) -> list[str]:
    """Addresses in the fields meant for code (`code`, `Code`, `supplementary_code`, community
    implementations), then those of code hosts in the abstract and the summary."""
    meant = [
        _absolute(clean(value))
        for name, given in fields.items()
        if ("code" in name.lower() or "implementation" in name.lower()) and not _NOT_CODE.search(name)
        for value in (given if isinstance(given, list) else [given])
        if isinstance(value, str)
    ]
    prose = [fields.get(name) for name in ("abstract", *_SUMMARIES)]
    return code_addresses(meant, [clean(written) for written in prose if isinstance(written, str)])


def _absolute(value: str) -> str:
    """An upload is given by its path on the site (`/attachment/….zip`)."""
    return f"{SITE}{value}" if value.startswith("/attachment/") else value
