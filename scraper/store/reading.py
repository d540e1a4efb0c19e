"""What the store gives back for tables and reports: articles, rows of links.csv, checks, histories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from scraper.columns import CHECKS, LINKS
from scraper.errors import StoreError
from scraper.model import Article, Health, LinkRow, Mention, Problem
from scraper.records import METADATA, moment
from scraper.sites import KINDS
from scraper.sites.identity import may_be_a_part, repository_key
from scraper.store import values
from scraper.store.database import Database, Row
from scraper.store.rows import NONE, STATE, VERDICT, listed, names, reader
from scraper.store.runs import ABOUT_ARTICLE
from scraper.verdicts.history import Rule, State, confirmed_dead
from scraper.verdicts.reasons import PRESENT

_SETTLED = ", ".join(f"'{kind.name}'" for kind in KINDS if kind.make is None)
_LINKED = f"""
SELECT mention.target, mention.url, mention.archived_at FROM run_article
JOIN article ON article.id = run_article.article JOIN mention ON mention.article = article.id
WHERE run_article.run = ? AND mention.target <> '' AND mention.site NOT IN ({_SETTLED})
ORDER BY mention.target, article.name, mention.position
"""
_SITES = """
SELECT site, count(DISTINCT target) AS links FROM mention
WHERE article = ? AND target <> '' GROUP BY site ORDER BY site
"""
_ARTICLE = """
SELECT article.* FROM run_article JOIN article ON article.id = run_article.article
WHERE run_article.run = ? AND article.name = ?
"""
_MENTIONS = (
    f"SELECT {listed(names(Mention))} FROM mention WHERE article = ? AND position >= 0 ORDER BY position"
)
_ROWS = f"""
SELECT mention.target AS target_key, min(mention.line) AS first_line, sum(mention.position >= 0) AS mentions,
    mention.url AS mention_url, mention.site AS mention_site, target.url, target.kind, target.first_seen,
    {listed((*VERDICT, *STATE, "run"), "visit.{}")},
    record.data, record.source, record.as_of, record.read_run
FROM mention INDEXED BY mention_by_target
LEFT JOIN target ON target.key = mention.target
LEFT JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id AND v.run <= :run)
LEFT JOIN record ON record.target = target.id
WHERE mention.article = :article AND {{which}} GROUP BY mention.target ORDER BY mention.target
"""
_CHECKED = tuple(column.name for column in CHECKS.columns if column.name != "target")
_CHECKS = f"""
SELECT target.key AS target, {listed(_CHECKED, "visit.{}")}
FROM (SELECT DISTINCT target FROM mention WHERE article = ? AND target <> '') AS link
JOIN target ON target.key = link.target JOIN visit ON visit.target = target.id AND visit.run = ?
ORDER BY target.key
"""
_HISTORY = """
SELECT visit.*, run.started FROM visit JOIN run ON run.id = visit.run JOIN target ON target.id = visit.target
WHERE target.key = ? ORDER BY visit.run DESC LIMIT ?
"""
_HEALTHS = """
SELECT key, started, health FROM (
    SELECT target.key, run.started, visit.health, visit.run,
        row_number() OVER (PARTITION BY visit.target ORDER BY visit.run DESC) AS back
    FROM (SELECT DISTINCT target AS key FROM mention WHERE article = :article AND target <> '') AS link
    JOIN target ON target.key = link.key
    JOIN visit ON visit.target = target.id JOIN run ON run.id = visit.run)
WHERE back <= :last ORDER BY key, run
"""
_TREND = """
SELECT run.started, run.id, tally.health, tally.links FROM tally JOIN run ON run.id = tally.run
WHERE tally.article = ?1 AND run.id IN (
    SELECT DISTINCT run.id FROM tally JOIN run ON run.id = tally.run
    WHERE tally.article = ?1 AND run.status = 'published' ORDER BY run.id DESC LIMIT ?2)
