"""Tables as data frames whose values are what they mean: times are times, lists are lists.

For whoever loads a snapshot in Python. No command needs a data frame, so pandas is an extra, and this module
is imported where a frame is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scraper.columns import Column, Table
from scraper.errors import UsageError
from scraper.snapshots.reading import chosen, in_utc, read_chunks
from scraper.snapshots.tables import JOINER, Cells, Row, cell, cells

try:
    import numpy as np
    import pandas as pd
except ModuleNotFoundError as error:
    if error.name not in ("numpy", "pandas"):
        raise
    raise UsageError("Data frames need pandas: `pip install 'paperlinks[pandas]'`.") from error

_NULLABLE = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


@cache
def _dtype(name: str) -> Any:
    # Stored by Python strings whether pyarrow is there or not: the same on every machine.
    return pd.api.types.pandas_dtype(name) if name else pd.StringDtype("python")


def frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """The rows as a frame with exactly the table's columns: nullable, times and lists as their cells."""
    values = cells(table, rows)
    texts = {column.name for column in table.columns if column.type not in _NULLABLE}
    return _frame(table.columns, {name: _texts(v) if name in texts else v for name, v in values.items()})


def _texts(values: list[Any]) -> list[str | None]:
    return [None if value is None else cell(value) for value in values]


def _frame(columns: Sequence[Column], values: Cells) -> pd.DataFrame:
    arrays = {
        column.name: pd.array(values[column.name], dtype=_dtype(_NULLABLE.get(column.type, "")))
        for column in columns
    }
    return pd.DataFrame(arrays, copy=False)


def read_table(path: Path, table: Table, only: Sequence[str] | None = None) -> pd.DataFrame:
    """A whole table of a snapshot, typed as `frame` has it (`reading.read_chunks` says what is refused)."""
    columns = chosen(table, only)
    whole: dict[str, list[Any]] = {column.name: [] for column in columns}
    for chunk in read_chunks(path, table, only):
        for name, values in chunk.items():
            whole[name] += values
    return _frame(columns, whole)


def exact(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The frame of a table with its columns of times as `datetime64[us, UTC]` and its lists as Python lists.

    Integers, numbers and booleans are nullable (`Int64`, `Float64`, `boolean`), texts are strings; what is
    unknown is NA, an unknown list None.
    """
    made = rows.copy()
    for column in table.columns:
        if column.name not in made:
            continue
        if column.type == "datetime":
            made[column.name] = _times(made[column.name])
        elif column.type == "list":
            parts = [None if pd.isna(text) else str(text).split(JOINER) for text in made[column.name]]
            made[column.name] = pd.Series(parts, index=made.index, dtype="object")
    return made


def _times(stamps: pd.Series[Any]) -> pd.Series[Any]:
    """Microseconds: nanoseconds end in 2262 and begin in 1677, after the first papers that have a DOI.

    By NumPy, for pandas 2 takes the way by nanoseconds whatever is asked for.
    """
    found = [None if pd.isna(text) else in_utc(str(text)).replace(tzinfo=None) for text in stamps]
    times = np.array(found, dtype="datetime64[us]")
    return pd.Series(times, index=stamps.index, name=stamps.name).dt.tz_localize("UTC")


def exact_frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """The frame of these rows, with their first column as the index."""
    return exact(table, frame(table, rows)).set_index(table.columns[0].name, drop=False)
