"""What of a target changed, and with which run: one row a change, which outlives pruned visits and snapshots.

A verdict `unverified` speaks of us, so the health before it stays. A run may be noted twice (it was cut off
and went on): the second time replaces the first. `pruning` thins out counts of stars.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scraper.columns import HISTORY
from scraper.store.database import Database
from scraper.store.pruning import thin_stars
from scraper.store.rows import listed

_CHANGING = ("health", "stars", "archived", "license", "decision")
_NOTE = f"""
INSERT INTO past (target, run, as_of, {listed(_CHANGING)})
SELECT target, run, as_of, {listed(_CHANGING)} FROM (
    SELECT visit.target, visit.run, run.started AS as_of,
        CASE visit.health WHEN 'unverified' THEN last.health ELSE visit.health END AS health,
        json_extract(record.data, '$.stars') AS stars,
        json_extract(record.data, '$.archived') AS archived,
        coalesce(json_extract(record.data, '$.license_spdx'), json_extract(record.data, '$.license_state'))
            AS license,
        json_extract(record.data, '$.decision') AS decision,
        {listed(_CHANGING, "last.{0} AS was_{0}")}
    FROM visit JOIN run ON run.id = visit.run
    LEFT JOIN record ON record.target = visit.target
    LEFT JOIN past AS last ON last.target = visit.target
        AND last.run = (SELECT max(run) FROM past AS p WHERE p.target = visit.target AND p.run < :run)
    WHERE visit.run = :run
)
WHERE health IS NOT NULL AND ({" OR ".join(f"{name} IS NOT was_{name}" for name in _CHANGING)})
"""
_ROWS = f"""
SELECT target.key AS target, past.as_of, {listed(_CHANGING, "past.{}")}
FROM (SELECT DISTINCT mention.target AS key FROM run_article
    JOIN article ON article.id = run_article.article JOIN mention ON mention.article = article.id
    WHERE run_article.run = :run AND article.name = :article AND mention.target <> '') AS link
JOIN target ON target.key = link.key JOIN past ON past.target = target.id AND past.run <= :run
ORDER BY target.key, past.run
"""


class Past:
    """The part of the store that keeps what changed."""

    _database: Database

    def note_changes(self, run: int, thin_from: datetime | None = None) -> None:
        """Keep what the run's visits and records changed; before its tables are made.

        Args:
            thin_from: thin old counts of stars, by their age at this time.
        """
        with self._database.transaction():
            self._database.execute("DELETE FROM past WHERE run = ?", (run,))
            self._database.execute(_NOTE, {"run": run})
            if thin_from is not None:
                thin_stars(self._database, run, thin_from)

    def past(self, run: int, article: str) -> Iterator[dict[str, Any]]:
        """The rows of history.csv after this run, ordered by target and time, streamed."""
        truths = [column.name for column in HISTORY.columns if column.type == "boolean"]
        for row in self._database.stream(_ROWS, {"run": run, "article": article}):
            yield {**row, **{name: bool(row[name]) for name in truths if row[name] is not None}}
