"""Rows and CSV files: the tables of `columns.py` and nothing else decides their form.

CSV is RFC 4180 in UTF-8 with LF: no index, an empty field for what is unknown, lists joined by `; `, times
in ISO 8601 with `Z`, `TRUE` and `FALSE` (R, pandas, DuckDB, spreadsheets and Table Schema take no other form
all of them). Text is text: a paper titled `NA`, `1e5` or `00123` comes back as it went (`reading.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from scraper.columns import Column, Table
from scraper.records import clean, is_clean

CHUNK = 20_000
"""Rows held in memory at once, when writing and when reading."""

JOINER = "; "
"""Between the items of a list in its cell; within an item it is written `, `."""

_SLICE = 5_000
"""Rows that are text at once."""

Row = Mapping[str, Any]
"""One row: values under the names of the table's columns; a name that is absent is unknown."""

Cells = Mapping[str, list[Any]]
"""Some rows, column by column: lists still lists, and nothing turned into text yet."""

_NUMBERS: dict[str, Callable[[Any], float]] = {"integer": int, "number": float}
_WORDS = {True: "TRUE", False: "FALSE"}
_TEXTS = frozenset((str, type(None)))
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
"""What steers a terminal (`cat links.csv`), or hides before the sign of a formula."""
_FORMULA = re.compile(r"(\A|;)(\s*[=+\-@＝＋－＠]|[\t\r\n])")
"""What begins a formula in a cell; a `;` begins a cell where it is the separator."""
_BEGINNINGS = frozenset(" =+-@")
"""Of printable ASCII, what a cell may begin with that is a formula, or before one."""


def cells(table: Table, rows: Iterable[Row]) -> Cells:
    """The values of the rows, by column."""
    names = [column.name for column in table.columns]
    # Taken apart as they come: 20,000 dictionaries of 75 names would fill 80 MB, as tuples they fill 13.
    taken = [tuple(map(row.get, names)) for row in rows]
    columns = map(list, zip(*taken, strict=True)) if taken else ([] for _ in names)
    return dict(zip(names, columns, strict=True))


def chunks(table: Table, rows: Iterable[Row], size: int = CHUNK) -> Iterator[Cells]:
    """The values of `size` rows at a time; at least once, and then perhaps of none."""
    remaining = iter(rows)
    chunk = cells(table, islice(remaining, size))
    yield chunk
    while _height(table, chunk) == size:
        chunk = cells(table, islice(remaining, size))
        if _height(table, chunk):
            yield chunk


def _height(table: Table, chunk: Cells) -> int:
    return len(chunk[table.columns[0].name])


def cell(value: Any) -> str | None:
    """The value as the text of its cell; None for what is empty."""
    if isinstance(value, list | tuple):
        value = JOINER.join(str(item).replace(JOINER, ", ") for item in value)
    return plain(value)


def plain(value: Any) -> str | None:
    """The value as text; None for what is empty."""
    return clean(str(value)) or None


def write_csv(handle: BinaryIO, table: Table, chunks: Iterable[Cells], *, guarded: bool = False) -> None:
    """Write the values below each other as one CSV file into an open binary file.

    `guarded` makes each cell of text `safe_for_spreadsheets`.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([column.name for column in table.columns])
    for chunk in chunks:
        for start in range(0, _height(table, chunk), _SLICE):
            columns = [
                _written(column, chunk[column.name][start : start + _SLICE], guarded=guarded)
                for column in table.columns
            ]
            lines.writerows(zip(*columns, strict=True))
            _hand_over(text, handle)
    _hand_over(text, handle)


def _hand_over(text: io.StringIO, handle: BinaryIO) -> None:
    handle.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()


def _written(column: Column, values: list[Any], *, guarded: bool) -> list[Any]:
    """The cells of a column; the CSV writer turns numbers into text, and None into an empty field."""
    if values.count(None) == len(values):  # as most columns are, of a list of one kind of link
        return values
    if column.type == "boolean":
        return [None if value is None else _WORDS[bool(value)] for value in values]
    if column.type in _NUMBERS:
        number = _NUMBERS[column.type]
        return [None if value is None else number(value) for value in values]
    if _are_clean(values) and not (guarded and _may_steer(values)):
        return [value or None for value in values]
    texts = [None if value is None else cell(value) for value in values]
    return [text and safe_for_spreadsheets(text) for text in texts] if guarded else texts


def _are_clean(values: list[Any]) -> bool:
    """Whether all are texts that go into their cells as they are. Looked at together: history.csv has
    thousands of rows after a year of daily runs, and is written by each of them."""
    return _TEXTS.issuperset(map(type, values)) and is_clean("".join(filter(None, values)))


def _may_steer(texts: list[str | None]) -> bool:
    """Whether the two expressions may find something in one of the texts: looked at together."""
    together = "".join(filter(None, texts))
    if not (together.isascii() and together.isprintable()) or ";" in together:
        return True
    return not _BEGINNINGS.isdisjoint([text[0] for text in texts if text])


def safe_for_spreadsheets(cell: str) -> str:
    """The text as no formula to a spreadsheet: `'` before what would begin one.

    For reports that people open (OWASP, CSV injection); the snapshot keeps the raw text, for joins.
    """
    if not _may_steer([cell]):  # most of them
        return cell
    return _FORMULA.sub(r"\1'\2", _STEERING.sub("", cell))
