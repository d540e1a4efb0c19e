"""Runs: over which articles, which targets they visit and in whose turn, and how they ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from itertools import islice

from scraper.addresses import without_userinfo
from scraper.errors import StoreError
from scraper.model import Article, Health, Mention, Target, Verdict
from scraper.records import moment, stamp
from scraper.sites import KINDS
from scraper.sites.identity import implied
from scraper.store.database import Database
from scraper.store.rows import MEMENTO, STATE, VERDICT, insert, kept, listed, names, reader, row_of
from scraper.verdicts.reasons import DEAD
from scraper.visits.network import OFFLINE_FAILURES

FINISHED = frozenset({"published", "incomplete", "offline", "failed"})
"""How a run can end; `running` is one that did not, `abandoned` one that never will."""
TRANSIENT = ("deadline", "offline")
"""Reasons of outcomes that are not final within a run: a resumed run asks these targets."""
ABOUT_ARTICLE = tuple(name for name in names(Article) if name not in ("mentions", "problems", "notices"))
"""The fields of an article that its row keeps as they are."""

_MENTION = names(Mention)
_TARGET_ROW = ("key", "site", "kind", "ident", "url", "archived_at", "first_seen")
_OF_TARGET = tuple(name for name in names(Target) if name in _TARGET_ROW)
_BATCH = 10_000


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"'{text}'" for text in sorted(texts))


_NOT_DONE = f"""NOT EXISTS (SELECT 1 FROM visit WHERE visit.target = plan.target AND visit.run = plan.run
    AND visit.reason NOT IN ({_quoted(TRANSIENT)}))"""
_REMAINING = f"""
SELECT turn, count(*) AS targets FROM plan WHERE run = ? AND {_NOT_DONE} GROUP BY turn ORDER BY turn
"""
_ANCHORED = _quoted(kind.name for kind in KINDS if kind.anchored)
_FRAGMENTS = f"""CASE WHEN target.site IN ({_ANCHORED}) THEN (
    SELECT json_group_array(DISTINCT substr(mention.url, instr(mention.url, '#') + 1)) FROM run_article
    JOIN mention INDEXED BY mention_by_target
        ON mention.article = run_article.article AND mention.target = target.key
    WHERE run_article.run = plan.run AND instr(mention.url, '#')) END"""
"""The places in a target that the run's articles link to."""
_PLANNED = f"""
SELECT {listed(_OF_TARGET, "target.{}")},
    target.ident AS id, {_FRAGMENTS} AS fragments
FROM plan JOIN target ON target.id = plan.target
WHERE plan.run = ? AND plan.turn = ? AND plan.key > ? AND {_NOT_DONE} ORDER BY plan.key LIMIT ?
"""
_LAST_RUN = """
SELECT run.id FROM run
JOIN run_article ON run_article.run = run.id JOIN article ON article.id = run_article.article
WHERE article.name = ? AND run.status = ? ORDER BY run.id DESC LIMIT 1
"""
_ARTICLES = """
SELECT article.name FROM run_article JOIN article ON article.id = run_article.article
WHERE run_article.run = ? ORDER BY article.name
"""
_LOST_HOSTS = f"""
WITH now AS (
    SELECT plan.turn, visit.target,
        visit.http_status IS NULL AND visit.reason IN ({_quoted(OFFLINE_FAILURES)}) AS silent
    FROM plan JOIN visit ON visit.target = plan.target AND visit.run = plan.run WHERE plan.run = :run
), turns AS (
    SELECT turn, min(silent) AS lost, max(EXISTS (
        SELECT 1 FROM visit WHERE visit.target = now.target AND visit.http_status IS NOT NULL
        AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = now.target AND v.run < :run)
    )) AS answered FROM now GROUP BY turn
)
SELECT coalesce(sum(lost), 0) AS lost, count(*) AS before FROM turns WHERE answered
"""
_planned = reader(Target)
_INSERT_TARGET = insert("target", _TARGET_ROW)
_KEEP_TARGET = f"""
{_INSERT_TARGET} ON CONFLICT (key) DO UPDATE SET {listed(_TARGET_ROW[1:-1], "{0} = excluded.{0}")}
"""
_INSERT_PLAN = """
INSERT OR IGNORE INTO plan (run, target, turn, key) SELECT :run, id, :turn, key FROM target WHERE key = :key
"""
_OFFLINE = {
    name: value
    for name, value in row_of(Verdict(Health.UNVERIFIED, "offline"), VERDICT).items()
    if name not in MEMENTO
}
_TAKE_BACK = f"""
UPDATE visit SET {listed(_OFFLINE, "{0} = :{0}")}, ({listed(STATE)}) = (
    SELECT {listed(STATE)} FROM visit AS earlier
    WHERE earlier.target = visit.target AND earlier.run < visit.run ORDER BY earlier.run DESC LIMIT 1)
WHERE run = :run AND health IN ({_quoted(DEAD)})
"""
_ANSWERED = f"""
SELECT 1 FROM visit WHERE run = ?
AND (health NOT IN ({_quoted({*DEAD, Health.UNVERIFIED})}) OR http_status IS NOT NULL) LIMIT 1
"""
_COUNT = """
INSERT INTO tally (run, article, health, links)
SELECT :run, article.name, coalesce(visit.health, 'unverified'), count(*)
FROM run_article
JOIN article ON article.id = run_article.article
JOIN (SELECT DISTINCT article, target FROM mention WHERE target <> '') AS link ON link.article = article.id
LEFT JOIN target ON target.key = link.target
LEFT JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id AND v.run <= :run)
WHERE run_article.run = :run GROUP BY 2, 3
"""


