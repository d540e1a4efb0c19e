"""The connection to the store's file: rows by name, transactions, and every refusal in one line.

Whatever SQLite or the disk refuses is a `StoreError` that says what to do; no other module sees an error of
SQLite's own. One connection, one thread.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from scraper.errors import StoreError
from scraper.files import explain, flush_folder, out_of_files, sweep_beside, unfinished
from scraper.store import values

Row = Mapping[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]
Made = TypeVar("Made")

_AT_ONCE = 100
"""Rows taken from SQLite together."""
_LITTLE = 128 * 1024
"""Bytes: with fewer free, an input/output error is taken for what it most likely is, a full disk."""


class Told:
    """Turns what SQLite or the disk says within a `with` block into a `StoreError` of one line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error):
            raise StoreError(_advice(self._path, error)) from error
        if isinstance(error, UnicodeDecodeError):
            raise StoreError(damaged(self._path, "it holds text that is not UTF-8")) from error
        if isinstance(error, OSError):
            raise StoreError(f"The store {self._path} cannot be used: {explain(error)}.") from error


class Database:
    """An SQLite file; a statement outside of `transaction` is committed at once."""

    def __init__(self, path: Path, wait: float = 0.0) -> None:
        """Open it, waiting up to `wait` seconds for another program that is writing."""
        self.path = path
        self._told = Told(path)
        with self._told:
            self._connection = sqlite3.connect(path, timeout=wait, isolation_level=None)

    def close(self) -> None:
        with self._told:
            self._connection.close()

    def execute(self, statement: str, parameters: Parameters = ()) -> int:
        """Change something; returns how many rows."""
        with self._told:
            return self._connection.execute(statement, parameters).rowcount

    def insert(self, statement: str, parameters: Parameters = ()) -> int:
        """Insert one row; returns its number."""
        with self._told:
            return self._connection.execute(statement, parameters).lastrowid or 0

    def many(self, statement: str, rows: Iterable[Parameters]) -> None:
        """The same change for each of the rows."""
        with self._told:
            self._connection.executemany(statement, rows)

    def one(self, statement: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        with self._told:
            rows = self._connection.execute(statement, parameters)
            return next(iter(self._named(rows, 1)), None)

    def all(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        return list(self.stream(statement, parameters))

    def stream(self, statement: str, parameters: Parameters = ()) -> Iterator[Row]:
        """The rows one after the other, for tables that need not fit into memory.

        Raises:
            StoreError: a value is not one that its column may hold.
        """
        with self._told:
            rows = self._connection.execute(statement, parameters)
            while some := self._named(rows, _AT_ONCE):
                yield from some

    def _named(self, rows: sqlite3.Cursor, most: int) -> list[Row]:
        """The next rows by name, looked at together."""
        if not (some := rows.fetchmany(most)):
            return []
        names = tuple(name for name, *_ in rows.description)
        if found := values.wrong(some, values.checks(names)):
            raise StoreError(damaged(self.path, found))
        return [dict(zip(names, row, strict=True)) for row in some]  # `sqlite3.Row` looks through all names

    def made(self, make: Callable[[Row], Made], row: Row) -> Made:
        """What is made of a row, where that takes more than its values as they are.

        Raises:
            StoreError: it cannot be made of what is there.
        """
        try:
            return make(row)
        except (ValueError, TypeError) as error:
            raise StoreError(damaged(self.path, " ".join(str(error).split()))) from error

    def pragma(self, name: str) -> Any:
        """What SQLite says of the file or the connection, where that is one value."""
        return next(iter((self.one(f"PRAGMA {name}") or {}).values()), None)

    def write_copy(self, path: Path) -> None:
        """A whole copy at `path`, where nothing may exist yet; what is refused is told of the copy."""
        temporary = unfinished(path)
        with Told(path):
            if path.exists():
                raise StoreError(f"{path} exists already: choose another name for the backup.")
            if not path.parent.is_dir():
                raise StoreError(f"{path} cannot be written: there is no folder {path.parent}; make one.")
            sweep_beside(path)
            try:
                self._connection.execute("VACUUM INTO ?", (str(temporary),))
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            flush_folder(path.parent)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is changed within the block, or nothing of it."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # on a full disk SQLite has rolled back by itself
                self.execute("ROLLBACK")
            raise


def _advice(path: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_IOERR and _limited():
        return f"The store {path} cannot grow: files may not be larger here; see `ulimit -f`, then run again."
    if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(path.parent).free < _LITTLE:
        code = sqlite3.SQLITE_FULL  # it says so when it cannot make the index of its log (-shm)
    if code == sqlite3.SQLITE_CANTOPEN and out_of_files(path.parent):
        code = sqlite3.SQLITE_FULL
    advice = {
        sqlite3.SQLITE_BUSY: "is being written by another program; let it end, then run again",
        sqlite3.SQLITE_LOCKED: "is being written by another program; let it end, then run again",
        sqlite3.SQLITE_FULL: "cannot grow: no space is left on the device, or none for more files (`df -i`); "
        "free some and run again",
        sqlite3.SQLITE_READONLY: "cannot be written; check who owns it and whether the disk is read-only",
        sqlite3.SQLITE_PERM: "cannot be written: permission denied; check who owns it and its folder",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
        sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error; check the hardware",
    }.get(code)
    if advice is None:  # pages that are torn, or tables, columns and text that are not as we made them
        return damaged(path, " ".join(str(error).split()))
    return f"The store {path} {advice}."


def _limited() -> bool:
    """Whether the system limits the size of files: SQLite says then what it says of a broken disk."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows has no such limit
        return False
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def damaged(path: Path, what: str) -> str:
    return (
        f"The store {path} is damaged ({what}): `scraper store check` looks at all of it; restore a backup, "
        "or move it away to begin with an empty history."
    )
