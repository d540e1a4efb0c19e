"""GitHub's bodies -> records. Pure, and tolerant: a value of the wrong type is unknown, never 0, "" or 1970.

A key that is absent is unknown; a key with None is known to be empty (no licence, no release, no commits).
Shapes: `GET /repos/{owner}/{repo}` and its neighbours of GitHub's REST description, and the fields that
`graphql.FIELDS` asks for. The descriptions are not to be relied on (required keys are missing from
GitHub's own example), so nothing here is validated against them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from scraper.model import Record
from scraper.records import clean
from scraper.sites.github.completeness import Files, Readme
from scraper.sites.values import parse_json

_LARGEST = 2**63 - 1
"""What SQLite's and pandas' integers hold."""


class _Unknown:
    """What a getter gives for a value that is missing or of the wrong type."""


UNKNOWN = _Unknown()


def message(body: bytes) -> str:
    """GitHub's `message` in an error body, in one line of at most 200 characters; empty when it has none."""
    value = parse_json(body)
    text = value.get("message") if isinstance(value, dict) else None
    return " ".join(clean(text).split())[:200] if isinstance(text, str) else ""


def repository(body: Any) -> Record:
    """Record of a REST repository; empty when the body is not one (no `owner/name` in `full_name`).

    `open_issues` is REST's `open_issues_count`, which counts pull requests too: it does not tell them apart.
    `watchers` is `subscribers_count`; REST's `watchers*` are other names for the stars.
    """
    if not is_name(get(body, "full_name")):
        return {}
    parent = {"fork_of": _name(get(body, "parent", "full_name"))} if get(body, "fork") is True else {}
    return _known(
        full_name=body["full_name"],
        repository_id=_count(get(body, "id")),
        stars=_count(get(body, "stargazers_count")),
        forks=_count(get(body, "forks_count")),
        watchers=_count(get(body, "subscribers_count")),
        open_issues=_count(get(body, "open_issues_count")),
        archived=_flag(get(body, "archived")),
        disabled=_flag(get(body, "disabled")),
        language=_text(get(body, "language")),
        topics=_words(get(body, "topics")),
        description=_text(get(body, "description")),
        homepage=_text(get(body, "homepage")),
        created_at=time(get(body, "created_at")),
        pushed_at=time(get(body, "pushed_at")),
        default_branch=_text(get(body, "default_branch")),
        size=_count(get(body, "size")),
        **(parent or _unless_fork(get(body, "fork"))),
        **license_of(get(body, "license"), "spdx_id"),
    )


def node(fields: Any) -> Record:
    """Record of a GraphQL repository (`graphql.FIELDS`); empty when it is not one."""
    if not is_name(get(fields, "nameWithOwner")):
        return {}
    parent = {"fork_of": _name(get(fields, "parent", "nameWithOwner"))}
    branch = get(fields, "defaultBranchRef")
    return _known(
        full_name=fields["nameWithOwner"],
        repository_id=_count(get(fields, "databaseId")),
        stars=_count(get(fields, "stargazerCount")),
        forks=_count(get(fields, "forkCount")),
        watchers=_count(get(fields, "watchers", "totalCount")),
        open_issues=_count(get(fields, "openIssues", "totalCount")),
        archived=_flag(get(fields, "isArchived")),
        archived_since=_of(fields, "archivedAt", time),
        disabled=_flag(get(fields, "isDisabled")),
        language=_of(fields, "primaryLanguage", lambda value: _text(get(value, "name"))),
        topics=_topics(get(fields, "repositoryTopics", "nodes")),
        description=_text(get(fields, "description")),
        homepage=_text(get(fields, "homepageUrl")),
        created_at=time(get(fields, "createdAt")),
        pushed_at=time(get(fields, "pushedAt")),
        last_commit_at=_of(branch, "target", lambda value: time(get(value, "committedDate"))),
        latest_release=_of(fields, "latestRelease", lambda value: _text(get(value, "tagName"))),
        default_branch=_of(branch, "name", _text),
        size=_count(get(fields, "diskUsage")),
        **(parent if get(fields, "isFork") is True else _unless_fork(get(fields, "isFork"))),
        **license_of(get(fields, "licenseInfo"), "spdxId"),
    )


def is_private(body: Any) -> bool:
    """Whether only the token sees it (REST `private`, GraphQL `isPrivate`)."""
    return get(body, "private") is True or get(body, "isPrivate") is True


def last_commit(body: Any) -> Record:
    """`last_commit_at` of `GET /commits?per_page=1`: the committer's date, as GraphQL's `committedDate`."""
    if body == []:
        return {"last_commit_at": None}
    first = body[0] if isinstance(body, list) else None
    return _known(last_commit_at=time(get(first, "commit", "committer", "date")))


def latest_release(body: Any) -> Record:
    """`latest_release` of `GET /releases/latest`."""
    return _known(latest_release=_text(get(body, "tag_name")))


_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*(?: (?:AND|OR|WITH) [A-Za-z0-9][A-Za-z0-9.+-]*)*")
_NO_ID = frozenset({"NOASSERTION", "NONE", "OTHER"})
"""What GitHub writes for a licence file that it cannot name."""


def license_of(value: Any, key: str) -> Record:
    """The three states: `spdx` with its id, `unrecognised` (a file that GitHub cannot name), `none`."""
    if value is None:
        return {"license_state": "none", "license_spdx": None}
    if not isinstance(value, Mapping):
        return {}
    spdx = value.get(key)
    if isinstance(spdx, str) and spdx.upper() not in _NO_ID and _SPDX.fullmatch(spdx):
        return {"license_state": "spdx", "license_spdx": spdx}
    return {"license_state": "unrecognised", "license_spdx": None}


