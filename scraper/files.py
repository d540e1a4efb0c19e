"""Files that are whole or not there: atomic writing, and one clear line when the disk says no.

A reader never sees half a file: what is new is written beside its place under a name of our own, flushed to
the disk, and renamed (POSIX rename is atomic within a file system). A kill leaves at most such files: `sweep`
removes them at the next start, under the lock, and else whoever makes the same file again.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scraper.errors import NotPublished, UsageError

log = logging.getLogger(__name__)

STORE = "scraper.db"
"""Name of the store: the one file, in the folder `data`, that remembers all runs."""

TEMPORARY = ".tmp-scraper-"
"""Start of the name of everything that is not finished: what others call `.tmp-…` is theirs."""

_OURS = re.compile(rf"{re.escape(TEMPORARY)}(?P<process>\d+)?.*|\.tmp-(?:\d+(?:-.+)?|latest)", re.DOTALL)
"""The second form is that of earlier versions."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")

_ADVICE = {
    errno.ENOSPC: "no space is left on the device, or none for more files (`df -i`); free some and run again",
    errno.EDQUOT: "the disk quota is used up; free some space and run again",
    errno.EROFS: "the file system is read-only; use another folder",
    errno.EACCES: "permission denied; check who owns it and who may write there",
    errno.EPERM: "the system does not permit it; check who owns it and who may write there",
    errno.ENOTDIR: "a file is in the place of a folder; move it away",
    errno.EEXIST: "something else is in its place; move it away",
    errno.EISDIR: "a folder is in its place; move it away",
    errno.ENOTEMPTY: "a folder is in its place; move it away",
    errno.EIO: "the disk reports an error; check the hardware",
    errno.EFBIG: "the file would be larger than the system lets it be; see `ulimit -f`",
    errno.ELOOP: "a link is in its place, or links that lead in a circle; move it away",
    errno.EMFILE: "too many files are open; see `ulimit -n`",
    errno.ENFILE: "too many files are open on this machine",
    errno.EBUSY: "another program holds it; let that end, then run again",
    errno.ETXTBSY: "another program holds it; let that end, then run again",
}


def explain(error: OSError) -> str:
    """What the system said, and what to do about it."""
    known = _ADVICE.get(error.errno) if error.errno is not None else None
    return known or (error.strerror or str(error)).lower()


def is_known(error: OSError) -> bool:
    """Whether there is something that the user can do about it."""
    return error.errno in _ADVICE


def out_of_files(folder: Path) -> bool:
    """Whether the disk can hold no more files to speak of, however many bytes are free on it.

    Who looks after a failure finds room for those again that were taken back: SQLite makes up to three.
    """
    if not hasattr(os, "statvfs"):  # Windows
        return False
    status = os.statvfs(folder)
    return status.f_files > 0 and status.f_favail < 4  # some file systems count none


@contextmanager
def published_or_told(what: str) -> Iterator[None]:
    """Turn the system's refusals within the block into one line about `what`.

    Raises:
        NotPublished: the old files are as they were.
    """
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise NotPublished(f"Cannot write {what}{where}: {explain(error)}.") from error


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written whole: it takes the name `path` only when the block ends well."""
    with _finished(path) as (temporary, handle):
        yield handle
        flush(handle)
        temporary.replace(path)


@contextmanager
def atomic_new(path: Path) -> Iterator[BinaryIO]:
    """The same for a file that takes no other's place.

    Raises:
        FileExistsError: the name is taken.
    """
    with _finished(path) as (temporary, handle):
        yield handle
        flush(handle)
        try:
            path.hardlink_to(temporary)  # a rename would replace what somebody made just now
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            temporary.rename(path)
        temporary.unlink(missing_ok=True)


@contextmanager
def _finished(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """The file beside `path` that is to become it; gone when the block ends badly."""
    sweep_beside(path)
    temporary = unfinished(path)
    try:
        with temporary.open("wb") as handle:
            yield temporary, handle
    except BaseException:
        discard(temporary)
        raise
    flush_folder(path.parent)


def own_folder(folder: Path) -> None:
    """Make a folder that only this program writes into. A link in its place leads who knows where.

    Raises:
        NotPublished: it is a link.
    """
    if folder.is_symlink():
        raise NotPublished(
            f"{folder} is a link, to {folder.readlink()}: move it away, or name where to write by an option."
        )
    folder.mkdir(parents=True, exist_ok=True)


def write(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` (text in UTF-8), whole or not at all."""
    with atomic(path) as handle:
        handle.write(content.encode() if isinstance(content, str) else content)


def flush(handle: BinaryIO) -> None:
    """Have everything on the disk: a full disk says so only here, not when writing."""
    handle.flush()
    os.fsync(handle.fileno())


def flush_folder(folder: Path) -> None:
    """Have the names in the folder on the disk: a rename lasts only after that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, *, shared: bool = False) -> int:
    """Remove what a kill left unfinished in `folder`; returns how many.

    Only under the lock. `shared` is a folder that a run with another lock may be writing to: what belongs to
    a process that lives is left alone.
    """
    if not folder.is_dir():
        return 0
    left = [
        entry
        for entry in folder.iterdir()
        if (name := _OURS.fullmatch(entry.name)) and not (shared and _alive(name["process"]))
    ]
    for entry in left:
        remove(entry)
    return len(left)


def sweep_beside(path: Path) -> None:
    """Remove what killed makers of this very file left beside it, in whoever's folder that is."""
    ours = re.compile(rf"{re.escape(TEMPORARY)}(\d+)-{re.escape(path.name)}(?:~.*)?", re.DOTALL)
    for entry in list(path.parent.iterdir()):
        if (name := ours.fullmatch(entry.name)) and not _alive(name[1]):
            discard(entry)


def discard(entry: Path) -> None:
    """Tidy up where something else is the news; what stays is swept at another time."""
    try:
        if entry.exists() or entry.is_symlink():
            remove(entry)
    except OSError as error:
        log.warning("%s is left behind: %s", entry, explain(error))


def unfinished(path: Path) -> Path:
    """The name under which `path` is made; another process makes it under another one.

    The end of the name is no file's: whoever reads `*.prom` or `*.md` in the folder does not read this.
    """
    return path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}~")


def _alive(process: str | None) -> bool:
    if not process or os.name == "nt":  # there `kill` would end it
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return int(process) != os.getpid()


def remove(entry: Path) -> None:
    """Remove a file, a link or a whole folder."""
    if entry.is_dir() and not entry.is_symlink():
        import shutil  # with all its archives; most runs have nothing to sweep

        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)


def checked_name(name: str) -> str:
    """The name of an article, which names folders.

    Raises:
        UsageError: it has other characters than letters, digits, `.`, `_` and `-`, or begins with `.` or `-`.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a folder: use at most 100 letters (A-Z, a-z), digits, '.', '_' and '-', "
            "not beginning with '.' or '-'."
        )
    return name


def safe_name(text: str) -> str:
    """A name that `checked_name` accepts, made from any text: `Meine Liste (2)` becomes `Meine-Liste-2`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:100].rstrip("-.")
    return name or "article"
