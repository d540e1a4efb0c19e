"""Tables as Parquet, with the extra `parquet`: times as timestamps, lists as lists, a row group a chunk.

It is made of the values themselves and not of the cells of the CSV, where `; ` divides the items of a list.
"""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any, BinaryIO

from scraper.columns import Column, Table
from scraper.errors import SettingsError
from scraper.snapshots.tables import Cells, plain


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SettingsError(
            "The setting `parquet` needs pyarrow: `pip install 'paperlinks[parquet]'`, or unset it."
        ) from error


class ParquetFile:
    """A file that takes the rows of a table chunk after chunk."""

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

    def write(self, chunk: Cells) -> None:
        """Append the rows."""
        arrays = [self._array(column, chunk[column.name]) for column in self._table.columns]
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

    def _array(self, column: Column, values: list[Any]) -> Any:
        arrow, kind = self._arrow, self._type(column)
        if column.type == "datetime":
            texts = [None if value is None else plain(value) for value in values]
            return arrow.array(texts, arrow.string()).cast(kind)
        if column.type == "list":
            return arrow.array([_items(value) for value in values], kind)
        if column.type == "string":
            return arrow.array([None if value is None else plain(value) for value in values], kind)
        return arrow.array(values, kind, from_pandas=True)


def _items(value: Any) -> list[str] | None:
    given = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [text for text in map(plain, given) if text] or None