def rest_files(body: Any) -> Files | None:
    """The files of `GET /git/trees/BRANCH?recursive=1`; None when it is not a tree.

    `truncated: true` (over 100 000 entries or 7 MB): what is not listed may still be there.
    """
    entries = get(body, "tree")
    if not isinstance(entries, list):
        return None
    paths = (_path("", entry, get(entry, "path")) for entry in entries)
    whole = get(body, "truncated") is False
    return Files(tuple(path for path in paths if path), top=whole, whole=whole)


def graphql_files(fields: Any) -> Files | None:
    """The files of the top three levels; None when GitHub gave none.

    Whole when no folder that was not opened may hide what a reader would look for.
    """
    entries = get(fields, "files", "entries")
    if not isinstance(entries, list):
        empty = get(fields, "isEmpty") is True and get(fields, "files") is None
        return Files((), top=True, whole=True) if empty else None
    paths: list[str] = []
    closed: list[str] = []
    _walk("", entries, paths, closed)
    whole = not any(_may_hide_code(folder) for folder in closed)
    return Files(tuple(paths), top=all(folder.count("/") > 1 for folder in closed), whole=whole)


def _walk(folder: str, entries: list[Any], paths: list[str], closed: list[str]) -> None:
    """Collect the paths below a folder, and the folders whose content was not given."""
    for entry in entries:
        path = _path(folder, entry, get(entry, "name"))
        if not path:
            continue
        paths.append(path)
        inner = get(entry, "object", "entries")
        if isinstance(inner, list):
            _walk(path, inner, paths, closed)
        elif path.endswith("/"):
            closed.append(path)


_QUIET = re.compile(
    r"(^|/)(\.[^/]*|docs?|data|datasets?|figures?|figs?|images?|imgs?|assets|paper|results|logs?|static)/"
)


def _may_hide_code(folder: str) -> bool:
    return not _QUIET.search(folder.lower())


def graphql_readme(fields: Any, aliases: Iterable[str], files: Files | None) -> Readme | None:
    """The first README that GitHub gave under the names that were asked; empty when there surely is none."""
    for alias in aliases:
        text = get(fields, alias, "text")
        if isinstance(text, str):
            return Readme(clean(text), whole=get(fields, alias, "isTruncated") is False)
    return no_readme(files)


def no_readme(files: Files | None) -> Readme | None:
    """An empty README when the file list is known and has none at its top; None when that is unknown."""
    if files is None or not files.top or any(re.match(r"readme(\.|$)", path.lower()) for path in files.paths):
        return None
    return Readme("", whole=True)


def rest_readme(body: Any) -> Readme | None:
    """The text of `GET /readme` (base64); None when it is not one. Over 1 MB GitHub sends no content."""
    content = get(body, "content")
    if get(body, "encoding") != "base64" or not isinstance(content, str):
        return None
    try:
        return Readme(clean(base64.b64decode(content).decode("utf-8", "replace")), whole=True)
    except (binascii.Error, ValueError):
        return None


def get(value: Any, *path: str) -> Any:
    """What lies at the path of keys; `UNKNOWN` when the way ends early."""
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return UNKNOWN
        value = value[key]
    return value


def time(value: Any) -> Any:
    """ISO 8601 in UTC with `Z`, to the second; None stays None (an empty repository was never pushed to)."""
    if value is None:
        return None
    if not isinstance(value, str) or "T" not in value:
        return UNKNOWN
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return UNKNOWN
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def is_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", value, re.ASCII) is not None


def _known(**values: Any) -> Record:
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def _count(value: Any) -> Any:
    """A whole number from 0; `"12"`, -1, 1.5, `true` and 10 to the 400th are not counts."""
    return value if type(value) is int and 0 <= value <= _LARGEST else UNKNOWN


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else UNKNOWN


def _name(value: Any) -> Any:
    return value if is_name(value) else UNKNOWN


def _text(value: Any) -> Any:
    """Text; null and blanks (GitHub sends both for a homepage that is not set) are None."""
    if value is None:
        return None
    return clean(value).strip() or None if isinstance(value, str) else UNKNOWN


def _words(value: Any) -> Any:
    """Topics have no order of their own: sorted, so that REST and GraphQL give the same cell."""
    if not isinstance(value, list):
        return UNKNOWN
    return sorted({clean(word) for word in value if isinstance(word, str) and word})


def _topics(nodes: Any) -> Any:
    return _words([get(each, "topic", "name") for each in nodes] if isinstance(nodes, list) else nodes)


def _of(value: Any, key: str, read: Callable[[Any], Any]) -> Any:
    """`read` of what lies under the key; None where it, or what it would lie in, is known to be empty."""
    inner = None if value is None else get(value, key)
    return None if inner is None else read(inner)


def _unless_fork(value: Any) -> Record:
    return {"fork_of": None} if value is False else {}


def _path(folder: str, entry: Any, name: Any) -> str:
    """A path of the tree, folders with `/` at the end; a submodule (`commit`) counts as neither."""
    kind = get(entry, "type")
    if not isinstance(name, str) or not name or kind not in ("blob", "tree"):
        return ""
    return f"{folder}{name}/" if kind == "tree" else f"{folder}{name}"
