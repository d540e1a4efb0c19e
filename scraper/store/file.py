"""The store's file, and how it is opened without ever losing what is there.

Whatever is at the path and cannot be used ends in a `StoreError` of one line that says what to do; a new
store is made only where there is none.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from scraper.errors import StoreError
from scraper.files import flush_folder, unfinished
from scraper.store import contents, schema
from scraper.store.database import Database, Told, damaged

APPLICATION_ID = 0x73637270
"""`scrp`, in the file's header: tells our files from other programs' databases."""
SANDBOX_ID = 0x73637273
"""`scrs`: the same, of a store whose every answer came from the sandbox; the two are never mixed."""

_HEADER = b"SQLite format 3\0"
_SMALL = 64 * 1024 * 1024
"""Bytes up to which the whole file is checked on opening; damage to a larger one is told when it is met."""


def connect(path: Path, *, wait: float, sandbox: bool = False) -> Database:
    """An open, checked and migrated store, or an error.

    Journal: WAL with `synchronous=NORMAL`. A kill loses nothing committed; a power cut may lose the last
    commits but never damages the file, and `Store.finish_run` has everything on the disk.
    """
    with Told(path):
        _check_place(path)
        if not path.exists():
            _create(path, SANDBOX_ID if sandbox else APPLICATION_ID)
        _check_header(path)
        size = path.stat().st_size
    database = Database(path, wait)
    try:
        _check_owner(database)
        if size <= _SMALL:
            _check_whole(database)
        database.pragma("journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.pragma("wal_autocheckpoint = 8000")  # pages: many are written again and again in a run
        database.execute("PRAGMA cache_size = -32768")  # KB: keys come in any order
        schema.migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _check_place(path: Path) -> None:
    """Before anything is opened: a link to nothing, and what would never answer."""
    if path.is_symlink() and not path.exists():
        raise StoreError(
            f"The store {path} is a link to {path.readlink()}, which is not there: is its disk mounted? "
            "Fix the link, or remove it to begin with an empty history."
        )
    if path.exists() and not path.is_file() and not path.is_dir():
        raise StoreError(
            f"The store {path} is not a file but a pipe, a socket or a device: move it away, "
            "or choose another data folder."
        )


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
        with closing(Database(temporary)) as database:
            database.execute(f"PRAGMA application_id = {application}")
            schema.migrate(database)
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
        raise StoreError(damaged(path, "it is empty, 0 bytes"))
    if header != _HEADER:
        raise StoreError(
            f"The store {path} is damaged or not a store (not an SQLite file): restore a backup of it, "
            "or move it away to begin with an empty history."
        )


def _check_owner(database: Database) -> None:
    path = database.path
    if database.pragma("application_id") not in (APPLICATION_ID, SANDBOX_ID):
        raise StoreError(
            f"The store {path} belongs to another program: choose another data folder, or move it away."
        )
    version = database.pragma("user_version")
    if not version and database.one("SELECT 1 FROM sqlite_master"):
        raise StoreError(
            f"The store {path} is damaged (its version number is lost): restore a backup of it, or move it "
            "away to begin with an empty history."
        )
    if version > len(schema.MIGRATIONS):
        raise StoreError(
            f"The store {path} was written by a newer scraper (store version {version}, "
            f"this one knows {len(schema.MIGRATIONS)}): upgrade scraper, or choose another data folder."
        )


def _check_whole(database: Database) -> None:
    found = database.pragma("quick_check(1)")
    if found != "ok":
        raise StoreError(damaged(database.path, " ".join(str(found).split())))


def is_sandbox(database: Database) -> bool:
    return bool(database.pragma("application_id") == SANDBOX_ID)


def damage(database: Database) -> list[str]:
    """Everything that is wrong inside the file, one line each."""
    try:
        found = [str(row["integrity_check"]) for row in database.all("PRAGMA integrity_check")]
        strays = database.all("PRAGMA foreign_key_check")
        values = list(contents.wrong(database))
    except StoreError as error:  # so damaged that it cannot even be looked through
        return [str(error.__cause__ or error)]
    return [line for line in found if line != "ok"] + [
        *(f"a row of {row['table']} points to a missing row of {row['parent']}" for row in strays),
        *values,
    ]
