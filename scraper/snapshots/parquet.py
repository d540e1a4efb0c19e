"""Tables as Parquet, with the extra `parquet`: times as timestamps, lists as lists, a row group a chunk."""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any, BinaryIO

import pandas as pd

from scraper.columns import Column, Table
from scraper.errors import SettingsError
from scraper.snapshots.tables import JOINER


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SettingsError(
            "The setting snapshot_parquet needs pyarrow: `pip install 'scraper[parquet]'`, or unset it."
        ) from error


class ParquetFile:
    """A file that takes frames of a table one after the other."""

    def __init__(self, file: BinaryIO, table: Table) -> None:
        self._arrow = _module("pyarrow")
        self._table = table
        self._schema = self._arrow.schema([(column.name, self._type(column)) for column in table.columns])
        self._writer = _module("pyarrow.parquet").ParquetWriter(file, self._schema)

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, frame: pd.DataFrame) -> None:
        """Append a frame made by `tables.frame`."""
        arrays = [self._array(column, frame[column.name]) for column in self._table.columns]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def _type(self, column: Column) -> Any:
        arrow = self._arrow
        return {
            "integer": arrow.int64(),
            "number": arrow.float64(),
            "boolean": arrow.bool_(),
            "datetime": arrow.timestamp("s", tz="UTC"),
            "list": arrow.list_(arrow.string()),
        }.get(column.type, arrow.string())

    def _array(self, column: Column, cells: pd.Series[Any]) -> Any:
        values = cells.astype(object).where(cells.notna(), None)
        if column.type == "datetime":
            return self._arrow.array(values, self._arrow.string()).cast(self._type(column))
        if column.type == "list":
            values = values.map(lambda cell: cell.split(JOINER), na_action="ignore")
        return self._arrow.array(values, self._type(column), from_pandas=True)
