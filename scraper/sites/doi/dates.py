"""When a work was published, out of the several dates that an agency keeps. Pure.

A date is a text as precise as it is known: `2019`, `2019-02`, `2019-02-07` or a whole time. A whole date of a
lesser kind may make a better one more precise and never contradicts it: `Issued 2017` is not 1998-06-12, the
day on which somebody `Submitted` it; `Available 2019-02` is 2019-02-07.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scraper.sites.values import date_time, items, mapping, one_line

_KINDS = ("Issued", "Available")
_LESSER_KINDS = ("Submitted", "Created")
_PARTIAL = re.compile(r"\d{4}(?:-\d{2})?\Z", re.ASCII)


def first_whole(dates: Iterable[str]) -> str | None:
    """The first whole date that agrees with those before it; the best kind of date comes first."""
    known = ""
    for date in dates:
        if date.startswith(known):
            known = date
            if whole := date_time(known):
                return whole
    return None


def partial_date(parts: object) -> str:
    """Crossref's `[2019, 12, 20]`, `[2019, 12]` or `[2019]`; empty when it is not a date."""
    given = items(parts)
    numbers = [part for part in given if isinstance(part, int) and not isinstance(part, bool)]
    if not 1 <= len(numbers) == len(given) <= 3 or not all(0 < number < 10_000 for number in numbers):
        return ""
    return "-".join([f"{numbers[0]:04d}", *(f"{number:02d}" for number in numbers[1:])])


def crossref_date(work: Mapping[str, Any]) -> str | None:
    """`published` is the earliest of print, online and posted; the others may be more precise.

    A journal that gives the month of its issue puts a work online weeks before or after: of the same year
    the whole date counts. One of another year is the day when somebody scanned the volume.
    """
    names = ("published", "published-online", "published-print", "posted", "issued")
    parts = ((items(mapping(work.get(name)).get("date-parts")) or [None])[0] for name in names)
    dates = [date for date in map(partial_date, parts) if date]
    return first_whole(dates) or first_whole([dates[0][:4], *dates[1:]] if dates else ())


def datacite_date(work: Mapping[str, Any]) -> str | None:
    """By kind; of several of a kind the earliest. The year of publication binds what only somebody did."""
    given: dict[str, list[str]] = {}
    for date in map(mapping, items(work.get("dates"))):
        kind, written = date.get("dateType"), one_line(date.get("date"))
        if isinstance(kind, str) and written and (_PARTIAL.match(written) or date_time(written)):
            given.setdefault(kind, []).append(written)
    year = work.get("publicationYear")
    years = [f"{year:04d}"] if isinstance(year, int) and 0 < year < 10_000 else []
    best, lesser = ([d for k in kinds for d in sorted(given.get(k, ()))] for kinds in (_KINDS, _LESSER_KINDS))
    return first_whole([*best, *years, *lesser])
