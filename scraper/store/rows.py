"""Plain values as rows of the store: a column is called like the field that it keeps.

The fields of a value are listed where its class is; every statement and every reading of a row here goes by
these names, never by positions, so that a column which a migration adds shifts nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from datetime import datetime
from enum import Enum
from operator import itemgetter
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from scraper.model import Verdict
from scraper.records import clean, is_clean, moment, stamp
from scraper.store import values
from scraper.store.database import Row
from scraper.verdicts.history import State

Value = TypeVar("Value")

as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
"""JSON as the store keeps it; one encoder, for `json.dumps` would make one for every value."""

NONE = "[]"
"""An empty list, as the store keeps it."""


def names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, in their order."""
    return tuple(field.name for field in fields(kind))


VERDICT = names(Verdict)
MEMENTO = ("archived_url", "archived_at")
"""The part of a verdict that later visits without it inherit: a copy found once is wanted ever after."""
STATE = names(State)
EFFORT = ("checked_at", "attempts", "requests", "elapsed_ms")
"""What an outcome says of the visit itself."""
VISIT = ("target", "run", *EFFORT, *VERDICT, *STATE)
"""The columns of a visit. It carries the state after it, so the latest is all that the next run needs."""


def listed(columns: Iterable[str], form: str = "{}") -> str:
    """The names in SQL, each in this form: `:{}`, `visit.{}`, `{0} = :{0}`."""
    return ", ".join(form.format(name) for name in columns)


def insert(table: str, columns: Iterable[str], verb: str = "INSERT") -> str:
    """The statement that takes a row as a mapping."""
    columns = tuple(columns)
    return f"{verb} INTO {table} ({listed(columns)}) VALUES ({listed(columns, ':{}')})"


def row_of(value: Any, columns: Iterable[str]) -> dict[str, Any]:
    """These fields of a value as the store keeps them."""
    return {name: kept(getattr(value, name)) for name in columns}


def kept(value: Any) -> Any:
    """One value as the store keeps it: text cleaned, times as stamps, lists as JSON."""
    if value is None or type(value) is int:
        return value
    if isinstance(value, str):
        return value if type(value) is str and is_clean(value) else clean(str(value))  # of an enum, its value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, tuple):
        return as_json([kept(item) for item in value]) if value else NONE
    return value


def reader(kind: type[Value]) -> Callable[[Row], Value]:
    """What makes the dataclass of a row that keeps it; other columns of the row are not looked at.

    Where the row says nothing (NULL), the field has its default, or None.
    """
    types: dict[str, Any] = get_type_hints(kind)
    told = itemgetter(*names(kind))
    plan = [
        (place, _decoder(types[field.name]), None if field.default is MISSING else field.default)
        for place, field in enumerate(fields(cast(Any, kind)))
    ]
    changed = [step for step in plan if step[1:] != (None, None)]

    def read(row: Row) -> Value:
        found = list(told(row))
        for place, decode, default in changed:
            if (value := found[place]) is None:
                found[place] = default
            elif decode:
                found[place] = decode(value)
        return kind(*found)

    return read


def _decoder(kind: Any) -> Callable[[Any], Any] | None:
    """How a field of this type is made from what `kept` made of it; None where it is that."""
    if isinstance(kind, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is tuple:
        return lambda text: tuple(values.listed(text))
    if kind is datetime:
        return moment
    return kind if issubclass(kind, Enum) else None
