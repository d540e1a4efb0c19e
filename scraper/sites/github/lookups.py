"""What a GraphQL query asks of a repository about its parts, and what the answer shows of each. Pure.

Everything is asked within the repository's own alias, so fifty repositories with all their parts are one
request: git objects by `revision:path`, branches and tags, issues, discussions, releases and their files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from scraper.sites.github.deep_links import OLD_DEFAULTS, DeepLink

Kind = Literal[
    "object", "text", "branch", "tag", "number", "discussion", "milestone", "release", "latest", "wiki"
]


class Lookup(NamedTuple):
    """One thing to look up in a repository."""

    kind: Kind
    name: str = ""
    """A git expression (`main:train.py`), the name of a branch or tag, or a number."""
    file: str = ""
    """The name of a release's file."""


class _Unknown:
    """What is seen of a lookup that was neither answered nor denied."""


UNKNOWN = _Unknown()

Seen = Mapping[Lookup, Any]
"""What was found: the fields of the thing, None for what is not there; a missing key is unknown."""

FRAGMENTS = """
fragment Place on GitObject { __typename oid }
fragment Content on Blob { isBinary isTruncated text }
fragment Thread on IssueOrPullRequest {
  __typename
  ... on Issue { number url timelineItems(itemTypes: [CONVERTED_TO_DISCUSSION_EVENT], last: 1) {
    nodes { ... on ConvertedToDiscussionEvent { discussion { number url } } }
  } }
  ... on PullRequest { number url }
}
"""
_FIELDS: dict[str, str] = {
    "object": "object(expression: ${v}) {{ ...Place }}",
    "text": "object(expression: ${v}) {{ ...Place ...Content }}",
    "branch": "ref(qualifiedName: ${v}) {{ name }}",
    "tag": "ref(qualifiedName: ${v}) {{ name }}",
    "number": "issueOrPullRequest(number: {n}) {{ ...Thread }}",
    "discussion": "discussion(number: {n}) {{ number url }}",
    "milestone": "milestone(number: {n}) {{ number }}",
    "release": "release(tagName: ${v}) {{ tagName {files} }}",
    "wiki": "hasWikiEnabled",
    "latest": "latestRelease {{ tagName {files} }}",
}
_RELEASE_FILES = "releaseAssets(first: 100, name: ${f}) {{ nodes {{ name }} }}"
_USED = {"Place": ("object", "text"), "Content": ("text",), "Thread": ("number",)}
"""GraphQL refuses fragments that are not used."""


def wanted(link: DeepLink, text: bool = False) -> list[Lookup]:
    """What to look up to tell whether the part is there and, if not, what became of it; `text`: its lines
    are to be counted."""
    if link.kind in ("issue", "pull", "discussion"):
        return [Lookup("number", str(link.number)), Lookup("discussion", str(link.number))]
    if link.kind == "milestone":
        return [Lookup("milestone", str(link.number))]
    if link.kind in ("wiki", "page"):  # Of a page nothing is known here, and something must be asked.
        return [Lookup("wiki")]
    if link.kind == "release" or (link.kind == "asset" and link.name):
        if not link.tag:
            return [Lookup("latest", "", link.name)]
        return [Lookup("release", link.tag, link.name), Lookup("tag", f"refs/tags/{link.tag}")]
    return list(dict.fromkeys(_git(link, text)))


def _git(link: DeepLink, text: bool) -> Iterable[Lookup]:
    for revision, path in link.readings:
        if path:
            yield Lookup("text" if text else "object", f"{revision}:{path}")
        if path and revision in OLD_DEFAULTS:
            yield Lookup("object", f"HEAD:{path}")
        yield Lookup("object", revision)
        if link.kind in ("branch", "asset", "comparison"):
            yield Lookup("branch", f"refs/heads/{revision}")


class Asked(NamedTuple):
    """One repository's share of a query."""

    whole: bool = True
    """Whether its own record is wanted; else only what its parts are judged by."""
    lookups: Sequence[Lookup] = ()


def selection(lookups: Sequence[Lookup], prefix: str) -> tuple[str, dict[str, str]]:
    """The fields `p0`, `p1`, … that look these up, and the variables, all of them strings, that they use."""
    fields: list[str] = []
    variables: dict[str, str] = {}
    for number, lookup in enumerate(lookups):
        value, file = f"{prefix}v{number}", f"{prefix}f{number}"
        files = _RELEASE_FILES.format(f=file) if lookup.file else ""
        # Names are variables: they are other people's text, and no query's.
        field = _FIELDS[lookup.kind].format(v=value, n=lookup.name, files=files)
        fields.append(f"    p{number}: {field}")
        variables |= {value: lookup.name} if f"${value}" in field else {}
        variables |= {file: lookup.file} if lookup.file else {}
    return "\n".join(fields), variables


def fragments(lookups: Iterable[Lookup]) -> str:
    """The fragments that the lookups use."""
    kinds = {lookup.kind for lookup in lookups}
    used = [name for name, by in _USED.items() if kinds.intersection(by)]
    return "".join(
        f"\nfragment {text}" for text in FRAGMENTS.split("\nfragment ") if text.split(" ")[0] in used
    )


def seen(lookups: Sequence[Lookup], fields: Mapping[str, Any], denied: Iterable[str]) -> Seen:
    """What the repository's fields, and the aliases that were denied (`NOT_FOUND`), show of each lookup."""
    refused = set(denied)
    found: dict[Lookup, Any] = {}
    for number, lookup in enumerate(lookups):
        alias = f"p{number}"
        if alias in refused:
            found[lookup] = None
        elif alias in fields and isinstance(fields[alias], Mapping | bool | None):
            # Null without an error of its own: what has no name here, and nothing more is said of it.
            found[lookup] = fields[alias]
    return found
