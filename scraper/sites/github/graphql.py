"""Fifty repositories in one GraphQL query, and what its answer says of each. Pure.

Aliases, not `search`: search silently drops what was renamed or is missing. GitHub answers 200 to most
errors, with partial data and a list of errors by path; an alias that is null without a NOT_FOUND of its own
path is unknown, never dead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from scraper.model import Answer
from scraper.sites.github import lookups
from scraper.sites.github.lookups import Asked
from scraper.sites.values import items, mapping, one_line, parse_json

BODY_LIMIT = 32 * 2**20

README_NAMES = {
    "readme": "README.md",
    "readmeLower": "readme.md",
    "readmeTitle": "Readme.md",
    "readmeRst": "README.rst",
    "readmePlain": "README",
    "readmeText": "README.txt",
}
"""Alias -> file: GraphQL has no field for "the README"; the usual names are asked, the most usual first."""

_READMES = "\n".join(
    f'  {alias}: object(expression: "HEAD:{name}") {{ ...Text }}' for alias, name in README_NAMES.items()
)
FIELDS = """
fragment Fields on Repository {
  databaseId nameWithOwner url description homepageUrl
  isPrivate isArchived archivedAt isDisabled isLocked lockReason isEmpty isFork
  parent { nameWithOwner }
  stargazerCount forkCount
  watchers { totalCount }
  openIssues: issues(states: OPEN) { totalCount }
  diskUsage createdAt pushedAt
  primaryLanguage { name }
  licenseInfo { key spdxId }
  repositoryTopics(first: 20) { nodes { topic { name } } }
  latestRelease { tagName }
  defaultBranchRef { name target { ... on Commit { committedDate } } }
  files: object(expression: "HEAD:") { ... on Tree { entries {
    name type object { ... on Tree { entries {
      name type object { ... on Tree { entries { name type } } }
    } } }
  } } }
READMES
}
fragment Text on Blob { text isTruncated }
""".replace("READMES", _READMES)
"""What is asked of each repository; the columns that it becomes are in `records.node`."""


GROUND = """
fragment Ground on Repository { nameWithOwner isPrivate defaultBranchRef { name } }"""
"""What parts are judged by besides what is looked up of them."""


def query(names: Sequence[str], shares: Sequence[Asked] = ()) -> dict[str, Any]:
    """The POST body for repositories `owner/name`, in order: `r0`, `r1`, … with the share of each."""
    shares = shares or [Asked()] * len(names)
    asked, variables = [], dict[str, str]()
    for n, (full_name, share) in enumerate(zip(names, shares, strict=True)):
        variables[f"o{n}"], _, variables[f"n{n}"] = full_name.partition("/")
        fields, more = lookups.selection(share.lookups, f"r{n}")
        variables |= more
        spread = ("...Fields" if share.whole else "") + (" ...Ground" if share.lookups else "")
        below = f"\n{fields}\n  " if fields else " "
        asked.append(
            f"  r{n}: repository(owner: $o{n}, name: $n{n}, followRenames: true) {{ {spread.strip()}{below}}}"
        )
    declared = ", ".join(f"${name}: String!" for name in variables)
    text = f"query Repositories({declared}) {{\n" + "\n".join(asked)
    text += "\n  rateLimit { cost remaining resetAt }\n}" + _fragments(shares)
    return {"query": text, "variables": variables}


def _fragments(shares: Sequence[Asked]) -> str:
    """GraphQL refuses a query with fragments that nothing uses."""
    every = [lookup for share in shares for lookup in share.lookups]
    whole = FIELDS if any(share.whole for share in shares) else ""
    return whole + (GROUND if every else "") + lookups.fragments(every)


def address(api: str) -> str:
    """The GraphQL address beside a REST base; Enterprise Server has `/api/v3` and `/api/graphql`."""
    base = api.rstrip("/")
    return base.removesuffix("/v3") + "/graphql" if base.endswith("/api/v3") else base + "/graphql"


Kind = Literal["found", "missing", "forbidden", "limited", "lost", "again", "unserved"]


class Word(NamedTuple):
    """What the answer says of one repository.

    found: its fields. missing: NOT_FOUND. forbidden: the token may not see it. limited: the points of the
    hour are spent. lost: neither given nor denied. again: the query was too much; fewer at once may do.
    unserved: what answered speaks no GraphQL.
    """

    kind: Kind
    fields: Mapping[str, Any]
    detail: str = ""
    denied: frozenset[str] = frozenset()
    """Of a repository that was found: the aliases within it that GitHub says do not exist."""


_PASSING = frozenset(("timeout", "connection_reset", "protocol_error"))
"""Failures by which a query that takes too long can end."""


def read(answer: Answer, count: int) -> list[Word]:
    """A word on each of the `count` repositories, in order."""
    body = parse_json(answer.body) if answer.status == 200 and not answer.truncated else None
    if not isinstance(body, dict) or not ("data" in body or "errors" in body):
        detail = answer.detail or answer.failure or f"HTTP {answer.status}, and no GraphQL answer"
        return [Word(_without_data(answer), {}, detail)] * count
    errors = [mapping(error) for error in items(body.get("errors"))]
    return [_word(f"r{number}", mapping(body.get("data")), errors) for number in range(count)]


def _without_data(answer: Answer) -> Kind:
    if answer.truncated or answer.failure in _PASSING or answer.status in (500, 502, 503, 504):
        return "again"
    if answer.status == 403:
        return "forbidden"
    return "lost" if answer.failure else "unserved"


_KINDS: dict[str, Kind] = {
    "NOT_FOUND": "missing",
    "FORBIDDEN": "forbidden",
    "INSUFFICIENT_SCOPES": "forbidden",
    "RATE_LIMITED": "limited",
    "RATE_LIMIT": "limited",
    "RESOURCE_LIMITS_EXCEEDED": "again",
    "MAX_NODE_LIMIT_EXCEEDED": "again",
}


def _word(alias: str, data: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> Word:
    fields = data.get(alias)
    own = [error for error in errors if items(error.get("path"))[:1] == [alias]]
    common = [error for error in errors if not items(error.get("path"))]
    too_much = next((error for error in common if _kind(error) == "again"), None)
    inside = {str(path[1]): _kind(error) for error in own if len(path := items(error.get("path"))) > 1}
    if isinstance(fields, dict) and not too_much and "again" not in inside.values():
        # A field that is null because of an error is unknown; only one that is null without is empty.
        denied = frozenset(name for name, kind in inside.items() if kind == "missing")
        return Word(
            "found", {name: value for name, value in fields.items() if name not in inside}, "", denied
        )
    for error in (*_of_the_alias_itself(own), *own, *common):
        kind = _kind(error)
        if kind == "missing" and len(items(error.get("path"))) != 1:
            kind = "lost"
        return Word(kind, {}, one_line(error.get("message")) or "")
    return Word("lost", {}, "null without a reason")


def _of_the_alias_itself(errors: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (error for error in errors if len(items(error.get("path"))) == 1)


def _kind(error: Mapping[str, Any]) -> Kind:
    """The kind by `type`, or by what GitHub writes where it gives none."""
    if (kind := _KINDS.get(str(error.get("type")))) is not None:
        return kind
    if (
        mapping(error.get("extensions")).get("code") == "graphql_rate_limit"
        or error.get("code") == "graphql_rate_limit"
    ):
        return "limited"
    text = str(error.get("message")).lower()
    return "again" if "something went wrong" in text or "timeout" in text else "lost"
