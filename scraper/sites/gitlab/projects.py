"""GitLab's REST API (https://docs.gitlab.com/api/rest/): where things stand, what is said of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from scraper.model import Record, Target
from scraper.sites.forge import Dialect, Forge
from scraper.sites.github.deep_links import DeepLink
from scraper.sites.github.rescue import Fate, Removal, fate
from scraper.sites.gitlab.address import home_of, link_of
from scraper.sites.homes import Home
from scraper.sites.licences import license_columns
from scraper.sites.ports import Memory
from scraper.sites.values import count, date_time, items, mapping, one_line, text


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _project(home: Home) -> str:
    return f"/projects/{_quoted(home.path)}"


def _owners(home: Home) -> Sequence[str]:
    group = f"/groups/{_quoted(home.path)}?with_projects=false"
    return (group,) if "/" in home.path else (group, f"/users?username={_quoted(home.path)}")


def _part(home: Home, link: DeepLink, number: int) -> str:
    place = _project(home)
    if link.number:
        return f"{place}/{'issues' if link.kind == 'issue' else 'merge_requests'}/{link.number}"
    if link.kind == "wiki":
        return f"{place}/wikis/{_quoted(link.name)}"
    if link.kind == "release":
        return f"{place}/{'releases' if link.name == 'releases' else 'repository/tags'}/{_quoted(link.tag)}"
    revision, path = link.readings[number]
    if link.kind == "file" and path:
        return f"{place}/repository/files/{_quoted(path)}?ref={_quoted(revision)}"
    if path:
        return f"{place}/repository/tree?path={_quoted(path)}&ref={_quoted(revision)}&per_page=1"
    return f"{place}/repository/commits/{_quoted(revision)}"


def _history(home: Home, path: str, revision: str) -> str:
    since = f"&ref_name={_quoted(revision)}" if revision else ""
    return f"{_project(home)}/repository/commits?path={_quoted(path)}&per_page=1{since}"


def _commit(home: Home, sha: str) -> str:
    return f"{_project(home)}/repository/commits/{sha}/diff?per_page=100"


def record(body: Any) -> Record:
    """The record of `GET /projects/ID`; empty when that is not a project."""
    found = mapping(body)
    name = one_line(found.get("path_with_namespace"))
    if name is None:
        return {}
    forked = mapping(found.get("forked_from_project"))
    licence = mapping(found.get("license")).get("key") if "license" in found else None
    return {
        "full_name": name,
        "repository_id": count(found.get("id")),
        "stars": count(found.get("star_count")),
        "forks": count(found.get("forks_count")),
        "open_issues": count(found.get("open_issues_count")),
        "archived": found.get("archived") is True,
        "topics": sorted(filter(None, map(one_line, items(found.get("topics"))))) or None,
        "description": text(found.get("description")),
        "created_at": date_time(found.get("created_at")),
        "pushed_at": date_time(found.get("last_activity_at")),
        "default_branch": one_line(found.get("default_branch")),
        "fork_of": one_line(forked.get("path_with_namespace")),
        **(license_columns(licence) if "license" in found else {}),
    }


def removal(body: Any) -> Removal | None:
    first = mapping(next(iter(items(body)), None))
    sha, parents = one_line(first.get("id")), items(first.get("parent_ids"))
    if sha is None:
        return None
    day = date_time(first.get("committed_date")) or ""
    return Removal(sha, next((parent for parent in parents if isinstance(parent, str)), ""), day[:10])


def fate_of(body: Any, path: str) -> Fate:
    """GitLab's diff in the words of GitHub's, whose reader knows what became of a path."""
    files = [_as_file(mapping(each)) for each in items(body)]
    return fate({"files": files}, path)


def _as_file(diff: Any) -> dict[str, Any]:
    if diff.get("renamed_file"):
        return {
            "filename": diff.get("new_path"),
            "status": "renamed",
            "previous_filename": diff.get("old_path"),
        }
    status = "removed" if diff.get("deleted_file") else "modified"
    return {"filename": diff.get("new_path"), "status": status}


def page(target: Target, revision: str, path: str) -> str:
    home, _, inner = target.url.partition("/-/")
    below = "/".join(filter(None, (quote(revision or "HEAD"), quote(path))))
    return f"{home}/-/{'blob' if inner.startswith('blob/') else 'tree'}/{below}"


GITLAB_API = Dialect(
    name="gitlab",
    home_of=home_of,
    link_of=link_of,
    api="/api/v4",
    repository=lambda home: f"{_project(home)}?license=true",
    owners=_owners,
    part=_part,
    history=_history,
    commit=_commit,
    record=record,
    removal=removal,
    fate=fate_of,
    page=page,
)


class GitLab(Forge):
    """The site of one run."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(GITLAB_API, memory)
