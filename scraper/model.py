"""The words of the project as plain values; CONTRIBUTING.md has a table of them.

    Article ─ Mention ─► Target ─► Question ─► Answer ─► Finding ─► Verdict ─► Outcome

Nothing here opens a socket or a file, and nothing here decides: the modules that do pass these along.
Times are aware datetimes in UTC; durations are seconds unless the name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Health(StrEnum):
    """The verdict on a link. docs/verdicts.md says what each means."""

    ALIVE = "alive"
    MOVED = "moved"
    BLOCKED = "blocked"
    BROKEN = "broken"
    FAILING = "failing"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a link in an article, in reading order."""

    line: int
    section_number: int | None
    section_title: str
    text: str
    href: str
    """As it is written in the article, to the letter."""
    url: str
    """The address meant: taken out of its archive wrapping, made absolute."""
    archived_at: str
    """The memento's time stamp when the href is one (`20220926095407`), else empty."""
    site: str
    target: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the article that a maintainer should look at; it is told, not visited."""

    line: int
    href: str
    message: str


@dataclass(frozen=True, slots=True)
class Article:
    """A document with links, decoded and repaired."""

    name: str
    """The stem of its file name: names its folder under snapshots/ and reports/."""
    source: str
    title: str
    mentions: tuple[Mention, ...]
    problems: tuple[Problem, ...] = ()
    repaired: int = 0
    """Characters recovered from mojibake."""
    lost: int = 0
    """Characters that could not be recovered; each is one U+FFFD in the text."""
    notices: tuple[str, ...] = ()
    """What the user should know of how it was read: what one says of it, `declares no encoding; …`."""


@dataclass(frozen=True, slots=True)
class Target:
    """What mentions point at, once; `key` is its identity everywhere (tables, store, reports)."""

    key: str
    site: str
    kind: str
    """What it is there; each `Kind` of site says which there are: forum, repository, page, …"""
    id: str
    """The site's own identifier: a forum id, `owner/name`, a Drive id, an arXiv id, a DOI, a URL."""
    url: str = field(compare=False)
    """The address that is visited."""
    archived_at: str = field(default="", compare=False)
    """Time stamp of the memento the article points to, `YYYYMMDDhhmmss`, or empty."""
    fragments: tuple[str, ...] = field(default=(), compare=False)
    """Places in it that the article points to (`L10`, `usage`), where the site can tell if they exist."""


