"""Published tables read back and checked against `columns.py`: another shape is refused in one line."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from scraper.columns import Column, Table
from scraper.errors import SnapshotError
from scraper.snapshots.tables import CHUNK, Cells

csv.field_size_limit(2**31 - 1)  # an abstract or a list of mentions may be longer than the default of 128 KiB

_REFRESH = "publish it again with `scraper refresh`, or name another snapshot"
_TRUTH = {"True": True, "False": False, "true": True, "false": False, "TRUE": True, "FALSE": False}


def _integer(cell: str) -> int:
    number = int(cell)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{cell} is beyond 64 bits")
    return number


def _number(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(f"{cell} is not finite")
    return number


def in_utc(cell: str) -> datetime:
    """The time of a cell. Raises ValueError; OverflowError before the year 1 and after 9999."""
    found = datetime.fromisoformat(cell)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _time(cell: str) -> str:
    in_utc(cell)
    return cell


_READ: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _TRUTH.__getitem__,
    "datetime": _time,
}
"""How the cell of a column of such a type is read; all others are text. Times stay as they are written."""


def chosen(table: Table, only: Sequence[str] | None) -> list[Column]:
    """The columns of these names, in the table's order; all of them without names."""
    return [column for column in table.columns if only is None or column.name in only]


def read_chunks(path: Path, table: Table, only: Sequence[str] | None = None) -> Iterator[Cells]:
    """The values of a table by column, 20,000 rows at a time; None where a cell is empty.

    Columns newer than the file (the last ones of the table) are empty; columns that the table does not know
    are left out. CRLF is read as LF.

    Args:
        only: names of the columns wanted.

    Raises:
        SnapshotError: missing, not CSV, a row of another length than the header, without a column it must
            have, or with a cell of another type.
    """
    if path.exists() and not path.is_file():
        raise SnapshotError(f"{path} is not a file but a folder, a pipe or a device; {_REFRESH}.")
    wanted = chosen(table, only)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            header = next(reader, None)
            if not header:
                raise SnapshotError(f"{path} is not a whole CSV file (it has no header): {_REFRESH}.")
            _check_header(path, table, header)
            while rows := list(islice(reader, CHUNK)):
                yield _columns(path, wanted, header, list(filter(None, rows)))
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SnapshotError(f"{path} is not UTF-8: {_REFRESH}.") from error
    except csv.Error as error:
        raise SnapshotError(f"{path} is not a whole CSV file ({error}): {_REFRESH}.") from error


def _check_header(path: Path, table: Table, names: Sequence[str]) -> None:
    """Only the table's newest columns may be lacking: columns are added at its end, never between."""
    known = [column.name for column in table.columns]
    present = [name for name in known if name in names]
    expected = known[: len(present)]
    if present != expected or not present:
        missing = next(name for name in known if name not in names)
        raise SnapshotError(f"{path}: the column {missing!r} is missing; {_REFRESH}.")


def _columns(path: Path, wanted: Sequence[Column], header: list[str], rows: list[list[str]]) -> Cells:
    _check_lengths(path, len(header), rows)
    found = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    unknown = [None] * len(rows)
    return {
        column.name: _parsed(path, column, found[column.name]) if column.name in found else unknown
        for column in wanted
    }


def _check_lengths(path: Path, width: int, rows: list[list[str]]) -> None:
    other = next((row for row in rows if len(row) != width), None)
    if other is not None:
        than = "more fields" if len(other) > width else "fewer fields"
        raise SnapshotError(
            f"{path} is not a whole CSV file (the row of {other[0][:80]!r} has {than} than its header): "
            f"{_REFRESH}."
        )


def _parsed(path: Path, column: Column, cells: Sequence[str]) -> list[Any]:
    read = _READ.get(column.type)
    if read is None:
        return [cell or None for cell in cells]
    try:
        return [read(cell) if cell else None for cell in cells]
    except (ValueError, KeyError, OverflowError) as error:
        what = f"the column {column.name!r} holds something that is no {column.type}"
        raise SnapshotError(f"{path}: {what} ({error}); {_REFRESH}.") from error
