"""The state of the sandbox: what exists, what is broken, and who asked for what.

One `World` is shared by all faces. A test changes it between (or during) runs; the server's thread reads it.
Nothing here opens a socket.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scraper.sandbox import records
from scraper.sandbox.faults import Faults
from scraper.sandbox.messages import Ask, Reply, page

MODES = {
    "open": "OpenReview answers guests, as before June 2026",
    "gated": "OpenReview challenges guests on its API and its pages",
    "limited": "OpenReview answers 429 with a wait of an hour",
    "login": "OpenReview answers who has logged in and challenges guests",
}
"""The states of OpenReview that the sandbox can be in."""

Note = dict[str, Any]
Repository = dict[str, Any]


@dataclass(slots=True)
class Seen:
    """One request that reached the sandbox. Times are seconds of `time.monotonic`."""

    at: float
    ask: Ask
    status: int | None = None
    """None until it is answered, and for ever when the connection was dropped instead."""
    ended: float | None = None

    @property
    def host(self) -> str:
        return self.ask.host

    @property
    def method(self) -> str:
        return self.ask.method

    @property
    def target(self) -> str:
        return self.ask.target

    @property
    def headers(self) -> Mapping[str, str]:
        return self.ask.headers


@dataclass
class Budget:
    """An hourly budget of GitHub's; `reset` is in seconds since 1970."""

    limit: int
    used: int = 0
    reset: int = field(default_factory=lambda: int(time.time()) + 3600)

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


class World:
    """What exists in the sandbox's web.

    `notes` by id, `repositories` by lower-case full name, `renamed` old lower-case name to repository id,
    `gists` number to description, `forges` repositories of others by host and path, `pages` by URL,
    `mementos` URL to time stamps: all plain dictionaries that a test may change.
    """

    def __init__(
        self,
        mode: str = "open",
        notes: Iterable[Mapping[str, Any]] = (),
        decisions: Mapping[str, tuple[str, Sequence[int | str]]] | None = None,
        repositories: Iterable[Mapping[str, Any]] = (),
        faults: Iterable[str] = (),
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"unknown mode {mode!r}: one of {', '.join(MODES)}")
        self.mode = mode
        self.faults = Faults(faults)
        self.notes: dict[str, Note] = records.notes(notes, decisions or {})
        self.repositories: dict[str, Repository] = records.repositories(repositories)
        self.renamed: dict[str, int] = records.renamed(self.repositories)
        self.gists: dict[str, str] = {}
        self.forges: dict[str, Repository] = {}
        self.pages: dict[str, Reply] = {}
        self.titles: dict[str, str] = {}
        self.drive: dict[str, str] = records.drive()
        self.mementos: dict[str, list[str]] = {
            surt(url): [records.FORUM_STAMPS[0]] for url in records.archived()
        }
        self.dead: dict[str, int] = {}
        self.requests: list[Seen] = []
        self.openreview_users = dict(records.OPENREVIEW_USERS)
        self.openreview_tokens: dict[str, bool] = {records.OPENREVIEW_TOKEN: True}
        self.github_tokens: set[str] = {records.GITHUB_TOKEN}
        self.github_limits = {"anonymous": 60, "core": 5000, "graphql": 5000}
        self.budgets: dict[tuple[str, str], Budget] = {}
        self.written: dict[str, Any] = {}
        self.counters: dict[str, int] = {}

    # What tests do to it

    def page(
        self, url: str, body: str = "", *, status: int = 200, title: str = "A page", **headers: str
    ) -> None:
        """Put a page at this address; header names are given with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[url] = page(title, body or f"<h1>{title}</h1>", status, headers=named)

    def kill(self, url: str, status: int = 404) -> None:
        """Let what is at this address be gone: a note, a repository, a Drive file or a page."""
        self.dead[identity(url)] = status

    def revive(self, url: str) -> None:
        self.dead.pop(identity(url), None)

    def death(self, url: str) -> int | None:
        """The status with which a killed address answers, None for one that is not dead."""
        return self.dead.get(identity(url))

    def repository(self, name: str) -> Repository | None:
        """The repository under exactly this name now (case aside); killed ones are None."""
        if self.death(f"https://github.com/{name}") is not None:
            return None
        return self.repositories.get(name.lower())

    def forge(self, host: str, **fields: Any) -> None:
        """Put a repository on GitLab or Codeberg; fields as of GitHub's, `full_name` at least."""
        self.forges[f"{host}/{fields['full_name']}".lower()] = records.repository(fields)

    def rename(self, old: str, new: str) -> None:
        """Rename or transfer a repository; the old name redirects."""
        repository = self.repositories.pop(old.lower())
        repository["full_name"] = new
        self.repositories[new.lower()] = repository
        self.renamed[old.lower()] = repository["id"]
        self.renamed.pop(new.lower(), None)

    def follow(self, name: str) -> Repository | None:
        """The repository that once had this name, if it was renamed."""
        identifier = self.renamed.get(name.lower())
        return next((one for one in self.repositories.values() if one["id"] == identifier), None)

    def archive(self, url: str, *stamps: str) -> None:
        """Let the archive hold copies of this address, taken at these times (`YYYYMMDDhhmmss`)."""
        self.mementos.setdefault(surt(url), []).extend(stamps)

    # What was asked

    def count(self, host: str = "", path: str = "", method: str = "") -> int:
        """How many requests arrived, at this host, under this path, with this method."""
        return sum(
            host in ("", seen.host) and seen.target.startswith(path) and method in ("", seen.method)
            for seen in self.requests
        )

    def most_at_once(self, host: str = "") -> int:
        """The largest number of requests that were in the works at the same time."""
        wanted = [seen for seen in self.requests if host in ("", seen.host)]
        events = [(seen.at, 1) for seen in wanted]
        events += [(seen.ended, -1) for seen in wanted if seen.ended is not None]
        most = now = 0
        for _, change in sorted(events):
            now += change
            most = max(most, now)
        return most

    def reset_counts(self) -> None:
        """Forget what was asked; GitHub's budgets and the counters of faults stay."""
        self.requests.clear()

    def refill(self) -> None:
        """A new hour: GitHub's budgets are full again and faults that hold for the first N count anew."""
        self.budgets.clear()
        self.counters.clear()

    # What faces ask of it

    def budget(self, resource: str, holder: str) -> Budget:
        limit = self.github_limits[resource if holder or resource != "core" else "anonymous"]
        return self.budgets.setdefault((resource, holder), Budget(limit))

    def tick(self, name: str) -> int:
        """Count one more of these, and say how many there have been."""
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def first(self, fault: str, default: float) -> bool:
        """Whether this is among the first N occasions for which the fault holds."""
        number = self.faults.number(fault, default)
        return number is not None and self.tick(fault) <= number


def identity(url: str) -> str:
    """What an address is about: `github:owner/name`, `openreview:ID`, `gdrive:ID`, else scheme-free URL."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host == "github.com" and len(steps) >= 2:
        return f"github:{steps[0]}/{steps[1]}".lower()
    if host == "openreview.net" and parts.path == "/forum":
        return f"openreview:{parse_qs(parts.query).get('id', [''])[0]}"
    if host == "drive.google.com" and steps[:2] == ["file", "d"] and len(steps) > 2:
        return f"gdrive:{steps[2]}"
    return surt(url)


def surt(url: str) -> str:
    """The key under which the archive files an address: no scheme, no `www.`, no last slash."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
