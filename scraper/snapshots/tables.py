"""Rows, frames and CSV files: the tables of `columns.py` and nothing else decides their form.

CSV is RFC 4180 in UTF-8 with LF: no index, an empty field for what is unknown, lists joined by `; `, times
in ISO 8601 with `Z`, `TRUE` and `FALSE` (R, pandas, DuckDB, spreadsheets and Table Schema take no other form
all of them). Text is text: a paper titled `NA`, `1e5` or `00123` comes back as it went. What is read
back is checked against `columns.py`; a table of another shape is a `SnapshotError` of one line.

pandas takes longer to import than all the rest: what needs it does so itself, when the visits are done.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scraper.columns import Column, Table
from scraper.errors import SnapshotError
from scraper.records import clean

if TYPE_CHECKING:
    import pandas as pd

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

_NULLABLE = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
_NUMBERS: dict[str, Callable[[Any], float]] = {"integer": int, "number": float}
_WORDS = {True: "TRUE", False: "FALSE"}
_TRUTH = {"True": True, "False": False, "true": True, "false": False, "TRUE": True, "FALSE": False}
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
"""What steers a terminal (`cat links.csv`), or hides before the sign of a formula."""
_FORMULA = re.compile(r"(\A|;)(\s*[=+\-@＝＋－＠]|[\t\r\n])")
"""What begins a formula in a cell; a `;` begins a cell where it is the separator."""


def dtype(column: Column) -> Any:
    """The pandas type of a column: nullable, times and lists as the text of their cells."""
    return _dtype(_NULLABLE.get(column.type, ""))


@cache
def _dtype(name: str) -> Any:
    import pandas as pd

    # Stored by Python strings whether pyarrow is there or not: the same bytes on every machine.
    return pd.api.types.pandas_dtype(name) if name else pd.StringDtype("python")


def cells(table: Table, rows: Iterable[Row]) -> Cells:
    """The values of the rows, by column."""
    # Taken apart as they come: 20,000 dictionaries of 75 names would fill 80 MB.
    found: dict[str, list[Any]] = {column.name: [] for column in table.columns}
    places = [(name, values.append) for name, values in found.items()]
    for row in rows:
        for name, append in places:
            append(row.get(name))
    return found


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


def frame_of(table: Table, chunk: Cells) -> pd.DataFrame:
    """The values as a frame with exactly the table's columns and types."""
    import pandas as pd

    return pd.DataFrame(
        {column.name: _array(column, chunk[column.name]) for column in table.columns}, copy=False
    )


def frame(table: Table, rows: Iterable[Row]) -> pd.DataFrame:
    """The rows as a frame with exactly the table's columns and types."""
    return frame_of(table, cells(table, rows))


def _array(column: Column, values: list[Any]) -> Any:
    import pandas as pd

    if column.type not in _NULLABLE:
        values = [None if value is None else _cell(value) for value in values]
    return pd.array(values, dtype=dtype(column))


