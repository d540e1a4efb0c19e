"""Deep links into a repository: what the steps behind `owner/name` name. Pure, on strings alone.

    blob/master/train.py   tree/dev/src   commit/0123abc   issues/7   pull/7   discussions/7
    releases/tag/v1   releases/download/v1/x.zip   archive/v1.zip   wiki/Page   milestone/3   compare/v1...v2

A branch may have slashes in its name, and the address does not say where it ends: `readings` gives every way
to read it. Everything else there (`issues`, `actions`, `stargazers`, …) shows the repository itself, but for
some pages with a fate of their own (`actions/workflows/ci.yml`, `projects/2`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

from scraper.verdicts.patterns import lazily

KINDS = (
    "file",
    "folder",
    "branch",
    "commit",
    "issue",
    "pull",
    "discussion",
    "release",
    "asset",
    "wiki",
    "comparison",
    "milestone",
    "page",
)

_FILES = {"blob": "blob", "raw": "blob", "blame": "blob", "edit": "blob"}
_FOLDERS = {"tree": "tree", "commits": "commits"}
_NUMBERED = {"issues": "issue", "pull": "pull", "discussions": "discussion", "milestone": "milestone"}
_COMPARED = lazily(r"(?:(?P<base>[^:@{}]+?)\.{2,3})?(?P<head>[^:@{}.][^:@{}]*?)(?:\.(?:diff|patch))?")
"""Revisions of the repository itself: forks (`user:branch`) and times (`main@{1day}`) are not looked up."""
_PAGES = lazily(
    r"actions/(?:workflows/[^/]+|runs/\d+)|projects/\d+|security/advisories/GHSA(?:-\w{4}){3}"
    r"|pkgs/[a-z]+/[^/]+|packages/\d+|deployments/[^/]+|discussions/categories/[^/]+"
)
"""Pages with a fate of their own, of which only they themselves tell."""
_ENDING = lazily(r"\.(?:zip|tar\.gz)\Z")
_REF = lazily(r"\Arefs/(?:heads|tags)/")
OLD_DEFAULTS = frozenset(("master", "main", "trunk", "mainline", "develop", "dev", "default"))
"""Names that default branches have, and lose: what was linked on one of them is looked for on the new one."""
_MOST_STEPS = 5
"""Slashes that a branch name may have and still be found."""
_ONE_STEP = lazily(r"master|main|HEAD|trunk|develop|gh-pages|[0-9a-f]{7,40}|v?\d+(?:\.\d+)+[\w.-]*")
"""First steps that are a whole revision: git lets no `master/x` stand beside `master`."""


class Reading(NamedTuple):
    """One way to read `revision/path`."""

    revision: str
    path: str


@dataclass(frozen=True, slots=True)
class DeepLink:
    """A part of a repository, as its address names it."""

    kind: str
    readings: tuple[Reading, ...] = ()
    """Of a file, folder, branch or source archive: the longest path first, as most names have no slash. Of a
    comparison: both revisions."""
    number: int = 0
    tag: str = ""
    """Of a release or one of its files; empty: the latest."""
    name: str = ""
    """Of a release's file, or of a wiki's page."""


def canonical(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps that identify the part; empty when they name none, but show the repository itself."""
    found = _canonical([_spelled(step) for step in steps if step])
    return found if all(_is_plain(step) for step in found) else ()


def _spelled(step: str) -> str:
    """One spelling of what an address may have raw or escaped: blanks and letters beyond ASCII."""
    if step.isascii() and "%" not in step and " " not in step:
        return step
    raw = re.sub(r"[ \x80-\U0010ffff]+", lambda found: quote(found[0]), step)
    return re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), raw)


def _is_plain(step: str) -> bool:
    return (
        step not in {".", ".."}
        and re.search(r"[\s\\\x00-\x1f\x7f-\x9f]", step) is None
        and step.isprintable()
    )


