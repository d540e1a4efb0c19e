"""A repository as GitHub's REST API tells of it, and what REST and GraphQL have in common. Pure."""

from __future__ import annotations

import hashlib
from typing import Any

Json = dict[str, Any]

API = "https://api.github.com"
LICENSES = {
    "MIT": ("mit", "MIT License"),
    "Apache-2.0": ("apache-2.0", "Apache License 2.0"),
    "BSD-3-Clause": ("bsd-3-clause", 'BSD 3-Clause "New" or "Revised" License'),
    "GPL-3.0": ("gpl-3.0", "GNU General Public License v3.0"),
    "NOASSERTION": ("other", "Other"),
}
"""SPDX id to GitHub's key and name; `NOASSERTION` is a licence file that GitHub does not recognise."""


def sha(*parts: object) -> str:
    return hashlib.sha1(":".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def license_of(repository: Json) -> Json | None:
    spdx = repository["license"]
    if spdx is None:
        return None
    key, name = LICENSES.get(spdx, (spdx.lower(), spdx))
    known = spdx != "NOASSERTION"
    url = f"{API}/licenses/{key}" if known else None
    return {"key": key, "name": name, "spdx_id": spdx, "url": url, "node_id": f"MDc6TGljZW5zZ{key}"}


def rest(repository: Json) -> Json:
    """The body of `GET /repos/{owner}/{repo}`; `watchers*` are stars, `subscribers_count` are watchers."""
    body = _names(repository) | _counts(repository) | _FEATURES
    if repository["fork_of"]:
        parent = {
            "full_name": repository["fork_of"],
            "html_url": f"https://github.com/{repository['fork_of']}",
        }
        body |= {"parent": parent, "source": parent}
    return body


_FEATURES: Json = {
    "private": False,
    "visibility": "public",
    "is_template": False,
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_pages": False,
    "has_discussions": False,
}
"""The same for all; the API's description calls them required."""


def _names(repository: Json) -> Json:
    full_name, changed = repository["full_name"], repository["pushed_at"] or repository["created_at"]
    owner, _, name = full_name.partition("/")
    return {
        "id": repository["id"],
        "node_id": f"R_sandbox{repository['id']}",
        "name": name,
        "full_name": full_name,
        "owner": {"login": owner, "id": int(sha(owner)[:6], 16), "type": "User", "site_admin": False},
        "html_url": f"https://github.com/{full_name}",
        "url": f"{API}/repos/{full_name}",
        "clone_url": f"https://github.com/{full_name}.git",
        "description": repository["description"],
        "homepage": repository["homepage"],
        "fork": repository["fork_of"] is not None,
        "created_at": repository["created_at"],
        "updated_at": changed,
        "pushed_at": repository["pushed_at"],
        "default_branch": repository["default_branch"] or "main",
    }


def _counts(repository: Json) -> Json:
    stars, forks = repository["stars"], repository["forks"]
    issues = repository["open_issues"] + repository["open_pulls"]
    return {
        "size": repository["size"],
        "stargazers_count": stars,
        "watchers_count": stars,
        "watchers": stars,
        "forks_count": forks,
        "forks": forks,
        "network_count": forks,
        "subscribers_count": repository["watchers"],
        "open_issues_count": issues,
        "open_issues": issues,
        "language": repository["language"],
        "license": license_of(repository),
        "topics": repository["topics"],
        "archived": repository["archived"],
        "disabled": repository["disabled"],
    }


def commit(repository: Json, oid: str = "", date: str = "") -> Json:
    """One item of `GET /repos/{owner}/{repo}/commits`; the newest unless another one is named."""
    date = date or repository["last_commit_at"]
    oid = oid or sha(repository["id"], date)
    person = {"name": "Sandbox", "email": "sandbox@sandbox.test", "date": date}
    return {
        "sha": oid,
        "url": f"{API}/repos/{repository['full_name']}/commits/{oid}",
        "html_url": f"https://github.com/{repository['full_name']}/commit/{oid}",
        "commit": {"author": person, "committer": person, "message": "Made up for the sandbox"},
        "parents": [],
    }


def release_of(repository: Json, tag: str) -> Json | None:
    """The release of a tag: the latest one, or one of those before it."""
    every = [repository["release"], *repository["releases"]]
    return next((one for one in every if one and one["tag"] == tag), None)


def text_of(repository: Json, path: str) -> str:
    """A file's content: its own, if it has one, the README's, or one line."""
    if path in repository["files"]:
        return str(repository["files"][path])
    if path.lower().startswith("readme"):
        return str(repository["readme"])
    return "# This file was made up for the sandbox.\n"
