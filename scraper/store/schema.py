"""The store's file: its tables, its versions, and how it is opened without ever losing what is there.

Whatever is at the path and cannot be used ends in a `StoreError` of one line that says what to do; a new
store is made only where there is none.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scraper.errors import StoreError
from scraper.files import explain, flush_folder, unfinished

APPLICATION_ID = 0x73637270
"""`scrp`, in the file's header: tells our files from other programs' databases."""
SANDBOX_ID = 0x73637273
"""`scrs`: the same, of a store whose every answer came from the sandbox; the two are never mixed."""

_HEADER = b"SQLite format 3\0"
_SMALL = 64 * 1024 * 1024
"""Bytes up to which the whole file is checked on opening; damage to a larger one is told when it is met."""

_LITTLE = 128 * 1024
"""Bytes: with fewer free, an input/output error is taken for what it most likely is, a full disk."""

_FIRST = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    active TEXT NOT NULL,
    ended TEXT,
    status TEXT NOT NULL,
    articles TEXT NOT NULL
);
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    problems TEXT NOT NULL,
    repaired INTEGER NOT NULL,
    lost INTEGER NOT NULL
);
CREATE TABLE run_article (
    run INTEGER NOT NULL REFERENCES run (id),
    article INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (run, article)
) WITHOUT ROWID;
CREATE TABLE mention (
    article INTEGER NOT NULL REFERENCES article (id),
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    section_number INTEGER,
    section_title TEXT NOT NULL,
    text TEXT NOT NULL,
    href TEXT NOT NULL,
    url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    site TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX mention_by_target ON mention (article, target, line);
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    ident TEXT NOT NULL,
    url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    first_seen TEXT NOT NULL
);
CREATE TABLE plan (
    run INTEGER NOT NULL REFERENCES run (id),
    target INTEGER NOT NULL REFERENCES target (id),
    turn TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (run, target)
) WITHOUT ROWID;
CREATE INDEX plan_by_turn ON plan (run, turn, key);
-- Each visit carries the state of history.py after it, so that the latest one is all that the next run needs.
CREATE TABLE visit (
    target INTEGER NOT NULL REFERENCES target (id),
    run INTEGER NOT NULL REFERENCES run (id),
    checked_at TEXT NOT NULL,
    health TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    http_status INTEGER,
    final_url TEXT NOT NULL,
    redirects TEXT NOT NULL,
    suggested_url TEXT NOT NULL,
    archived_url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    notes TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    requests REAL NOT NULL,
    elapsed_ms INTEGER NOT NULL,
    last_alive TEXT,
    failing_since TEXT,
    failing_until TEXT,
    failures INTEGER,
    PRIMARY KEY (target, run)
) WITHOUT ROWID;
CREATE INDEX visit_by_run ON visit (run);
CREATE TABLE record (
    target INTEGER PRIMARY KEY REFERENCES target (id),
    data TEXT NOT NULL,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    read_run INTEGER NOT NULL,
    read_at TEXT NOT NULL
);
CREATE TABLE validator (url TEXT PRIMARY KEY, etag TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (
    run INTEGER NOT NULL REFERENCES run (id),
    article TEXT NOT NULL,
    health TEXT NOT NULL,
    links INTEGER NOT NULL,
    PRIMARY KEY (run, article, health)
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""`MIGRATIONS[n]` takes a store from version n to n + 1; version 0 is an empty file of ours."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says within the block into a `StoreError` of one line."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_advice(path, error)) from error
    except OSError as error:
        raise StoreError(f"The store {path} cannot be used: {explain(error)}.") from error


def _advice(path: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(path.parent).free < _LITTLE:
        code = sqlite3.SQLITE_FULL  # it says so when it cannot make the index of its log (-shm)
    advice = {
        sqlite3.SQLITE_BUSY: "is being written by another program; let it end, then run again",
        sqlite3.SQLITE_LOCKED: "is being written by another program; let it end, then run again",
        sqlite3.SQLITE_FULL: "cannot grow: no space is left on the device; free some and run again",
        sqlite3.SQLITE_READONLY: "cannot be written; check who owns it and whether the disk is read-only",
        sqlite3.SQLITE_PERM: "cannot be written: permission denied; check who owns it and its folder",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
        sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error; check the hardware",
    }.get(code)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, str(error))
    return f"The store {path} {advice or f'failed: {error}'}."


def _damaged(path: Path, what: str) -> str:
    return (
        f"The store {path} is damaged ({what}): restore a backup of it, "
        "or move it away to begin with an empty history."
    )


def connect(path: Path, *, wait: float, sandbox: bool = False) -> sqlite3.Connection:
    """An open, checked and migrated store, or an error; transactions are begun by hand.

    Journal: WAL with `synchronous=NORMAL`. A kill loses nothing committed; a power cut may lose the last
    commits but never damages the file, and `Store.finish_run` has everything on the disk.
    """
    _check_place(path)
    if not path.exists():
        _create(path, SANDBOX_ID if sandbox else APPLICATION_ID)
    _check_header(path)
    connection = _connection(path, wait)
    try:
        _check_owner(path, connection)
        if path.stat().st_size <= _SMALL:
            _check_whole(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32768")  # KB: keys come in any order
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_place(path: Path) -> None:
    """Before anything is opened: a link to nothing, and what would never answer."""
    if path.is_symlink() and not path.exists():
        raise StoreError(
            f"The store {path} is a link to {path.readlink()}, which is not there: is its disk mounted? "
            "Mend the link, or remove it to begin with an empty history."
        )
    if path.exists() and not path.is_file() and not path.is_dir():
        raise StoreError(
            f"The store {path} is no file but a pipe, a socket or a device: move it away, "
            "or choose another data folder."
        )


def _connection(path: Path, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _create(path: Path, application: int) -> None:
    """Make a new store under a temporary name: a kill must not leave an empty file in its place."""
    left = [name for suffix in ("-wal", "-journal") if (name := Path(f"{path}{suffix}")).exists()]
    if left:
        raise StoreError(
            f"The store {path} is missing but {left[0].name} is there: restore the store beside it, "
            f"or move {left[0].name} away to begin with an empty history."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = unfinished(path)
    try:
        with closing(_connection(temporary, 0)) as connection:
            connection.execute(f"PRAGMA application_id = {application}")
            migrate(connection)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def _check_header(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"The store {path} is a folder: move it away, or choose another data folder.")
    with path.open("rb") as handle:
        header = handle.read(len(_HEADER))
    if not header:
        raise StoreError(_damaged(path, "it is empty, 0 bytes"))
    if header != _HEADER:
        raise StoreError(
            f"The store {path} is damaged or not a store (not an SQLite file): restore a backup of it, "
            "or move it away to begin with an empty history."
        )


def _check_owner(path: Path, connection: sqlite3.Connection) -> None:
    if _pragma(connection, "application_id") not in (APPLICATION_ID, SANDBOX_ID):
        raise StoreError(
            f"The store {path} belongs to another program: choose another data folder, or move it away."
        )
    version = _pragma(connection, "user_version")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"The store {path} was written by a newer scraper (store version {version}, "
            f"this one knows {len(MIGRATIONS)}): upgrade scraper, or choose another data folder."
        )


def _check_whole(path: Path, connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(_damaged(path, " ".join(str(found).split())))


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, all steps or none."""
    if _pragma(connection, "user_version") == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again within the transaction: another process may have migrated while this one waited.
        for script in MIGRATIONS[_pragma(connection, "user_version") :]:
            for statement in script.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """A whole copy at `path`, where nothing may be yet."""
    temporary = unfinished(path)
    with told(path):
        if path.exists():
            raise StoreError(f"There is something at {path} already: choose another name for the backup.")
        temporary.unlink(missing_ok=True)
        try:
            connection.execute("VACUUM INTO ?", (str(temporary),))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(path.parent)


def damage(connection: sqlite3.Connection) -> list[str]:
    """Everything that is wrong inside the file, one line each."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:  # so damaged that it cannot even be looked through
        return [str(error)]
    return [line for line in found if line != "ok"] + [
        f"a row of {row[0]} points to a missing row of {row[2]}" for row in strays
    ]


def is_sandbox(connection: sqlite3.Connection) -> bool:
    return _pragma(connection, "application_id") == SANDBOX_ID


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
