"""The tables of the store and their versions.

A column is called like the field that it keeps (`rows.py`), so a new field of a verdict, an outcome or a
mention takes one migration that adds the column, and no other change here.
"""

from __future__ import annotations

from scraper.store.database import Database

_FIRST = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    active TEXT NOT NULL,
    ended TEXT,
    status TEXT NOT NULL,
    articles TEXT NOT NULL
);
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    problems TEXT NOT NULL,
    repaired INTEGER NOT NULL,
    lost INTEGER NOT NULL
);
CREATE TABLE run_article (
    run INTEGER NOT NULL REFERENCES run (id),
    article INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (run, article)
) WITHOUT ROWID;
CREATE TABLE mention (
    article INTEGER NOT NULL REFERENCES article (id),
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    section_number INTEGER,
    section_title TEXT NOT NULL,
    text TEXT NOT NULL,
    href TEXT NOT NULL,
    url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    site TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX mention_by_target ON mention (article, target, line);
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    ident TEXT NOT NULL,
    url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    first_seen TEXT NOT NULL
);
CREATE TABLE plan (
    run INTEGER NOT NULL REFERENCES run (id),
    target INTEGER NOT NULL REFERENCES target (id),
    turn TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (run, target)
) WITHOUT ROWID;
CREATE INDEX plan_by_turn ON plan (run, turn, key);
-- Each visit carries the state of history.py after it, so that the latest one is all that the next run needs.
CREATE TABLE visit (
    target INTEGER NOT NULL REFERENCES target (id),
    run INTEGER NOT NULL REFERENCES run (id),
    checked_at TEXT NOT NULL,
    health TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    http_status INTEGER,
    final_url TEXT NOT NULL,
    redirects TEXT NOT NULL,
    suggested_url TEXT NOT NULL,
    archived_url TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    notes TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    requests REAL NOT NULL,
    elapsed_ms INTEGER NOT NULL,
    last_alive TEXT,
    failing_since TEXT,
    failing_until TEXT,
    failures INTEGER,
    PRIMARY KEY (target, run)
) WITHOUT ROWID;
CREATE INDEX visit_by_run ON visit (run);
CREATE TABLE record (
    target INTEGER PRIMARY KEY REFERENCES target (id),
    data TEXT NOT NULL,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    read_run INTEGER NOT NULL,
    read_at TEXT NOT NULL
);
CREATE TABLE validator (url TEXT PRIMARY KEY, etag TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (
    run INTEGER NOT NULL REFERENCES run (id),
    article TEXT NOT NULL,
    health TEXT NOT NULL,
    links INTEGER NOT NULL,
    PRIMARY KEY (run, article, health)
) WITHOUT ROWID;
"""

_PAST = """
CREATE TABLE past (
    target INTEGER NOT NULL REFERENCES target (id),
    run INTEGER NOT NULL REFERENCES run (id),
    as_of TEXT NOT NULL,
    health TEXT NOT NULL,
    stars INTEGER,
    archived INTEGER,
    license TEXT,
    decision TEXT,
    PRIMARY KEY (target, run)
) WITHOUT ROWID;
-- The two views are for other programs (docs/python.md): their columns are a promise.
CREATE VIEW links AS
SELECT target.key AS target, target.url, target.site, target.kind, visit.health, visit.reason, visit.detail,
    visit.http_status, visit.suggested_url, visit.archived_url, visit.checked_at, target.first_seen,
    visit.last_alive, visit.failing_since,
    json_extract(record.data, '$.title') AS title,
    json_extract(record.data, '$.full_name') AS full_name,
    json_extract(record.data, '$.stars') AS stars,
    json_extract(record.data, '$.archived') AS archived,
    coalesce(json_extract(record.data, '$.license_spdx'), json_extract(record.data, '$.license_state'))
        AS license,
    json_extract(record.data, '$.decision') AS decision,
    json_extract(record.data, '$.presentation') AS presentation,
    json_extract(record.data, '$.notice_type') AS notice_type,
    json_extract(record.data, '$.published_at') AS published_at,
    json_extract(record.data, '$.last_commit_at') AS last_commit_at,
    record.source AS metadata_source, record.as_of AS metadata_as_of
FROM target
LEFT JOIN visit ON visit.target = target.id
    AND visit.run = (SELECT max(run) FROM visit AS v WHERE v.target = target.id)
LEFT JOIN record ON record.target = target.id;
CREATE VIEW history AS
SELECT target.key AS target, past.as_of, past.health, past.stars, past.archived, past.license, past.decision
FROM past JOIN target ON target.id = past.target;
"""

_NOTICES = "ALTER TABLE article ADD COLUMN notices TEXT NOT NULL DEFAULT '[]'"

MIGRATIONS: tuple[str, ...] = (_FIRST, _PAST, _NOTICES)
"""`MIGRATIONS[n]` takes a store from version n to n + 1; version 0 is an empty file of our own."""


def migrate(database: Database) -> None:
    """Bring the tables to the newest version, all steps or none."""
    if database.pragma("user_version") == len(MIGRATIONS):
        return
    with database.transaction():
        # Read again within the transaction: another process may have migrated while this one waited.
        for script in MIGRATIONS[database.pragma("user_version") :]:
            for statement in script.split(";\n"):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
