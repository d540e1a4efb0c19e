"""Records as they are kept: cleaned, of the declared types, laid over what was known. Pure.

A kept record is JSON: times are `2026-11-23T07:00:00Z`, lists are lists of text, nothing is NaN. Whatever a
server sent, a value that does not fit its column is unknown (None), never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from scraper.columns import LINKS
from scraper.model import Record

MEMENTO = "memento"
"""The `metadata_source` of a record that only the archive gave."""

_TYPES = {column.name: column.type for column in LINKS.columns}
_OURS = {"article", "verdict", "visit", "history", "provenance", "Wayback Machine"}
METADATA = tuple(column.name for column in LINKS.columns if column.source not in _OURS)
"""The columns of links.csv that come from records."""
_PUBLISHED = frozenset(METADATA)
_INT64 = 2**63
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?")
_DIGITS = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}")


@lru_cache(64)  # of a run's start, which all that it learns carries
def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC, whole seconds, `Z`: the one form of times in all tables."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time a stamp says."""
    return datetime.fromisoformat(text).astimezone(UTC)


def archive_stamp(digits: str) -> str | None:
    """The stamp for an archive's `YYYYMMDDhhmmss`, whose end may be missing; None when it is not a time.

    A time in ISO 8601 is taken as well.
    """
    if "-" in digits:
        return _time(digits)
    if not _DIGITS.fullmatch(digits):
        return None
    padded = digits + "00000101000000"[len(digits) :]
    try:
        return stamp(datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None


def clean(text: str) -> str:
    """Text that every file format takes: no NUL, no lone surrogate, lines ended by LF.

    A CSV writer does not quote a lone CR, and readers take it for the end of a row.
    """
    return text if is_clean(text) else _cleaned(text)


def is_clean(text: str) -> bool:
    """Whether `clean` would certainly leave the text as it is: true of almost all, and quickly said."""
    return text.isascii() and "\0" not in text and "\r" not in text


def _cleaned(text: str) -> str:
    return _LINE_END.sub("\n", _SURROGATE.sub("\ufffd", text.replace("\0", "")))


def plain(value: Any, kind: str) -> Any:
    """The value as the column type `kind` has it, or None when it is empty or does not fit."""
    reader = {"integer": _integer, "number": _number, "boolean": _boolean, "datetime": _time, "list": _list}
    return reader.get(kind, _string)(value)


def _string(value: Any) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    return value if fits else None


def _number(value: Any) -> float | None:
    whole = _integer(value)
    if whole is not None:
        return float(whole)
    return value if isinstance(value, float) and math.isfinite(value) else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _time(value: Any) -> str | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    try:
        return stamp(value if value.tzinfo else value.replace(tzinfo=UTC))
    except OverflowError:  # year 1 or 9999 beside the edge of a time zone
        return None


def _list(value: Any) -> list[str] | None:
    if not isinstance(value, list | tuple):
        return None
    return [clean(str(item)) for item in value if item not in (None, "")] or None


def normal(record: Record) -> Record:
    """The record with cleaned values of the declared types; other names keep plain JSON."""
    return {
        name: plain(value, _TYPES[name]) if name in _TYPES else _json(value) for name, value in record.items()
    }


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean(str(key)): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return clean(value) if isinstance(value, str) else value


def form(record: Record) -> Record:
    """What of a normal record is published: `metadata_as_of` changes only with this."""
    return {name: value for name, value in record.items() if value is not None and name in _PUBLISHED}


def overlay(known: Record, read: Record, *, past: bool = False) -> Record:
    """What is known after `read` (both normal): its keys win, the others keep what was known.

    Args:
        past: `read` comes from an archive while `known` came from the living source; then it only fills gaps,
            or else a wall that goes up and down would turn an edited abstract back and forth.
    """
    if _another_repository(known, read):
        return read
    if past:
        return {**read, **{name: value for name, value in known.items() if value is not None}}
    merged = {**known, **read, **{name: known[name] for name in _LASTING if _is_lost(name, known, read)}}
    names = former_names(known, read, merged.get("full_name"))
    return {**merged, "previous_name": names} if names or "previous_name" in merged else merged


_LASTING = ("repository_id", "created_at", "full_name", "stars")
"""What every repository has: where it is lacking, or of another type, the answer was not whole."""


def _is_lost(name: str, known: Record, read: Record) -> bool:
    return known.get(name) is not None and name in read and read[name] is None


def _another_repository(known: Record, read: Record) -> bool:
    """A new repository under an old name inherits nothing."""
    before, now = known.get("repository_id"), read.get("repository_id")
    return before is not None and now is not None and before != now


def former_names(known: Record, read: Record, present: str | None) -> list[str] | None:
    """Names a repository had, newest first, each once whatever its case, without the present one."""
    candidates: Iterable[str | None] = (
        known.get("full_name"),
        *(known.get("previous_name") or ()),
        *(read.get("previous_name") or ()),
    )
    seen = {(present or "").lower()}
    names: list[str] = []
    for name in candidates:
        if name and name.lower() not in seen:
            seen.add(name.lower())
            names.append(name)
    return names or None
