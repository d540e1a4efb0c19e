"""The memory of all runs: what was planned, visited, read and judged, in one SQLite file.

Outcomes are committed as they come, in groups of a few milliseconds (`grouping`): a kill loses at most what
was in flight and the last group. Whatever SQLite or the disk refuses is a `StoreError` of one line. One
connection, one thread. Times go in and out as aware datetimes and are kept to the second.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType

from scraper.errors import UsageError
from scraper.store import file, pruning
from scraper.store.database import Database, Told
from scraper.store.outcomes import Outcomes
from scraper.store.past import Past
from scraper.store.reading import Reading
from scraper.store.runs import Runs


class Store(Runs, Outcomes, Past, Reading):
    """The store at a path: its parts, and the upkeep of the file."""

    def __init__(self, database: Database, *, created: bool) -> None:
        self._database = database
        self.path = database.path
        self.created = created
        """Nothing was at the path: the history begins with this run."""
        self.sandbox = file.is_sandbox(database)
        """Every answer in it came from the sandbox."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, wait: float = 5.0, sandbox: bool = False) -> Store:
        """Open the store, migrate an older one, make one where there is none and `create` is set.

        Args:
            wait: seconds to wait for another program that is writing.
            sandbox: mark a new store as one of the sandbox.

        Raises:
            UsageError: there is none, and none is to be made.
            StoreError: damaged, foreign, newer, locked or out of reach; nothing was changed.
        """
        path = Path(path)
        with Told(path):
            missing = not path.exists() and not path.is_symlink()
        if missing and not create:
            raise UsageError(f"There is no store at {path} yet: `scraper refresh ARTICLE` first.")
        return cls(file.connect(path, wait=wait, sandbox=sandbox), created=missing)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def backup(self, path: Path) -> None:
        """Write a whole copy (`VACUUM INTO`; a copied file without its `-wal` would lack the newest commits).

        Raises:
            StoreError: something is at `path` already, or it cannot be written.
        """
        self._database.write_copy(Path(path))

    def check(self) -> list[str]:
        """Everything that is wrong inside the file, one line each; empty when it is whole."""
        return file.damage(self._database)

    def prune(self, *, keep_runs: int | None = None, older_than: datetime | None = None) -> int:
        """Forget old visits, and give the room back to the disk; returns how many.

        Kept are the visits of the last `keep_runs` runs and of runs begun since `older_than`, and always what
        `pruning` says.
        """
        if keep_runs is None and older_than is None:
            raise ValueError("say which runs to keep: keep_runs, older_than or both")
        forgotten = self._forget(keep_runs, older_than)
        self._database.execute("VACUUM")
        return forgotten

    def forget(self, older_than: datetime) -> int:
        """The same after every run: the room is left for the visits to come."""
        return self._forget(None, older_than)

    def _forget(self, keep_runs: int | None, older_than: datetime | None) -> int:
        first = pruning.first_kept(self._database, keep_runs, older_than)
        return pruning.forget_visits(self._database, first)