class Runs:
    """The part of the store that knows the runs."""

    _database: Database

    def begin_run(self, articles: Sequence[Article], now: datetime) -> int:
        """Begin a run over these articles, which are kept with their mentions; ends runs that never ended."""
        database, started = self._database, stamp(now)
        with database.transaction():
            for running in database.all("SELECT id FROM run WHERE status = 'running'"):
                _abandon(database, running["id"])
            database.execute("DELETE FROM plan")
            run = database.insert(
                "INSERT INTO run (started, active, status, articles) VALUES (?, ?, 'running', '')",
                (started, started),
            )
            digest = _together(_keep_article(database, run, article) for article in articles)
            database.execute("UPDATE run SET articles = ? WHERE id = ?", (digest, run))
            return run

    def resumable(
        self, articles: Sequence[Article], now: datetime, within: timedelta = timedelta(hours=1)
    ) -> int | None:
        """The last run, if it was cut off or left incomplete lately, over the same articles."""
        row = self._database.one("SELECT * FROM run ORDER BY id DESC LIMIT 1")
        if row is None or row["status"] not in ("running", "incomplete"):
            return None
        lately = timedelta() <= now - moment(row["active"]) <= within
        return int(row["id"]) if lately and row["articles"] == _together(map(_digest, articles)) else None

    def started(self, run: int) -> datetime:
        """When the run began: a resumed run keeps the start of its first part."""
        row = self._database.one("SELECT started FROM run WHERE id = ?", (run,))
        if row is None:
            raise StoreError(f"The store {self._database.path} knows no run {run}.")
        return moment(row["started"])

    def finish_run(self, run: int, now: datetime, status: str) -> None:
        """End a run (`published`, `incomplete`, `offline`, `failed`) and have everything on the disk.

        `offline` takes back the run's failures: they said something about this machine, not about the links.
        """
        if status not in FINISHED:
            raise ValueError(f"no such status: {status}")
        database = self._database
        with database.transaction():
            if status == "offline":
                _take_back_failures(database, run)
            if status != "incomplete":
                database.execute("DELETE FROM plan WHERE run = ?", (run,))
            _count(database, run)
            database.execute(
                "UPDATE run SET ended = ?, active = ?, status = ? WHERE id = ?",
                (stamp(now), stamp(now), status, run),
            )
        database.all("PRAGMA wal_checkpoint(TRUNCATE)")

    def last_run(self, article: str, status: str = "published") -> int | None:
        """The newest run over the article that ended so."""
        row = self._database.one(_LAST_RUN, (article, status))
        return None if row is None else int(row["id"])

    def last_shown(self, article: str) -> int | None:
        """The newest run over the article that left a snapshot: an incomplete one does too."""
        runs = (self.last_run(article, status) for status in ("published", "incomplete"))
        return max((run for run in runs if run is not None), default=None)

    def last_success(self) -> datetime | None:
        """When the last published run ended."""
        row = self._database.one("SELECT ended FROM run WHERE status = 'published' ORDER BY id DESC LIMIT 1")
        return None if row is None else moment(row["ended"])

    def articles(self, run: int) -> list[str]:
        """Names of the run's articles, in order."""
        return [str(row["name"]) for row in self._database.all(_ARTICLES, (run,))]

    def lost_hosts(self, run: int) -> tuple[int, int]:
        """How many keys of the run's plan answered nothing at all, of those that answered the time before."""
        row = self._database.one(_LOST_HOSTS, {"run": run})
        return (int(row["lost"]), int(row["before"])) if row else (0, 0)

    # The plan of a run

    def plan(self, run: int, entries: Iterable[tuple[Target, str]]) -> None:
        """Note which targets the run visits, and whose turn each takes (pacing key); twice does no harm."""
        database, started = self._database, stamp(self.started(run))
        remaining = iter(entries)
        while batch := list(islice(remaining, _BATCH)):
            with database.transaction():
                database.many(_KEEP_TARGET, (_target_row(target, started) for target, _ in batch))
                database.many(
                    _INSERT_PLAN,
                    ({"run": run, "turn": turn, "key": kept(target.key)} for target, turn in batch),
                )

    def remaining(self, run: int) -> dict[str, int]:
        """How many planned targets of each pacing key have no final outcome in this run."""
        return {row["turn"]: row["targets"] for row in self._database.all(_REMAINING, (run,))}

    def planned(self, run: int, key: str, limit: int, after: str = "") -> list[Target]:
        """The next planned targets of a pacing key without a final outcome, in the order of their keys.

        Pass the last key as `after` to go on: an outcome that is not final (`deadline`, `offline`) leaves its
        target in the plan, to be asked when the run is resumed.
        """
        return [_planned(row) for row in self._database.all(_PLANNED, (run, key, after, limit))]


