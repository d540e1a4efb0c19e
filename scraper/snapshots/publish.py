"""From rows to a published snapshot: all files of one run, or none.

A snapshot is written under a name of our own, flushed, renamed to its time, and only then `latest` is pointed
to it, by one more rename. A reader that follows `latest` never mixes runs; a failure before leaves it alone.

Every published run has a snapshot of its own, also when nothing changed: it never changes afterwards, and
`Published.changed` says whether there is anything to commit or to tell. With an unchanged web all its files
are the same bytes but `checks.csv`: `created` in `datapackage.json` is when the data became what they are.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from scraper.columns import CHECKS, TABLES, Table
from scraper.errors import NotPublished
from scraper.files import (
    checked_name,
    discard,
    explain,
    flush,
    flush_folder,
    own_folder,
    published_or_told,
    remove,
    sweep,
    unfinished,
    write,
)
from scraper.records import stamp
from scraper.snapshots import package
from scraper.snapshots.package import Package, Resource
from scraper.snapshots.parquet import ParquetFile
from scraper.snapshots.retention import ALL, Keep, superfluous
from scraper.snapshots.snapshot import DESCRIPTOR, LATEST, folder_of, listing, pointed
from scraper.snapshots.tables import Cells, Row, chunks, write_csv

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that is there."""

    path: Path
    previous: Path | None
    """What `latest` pointed to before: the run to compare with."""
    changed: tuple[str, ...]
    """Names of the tables, `checks` aside, that differ from the previous snapshot's; at first all of them."""


def publish(
    data: Path,
    about: Package,
    rows: Mapping[str, Iterable[Row]],
    *,
    keep: Keep = ALL,
    parquet: bool = False,
) -> Published:
    """Publish the tables of a run as `data/snapshots/<article>/<time>/`. Only under the lock.

    Args:
        about: its `created` names the folder.
        rows: by table name, each sorted by the table's key; they are streamed.
        keep: which older snapshots stay.
        parquet: write each table as Parquet too (extra `parquet`).

    Raises:
        NotPublished: the disk refused something; the last snapshot is as it was.
        UsageError: the article's name cannot name a folder.
    """
    folder = folder_of(data, checked_name(about.name))
    with published_or_told(f"the snapshot of {about.name}"):
        own_folder(folder)
        _check_latest(folder)
        sweep(folder)
        previous = _latest(folder)
        temporary = unfinished(folder / "snapshot")
        temporary.mkdir()
        try:
            resources = _write_tables(temporary, rows, parquet=parquet)
            described = _since(package.descriptor(about, resources), previous)
            write(temporary / DESCRIPTOR, package.text(described))
            snapshot = _rename(temporary, folder, about.created)
        except BaseException:
            discard(temporary)
            raise
        _point_latest(folder, snapshot)
    _retain(folder, snapshot, previous, keep)
    return Published(snapshot, previous, _changed(previous, snapshot))


def _since(described: dict[str, Any], previous: Path | None) -> dict[str, Any]:
    """The descriptor, with the time of the one before where nothing else in it differs."""
    try:
        before = json.loads((previous / DESCRIPTOR).read_bytes()) if previous else {}
    except (OSError, ValueError, RecursionError):  # damaged, or not there: this one is the first
        return described
    if not isinstance(before, dict) or {**described, "created": before.get("created")} != before:
        return described
    return before


def _latest(folder: Path) -> Path | None:
    known = listing(folder)
    return pointed(folder) or (known[-1] if known else None)


def _check_latest(folder: Path) -> None:
    link = folder / LATEST
    if link.exists() and not link.is_symlink():
        raise NotPublished(f"{link} is not the link that scraper makes; move it away and run again.")


def _write_tables(folder: Path, rows: Mapping[str, Iterable[Row]], *, parquet: bool) -> list[Resource]:
    resources: list[Resource] = []
    for name, table in TABLES.items():
        if name in rows:
            resources += _write_table(folder, table, rows[name], parquet=parquet)
    return resources


def _write_table(folder: Path, table: Table, rows: Iterable[Row], *, parquet: bool) -> list[Resource]:
    paths = [folder / f"{table.name}.csv", *([folder / f"{table.name}.parquet"] if parquet else [])]
    taken = chunks(table, rows)
    with paths[0].open("wb") as handle:
        if parquet:
            with paths[1].open("wb") as other:
                with ParquetFile(other, table) as columnar:
                    write_csv(handle, table, _both(taken, columnar))
                flush(other)
        else:
            write_csv(handle, table, taken)
        flush(handle)
    return [_described(table, path) for path in paths]


def _both(taken: Iterator[Cells], columnar: ParquetFile) -> Iterator[Cells]:
    for chunk in taken:
        columnar.write(chunk)
        yield chunk


def _described(table: Table, path: Path) -> Resource:
    with path.open("rb") as handle:
        return Resource(table, path.name, os.fstat(handle.fileno()).st_size, _sha256(handle))


def _sha256(handle: BufferedReader) -> str:
    return hashlib.file_digest(handle, "sha256").hexdigest()


def _rename(temporary: Path, folder: Path, created: datetime) -> Path:
    """Give the snapshot its name, which is free also when the clock went back or two runs share a second."""
    flush_folder(temporary)
    name = stamp(created).replace(":", "-")
    taken = {path.name for path in listing(folder)}
    number = next(number for number in range(len(taken) + 1) if _numbered(name, number) not in taken)
    snapshot = folder / _numbered(name, number)
    temporary.rename(snapshot)
    flush_folder(folder)
    return snapshot


def _numbered(name: str, number: int) -> str:
    return f"{name}.{number}" if number else name


def _point_latest(folder: Path, snapshot: Path) -> None:
    temporary = unfinished(folder / LATEST)
    try:
        temporary.symlink_to(snapshot.name)
        temporary.replace(folder / LATEST)
    except BaseException:
        # Without the pointer nobody would call it published; the next run makes its own. An interruption
        # may come when the pointer is there already.
        if pointed(folder) != snapshot:
            discard(snapshot)
        discard(temporary)
        raise
    flush_folder(folder)


def _retain(folder: Path, snapshot: Path, previous: Path | None, keep: Keep) -> None:
    """Remove what need not stay; renamed first, so that no snapshot is seen half gone."""
    names = [path.name for path in listing(folder)]
    for name in superfluous(names, snapshot.name, previous.name if previous else None, keep):
        path = folder / name
        try:
            remove(path.rename(unfinished(path)))
        except OSError as error:
            log.warning("The old snapshot %s stays: %s", path, explain(error))


def _changed(previous: Path | None, snapshot: Path) -> tuple[str, ...]:
    names = [path.stem for path in sorted(snapshot.glob("*.csv")) if path.stem != CHECKS.name]
    if previous is None:
        return tuple(names)
    return tuple(name for name in names if not _same(previous / f"{name}.csv", snapshot / f"{name}.csv"))


def _same(before: Path, after: Path) -> bool:
    if not before.is_file() or before.stat().st_size != after.stat().st_size:
        return False
    with before.open("rb") as one, after.open("rb") as other:
        return _sha256(one) == _sha256(other)
