"""What runs have published, as data frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scraper.columns import TABLES
from scraper.errors import SnapshotError
from scraper.model import Change

if TYPE_CHECKING:
    import pandas as pd

    from scraper.snapshots.snapshot import Snapshot


class Published:
    """One snapshot of an article. Its tables are data frames, read when they are asked for.

    Times are `datetime64[us, UTC]`, lists are lists, integers and booleans nullable; the dictionary of the
    columns is in the documentation and in the snapshot's datapackage.json.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def path(self) -> Path:
        """The folder it is in."""
        return self._snapshot.path

    @property
    def links(self) -> pd.DataFrame:
        """One row per target, by target."""
        return self.table("links").set_index("target", drop=False)

    @property
    def papers(self) -> pd.DataFrame:
        """One row per entry of the article: a paper joined with its code."""
        return self.table("papers")

    @property
    def mentions(self) -> pd.DataFrame:
        """One row per occurrence of a link."""
        return self.table("mentions")

    @property
    def checks(self) -> pd.DataFrame:
        """When and at what cost each target was visited."""
        return self.table("checks")

    @property
    def history(self) -> pd.DataFrame:
        """What became of each target over time: one row per change."""
        return self.table("history")

    @property
    def before(self) -> Published | None:
        """The snapshot published before this one."""
        from scraper.snapshots.snapshot import before

        earlier = before(self._snapshot)
        return Published(earlier) if earlier else None

    def changes(self, since: Published | None = None) -> list[Change]:
        """What differs from another snapshot, by default from the one before."""
        from scraper.snapshots.changes import compare

        earlier = since or self.before
        return compare(earlier._snapshot if earlier else None, self._snapshot)

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name.

        Raises:
            SnapshotError: there is no such table, or its file is damaged.
        """
        from scraper.snapshots.frames import exact, read_table

        if name not in TABLES:
            raise SnapshotError(f"There is no table {name!r}; there are {', '.join(TABLES)}.")
        return exact(TABLES[name], read_table(self._snapshot.file_of(name), TABLES[name]))

    def __repr__(self) -> str:
        return f"<Published: {self.path}>"


def load(data: str | Path = "data", article: str | None = None, which: str = "latest") -> Published:
    """The snapshot of an article that `scraper refresh` left.

    Args:
        data: the folder of the data.
        article: its name, which may be left out where there is only one.
        which: `latest`, or its time or the beginning of it: `2026-11-23`.

    Raises:
        SnapshotError: there is none.
    """
    from scraper.snapshots import snapshot

    known = snapshot.articles(Path(data))
    if article is None and len(known) != 1:
        there = ", ".join(known) or "none: `scraper refresh` makes them"
        raise SnapshotError(f"Which article of {data}? There are {there}.")
    return Published(snapshot.find(Path(data), article or known[0], which))