def insert_targets(database: Database, targets: Iterable[Target], started: str) -> None:
    """Make rows for targets that have none."""
    database.many(_INSERT_TARGET, (_target_row(target, started) for target in targets))


def _target_row(target: Target, started: str) -> dict[str, str]:
    return {**row_of(target, _OF_TARGET), "ident": kept(target.id), "first_seen": started}


def _digest(article: Article) -> str:
    """Identity of what was read: name, title and mentions, wherever it was read from."""
    digest = hashlib.sha256()
    digest.update(repr((article.name, article.title, article.problems)).encode())
    digest.update("".join(article.notices).encode())
    for mention in article.mentions:
        digest.update(repr(mention).encode())
    return digest.hexdigest()


def _together(digests: Iterable[str]) -> str:
    """Identity of what a run is over; an article may be a million links, so each is looked at alone."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _keep_article(database: Database, run: int, article: Article) -> str:
    """Keep the article once for all runs that read the same, and tie it to this run; returns its digest."""
    digest = _digest(article)
    found = database.one("SELECT id FROM article WHERE digest = ?", (digest,))
    number = found["id"] if found else _insert_article(database, article, digest)
    read = (article.source, article.repaired, article.lost, number)  # the same may be read from elsewhere
    database.execute("UPDATE article SET source = ?, repaired = ?, lost = ? WHERE id = ?", read)
    database.execute("INSERT INTO run_article (run, article) VALUES (?, ?)", (run, number))
    return digest


def _insert_article(database: Database, article: Article, digest: str) -> int:
    row = row_of(article, (*ABOUT_ARTICLE, "notices"))
    # A password is the article's own, and neither the store's nor a report's.
    told = (replace(problem, href=without_userinfo(problem.href.strip())) for problem in article.problems)
    problems = json.dumps([astuple(problem) for problem in told])
    row |= {"digest": digest, "problems": problems}
    number = database.insert(insert("article", row), row)
    statement = insert("mention", ("article", "position", *_MENTION))
    database.many(
        statement,
        (
            {**row_of(mention, _MENTION), "article": number, "position": position}
            for position, mention in _placed(article)
        ),
    )
    return number


def _placed(article: Article) -> Iterator[tuple[int, Mention]]:
    """The mentions in their places; below 0 the repositories that are linked only by what is in them."""
    yield from enumerate(article.mentions)
    for number, mention in enumerate(implied(article.mentions), 1):
        yield -number, mention


def _take_back_failures(database: Database, run: int) -> None:
    """The machine was offline: the run's failures become `unverified`, with the state from before."""
    database.execute(_TAKE_BACK, {**_OFFLINE, "run": run})


def _count(database: Database, run: int) -> None:
    """Keep how many links of each article have which health, for the trend."""
    database.execute("DELETE FROM tally WHERE run = ?", (run,))
    database.execute(_COUNT, {"run": run})


def _abandon(database: Database, run: int) -> None:
    """End a run that was cut off and not resumed. Where nobody answered, it says nothing of the links."""
    if database.one(_ANSWERED, (run,)) is None:
        _take_back_failures(database, run)
    database.execute("UPDATE run SET status = 'abandoned', ended = active WHERE id = ?", (run,))
