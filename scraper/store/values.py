"""What the columns of the store may hold. Whatever else is there was written by somebody else, and is damage.

A column is called like the field that it keeps, so one name has one kind of value in all tables and in the
answers to all our questions; but for `target`, `article` and `run`, which here are numbers and there names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from scraper.columns import LINKS
from scraper.model import Health

TIMES = frozenset(
    (
        *("started", "active", "ended", "first_seen", "checked_at", "read_at", "as_of"),
        *("last_alive", "failing_since", "failing_until"),
    )
)
LISTS = frozenset(("problems", "notices", "notes"))
"""Columns of JSON lists."""
RECORD = "data"
"""The column of a record: a JSON object."""
INTEGERS = frozenset(
    (
        *("attempts", "elapsed_ms", "failures", "http_status", "links", "stars", "targets", "archived"),
        *("first_line", "line", "lost", "mentions", "position", "repaired", "section_number"),
    )
)
NUMBERS = frozenset(("requests",))
TEXTS = frozenset(
    (
        *("archived_url", "archived_at", "detail", "final_url", "reason", "redirects", "suggested_url"),
        *("digest", "href", "ident", "key", "kind", "name", "section_title", "site", "source", "status"),
        *("decision", "etag", "license", "target_key", "text", "title", "turn", "url"),
    )
)
_LENGTH = len("2026-11-23T07:00:00Z")
_SHOWN = 40

Check = Callable[[Any], bool]


@lru_cache(4096)  # the same few times stand in most rows
def is_time(value: Any) -> bool:
    """Whether it is a stamp as `records.stamp` makes them."""
    if not isinstance(value, str) or len(value) != _LENGTH or value[-1] != "Z":
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_health(value: Any) -> bool:
    return value in _HEALTHS


_HEALTHS = frozenset(str(health) for health in Health)


def _is_integer(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < float("inf")


def _is_text(value: Any) -> bool:
    return type(value) is str


_CHECKS: dict[str, tuple[str, Check]] = {
    **dict.fromkeys(TIMES, ("time", is_time)),
    **dict.fromkeys(INTEGERS, ("integer", _is_integer)),
    **dict.fromkeys(NUMBERS, ("number", _is_number)),
    **dict.fromkeys((*TEXTS, *LISTS, RECORD), ("text", _is_text)),
    "health": ("health", _is_health),
}


Look = tuple[int, str, str, Check]
"""Place in the row, name, kind and check of a column whose values are known."""


class Looks(NamedTuple):
    """What is looked at in the rows of an answer."""

    every: tuple[Look, ...]
    by_value: tuple[Look, ...]
    """Those of the columns in which the right type is not enough."""
    right: set[tuple[type, ...]]
    """Types of the cells of rows that were right: most rows are like the one before."""


_BY_TYPE = ("integer", "text")


@cache
def checks(names: tuple[str, ...]) -> Looks:
    """What is to be looked at in rows with these columns."""
    every = tuple((place, name, *_CHECKS[name]) for place, name in enumerate(names) if name in _CHECKS)
    return Looks(every, tuple(look for look in every if look[2] not in _BY_TYPE), set())


def wrong(rows: Sequence[Sequence[Any]], looks: Looks) -> str:
    """What in the rows is not a value of ours, or empty. Which cells may be empty, the schema says."""
    types = {tuple(map(type, row)) for row in rows}
    known = types <= looks.right
    for place, name, kind, fits in looks.by_value if known else looks.every:
        found = (row[place] for row in rows)
        for value in set(found) if known else found:  # equal ones may differ in type: 1 and 1.0
            if value is not None and not fits(value):
                return f"{name} is no {kind} but {_excerpt(value)}"
    looks.right.update(types)
    return ""


def _excerpt(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


_FITS: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
}
_TYPES = {column.name: column.type for column in LINKS.columns}
_decoded = json.JSONDecoder().decode


def listed(text: str) -> list[Any]:
    """The list that a cell keeps.

    Raises:
        ValueError: it is none.
    """
    found: list[Any] = _loaded(text, list)
    return found


def record(text: str) -> dict[str, Any]:
    """The record that a cell keeps, each value of the type that its column of links.csv has.

    Raises:
        ValueError: it is none.
    """
    found: dict[str, Any] = _loaded(text, dict)
    for name, value in found.items():
        if value is not None and not _fits(_TYPES.get(name), value):
            raise ValueError(f"its {name} is no {_TYPES[name]} but {_excerpt(value)}")
    return found


def _fits(kind: str | None, value: Any) -> bool:
    if kind == "datetime":
        return is_time(value)
    return kind is None or type(value) in _FITS.get(kind, (str,))


def _loaded(text: str, kind: type) -> Any:
    try:
        found = _decoded(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if type(found) is not kind:
        raise ValueError(f"no {kind.__name__} but {_excerpt(found)}")
    return found
