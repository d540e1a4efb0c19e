"""Every setting once: name, default, meaning. README's table of settings is made from here.

Order: flags > environment (`SCRAPER_…`) > `--config` file, or `scraper.toml`, or `[tool.scraper]` in
the `pyproject.toml` of the current folder > defaults. An unknown key is an error that names the nearest one.
What steers a run (`trust/steering.py`) is not taken from a file that was only found.
Secrets come from the environment only, either by value or, with `_FILE` behind the name, from a file.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from scraper import __version__
from scraper.errors import SettingsError
from scraper.trust import found, steering
from scraper.verdicts.history import Rule

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def duration(value: object) -> object:
    """Seconds of `90`, `90s`, `15m`, `2h`, `7d` or `1w`."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*", value)
        if not match:
            raise ValueError("a duration is a number with s, m, h, d or w behind it: 90s, 15m, 7d")
        return float(match[1]) * _UNITS[match[2]]
    return value


def _listed(value: object) -> object:
    """An environment variable gives a list with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _network(value: str) -> str:
    return str(ip_network(value, strict=False))


def _one_line(value: object) -> object:
    """A secret read from a file often ends with a newline; one in the middle is a mistake worth a word."""
    if isinstance(value, str):
        value = value.strip()
        if re.search(r"[\x00-\x20\x7f-\U0010ffff]", value):
            raise ValueError("it has a blank, a line break or a character that no credential has")
        return value or None
    return value


Duration = Annotated[float, BeforeValidator(duration), Field(ge=0)]
Listed = Annotated[list[str], BeforeValidator(_listed)]
Networks = Annotated[list[Annotated[str, BeforeValidator(_network)]], BeforeValidator(_listed)]
Ports = Annotated[list[Annotated[int, Field(ge=1, le=65535)]], BeforeValidator(_listed)]
Secret = Annotated[SecretStr | None, BeforeValidator(_one_line)]


class HostSettings(BaseModel):
    """Manners towards one host; `[hosts."example.org"]` in the file."""

    model_config = ConfigDict(extra="forbid")
    interval: Duration | None = None
    concurrency: int | None = Field(default=None, ge=1, le=64)


class ArticleSettings(BaseModel):
    """One article of `[articles.NAME]`: its file or its URL."""

    model_config = ConfigDict(extra="forbid")
    path: str = ""
    url: str = ""


class Expectation(BaseModel):
    """A known state of a link that is accepted for a while; `[[expect]]` in the file."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(min_length=1)
    """The link's address, its target as in links.csv, or a pattern with `*`."""
    state: str
    """A health or a reason: `broken`, `not_found`."""
    until: date
    """The last day on which it is accepted."""

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
        default={}, description="`interval` and `concurrency` of single hosts"
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
        default=0.0, description="Leave links alone that were alive this lately; 0 asks all"
    )
    resume: Duration = Field(default=3600.0, description="Go on with an interrupted run that is not older")
    robots: bool = Field(default=False, description="Obey robots.txt for pages")
    probe: bool = Field(
        default=True, description="Ask once per host and path shape for a made-up page (soft 404s)"
    )
    archive: bool = Field(default=True, description="Look for archived copies of what is broken or gated")
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
    keep_snapshots: int = Field(default=0, ge=0, description="Snapshots kept per article; 0 keeps all")
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
        return self.data / "scraper.db"


SECRETS = ("github_token", "openreview_username", "openreview_password", "openreview_token")
INTERNAL = ("sandbox",)
"""Not for users: set by a command."""


def seconds(text: str) -> float:
    """Seconds of a duration given as an option.

    Raises:
        SettingsError: it is none.
    """
    try:
        return float(str(duration(text)))
    except ValueError as error:
        raise SettingsError(f"{text!r}: {error}") from None


class Loaded(NamedTuple):
    """Settings, and for each name where its value came from (`default`, a file, a variable, `flag`)."""

    settings: Settings
    origins: dict[str, str]
    foreign: tuple[str, ...] = ()
    """A line on each variable `SCRAPER_…` that is none of ours."""


def load(flags: Mapping[str, Any] | None = None, config: Path | None = None) -> Loaded:
    """Settings from flags, environment and file; `SettingsError` in one line when something is wrong."""
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    file = found.read(config)
    place, table = file.place, file.table
    environment, foreign = _read_environment()
    known = [*Settings.model_fields]
    for name in table:
        if name in SECRETS:
            raise SettingsError(f"{place}: {name} is a secret: give it by the environment, not in a file")
        if name not in known or name in INTERNAL:
            raise SettingsError(f"{place}: unknown setting {name!r}{_nearest(name, known)}")
    origins = dict.fromkeys(known, "default")
    origins |= dict.fromkeys(table, place)
    origins |= {name: variable for name, (variable, _) in environment.items()}
    origins |= dict.fromkeys(given, "flag")
    values = {**table, **{name: value for name, (_, value) in environment.items()}, **given}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, origins)) from None
    _refuse_strangers(settings, origins, file)
    return Loaded(settings, origins, foreign)


def _refuse_strangers(settings: Settings, origins: Mapping[str, str], file: found.Found) -> None:
    """A settings file that was only found does not say where requests, credentials and files go."""
    secrets = [origins[name] for name in SECRETS if getattr(settings, name)]
    place = "" if file.named else file.place
    if why := steering.refused(dict(settings), origins, place, file.table, secrets):
        raise SettingsError(why)


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else "; README's table of settings has them all"


def _read_environment() -> tuple[dict[str, tuple[str, Any]], tuple[str, ...]]:
    """Field -> (variable, value), and a line on each unknown `SCRAPER_…`, which may be another program's.

    An empty variable counts as unset.
    """
    names = {f"SCRAPER_{name.upper()}": name for name in Settings.model_fields if name not in INTERNAL}
    secrets = {f"{prefix}{name.upper()}": name for name in SECRETS for prefix in ("", "SCRAPER_")}
    files = {f"{variable}_FILE": name for variable, name in secrets.items()}
    found: dict[str, tuple[str, Any]] = {}
    foreign: list[str] = []
    for variable, value in os.environ.items():
        if name := (names | secrets).get(variable):
            if value.strip():
                found[name] = (variable, value)
        elif (name := files.get(variable)) and value:
            found.setdefault(name, (variable, _read_secret(variable, value)))
        elif variable.startswith("SCRAPER_"):
            foreign.append(f"{variable} is no setting and was ignored{_nearest(variable, list(names))}")
    return found, tuple(foreign)


def _read_secret(variable: str, file: str) -> str:
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingsError(f"{variable}: {file} cannot be read ({why})") from None


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    """The first mistake in one line, never with the value of a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    place = origins.get(str(first["loc"][0]), "settings")
    told = first["msg"].removeprefix("Value error, ")
    if (
        first["type"] == "extra_forbidden"
    ):  # inside a table: the settings themselves are looked through before
        tables: dict[object, type[BaseModel]] = {"hosts": HostSettings, "expect": Expectation}
        fields = tables.get(first["loc"][0], ArticleSettings)
        known = list(fields.model_fields)
        close = difflib.get_close_matches(str(first["loc"][-1]), known, 1, 0.5)
        told = f"unknown; did you mean {close[0]!r}?" if close else f"unknown; known are {', '.join(known)}"
    return f"--{name.replace('_', '-')}: {told}" if place == "flag" else f"{place}: {name}: {told}"
