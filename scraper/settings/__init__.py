"""Every setting once: name, default, meaning. docs/settings.md is made from here.

Order: flags > environment (`SCRAPER_…`) > `--config` file, or `scraper.toml`, or `[tool.scraper]` in
the `pyproject.toml` of the current folder > defaults. An unknown key is an error that names the nearest one.
What steers a run (`trust/steering.py`) is not taken from a file that was only found.
Secrets come from the environment only, either by value or, with `_FILE` behind the name, from a file.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from scraper import __version__
from scraper.files import STORE
from scraper.settings.values import Duration, Listed, Networks, Ports, Secret
from scraper.verdicts.history import Rule

_NOT_FOR_USERS = frozenset(
    ("host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "cookie", "expect")
)
"""Header fields that say how a message is framed, or that the client keeps itself."""


class HostSettings(BaseModel):
    """Manners towards one host; `[hosts."example.org"]` in the file."""

    model_config = ConfigDict(extra="forbid")
    interval: Duration | None = Field(default=None, description="Pause between two requests")
    concurrency: int | None = Field(default=None, ge=1, le=64, description="Requests under way at once")
    headers: dict[str, str] = Field(
        default={}, description="Header fields for this host alone; each value is `env:VARIABLE`"
    )

    @field_validator("headers")
    @classmethod
    def _named(cls, value: dict[str, str]) -> dict[str, str]:
        """The file names a variable and never holds the value, so nothing that shows settings shows it."""
        for name, source in value.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", name) or name.lower() in _NOT_FOR_USERS:
                raise ValueError("it has a header field that cannot be set")
            if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", source):
                raise ValueError(f"{name}: say `env:VARIABLE`; a value never stands in a file")
        return value


class ArticleSettings(BaseModel):
    """One article of `[articles.NAME]`: its file or its URL."""

    model_config = ConfigDict(extra="forbid")
    path: str = Field(default="", description="Its file")
    url: str = Field(default="", description="Its address")


class Expectation(BaseModel):
    """A known state of a link that is accepted for a while; `[[expect]]` in the file."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(
        min_length=1, description="The link's address, its target as in links.csv, or a pattern with `*`"
    )
    state: str = Field(description="A health or a reason: `broken`, `not_found`")
    until: date = Field(description="The last day on which it is accepted")

    @field_validator("state")
    @classmethod
    def _known(cls, value: str) -> str:
        from scraper.model import Health
        from scraper.verdicts.reasons import REASONS

        if value not in REASONS and value not in {str(one) for one in Health}:
            raise ValueError(f"{value!r} is neither a health nor a reason; README lists them")
        return value