@dataclass(frozen=True, slots=True)
class Request:
    """How a question is put to a server."""

    url: str
    method: str = "GET"
    """GET, or POST, PATCH or PUT to an API. HEAD is not used: servers answer it as they please."""
    headers: tuple[tuple[str, str], ...] = ()
    json: Any = None
    content: bytes = b""
    """A body that is not JSON."""
    body_limit: int = 65_536
    """Decoded bytes read at most; what comes after is not read and the answer says `truncated`."""
    read_on: int = 0
    """Decoded bytes read at most of a page that shows little text yet; the beginning may be all markup."""
    until: bytes = b""
    """Stop reading after this marker (`</head>`) where the rest cannot matter."""
    credential: str = ""
    """Name of the credential the client adds (`github`, `openreview`); the value never enters a question."""
    follow: bool = True
    """Whether redirects are followed; an API's redirect is an answer in itself."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request to be made: whose turn it takes, about which targets, how to ask, who reads the answer."""

    key: str
    """Whose turn: a host (`example.org`) or the budget of an API (`api.github.com`)."""
    site: str
    step: str
    """Which reader of the site takes the answer."""
    targets: tuple[Target, ...]
    request: Request
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the site's own reader must know besides the answer; nobody else looks into it. Plain values, so a
    question can travel to a worker."""
    waiting: tuple[Target, ...] = ()
    """Targets that are not asked about here and whose first question depends on this answer."""
    requests: int = 1
    """Requests that are likely to be made until these targets and those that wait are settled; 0 when the
    question will not be sent. `--dry-run` counts them."""
    rank: int = 0
    """Within a key a question of a higher rank goes first."""
    polite: bool = False
    """A page for people: robots.txt is asked first where the setting `robots` says so."""
    renews_login: bool = False
    """It repeats a question that was answered with 401: before it is sent the run renews the login (once) or,
    when it cannot, drops the credential."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the status that sent us on, and where to."""

    status: int
    url: str
    lasting: bool = False
    """Whether it is for good although no status says so: a page that forwards without showing itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request, whole or not; never an exception."""

    url: str
    final_url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; repeated fields joined by `, `."""
    body: bytes = b""
    truncated: bool = False
    hops: tuple[Hop, ...] = ()
    failure: str = ""
    """Why there is no usable response (`timeout`, `tls_expired`, `policy`, …); empty when there is one."""
    detail: str = ""
    """One line for the user: what was seen."""
    attempts: int = 1
    requests: int = 1
    """Requests sent on the wire: attempts and redirect hops together."""
    elapsed: float = 0.0
    at: datetime | None = None
    certificate_expires: datetime | None = None

    @property
    def is_memento(self) -> bool:
        """An archive's replay: its status is the original's, of that time (RFC 7089, 2.1.1)."""
        return "memento-datetime" in self.headers


Record = dict[str, Any]
"""Metadata under the names of `columns.LINKS`. An absent key is unknown; None is known to be empty."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one source said about one target at one time."""

    target: str
    source: str
    """openreview-api-v1, openreview-api-v2, openreview-page, memento, github-graphql, github-rest, page, …"""
    rank: int
    """How much its word counts: 3 an API that knows the thing, 2 the page itself, 1 an archive, 0 nothing."""
    health: Health | None = None
    """None: the source says nothing on health (a memento proves only the past)."""
    reason: str = ""
    detail: str = ""
    http_status: int | None = None
    final_url: str = ""
    redirects: str = ""
    """The redirect chain as people read it: `301 https://a/ > 302 https://b/`."""
    suggested_url: str = ""
    archived_url: str = ""
    archived_at: str = ""
    record: Record = field(default_factory=dict)
    unchanged: bool = False
    """The source confirmed (304) that the record known from before is still right."""
    validators: tuple[tuple[str, str], ...] = ()
    """(URL, ETag) pairs to remember for the next run."""
    notes: tuple[str, ...] = ()
    """Messages for the user: a certificate that expires soon, a repository id that changed, …"""
    code: tuple[str, ...] = ()
    """Addresses of code that the source's record mentions."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a site made of an answer: findings, and questions that follow from it."""

    findings: Sequence[Finding] = ()
    questions: Sequence[Question] = ()
    held: Sequence[Target] = ()
    """Targets that wait for the answer to another question, whose reading will bring their finding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Health of a target after all its findings were weighed."""

    health: Health
    """alive, moved, blocked, broken, failing or unverified."""
    reason: str
    """Why: one of the reasons of its health."""
    detail: str = ""
    http_status: int | None = None
    final_url: str = ""
    redirects: str = ""
    suggested_url: str = ""
    """The address to use instead, where it is proven that the thing is there; else empty."""
    archived_url: str = ""
    archived_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a run learned of one target: what the store commits, in one transaction."""

    target: Target
    verdict: Verdict
    checked_at: datetime
    record: Record = field(default_factory=dict)
    metadata_source: str = ""
    """Source of the record; empty when no metadata could be read in this run."""
    unchanged: bool = False
    """No new record was sent because the one in the store was confirmed."""
    validators: tuple[tuple[str, str], ...] = ()
    attempts: int = 0
    requests: float = 0.0
    """Requests spent on the target; its share of a batch counts."""
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two snapshots that a person would want to hear of."""

    kind: str
    """newly_broken, recovered, moved, renamed, archived, license_changed, stars_changed, decision_changed,
    abstract_changed, added, removed, confirmed_dead, blocked, …"""
    target: str
    title: str
    before: str
    after: str
    url: str
    line: int | None = None
    replacement: str = ""
    """The address to use instead, where one is known: the new one, or the archived copy."""


class Called(NamedTuple):
    """What the articles call a target."""

    texts: tuple[str, ...] = ()
    """The words of its links."""
    around: tuple[str, ...] = ()
    """The headings that the links stand under, and the titles of the articles."""


class Pace(NamedTuple):
    """How a key wants to be treated: seconds between two requests, and requests under way at once."""

    interval: float
    concurrency: int


LinkRow = dict[str, Any]
"""One row of links.csv: every name of `columns.LINKS`, with None where nothing is known; lists are lists."""
