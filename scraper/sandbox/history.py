"""A repository's branches, tags and commits, as git would have them. Pure.

`tree` is what the default branch has now. `history` tells what the newest commits did, the newest first:
`{"date": "2021-01-01T00:00:00Z", "files": [{"filename": "old.py", "status": "removed"}]}`, in the shape of
GitHub's `files`; before them stands one commit that brought everything else. `branches` are others than the
default one, by name, each with the list of its files; `tags` and every commit can be asked for as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scraper.sandbox.repository import sha

Json = dict[str, Any]


class Commit(NamedTuple):
    sha: str
    date: str
    files: list[Json]
    tree: frozenset[str]
    """All files after it."""
    parent: str
    """Empty for the first."""

    def touches(self, path: str) -> bool:
        named = {
            name for file in self.files for name in (file["filename"], file.get("previous_filename", ""))
        }
        return any(name == path or name.startswith(f"{path}/") for name in named)


def commits(repository: Json) -> list[Commit]:
    """All commits of the default branch, the newest first."""
    if repository["default_branch"] is None:
        return []
    found, tree = [], set(repository["tree"])
    changes = [*repository["history"], {"date": repository["last_commit_at"], "files": None}]
    names = [
        sha(repository["id"], change["date"], *([number] if number else []))
        for number, change in enumerate(changes)
    ]
    for number, change in enumerate(changes):
        files = change["files"]
        if files is None:
            files = [{"filename": path, "status": "added"} for path in sorted(tree)]
        parent = names[number + 1] if number + 1 < len(names) else ""
        found.append(Commit(names[number], change["date"], files, frozenset(tree), parent))
        _undo(tree, files)
    return found


def _name(repository: Json, number: int, date: str) -> str:
    """The newest one has the name that `repository.commit` gives it."""
    return sha(repository["id"], date, number) if number else sha(repository["id"], date)


def _undo(tree: set[str], files: list[Json]) -> None:
    for file in files:
        if file["status"] in ("added", "renamed"):
            tree.discard(file["filename"])
        if file["status"] == "removed":
            tree.add(file["filename"])
        if file["status"] == "renamed":
            tree.add(file["previous_filename"])


def resolve(repository: Json, revision: str) -> Commit | None:
    """The commit that a branch, a tag or the beginning of a hash names."""
    every = commits(repository)
    for prefix in ("refs/heads/", "refs/tags/"):
        revision = revision.removeprefix(prefix)
    if revision in {"HEAD", repository["default_branch"], *repository["tags"]}:
        return every[0] if every else None
    if revision in repository["branches"]:
        tree = frozenset(repository["branches"][revision])
        return Commit(sha(repository["id"], revision), repository["last_commit_at"], [], tree, "")
    long_enough = len(revision) >= 4
    return next((one for one in every if long_enough and one.sha.startswith(revision)), None)


def branches(repository: Json) -> set[str]:
    return {repository["default_branch"], *repository["branches"]} - {None}


def paths(tree: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Every path of the files and the folders they are in, with its type, folders before what is in them."""
    seen: set[str] = set()
    for path in sorted(tree):
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in seen:
                seen.add(folder)
                yield folder, "tree"
        yield path, "blob"
