"""Types of GitHub's GraphQL below `Repository`: git objects, refs, releases, issues, discussions."""

from __future__ import annotations

from typing import Any

from scraper.sandbox import graphql, history
from scraper.sandbox.repository import release_of, sha, text_of

Json = dict[str, Any]


def parts(repository: Json) -> Json:
    """What is looked up by name or number; numbers that do not exist are errors, names are null."""
    return {
        "hasWikiEnabled": bool(repository["wiki"]),
        "ref": lambda qualifiedName: _ref(repository, qualifiedName),
        "release": lambda tagName: _released(repository, tagName),
        "issueOrPullRequest": lambda number: _thread(repository, number),
        "discussion": lambda number: _discussion(repository, number),
        "milestone": lambda number: {"number": number} if number in repository["milestones"] else None,
    }


def _ref(repository: Json, name: str) -> Json | None:
    kind, _, short = name.removeprefix("refs/").partition("/")
    known = repository["tags"] if kind == "tags" else history.branches(repository)
    return {"__typename": "Ref", "name": short} if short in known else None


def _released(repository: Json, tag: str) -> Json | None:
    found = release_of(repository, tag)
    return found and release_node(repository, found)


def _thread(repository: Json, number: int) -> Json:
    url = f"https://github.com/{repository['full_name']}"
    if number in repository["issues"]:
        node = {"__typename": "Issue", "number": number, "url": f"{url}/issues/{number}"}
        return node | {"timelineItems": lambda **_: {"nodes": _conversions(repository, number)}}
    if number in repository["pulls"]:
        return {"__typename": "PullRequest", "number": number, "url": f"{url}/pull/{number}"}
    words = f"Could not resolve to an issue or pull request with the number of {number}."
    raise graphql.FieldError(words, "NOT_FOUND")


def _conversions(repository: Json, number: int) -> list[Json]:
    became = repository["converted"].get(str(number))
    if became is None:
        return []
    return [{"__typename": "ConvertedToDiscussionEvent", "discussion": _discussion(repository, became)}]


def _discussion(repository: Json, number: int) -> Json:
    if number not in repository["discussions"]:
        raise graphql.FieldError(
            f"Could not resolve to a Discussion with the number of {number}.", "NOT_FOUND"
        )
    url = f"https://github.com/{repository['full_name']}/discussions/{number}"
    return {"__typename": "Discussion", "number": number, "url": url}


def release_node(repository: Json, release: Json) -> Json:
    """The type `Release`."""

    def files(first: int = 100, name: str | None = None) -> Json:
        names = [one for one in release.get("assets", ()) if name in (None, one)]
        return {"totalCount": len(names), "nodes": [{"name": one} for one in names[:first]]}

    return {
        "__typename": "Release",
        "tagName": release["tag"],
        "name": release["name"],
        "publishedAt": release["published_at"],
        "createdAt": release["published_at"],
        "isPrerelease": release["prerelease"],
        "isDraft": False,
        "url": f"https://github.com/{repository['full_name']}/releases/tag/{release['tag']}",
        "releaseAssets": files,
    }


def _commit_node(repository: Json, commit: history.Commit) -> Json:
    return {
        "__typename": "Commit",
        "oid": commit.sha,
        "committedDate": commit.date,
        "authoredDate": commit.date,
        "messageHeadline": "Made up for the sandbox",
        "tree": lambda: git_object(repository, f"{commit.sha}:"),
        "history": lambda **_: {"totalCount": 1},
    }


def git_object(repository: Json, expression: str) -> Json | None:
    """What `REVISION:PATH` names: a Tree, a Blob, a Commit (no path), or nothing. Case matters."""
    revision, colon, path = expression.partition(":")
    commit = history.resolve(repository, revision)
    if commit is None:
        return None
    if not colon:
        return _commit_node(repository, commit)
    kinds = dict(history.paths(commit.tree)) | {"": "tree"}
    path = path.strip("/")
    if path not in kinds:
        return None
    if kinds[path] == "blob":
        return _blob(repository, path)
    inside = [one for one in kinds if one and one.rpartition("/")[0] == path]
    return {
        "__typename": "Tree",
        "oid": sha(repository["id"], path, "tree"),
        "entries": lambda: [_entry(repository, one, kinds[one], revision) for one in inside],
    }


def _entry(repository: Json, path: str, kind: str, revision: str) -> Json:
    name = path.rpartition("/")[2]
    return {
        "__typename": "TreeEntry",
        "name": name,
        "path": path,
        "type": kind,
        "mode": 0o40000 if kind == "tree" else 0o100644,
        "oid": sha(repository["id"], path, kind),
        "size": 0 if kind == "tree" else len(text_of(repository, path)),
        "extension": f".{name.rpartition('.')[2]}" if "." in name else "",
        "object": lambda: git_object(repository, f"{revision}:{path}"),
    }


def _blob(repository: Json, path: str) -> Json:
    text = text_of(repository, path)
    return {
        "__typename": "Blob",
        "oid": sha(repository["id"], path, "blob"),
        "text": text,
        "byteSize": len(text.encode()),
        "isBinary": False,
        "isTruncated": False,
    }
