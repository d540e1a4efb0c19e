"""Notices on a published work: retraction, concern, correction. Pure.

Crossref gives them in two places (https://www.crossref.org/documentation/crossmark/):

    "updated-by": [{"DOI": "10.1016/s0140-6736(10)60175-4", "type": "retraction", "label": "Retraction",
                    "source": "retraction-watch", "updated": {"date-parts": [[2010, 2, 6]], …}}]

is on the work and names its notices. `update-to` is on the notice and names the work; a publisher that
changed a work in place puts it on the work itself, and then it names that work's own DOI. An `update-to`
that names another DOI makes this work the notice, and is none on it.

DataCite has no relation for a retraction (`IsObsoletedBy` is a newer version), but a date of the kind
`Withdrawn`. Where nothing is registered a title that begins `RETRACTED:` is the publisher's word.

A notice is a publisher's, and never says that the authors wanted it: that is the column `withdrawn`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scraper.model import Record
from scraper.sites.doi.dates import partial_date
from scraper.sites.values import date_time, items, mapping, one_line

GRAVITY = (
    *("retraction", "withdrawal", "removal", "partial_retraction", "expression_of_concern"),
    *("reinstatement", "correction"),
)
"""What a notice can be, the gravest first. A reinstatement takes back those before it."""

_UNDONE = frozenset(("retraction", "withdrawal", "removal", "expression_of_concern"))
"""What a reinstatement takes back; a correction or a part that was retracted stays so."""
_ENDS = frozenset(("retraction", "withdrawal", "removal"))
_TYPES = {
    **{name: name for name in GRAVITY},
    "reinstated": "reinstatement",
    "retracted": "retraction",
    "withdrawn": "withdrawal",
    "removed": "removal",
    "temporary_removal": "removal",
    "concern": "expression_of_concern",
    "editorial_expression_of_concern": "expression_of_concern",
    **dict.fromkeys(("corrigendum", "erratum", "addendum", "clarification", "corrected"), "correction"),
}
"""Crossref's types, and Retraction Watch's; a `new_version` or `new_edition` is not a notice."""
_TITLES = re.compile(
    r"\W{0,3}(?P<said>retracted|withdrawn|removed|temporary removal)\b"
    r"(?: (?:article|paper|chapter|manuscript|preprint|publication))?\s?(?::|\]|[-–—] )",
    re.IGNORECASE,
)
_UNKNOWN = "-"
_SOURCES = ("publisher", "retraction-watch")


class Notice(NamedTuple):
    """One notice; `date` is as precise as it is known, `2010-02-06` or `2010`, or empty."""

    type: str
    doi: str = ""
    date: str = ""
    source: str = "publisher"

    def __str__(self) -> str:
        """Its cell: `retraction 10.1016/s0140-6736(10)60175-4 2010-02-06 retraction-watch`."""
        return " ".join(part or _UNKNOWN for part in self)


def notice_record(notices: Sequence[Notice], title: str | None = None) -> Record:
    """The columns of a work's notices: the one that counts most, and all of them in that order."""
    ordered = in_order([*notices, *_titled(title, notices)])
    first = ordered[0] if ordered else None
    return {
        "notice_type": first.type if first else None,
        "notice_doi": (first.doi or None) if first else None,
        "notice_date": date_time(first.date) if first else None,
        "notice_source": first.source if first else None,
        "notices": [str(notice) for notice in ordered] or None,
    }


def in_order(notices: Sequence[Notice]) -> list[Notice]:
    """The gravest first; what a later reinstatement took back comes behind all that stands."""
    back = [notice.date for notice in notices if notice.type == "reinstatement"]

    def rank(notice: Notice) -> tuple[Any, ...]:
        undone = notice.type in _UNDONE and any(not date or notice.date <= date for date in back)
        other = notice.source != "publisher"
        return undone, GRAVITY.index(notice.type), other, _later_first(notice.date), notice

    return sorted(dict.fromkeys(notices), key=rank)


def _later_first(date: str) -> tuple[int, ...]:
    return tuple(-int(part) for part in date.split("-") if part)


def crossref_notices(work: Mapping[str, Any]) -> list[Notice]:
    """What `updated-by` says, and `update-to` where it names the work itself."""
    own, mirrored = _doi(work.get("DOI")), _mirrored(work)
    in_place = [entry for entry in _entries(work, "update-to") if own and _doi(entry.get("DOI")) == own]
    by = [entry for entry in _entries(work, "updated-by") if _what(entry) not in mirrored]
    return [notice for notice in map(_notice, [*by, *in_place]) if notice]


def _mirrored(work: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Those `updated-by` by which a notice would be retracted by what it retracts.

    A publisher that gives the relation on both works has Crossref mirror it on both. Retraction Watch gives
    it on the notice alone (10.1016/s0140-6736(20)31324-6): its word tells which of the two this one is.
    """
    to, by = (_entries(work, name) for name in ("update-to", "updated-by"))
    return {_what(entry) for entry in to if _watched(entry)} - {
        _what(entry) for entry in by if _watched(entry)
    }


def _what(entry: Mapping[str, Any]) -> tuple[str, str]:
    return _doi(entry.get("DOI")), _plain(one_line(entry.get("type")) or one_line(entry.get("label")) or "")


def _watched(entry: Mapping[str, Any]) -> bool:
    return entry.get("source") == "retraction-watch"


def datacite_notices(work: Mapping[str, Any]) -> list[Notice]:
    """A date of the kind `Withdrawn`: the resource was taken away, and by whom it does not say."""
    dates = [mapping(date) for date in items(work.get("dates"))]
    return [
        Notice("withdrawal", "", (one_line(date.get("date")) or "")[:10])
        for date in dates
        if date.get("dateType") == "Withdrawn"
    ]


def _titled(title: str | None, known: Sequence[Notice]) -> list[Notice]:
    """What the title says, where nothing registered says how the work ended."""
    match = _TITLES.match(title or "")
    if match is None or any(notice.type in _ENDS or notice.type == "reinstatement" for notice in known):
        return []
    return [Notice(_TYPES[_plain(match["said"])])]


def _entries(work: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [mapping(entry) for entry in items(work.get(name))]


def _notice(entry: Mapping[str, Any]) -> Notice | None:
    kind = _TYPES.get(_plain(one_line(entry.get("type")) or one_line(entry.get("label")) or ""))
    source = _plain(one_line(entry.get("source")) or "").replace("_", "-")
    if kind is None:
        return None
    known = source if source in _SOURCES else _SOURCES[0]
    return Notice(kind, _doi(entry.get("DOI")), _date(mapping(entry.get("updated"))), known)


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]+", "_", word.lower()).strip("_")


def _doi(value: object) -> str:
    """A DOI as it is compared: names are the same whatever their case."""
    return re.sub(r"^https?://(?:dx\.)?doi\.org/", "", (one_line(value) or "").lower())


def _date(updated: Mapping[str, Any]) -> str:
    parts = (items(updated.get("date-parts")) or [None])[0]
    return partial_date(parts) or (date_time(updated.get("date-time")) or "")[:10]
