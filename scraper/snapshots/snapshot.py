"""Published snapshots: finding them, and reading them back.

data/snapshots/<article>/2026-11-23T07-00-00Z/   links.csv papers.csv … datapackage.json
data/snapshots/<article>/latest                  a link to the newest
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.columns import LINKS, TABLES, VERSION
from scraper.errors import SnapshotError
from scraper.files import checked_name
from scraper.records import moment
from scraper.snapshots.reading import read_chunks

DESCRIPTOR = "datapackage.json"
LATEST = "latest"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:\.\d+)?")


def folder_of(data: Path, article: str) -> Path:
    return data / "snapshots" / article


def listing(folder: Path) -> list[Path]:
    """The snapshots in an article's folder, oldest first."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name) and _is_own(path)]
    return sorted(found, key=_age)


def _is_own(path: Path) -> bool:
    """A folder that a run made, not a link to somewhere else."""
    return path.is_dir() and not path.is_symlink()


def pointed(folder: Path) -> Path | None:
    """The snapshot that `latest` points to; None where it is not a link to one in the same folder."""
    link = folder / LATEST
    if not link.is_symlink():
        return None
    name = link.readlink().name
    own = link.readlink() in (Path(name), folder / name) and _NAME.fullmatch(name) and _is_own(folder / name)
    return folder / name if own else None


def _age(path: Path) -> tuple[str, int]:
    time, _, number = path.name.partition(".")
    return time, int(number or 0)


def articles(data: Path) -> list[str]:
    """Names of the articles that have a snapshot."""
    folder = data / "snapshots"
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and listing(path))


def find(data: Path, article: str, which: str = LATEST) -> Snapshot:
    """The snapshot that is meant.

    Args:
        which: `latest`; the time of one or an unambiguous beginning of it (`2026-11-23`); or a folder.

    Raises:
        SnapshotError: there is none, or more than one.
    """
    folder = folder_of(data, checked_name(article))
    if which == LATEST:
        return Snapshot.at(_latest(folder, article))
    matching = [path for path in listing(folder) if path.name.startswith(which.replace(":", "-"))]
    exact = [path for path in matching if path.name == which.replace(":", "-")]
    if len(exact or matching) == 1:
        return Snapshot.at((exact or matching)[0])
    if matching:
        names = ", ".join(path.name for path in matching[:5])
        raise SnapshotError(
            f"{which!r} may mean several snapshots of {article}: {names}; give more of its time."
        )
    if (Path(which) / DESCRIPTOR).is_file():
        return Snapshot.at(Path(which))
    raise SnapshotError(f"There is no snapshot {which!r} of {article} in {folder}.")


def _latest(folder: Path, article: str) -> Path:
    known = listing(folder)
    if known:  # the link may be lost, by a copy perhaps
        return pointed(folder) or known[-1]
    raise SnapshotError(f"There is no snapshot of {article} in {folder} yet: `scraper refresh` makes it.")


def before(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot published before this one, in the same folder."""
    earlier = [path for path in listing(snapshot.path.parent) if _age(path) < _age(snapshot.path)]
    return Snapshot.at(earlier[-1]) if earlier else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published run of one article."""

    path: Path
    package: dict[str, Any]
    """The content of its datapackage.json."""

    @classmethod
    def at(cls, path: Path) -> Snapshot:
        """The snapshot in a folder.

        Raises:
            SnapshotError: it is missing or damaged, or its columns are of another version.
        """
        if (path / DESCRIPTOR).exists() and not (path / DESCRIPTOR).is_file():
            raise SnapshotError(
                f"{path} is not a snapshot: {DESCRIPTOR} is not a file but a pipe or a device."
            )
        try:
            package = json.loads((path / DESCRIPTOR).read_bytes())
            version = int(str(package["version"]).partition(".")[0])
        except OSError as error:
            raise SnapshotError(
                f"{path} is not a snapshot: {DESCRIPTOR}: {error.strerror or error}."
            ) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SnapshotError(
                f"{path / DESCRIPTOR} is damaged: publish again with `scraper refresh`."
            ) from error
        if version != VERSION:
            raise SnapshotError(
                f"{path} has columns of version {version}, this scraper reads version {VERSION}: "
                "publish again with `scraper refresh`, or use the scraper that made it."
            )
        return cls(path, package)

    @property
    def name(self) -> str:
        """Its time, as its folder is called."""
        return self.path.name

    @property
    def started(self) -> datetime:
        """When its run began; `created` of the package may be earlier, for it stays while the data stay."""
        if _NAME.fullmatch(self.name):
            return datetime.strptime(self.name[:20], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)
        return moment(str(self.package["created"]))  # a copy in a folder of another name

    def file_of(self, name: str) -> Path:
        """Where one of its tables is."""
        return self.path / f"{name}.csv"

    def rows(self, name: str = LINKS.name, only: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of one of its tables, streamed; None where a cell is empty, lists as their cells."""
        for chunk in read_chunks(self.file_of(name), TABLES[name], only):
            yield from (dict(zip(chunk, row, strict=True)) for row in zip(*chunk.values(), strict=True))

    def damaged(self) -> list[str]:
        """Names of its files that are not what was published, by size and hash."""
        return [
            str(resource.get("path"))
            for resource in self.package.get("resources", ())
            if resource.get("hash") and resource["hash"] != f"sha256:{self._hash(str(resource.get('path')))}"
        ]

    def _hash(self, name: str) -> str:
        path = self.path / Path(name).name
        if not path.is_file():
            return ""
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
