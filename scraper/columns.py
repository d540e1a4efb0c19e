"""Every column of every table, once: name, type, unit, meaning, source.

The data dictionary in docs/tables.md, the schema in `datapackage.json`, the dtypes of the frames and the checks on load
all come from here. `VERSION` changes when a column is renamed, removed or changes its meaning; new columns
are added at the end and do not change it.
"""

from __future__ import annotations

from typing import NamedTuple

VERSION = 1


class Column(NamedTuple):
    name: str
    type: str
    """A Table Schema type: string, integer, number, boolean, datetime (ISO 8601, UTC, `Z`), list.

    A list is one cell: its items in order, joined by `; `."""
    meaning: str
    unit: str = ""
    source: str = ""


class Table(NamedTuple):
    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Sort order, and the primary key."""


LINKS = Table(
    "links",
    "One row per target: everything the article links to, once, with its health and what is known of it",
    (
        Column(
            "target",
            "string",
            "Identity of what is linked: the name of its kind of site, a colon, its own id there (`github:owner/name`, `web:https://…`)",
            source="article",
        ),
        Column(
            "url",
            "string",
            "The address that is visited, taken out of any archive wrapping",
            source="article",
        ),
        Column(
            "site", "string", "Its kind of site: one of the names in the table of sites", source="article"
        ),
        Column(
            "kind",
            "string",
            "What it is there: forum, repository, page, … (table of sites)",
            source="article",
        ),
        Column("health", "string", "alive, moved, blocked, broken, failing or unverified", source="verdict"),
        Column("reason", "string", "Why: one of the reasons of its health", source="verdict"),
        Column(
            "confirmed_dead",
            "boolean",
            "Broken or failing in at least 3 consecutive runs that span at least 3 days (settings)",
            source="history",
        ),
        Column(
            "http_status", "integer", "Status of the last response on which the verdict rests", source="visit"
        ),
        Column(
            "final_url",
            "string",
            "Where the redirects ended; empty when an API spoke for the link and no page was visited",
            source="visit",
        ),
        Column(
            "redirects", "string", "The redirect chain: `301 https://a/ > 302 https://b/`", source="visit"
        ),
        Column(
            "suggested_url",
            "string",
            "The address to write instead, when the target moved for good",
            source="verdict",
        ),
        Column("archived_url", "string", "A memento: the archived copy to use", source="Wayback Machine"),
        Column("first_line", "integer", "Line of the first mention in the article", source="article"),
        Column("mentions", "integer", "How often the article mentions it", source="article"),
        Column("first_seen", "datetime", "Start of the first run that saw the link", source="history"),
        Column(
            "last_alive",
            "datetime",
            "For a link that is not alive: start of the last run in which it was. Empty while it is alive",
            source="history",
        ),
        Column(
            "failing_since",
            "datetime",
            "Start of the first run of the present series of broken or failing verdicts",
            source="history",
        ),
        Column("title", "string", "Title of the paper, repository or page", source="metadata"),
        Column("abstract", "string", "Abstract of the paper", source="metadata"),
        Column("authors", "list", "Authors in order", source="metadata"),
        Column("tldr", "string", "The authors' one-sentence summary", source="OpenReview"),
        Column("keywords", "list", "Keywords in order", source="metadata"),
        Column("venue", "string", "Conference, workshop or journal", source="metadata"),
        Column(
            "decision",
            "string",
            "Decision as the venue wrote it: `Accept (Poster)`, `Reject`, `Withdrawn`",
            source="OpenReview",
        ),
        Column("ratings", "list", "Reviewers' ratings in the order of the reviews", source="OpenReview"),
        Column("rating_mean", "number", "Mean of the ratings, two decimals", source="OpenReview"),
        Column("published_at", "datetime", "First publication", source="metadata"),
        Column("pdf_url", "string", "Address of the PDF", source="metadata"),
        Column("code_url", "string", "First address of code in the paper's own record", source="metadata"),
        Column("full_name", "string", "Present `owner/name` of the repository", source="metadata"),
        Column(
            "previous_name", "list", "Names under which it was known before, newest first", source="GitHub"
        ),
        Column(
            "repository_id",
            "integer",
            "Stable number of the repository: tells a renamed one from a new one under an old name",
            source="GitHub",
        ),
        Column("stars", "integer", "Stars", source="GitHub"),
        Column("forks", "integer", "Forks", source="GitHub"),
        Column("watchers", "integer", "Watchers (subscribers, not stars)", source="GitHub"),
        Column(
            "open_issues",
            "integer",
            "Open issues; without pull requests where the source tells them apart",
            source="GitHub",
        ),
        Column(
            "license_state",
            "string",
            "spdx (recognised), unrecognised (a licence without an SPDX id) or none",
            source="metadata",
        ),
        Column("license_spdx", "string", "SPDX id of the licence", source="metadata"),
        Column("archived", "boolean", "The owner made it read-only", source="GitHub"),
        Column("disabled", "boolean", "GitHub disabled it", source="GitHub"),
        Column("language", "string", "Main programming language", source="GitHub"),
        Column("topics", "list", "Topics", source="GitHub"),
        Column("description", "string", "Description by the owner", source="GitHub"),
        Column("created_at", "datetime", "Creation of the repository", source="GitHub"),
        Column("pushed_at", "datetime", "Last push to any branch", source="GitHub"),
        Column(
            "last_commit_at",
            "datetime",
            "Last commit of the default branch, as dated by its committer",
            source="GitHub",
        ),
        Column("latest_release", "string", "Tag of the latest release", source="GitHub"),
        Column("metadata_source", "string", "Which source the metadata came from", source="provenance"),
        Column(
            "metadata_as_of",
            "datetime",
            "Start of the run that first read the metadata in its present form",
            source="provenance",
        ),
        Column(
            "metadata_stale",
            "boolean",
            "The last run could not read it again: it is as old as `metadata_as_of` says, or older checks confirmed",
            source="provenance",
        ),
        # Beyond the first version of the contract:
        Column(
            "presentation",
            "string",
            "oral, spotlight or poster, whatever words the venue uses for it",
            source="OpenReview",
        ),
        Column("rating_count", "integer", "How many reviews gave a rating", source="OpenReview"),
        Column("modified_at", "datetime", "Last modification of the paper's record", source="metadata"),
        Column("bibtex", "string", "BibTeX entry as the source gives it", source="OpenReview"),
        Column("code_urls", "list", "All addresses of code in the paper's own record", source="metadata"),
        Column("forum_id", "string", "OpenReview's forum id", source="OpenReview"),
        Column(
            "original_id", "string", "Id of the paper's original (de-anonymised) note", source="OpenReview"
        ),
        Column(
            "version", "string", "Version of a preprint (the latest, `v3`) or of a record", source="metadata"
        ),
        Column(
            "withdrawn",
            "boolean",
            "The authors withdrew it; what a publisher did is in the columns of notices",
            source="metadata",
        ),
        Column("fork_of", "string", "Parent repository, when it is a fork", source="GitHub"),
        Column("homepage", "string", "Homepage by the owner", source="GitHub"),
        Column("default_branch", "string", "Name of the default branch", source="GitHub"),
        Column("size", "integer", "Size of the repository", "kB", "GitHub"),
        Column("likes", "integer", "Likes of a model, dataset or Space", source="Hugging Face"),
        Column("downloads", "integer", "Downloads of the last 30 days", source="Hugging Face"),
        Column("doi", "string", "DOI of a record", source="Zenodo"),
        Column("files", "integer", "Files of a record", source="Zenodo"),
        Column(
            "has_dependencies",
            "boolean",
            "Dependencies are declared (requirements.txt, environment.yml, setup.py, …)",
            source="file tree",
        ),
        Column("has_training_code", "boolean", "Training code, by file name", source="file tree"),
        Column("has_evaluation_code", "boolean", "Evaluation code, by file name", source="file tree"),
        Column(
            "has_pretrained_model",
            "boolean",
            "Pretrained model, by file name or by a link in the README",
            source="file tree",
        ),
        Column("has_results_table", "boolean", "The README has a table of results", source="README"),
        Column("has_tests", "boolean", "Tests, by file name", source="file tree"),
        Column("has_ci", "boolean", "Continuous integration is configured", source="file tree"),
        Column("has_dockerfile", "boolean", "A Dockerfile or container recipe", source="file tree"),
        Column(
            "code_completeness",
            "integer",
            "ML Code Completeness Checklist: dependencies, training, evaluation, pretrained model, results table; empty when any is unknown",
            "0-5",
            "derived",
        ),
        Column("archived_at", "datetime", "Time of the memento in `archived_url`", source="Wayback Machine"),
        Column(
            "detail",
            "string",
            "What was seen, in one line, when the link is not simply alive",
            source="verdict",
        ),
        Column(
            "notes",
            "list",
            "Findings worth a look: a certificate about to expire, a repository id that changed",
            source="verdict",
        ),
        Column(
            "presentation_as_written",
            "string",
            "The same as the venue wrote it: `Talk`, `spotlightposter`, `notable-top-25%`",
            source="OpenReview",
        ),
        Column(
            "notice_type",
            "string",
            "What the publisher has said of the work since, the gravest notice that stands: retraction, withdrawal, removal, partial_retraction, expression_of_concern, reinstatement or correction",
            source="metadata",
        ),
        Column("notice_doi", "string", "DOI of that notice", source="metadata"),
        Column("notice_date", "datetime", "Date of that notice", source="metadata"),
        Column(
            "notice_source", "string", "Who registered it: publisher or retraction-watch", source="metadata"
        ),
        Column(
            "notices",
            "list",
            "All notices, the gravest first: type, DOI, date, source (`-` for what is not known)",
            source="metadata",
        ),
        Column(
            "archived_since",
            "datetime",
            "When the repository was archived; by REST, which does not tell, when we first saw it so",
            source="GitHub",
        ),
        Column(
            "recognised_on",
            "string",
            "Another registrable domain on which the same thing was recognised; `fix` writes no other",
            source="page",
        ),
        Column(
            "repository",
            "string",
            "Of a part of a repository (a file, an issue, a release, …): the repository, key into this table",
            source="article",
        ),
    ),
    ("target",),
)

PAPERS = Table(
    "papers",
    "One row per entry of the article: a paper joined with its code",
    (
        Column("number", "integer", "Number of the entry in the article", source="article"),
        Column("section_title", "string", "Heading of the entry, without its number", source="article"),
        Column("title", "string", "Title of the paper by its own record", source="links.title"),
        Column("abstract", "string", "Abstract", source="links.abstract"),
        Column("decision", "string", "Decision", source="links.decision"),
        Column("rating_mean", "number", "Mean of the reviewers' ratings", source="links.rating_mean"),
        Column("paper_url", "string", "Address of the paper", source="links.url"),
        Column("paper_health", "string", "Health of the paper's link", source="links.health"),
        Column("code_url", "string", "Address of the code: the article's, else the record's", source="links"),
        Column(
            "code_source", "string", "Who names the code: article, record, both, or empty", source="links"
        ),
        Column(
            "code_health",
            "string",
            "Health of the code's link; empty for a paper without code, and where only the record names the code",
            source="links.health",
        ),
        Column("stars", "integer", "Stars of the repository", source="links.stars"),
        Column("license_state", "string", "spdx, unrecognised or none", source="links.license_state"),
        Column("license_spdx", "string", "SPDX id", source="links.license_spdx"),
        Column("archived", "boolean", "The repository is archived", source="links.archived"),
        Column(
            "last_commit_at", "datetime", "Last commit of the default branch", source="links.last_commit_at"
        ),
        Column("paper_target", "string", "Key into links.csv", source="links.target"),
        Column("code_target", "string", "Key into links.csv", source="links.target"),
        Column(
            "code_completeness", "integer", "ML Code Completeness Checklist", "0-5", "links.code_completeness"
        ),
        Column("first_line", "integer", "Line of the entry's first paper link", source="article"),
        Column("presentation", "string", "oral, spotlight or poster", source="links.presentation"),
        Column(
            "presentation_as_written",
            "string",
            "The same as the venue wrote it",
            source="links.presentation_as_written",
        ),
        Column("withdrawn", "boolean", "The authors withdrew the paper", source="links.withdrawn"),
        Column("notice_type", "string", "The gravest notice of the publisher", source="links.notice_type"),
        Column(
            "archived_since", "datetime", "When the repository was archived", source="links.archived_since"
        ),
    ),
    ("number", "first_line", "paper_target"),
)

MENTIONS = Table(
    "mentions",
    "One row per occurrence of a link in the article, in reading order",
    (
        Column("line", "integer", "Line of the article, from 1", source="article"),
        Column("section_number", "integer", "Number of the enclosing numbered heading", source="article"),
        Column(
            "section_title", "string", "Title of the enclosing heading, without its number", source="article"
        ),
        Column("text", "string", "Text of the link", source="article"),
        Column("href", "string", "The address as written", source="article"),
        Column("url", "string", "The address meant, taken out of its archive wrapping", source="article"),
        Column(
            "archived_at",
            "datetime",
            "Time of the memento, when the href points into an archive",
            source="article",
        ),
        Column(
            "site", "string", "Its kind of site: one of the names in the table of sites", source="article"
        ),
        Column("target", "string", "Identity of what is linked; key into links.csv", source="article"),
    ),
    (),
)

CHECKS = Table(
    "checks",
    "What changes at every run: when and at what cost each target was visited",
    (
        Column("target", "string", "Key into links.csv", source="run"),
        Column("checked_at", "datetime", "When the verdict was reached", source="run"),
        Column("health", "string", "Verdict of this run", source="verdict"),
        Column("reason", "string", "Why", source="verdict"),
        Column("http_status", "integer", "Status of the last response", source="visit"),
        Column("attempts", "integer", "Tries of the request that took the most", source="run"),
        Column("elapsed_ms", "integer", "Time spent on its requests", "ms", "run"),
        Column(
            "requests", "number", "Requests sent; its share where one request asked for many", source="run"
        ),
    ),
    ("target",),
)

HISTORY = Table(
    "history",
    "One row per change: what changed about a link, its repository or its paper, and since which run",
    (
        Column("target", "string", "Key into links.csv", source="run"),
        Column("as_of", "datetime", "Start of the first run that saw it so", source="run"),
        Column(
            "health", "string", "Verdict; of a run that could not check it, the one before", source="verdict"
        ),
        Column("stars", "integer", "Stars of the repository", source="links.stars"),
        Column("archived", "boolean", "The repository is archived", source="links.archived"),
        Column(
            "license",
            "string",
            "SPDX id of the licence, else `unrecognised` or `none`",
            source="links.license_spdx",
        ),
        Column("decision", "string", "Decision on the paper", source="links.decision"),
    ),
    ("target", "as_of"),
)

TABLES = {table.name: table for table in (LINKS, PAPERS, MENTIONS, HISTORY, CHECKS)}
