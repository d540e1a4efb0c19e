"""Tables as data frames whose values are what they mean: times are times, lists are lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scraper.columns import Table
from scraper.snapshots.tables import JOINER, Row, frame

if TYPE_CHECKING:
    import pandas as pd


def exact(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The frame of a table with its columns of times as `datetime64[ns, UTC]` and its lists as Python lists.

    Integers, numbers and booleans are nullable (`Int64`, `Float64`, `boolean`), texts are strings; what is
    unknown is NA, an unknown list None.
    """
    import pandas as pd

    made = rows.copy()
    for column in table.columns:
        if column.name not in made:
            continue
        if column.type == "datetime":
            made[column.name] = pd.to_datetime(made[column.name], utc=True, format="ISO8601").dt.as_unit("ns")
        elif column.type == "list":
            parts = [None if pd.isna(cell) else str(cell).split(JOINER) for cell in made[column.name]]
            made[column.name] = pd.Series(parts, index=made.index, dtype="object")
    return made


def exact_frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """The frame of these rows, with their first column as the index."""
    return exact(table, frame(table, rows)).set_index(table.columns[0].name, drop=False)