ORDER BY run.id, tally.health
"""

_PUBLISHED = tuple(name for name in VERDICT if name in {column.name for column in LINKS.columns})
"""The fields of a verdict that are columns of links.csv."""
_LISTED = tuple(column.name for column in LINKS.columns if column.type == "list" and column.name in VERDICT)


@dataclass(frozen=True, slots=True)
class About:
    """An article without its mentions."""

    title: str
    source: str
    sites: dict[str, int]
    """The sites it links to, each with its number of targets."""

    @property
    def links(self) -> int:
        return sum(self.sites.values())


@dataclass(frozen=True, slots=True)
class Visit:
    """One verdict of the past."""

    run: int
    started: datetime
    """Start of the run."""
    checked_at: datetime
    health: Health
    reason: str
    detail: str
    http_status: int | None
    final_url: str
    attempts: int
    requests: float
    elapsed_ms: int


_mention, _state, _visit = reader(Mention), reader(State), reader(Visit)


class Reading:
    """The part of the store that tells what is published and shown."""

    _database: Database

    def article(self, run: int, article: str) -> Article:
        """The article as the run read it, with all mentions."""
        row = self._article(run, article)
        made = self._database.made
        return Article(
            **{name: row[name] for name in ABOUT_ARTICLE},
            mentions=tuple(self.mentions(run, article)),
            problems=made(_problems, row),
            notices=made(_notices, row),
        )

    def about(self, run: int, article: str) -> About:
        """What is said of the article without a look at its mentions, which may be a million."""
        row = self._article(run, article)
        sites = {site["site"]: site["links"] for site in self._database.all(_SITES, (row["id"],))}
        return About(row["title"], row["source"], sites)

    def linked(self, run: int) -> Iterator[tuple[str, str]]:
        """Every target to be visited of the run's articles, ordered by key: its address at the first
        mention, and the first time stamp of a memento that a mention names. Streamed."""
        for _, same in groupby(self._database.stream(_LINKED, (run,)), itemgetter("target")):
            first = next(same)
            stamps = (row["archived_at"] for row in chain((first,), same))
            yield first["url"], next(filter(None, stamps), "")

    def mentions(self, run: int, article: str) -> Iterator[Mention]:
        """The article's mentions in reading order, streamed."""
        for row in self._database.stream(_MENTIONS, (self._article(run, article)["id"],)):
            yield self._database.made(_mention, row)

    def rows(self, run: int, article: str, rule: Rule | None = None) -> Iterator[LinkRow]:
        """The rows of links.csv after this run, ordered by target, streamed."""
        yield from self._rows(run, article, rule or Rule(), "mention.target <> ''")

    def row(self, run: int, article: str, target_key: str, rule: Rule | None = None) -> LinkRow | None:
        """One row of links.csv, or None when the article does not link to the target."""
        return next(self._rows(run, article, rule or Rule(), "mention.target = :only", target_key), None)

    def _rows(self, run: int, article: str, rule: Rule, which: str, only: str = "") -> Iterator[LinkRow]:
        chosen = {"run": run, "article": self._article(run, article)["id"], "only": only}
        make = partial(_link_row, rule)
        for row in self._database.stream(_ROWS.format(which=which), chosen):
            yield self._database.made(make, row)

    def checks(self, run: int, article: str) -> Iterator[Mapping[str, Any]]:
        """The rows of checks.csv: what was visited in this very run, ordered by target, streamed."""
        for row in self._database.stream(_CHECKS, (self._article(run, article)["id"], run)):
            yield {**row, "requests": round(row["requests"], 4)}

    def history(self, target_key: str, limit: int = 1000) -> list[Visit]:
        """The last visits of a target, oldest first."""
        rows = self._database.all(_HISTORY, (target_key, limit))
        return [self._database.made(_visit, row) for row in reversed(rows)]

    def healths(self, run: int, article: str, last: int = 30) -> dict[str, list[tuple[str, str]]]:
        """Starts and healths of the last visits of each target of the article, oldest first."""
        found: dict[str, list[tuple[str, str]]] = {}
        chosen = {"article": self._article(run, article)["id"], "last": last}
        for row in self._database.stream(_HEALTHS, chosen):
            found.setdefault(row["key"], []).append((row["started"], row["health"]))
        return found

    def counts(self, run: int, article: str) -> dict[str, int]:
        """The article's links by health after this run, which has ended; what none has is left out."""
        rows = self._database.all(
            "SELECT health, links FROM tally WHERE run = ? AND article = ?", (run, article)
        )
        return {row["health"]: row["links"] for row in rows}

    def trend(self, article: str, last: int = 60) -> list[tuple[datetime, dict[str, int]]]:
        """Start and links by health of the article's last published runs, oldest first: of complete ones, for
        what was not asked says nothing of how the links fare."""
        counts: dict[int, tuple[datetime, dict[str, int]]] = {}
        for row in self._database.stream(_TREND, (article, last)):
            _, tally = counts.setdefault(row["id"], (moment(row["started"]), {}))
            tally[row["health"]] = row["links"]
        return list(counts.values())

    def _article(self, run: int, name: str) -> Row:
        row = self._database.one(_ARTICLE, (run, name))
        if row is None:
            raise StoreError(f"Run {run} knows no article {name!r}: `scraper refresh` it first.")
        return row


def _problems(row: Row) -> tuple[Problem, ...]:
    return tuple(Problem(*problem) for problem in values.listed(row["problems"]))


def _notices(row: Row) -> tuple[str, ...]:
    return tuple(map(str, values.listed(row["notices"])))


_UNKNOWN = dict.fromkeys(METADATA)


def _link_row(rule: Rule, row: Row) -> LinkRow:
    known: Mapping[str, Any] = {} if row["data"] is None else values.record(row["data"])
    return {
        "target": row["target_key"],
        "url": row["url"] or row["mention_url"],
        "site": row["mention_site"],
        "kind": row["kind"],
        "repository": _repository(row),
        "first_line": row["first_line"],
        "mentions": row["mentions"],
        "first_seen": row["first_seen"],
        **_UNKNOWN,
        **{column: known[column] for column in known.keys() & _UNKNOWN.keys()},
        **_verdict(row),
        **_series(row, rule),
        "metadata_source": row["source"],
        "metadata_as_of": row["as_of"],
        "metadata_stale": None if row["data"] is None else row["read_run"] != row["run"],
    }


def _repository(row: Row) -> str | None:
    return repository_key(row["url"] or row["mention_url"]) if may_be_a_part(row["target_key"]) else None


def _verdict(row: Row) -> LinkRow:
    if row["health"] is None:  # planned perhaps, never visited: the run's time was up
        return {**dict.fromkeys(_PUBLISHED), "health": Health.UNVERIFIED.value, "reason": "deadline"}
    known = {name: None if row[name] == "" else row[name] for name in _PUBLISHED}
    for name in _LISTED:
        known[name] = None if row[name] == NONE else values.listed(row[name])
    if row["health"] == Health.ALIVE:
        known["detail"] = None
    return known


def _series(row: Row, rule: Rule) -> LinkRow:
    return {
        "confirmed_dead": row["failing_since"] is not None and confirmed_dead(_state(row), rule),
        # Of a link that is there this would change at every run, and say what `health` says.
        "last_alive": None if row["health"] in PRESENT else row["last_alive"],
        "failing_since": row["failing_since"],
    }