class Settings(BaseModel):
    """All settings, validated; see the module's docstring for where they come from."""

    model_config = ConfigDict(extra="forbid")

    data: Path = Field(default=Path("data"), description="Folder of the store and the snapshots")
    reports: Path = Field(default=Path("reports"), description="Folder of the rendered reports")
    articles: dict[str, ArticleSettings] = Field(
        default={}, description="Articles by name, each with `path` or `url`; refreshed when none is named"
    )
    exclude: Listed = Field(
        default=[],
        description="Links left out: hosts, addresses with `*`, or `section:TITLE`",
    )
    expect: list[Expectation] = Field(
        default=[],
        description="Known states (`url`, `state`, `until`) that `fail_on` accepts up to a day",
    )
    local_links: bool = Field(
        default=True, description="Check links to files beside the article: paths, images, `#places`"
    )
    contact: str = Field(default="", description="Your e-mail address or page, sent in the User-Agent")
    user_agent: str = Field(
        default="", description="User-Agent; made of the version and the contact when empty"
    )

    slots: int = Field(default=48, ge=1, le=1000, description="Requests under way at once, over all hosts")
    host_interval: Duration = Field(default=0.2, description="Pause between two requests to one host")
    host_concurrency: int = Field(
        default=2, ge=1, le=64, description="Requests under way at once to one host"
    )
    hosts: dict[str, HostSettings] = Field(
        default={}, description="`interval`, `concurrency` and `headers` of single hosts"
    )
    timeout: Duration = Field(
        default=20.0, description="Time for one attempt, from connecting to the last byte"
    )
    target_budget: Duration = Field(default=60.0, description="Time for all attempts of one request together")
    deadline: Duration = Field(default=0.0, description="Time for the whole run; 0 is no limit")
    attempts: int = Field(
        default=3, ge=1, le=10, description="Tries of a request that failed in a way that may pass"
    )
    max_redirects: int = Field(default=10, ge=0, le=50, description="Redirects followed at most")
    max_wait: Duration = Field(
        default=60.0, description="Retry-After that is waited for; a longer one is not"
    )
    max_age: Duration = Field(
        default=0.0,
        description="Leave links alone that were alive this lately (ten times in a row: twice as long; "
        "not each time: half as long); 0 asks all",
    )
    resume: Duration = Field(default=3600.0, description="Go on with an interrupted run that is not older")
    robots: bool = Field(default=False, description="Obey robots.txt for pages")
    probe: bool = Field(
        default=True, description="Ask once per host and path shape for a made-up page (soft 404s)"
    )
    archive: bool = Field(default=True, description="Look for archived copies of what is broken or gated")
    archive_budget: Duration = Field(
        default=120.0,
        description="Time for asking where copies are once all else is done; the rest is asked next time",
    )
    check_mementos: bool = Field(
        default=False, description="Also visit the archived copies the article points to"
    )

    connect_to: Listed = Field(
        default=[], description="`HOST1:PORT1:HOST2:PORT2` as curl has it: connect elsewhere"
    )
    allow_networks: Networks = Field(
        default=[], description="Networks (CIDR) that may be visited although they are private"
    )
    allow_ports: Ports = Field(default=[80, 443], description="Ports that may be visited")
    ca_file: str = Field(default="", description="Certificates to trust besides the system's (PEM)")
    control_url: str = Field(
        default="https://example.com/",
        description="Asked when nothing else answered: is there a network at all?",
    )

    confirm_runs: int = Field(
        default=3, ge=1, description="Consecutive bad runs before a link is confirmed dead"
    )
    confirm_span: Duration = Field(default=259_200.0, description="Time these runs must span, at least")
    outage: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Publish nothing when more than this share of what was alive fails at once",
    )
    keep_visits: Duration = Field(
        default=31_536_000.0,
        description="Older visits are forgotten, but the first and the last of each state; 0 keeps all",
    )
    thin_snapshots: bool = Field(
        default=True,
        description="Keep snapshots of 14 days, of 13 weeks, and of every month; else all",
    )
    keep_snapshots: int = Field(default=0, ge=0, description="Snapshots kept at most; 0 sets no limit")
    parquet: bool = Field(default=False, description="Write Parquet beside the CSV (extra `parquet`)")
    report_url: str = Field(
        default="", description="Where `reports` is published: mail, issues and feeds link to the pages there"
    )
    fail_on: Listed = Field(
        default=[], description="Healths, `new` or `confirmed`, that make the command exit with 3"
    )
    ping_url: str = Field(default="", description="Health-check address: told of start, success and failure")
    prometheus: str = Field(default="", description="Write metrics for the textfile collector here")
    log_format: Literal["text", "json"] = Field(default="text", description="Log lines as text or as JSON")

    github_api: str = Field(
        default="https://api.github.com", description="Base URL of GitHub's API, or Enterprise's"
    )
    github_token: Secret = Field(
        default=None, description="Token for GitHub (`GITHUB_TOKEN`, `GITHUB_TOKEN_FILE`)"
    )
    openreview_username: Secret = Field(default=None, description="OpenReview login (`OPENREVIEW_USERNAME`)")
    openreview_password: Secret = Field(
        default=None, description="OpenReview password (`OPENREVIEW_PASSWORD`, `OPENREVIEW_PASSWORD_FILE`)"
    )
    openreview_token: Secret = Field(
        default=None,
        description="OpenReview token instead of a login (`OPENREVIEW_TOKEN`, `OPENREVIEW_TOKEN_FILE`)",
    )
    sandbox: bool = Field(
        default=False, description="Set by `scraper demo`: every report says that it is a sandbox"
    )

    def model_post_init(self, context: Any, /) -> None:
        if not self.user_agent:
            about = f"; +{self.contact}" if self.contact else ""
            self.user_agent = f"scraper/{__version__} (link health of paper lists{about})"

    @property
    def rule(self) -> Rule:
        """When a death is confirmed."""
        return Rule(self.confirm_runs, self.confirm_span / 86_400)

    @property
    def store(self) -> Path:
        """The one file that remembers all runs."""
        return self.data / STORE


SECRETS = ("github_token", "openreview_username", "openreview_password", "openreview_token")
INTERNAL = ("sandbox",)
"""Not for users: set by a command."""
