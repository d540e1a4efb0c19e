"""What `store check` looks at besides the file's own order: that each value is what its column holds.

SQLite's checks see torn pages, not a time that is none, nor a list that is not JSON any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from scraper.errors import StoreError
from scraper.model import Health
from scraper.store import schema, values
from scraper.store.database import Database

_TYPES = {"INTEGER": "'integer'", "REAL": "'real', 'integer'", "TEXT": "'text'"}
"""What SQLite may call a value in a column declared so."""
_TIME = "strftime('%Y-%m-%dT%H:%M:%SZ', {0}) IS NOT {0}"
_HEALTHS = ", ".join(f"'{health}'" for health in Health)


def wrong(database: Database) -> Iterator[str]:
    """Columns that are missing, triggers that are not ours, and values that may not be, in lines."""
    for row in database.all("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        yield f"it has a trigger that is not ours, {row['name']}"
    for table, columns in expected().items():
        there = {str(row["name"]) for row in database.all(f"PRAGMA table_info({table})")}
        for name, declared in columns.items():
            if name in there:
                yield from _in_column(database, table, name, declared)
            else:
                yield f"{table}.{name} is missing"


def expected() -> dict[str, dict[str, str]]:
    """Columns with their types by table, as the migrations make them."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for script in schema.MIGRATIONS:
            fresh.executescript(script)
        names = [name for (name,) in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {row[1]: row[2] for row in fresh.execute(f"PRAGMA table_info({name})")} for name in names
        }


def _in_column(database: Database, table: str, name: str, declared: str) -> Iterator[str]:
    # The names are those of our own schema. As `value` nothing is looked at while it is read.
    try:
        for condition, what in _conditions(name, declared):
            row = database.one(f"SELECT count(*) AS rows FROM {table} WHERE {condition}")
            if row is not None and row["rows"]:
                yield f"{table}.{name} is {what} in {row['rows']} rows"
                return
        bad = 0
        for row in database.stream(f"SELECT {name} AS value FROM {table} WHERE typeof({name}) = 'text'"):
            bad += not _readable(name, row["value"])  # and all texts are decoded
        if bad:
            yield f"{table}.{name} is no JSON of ours in {bad} rows"
    except StoreError as error:
        yield f"{table}.{name} cannot be read ({error.__cause__ or error})"


def _conditions(name: str, declared: str) -> Iterator[tuple[str, str]]:
    yield f"typeof({name}) NOT IN ({_TYPES[declared]}, 'null')", f"no {declared.lower()}"
    if name in values.TIMES:
        yield f"{name} IS NOT NULL AND {_TIME.format(name)}", "no time"
    if name == "health":
        yield f"health NOT IN ({_HEALTHS})", "no health"


_JSON: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(values.LISTS, values.listed),
    values.RECORD: values.record,
}


def _readable(name: str, text: str) -> bool:
    try:
        _JSON.get(name, str)(text)
    except ValueError:
        return False
    return True
