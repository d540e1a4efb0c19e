"""What the store forgets, and what it never does.

Forgotten are old visits within a state: of each state a target was in (its health and reason, as long as they
lasted) the first visit and the last one stay, so that "was alive until" can always be told. So do the latest
visit of each target, which carries the series that the next run goes on with; all records; the tallies of the
trend; and every change that history.csv tells. Only of changes in nothing but the stars, which are daily with
a known repository, the last of each week is kept after a month, and of each month after a year.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from scraper.records import stamp
from scraper.store.database import Database

DAILY, WEEKLY = timedelta(days=31), timedelta(days=366)
"""How long stars are told by the day, and then by the week."""

_STATE = "health, reason"
_BESIDE = f"SELECT {_STATE} FROM visit AS v WHERE v.target = visit.target AND v.run"
_STALE = f"""
DELETE FROM visit WHERE run < ?
AND ({_STATE}) IS ({_BESIDE} < visit.run ORDER BY v.run DESC LIMIT 1)
AND ({_STATE}) IS ({_BESIDE} > visit.run ORDER BY v.run LIMIT 1)
"""
_NEWEST = """
SELECT max(run_article.run) FROM run_article JOIN run ON run.id = run_article.run
JOIN article ON article.id = run_article.article GROUP BY article.name, run.status
"""
_READ_NO_MORE = f"DELETE FROM run_article WHERE run < ? AND run NOT IN ({_NEWEST})"
_UNREAD = "NOT IN (SELECT article FROM run_article)"

_WEIGHTY = "health, archived, license, decision"
_OTHER = "FROM past AS p WHERE p.target = past.target AND p.run"
_PERIOD = """CASE WHEN {0}.as_of < :weekly THEN strftime('%Y-%m', {0}.as_of)
    ELSE strftime('%Y-%W', {0}.as_of) END"""
_STARS = f"""
DELETE FROM past WHERE as_of < :daily
AND target IN (SELECT target FROM past AS p WHERE p.run = :run)
AND ({_WEIGHTY}) IS (SELECT {_WEIGHTY} {_OTHER} < past.run ORDER BY p.run DESC LIMIT 1)
AND {_PERIOD.format("past")} = (SELECT {_PERIOD.format("p")} {_OTHER} > past.run ORDER BY p.run LIMIT 1)
"""


def forget_visits(database: Database, first: int) -> int:
    """Forget what may be forgotten of runs before `first`; returns how many visits."""
    with database.transaction():
        forgotten = database.execute(_STALE, (first,))
        database.execute(_READ_NO_MORE, (first,))
        database.execute(f"DELETE FROM mention WHERE article {_UNREAD}")
        database.execute(f"DELETE FROM article WHERE id {_UNREAD}")
    return forgotten


def thin_stars(database: Database, run: int, started: datetime) -> None:
    """Thin old counts of the stars of what this run has a change of.

    Of nothing else: without a change in the world history.csv must stay the same, byte for byte.
    """
    times = {"daily": stamp(started - DAILY), "weekly": stamp(started - WEEKLY)}
    database.execute(_STARS, {"run": run, **times})


def first_kept(database: Database, keep_runs: int | None, older_than: datetime | None) -> int:
    """The first run whose visits are all kept; 0 when nothing ran yet."""
    newest = "SELECT id FROM run ORDER BY id DESC LIMIT ?"
    kept = database.one(f"SELECT min(id) AS first FROM ({newest})", (max(keep_runs or 1, 1),))
    since = stamp(older_than) if older_than else "9999"
    recent = database.one("SELECT min(id) AS first FROM run WHERE started >= ?", (since,))
    firsts = [row["first"] for row in (kept, recent) if row is not None and row["first"] is not None]
    return min(firsts, default=0)
