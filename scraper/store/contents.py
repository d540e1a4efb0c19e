"""What `store check` looks at besides the file's own order: that each value is what its column holds.

SQLite's checks see torn pages, not a time that is none, nor a list that is no JSON any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from scraper.errors import StoreError
from scraper.model import Health
from scraper.store import schema
from scraper.store.database import Database

_TIMES = frozenset(
    (
        "started",
        "active",
        "ended",
        "first_seen",
        "checked_at",
        "last_alive",
        "failing_since",
        "read_at",
        "as_of",
    )
)
_JSON = frozenset(("problems", "notices", "notes", "data"))


def wrong(database: Database) -> Iterator[str]:
    """Columns that are missing, triggers that are not ours, and values that may not be, in lines."""
    for row in database.all("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        yield f"it has a trigger that is not ours, {row['name']}"
    for table, columns in _expected().items():
        there = {str(row["name"]) for row in database.all(f"PRAGMA table_info({table})")}
        for name in columns:
            if name in there:
                yield from _in_column(database, table, name)
            else:
                yield f"{table}.{name} is missing"


def _expected() -> dict[str, list[str]]:
    """Columns by table, as the migrations make them."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for script in schema.MIGRATIONS:
            fresh.executescript(script)
        names = [name for (name,) in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [row[1] for row in fresh.execute(f"PRAGMA table_info({name})")] for name in names}


def _in_column(database: Database, table: str, name: str) -> Iterator[str]:
    # The names are those of our own schema.
    try:
        for condition, what in _conditions(name):
            row = database.one(f"SELECT count(*) AS rows FROM {table} WHERE {condition}")
            if row is not None and row["rows"]:
                yield f"{table}.{name} is {what} in {row['rows']} rows"
        for _ in database.stream(f"SELECT {name} FROM {table} WHERE typeof({name}) = 'text'"):
            pass  # read only to be decoded
    except (StoreError, UnicodeDecodeError) as error:
        yield f"{table}.{name} cannot be read ({error.__cause__ or error})"


def _conditions(name: str) -> Iterator[tuple[str, str]]:
    if name in _TIMES:
        yield f"{name} IS NOT NULL AND strftime('%s', {name}) IS NULL", "no time"
    if name in _JSON:
        yield f"NOT json_valid({name})", "no JSON"
    if name == "health":
        known = ", ".join(f"'{health}'" for health in Health)
        yield f"health NOT IN ({known})", "no health"
