"""A file that is gone: which commit removed it, where it moved, and the permalink that still works. Pure.

    GET commits?path=train.py&per_page=1    the newest commit that touched it: the one that removed it
    GET commits/SHA                         what else that commit did: perhaps it renamed the file

Before that commit the file was there, so the parent's permalink shows it for as long as the repository is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from scraper.sites.github.records import get
from scraper.sites.values import date_time, items, mapping


class Removal(NamedTuple):
    """The newest commit that touched a path."""

    commit: str
    parent: str
    """Empty for the first commit of all."""
    day: str
    """`2020-02-07`, as its committer's clock had it."""

    @property
    def told(self) -> str:
        return f"commit {self.commit[:7]}" + (f" of {self.day}" if self.day else "")


class Fate(NamedTuple):
    """What the commit did to the path."""

    kind: Literal["there", "moved", "removed"]
    path: str = ""
    """Where it moved."""


_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def history_path(full_name: str, path: str, revision: str) -> str:
    """Path and query of the request for the newest commit that touched a path."""
    since = f"&sha={quote(revision, safe='')}" if revision else ""
    return f"/repos/{quote(full_name)}/commits?path={quote(path, safe='')}&per_page=1{since}"


def commit_path(full_name: str, commit: str) -> str:
    return f"/repos/{quote(full_name)}/commits/{commit}"


def removal(body: Any) -> Removal | None:
    """The commit in the answer to `history_path`; None when no commit ever touched the path."""
    first = body[0] if isinstance(body, list) and body else None
    commit = get(first, "sha")
    if not isinstance(commit, str) or not _SHA.fullmatch(commit):
        return None
    parents = [get(parent, "sha") for parent in items(mapping(first).get("parents"))]
    parent = next((sha for sha in parents if isinstance(sha, str) and _SHA.fullmatch(sha)), "")
    moment = date_time(get(first, "commit", "committer", "date"))
    return Removal(commit, parent, moment[:10] if moment else "")


def fate(body: Any, path: str) -> Fate:
    """What the commit in the answer to `commit_path` did to a file or folder."""
    files = [file for file in items(get(body, "files")) if isinstance(file, dict)]
    for file in files:
        if file.get("filename") == path and file.get("status") != "removed":
            return Fate("there")
        if file.get("previous_filename") == path and file.get("status") == "renamed":
            return Fate("moved", str(file.get("filename")))
    return _fate_of_folder(files, f"{path}/")


def _fate_of_folder(files: Sequence[Mapping[str, Any]], folder: str) -> Fate:
    """A folder moved when every file that was renamed out of it kept its place below one new folder."""
    moved: set[str] = set()
    for file in files:
        name, before = str(file.get("filename")), str(file.get("previous_filename"))
        if name.startswith(folder) and file.get("status") != "removed":
            return Fate("there")
        if before.startswith(folder) and file.get("status") == "renamed":
            below = before[len(folder) :]
            moved.add(name[: -len(below)].rstrip("/") if name.endswith(f"/{below}") else "")
    found = moved.pop() if len(moved) == 1 else ""
    return Fate("moved", found) if found else Fate("removed")