def _cell(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        value = JOINER.join(str(item).replace(JOINER, ", ") for item in value)
    return plain(value)


def plain(value: Any) -> str | None:
    """The value as text; None for what is empty."""
    return clean(str(value)) or None


Guard = Callable[[str], str]
"""What is done to every cell of text before it is written."""


def write_csv(handle: BinaryIO, table: Table, chunks: Iterable[Cells], guard: Guard = str) -> None:
    """Write the values below each other as one CSV file into an open binary file.

    Without a data frame: most runs of the command then never load pandas.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([column.name for column in table.columns])
    for chunk in chunks:
        for start in range(0, _height(table, chunk), _SLICE):
            columns = [
                _written(column, chunk[column.name][start : start + _SLICE], guard)
                for column in table.columns
            ]
            lines.writerows(zip(*columns, strict=True))
            _hand_over(text, handle)
    _hand_over(text, handle)


def _hand_over(text: io.StringIO, handle: BinaryIO) -> None:
    handle.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()


def _written(column: Column, values: list[Any], guard: Guard) -> list[Any]:
    """The cells of a column; the CSV writer turns numbers into text, and None into an empty field."""
    if column.type == "boolean":
        return [None if value is None else _WORDS[bool(value)] for value in values]
    if column.type in _NUMBERS:
        number = _NUMBERS[column.type]
        return [None if value is None else number(value) for value in values]
    if guard is str:
        return [None if value is None else _cell(value) for value in values]
    return [None if value is None else guard(_cell(value) or "") for value in values]


def read_table(path: Path, table: Table, only: Sequence[str] | None = None) -> pd.DataFrame:
    """A whole table, typed as `frame` has it.

    Columns newer than the file (the last ones of the table) are empty; columns that the table does not know
    are left out. CRLF is read as LF.

    Args:
        only: names of the columns wanted.

    Raises:
        SnapshotError: missing, not CSV, without a column it must have, or with a cell of another type.
    """
    import pandas as pd

    return pd.concat(list(read_chunks(path, table, only)), ignore_index=True)


def read_chunks(path: Path, table: Table, only: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """The same as `read_table`, in frames of 20,000 rows; at least one, which may be empty."""
    import pandas as pd

    as_it_is: Any = {"dtype": _dtype(""), "keep_default_na": False, "na_filter": False}
    wanted = [column for column in table.columns if only is None or column.name in only]
    if path.exists() and not path.is_file():
        raise SnapshotError(f"{path} is no file but a folder, a pipe or a device; {_REFRESH}.")
    try:
        header = pd.read_csv(path, nrows=0, encoding="utf-8-sig", dtype=_dtype(""))
        _check_header(path, table, list(header.columns))
        with pd.read_csv(path, chunksize=CHUNK, encoding="utf-8-sig", **as_it_is) as reader:
            for chunk in reader:
                if not isinstance(
                    chunk.index, pd.RangeIndex
                ):  # what pandas makes of rows longer than the header
                    raise SnapshotError(f"{path}: its rows have more fields than its header; {_REFRESH}.")
                yield _typed(path, wanted, chunk)
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SnapshotError(f"{path} is not UTF-8: {_REFRESH}.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise SnapshotError(f"{path} is not a whole CSV file ({_line(error)}): {_REFRESH}.") from error


_REFRESH = "publish it again with `scraper refresh`, or name another snapshot"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


def _check_header(path: Path, table: Table, names: Sequence[str]) -> None:
    """Only the table's newest columns may be lacking: columns are added at its end, never between."""
    known = [column.name for column in table.columns]
    present = [name for name in known if name in names]
    expected = known[: len(present)]
    if present != expected or not present:
        missing = next(name for name in known if name not in names)
        raise SnapshotError(f"{path}: the column {missing!r} is missing; {_REFRESH}.")


def _typed(path: Path, wanted: Sequence[Column], chunk: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = {}
    for column in wanted:
        cells = chunk.get(column.name)
        columns[column.name] = (
            pd.Series(pd.NA, index=chunk.index, dtype=dtype(column))
            if cells is None
            else _parsed(path, column, cells.replace("", pd.NA))
        )
    return pd.DataFrame(columns, index=chunk.index)


def _parsed(path: Path, column: Column, cells: pd.Series[Any]) -> pd.Series[Any]:
    try:
        if column.type == "boolean":
            cells = cells.map(_TRUTH.__getitem__, na_action="ignore")
        typed: pd.Series[Any] = cells.astype(dtype(column))
        return typed
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        what = f"the column {column.name!r} holds something that is no {column.type}"
        raise SnapshotError(f"{path}: {what} ({_line(error)}); {_REFRESH}.") from error


def safe_for_spreadsheets(cell: str) -> str:
    """The text as no formula to a spreadsheet: `'` before what would begin one.

    For reports that people open (OWASP, CSV injection); the snapshot keeps the raw text, for joins.
    """
    return _FORMULA.sub(r"\1'\2", _STEERING.sub("", cell))