def _canonical(steps: list[str]) -> tuple[str, ...]:
    first, rest = (steps[0], steps[1:]) if steps else ("", [])
    if first in _FILES and len(rest) >= 2:
        return (_FILES[first], *rest)
    if first in _FILES or first in _FOLDERS:
        return (_FOLDERS.get(first, "tree"), *rest) if rest else ()
    if first == "commit" and rest:
        return ("commit", re.sub(r"\.(?:patch|diff)$", "", rest[0]))
    if first in _NUMBERED and rest and re.fullmatch(r"[1-9][0-9]{0,8}", rest[0]):
        return (first, rest[0])
    if first == "releases":
        return _release(rest)
    if match := _PAGES.match("/".join(steps)):
        return tuple(match[0].split("/"))
    if first == "compare" and rest:
        return (first, *rest) if _COMPARED.fullmatch("/".join(rest)) else ()
    if first in ("archive", "zipball", "tarball") and rest:
        return ("archive", *rest)
    return ("wiki", *rest) if first == "wiki" and rest and not rest[0].startswith("_") else ()


def _release(rest: list[str]) -> tuple[str, ...]:
    if rest == ["latest"] or (rest[:1] == ["tag"] and len(rest) > 1):
        return ("releases", *rest)
    if (rest[:1] == ["download"] and len(rest) > 2) or (rest[:2] == ["latest", "download"] and len(rest) > 2):
        return ("releases", *rest)
    return ()


_OTHERS = {
    "blob": "file",
    "commit": "commit",
    "archive": "asset",
    "wiki": "wiki",
    "compare": "comparison",
}


def kind_of(steps: Sequence[str]) -> str:
    """The kind of the part that canonical steps name."""
    first = steps[0]
    if _PAGES.fullmatch("/".join(steps)):
        return "page"
    if first in _NUMBERED:
        return _NUMBERED[first]
    if first in ("tree", "commits"):
        # `tree/a/b` may be a branch as well: what it is shows when it is looked up.
        return "branch" if len(steps) == 2 or tuple(steps[1:3]) == ("refs", "heads") else "folder"
    if first == "releases":
        downloaded = steps[1] == "download" or tuple(steps[1:3]) == ("latest", "download")
        return "asset" if downloaded else "release"
    return _OTHERS[first]


def parse(identifier: str) -> DeepLink | None:
    """The part in `owner/name/blob/master/train.py`, the `id` of its target."""
    steps = canonical(identifier.split("/")[2:])
    if not steps:
        return None
    kind, rest = kind_of(steps), [unquote(step) for step in steps[1:]]
    if steps[0] in ("blob", "tree", "commits"):
        return DeepLink(kind, readings(rest, whole=steps[0] != "blob"))
    if steps[0] == "commit":
        return DeepLink(kind, (Reading(rest[0], ""),))
    if steps[0] == "archive":
        return DeepLink(kind, (Reading(_REF.sub("", _ENDING.sub("", "/".join(rest))), ""),))
    if kind == "page":
        return DeepLink(kind)
    if steps[0] == "compare":
        return DeepLink(kind, _compared("/".join(rest)))
    if steps[0] in _NUMBERED:
        return DeepLink(kind, number=int(rest[0]))
    if steps[0] == "wiki":
        return DeepLink(kind, name="/".join(rest))
    if kind == "release":
        return DeepLink(kind, tag="/".join(rest[1:]))
    return DeepLink(kind, tag="" if rest[0] == "latest" else "/".join(rest[1:-1]), name=rest[-1])


def _compared(written: str) -> tuple[Reading, ...]:
    """The two revisions; where one is named alone it is compared with the default branch."""
    match = _COMPARED.fullmatch(written)
    return (Reading(match["base"] or "HEAD", ""), Reading(match["head"], "")) if match else ()


def readings(steps: Sequence[str], *, whole: bool) -> tuple[Reading, ...]:
    """Every way to cut the steps into revision and path; `whole`: all of them may be the revision."""
    if tuple(steps[:2]) in (("refs", "heads"), ("refs", "tags")):
        steps = steps[2:]
    last = len(steps) if whole else len(steps) - 1
    most = 1 if steps and _ONE_STEP.fullmatch(steps[0]) else _MOST_STEPS + 1
    cuts = range(1, min(last, most) + 1)
    return tuple(Reading("/".join(steps[:cut]), "/".join(steps[cut:])) for cut in cuts)
