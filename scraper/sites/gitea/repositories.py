"""The REST API of Gitea and Forgejo (https://codeberg.org/api/swagger): where things stand, and what is said.

Pure. An address of `src` does not tell files from folders; `contents` answers for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from scraper.model import Record, Target
from scraper.sites.forge import Dialect, Forge
from scraper.sites.gitea.address import home_of, link_of
from scraper.sites.github.deep_links import DeepLink
from scraper.sites.github.rescue import fate, removal
from scraper.sites.homes import Home
from scraper.sites.licences import license_columns
from scraper.sites.ports import Memory
from scraper.sites.values import count, date_time, items, mapping, one_line, text


def _repository(home: Home) -> str:
    return f"/repos/{quote(home.path)}"


def _owners(home: Home) -> Sequence[str]:
    return () if "/" in home.path else (f"/users/{quote(home.path)}",)


def _part(home: Home, link: DeepLink, number: int) -> str:
    place = _repository(home)
    if link.number:
        return f"{place}/{'issues' if link.kind == 'issue' else 'pulls'}/{link.number}"
    if link.kind == "wiki":
        return f"{place}/wiki/page/{quote(link.name)}"
    if link.tag:
        return f"{place}/releases/tags/{quote(link.tag)}"
    revision, path = link.readings[number]
    if path:
        return f"{place}/contents/{quote(path)}?ref={quote(revision, safe='')}"
    if link.kind == "commit":
        return f"{place}/git/commits/{quote(revision, safe='')}"
    return f"{place}/commits?limit=1&stat=false&files=false&sha={quote(revision, safe='')}"


def _history(home: Home, path: str, revision: str) -> str:
    since = f"&sha={quote(revision, safe='')}" if revision else ""
    return f"{_repository(home)}/commits?path={quote(path, safe='')}&limit=1{since}"


def record(body: Any) -> Record:
    """The record of `GET /repos/OWNER/NAME`; empty when that is not a repository."""
    found = mapping(body)
    name = one_line(found.get("full_name"))
    if name is None or "default_branch" not in found:
        return {}
    licences = items(found.get("licenses"))
    return {
        "full_name": name,
        "repository_id": count(found.get("id")),
        "stars": count(found.get("stars_count")),
        "forks": count(found.get("forks_count")),
        "watchers": count(found.get("watchers_count")),
        "open_issues": count(found.get("open_issues_count")),
        "archived": found.get("archived") is True,
        "language": one_line(found.get("language")),
        "topics": sorted(filter(None, map(one_line, items(found.get("topics"))))) or None,
        "description": text(found.get("description")),
        "homepage": one_line(found.get("website")),
        "created_at": _time(found.get("created_at")),
        "pushed_at": _time(found.get("updated_at")),
        "default_branch": one_line(found.get("default_branch")),
        "size": count(found.get("size")),
        "fork_of": one_line(mapping(found.get("parent")).get("full_name")),
        **(license_columns(next(iter(licences), None)) if "licenses" in found else {}),
    }


def _time(value: object) -> str | None:
    """Go's zero time (year 1) and Unix's (1970) are what an unknown one is written as."""
    found = date_time(value)
    return found if found and found[:4] > "1970" else None


def page(target: Target, revision: str, path: str) -> str:
    home = "/".join(target.url.split("/")[:5])
    where = f"commit/{revision}" if revision else "branch/HEAD"
    return f"{home}/src/{where}/{quote(path)}".rstrip("/")


GITEA_API = Dialect(
    name="gitea",
    home_of=home_of,
    link_of=link_of,
    api="/api/v1",
    repository=_repository,
    owners=_owners,
    part=_part,
    history=_history,
    commit=lambda home, sha: f"{_repository(home)}/git/commits/{sha}?stat=false",
    record=record,
    removal=removal,
    # A renamed file is one removed and one added here: only that it is gone is known.
    fate=fate,
    page=page,
)


class Gitea(Forge):
    """The site of one run."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(GITEA_API, memory)
