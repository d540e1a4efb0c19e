"""What an address of a GitLab names: a group, a repository in groups and sub-groups, or a part of one."""

from __future__ import annotations

import re
from urllib.parse import unquote

from scraper.addresses import Parts
from scraper.model import Target
from scraper.sites.github.deep_links import DeepLink, Reading, readings
from scraper.sites.homes import Home
from scraper.verdicts.patterns import lazily

HOSTS = frozenset(
    str.split(
        """
        gitlab.com framagit.org gitlab.gnome.org gitlab.freedesktop.org invent.kde.org salsa.debian.org
        gitlab.kitware.com gitlab.inria.fr gitlab.cern.ch gitlab.ethz.ch gitlab.lrz.de gitlab.mpcdf.mpg.de
        git.rwth-aachen.de gitlab.eclipse.org gitlab.haskell.org gitlab.torproject.org code.videolan.org
        git.ligo.org jugit.fz-juelich.de gitlab.dkrz.de gitlab.onelab.info gitlab.wikimedia.org
        gitlab.idiap.ch
        gitlab.irit.fr gitlab.xiph.org gitlab.aicrowd.com gitlab.cs.washington.edu gitlab.opengeosys.org
        """
    )
)
"""gitlab.com, and those of others of which it is known; a host's name alone does not prove a GitLab."""

_RESERVED = frozenset(
    str.split(
        """
        - .well-known abuse_reports admin api assets autocomplete dashboard explore files groups health_check
        help import invites jwt login oauth profile projects public robots.txt s search sitemap snippets
        unsubscribes uploads users v2
        """
    )
)
_STEP = lazily(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*")
_OLD_ROUTES = frozenset(
    str.split("blob tree raw blame commit commits issues merge_requests tags releases wikis")
)
"""What stood right behind the repository's name before `/-/` did."""
_KINDS = {"issues": "issue", "work_items": "issue", "merge_requests": "pull", "tags": "release"}
_KINDS |= {"releases": "release", "wikis": "wiki", "commit": "commit", "archive": "asset"}
_FILES = frozenset(("blob", "raw", "blame"))


def recognise(address: Parts, archived_at: str) -> Target | None:
    if address.host.removeprefix("www.") not in HOSTS:
        return None
    steps = [step for step in address.path.split("/") if step]
    if steps[:1] == ["groups"]:
        steps = steps[1:]
    end = next((place for place, step in enumerate(steps) if _ends(steps, place)), len(steps))
    path, inner = steps[:end], [step for step in steps[end:] if step != "-"]
    if not path or path[0].lower() in _RESERVED or not all(_STEP.fullmatch(step) for step in path):
        return None
    path[-1] = re.sub(r"\.git$", "", path[-1])
    below = _canonical(inner) if len(path) > 1 else ()
    home = "/".join([address.host.removeprefix("www."), *path])
    inside = "/".join(["/-", *below]) if below else ""
    kind = _kind(below) if below else "repository" if len(path) > 1 else "group"
    return Target(
        f"gitlab:{home.lower()}{inside}",
        "gitlab",
        kind,
        f"{home}{inside}",
        f"https://{home}{inside}",
        archived_at,
    )


def _ends(steps: list[str], place: int) -> bool:
    return steps[place] == "-" or (place >= 2 and steps[place] in _OLD_ROUTES)


def _canonical(steps: list[str]) -> tuple[str, ...]:
    """The steps that identify a part; none when they show the repository itself."""
    if not all(re.fullmatch(r"[^\s\\]+", step) and step.isprintable() and step != ".." for step in steps):
        return ()
    first, rest = (steps[0], steps[1:]) if steps else ("", [])
    if first in _FILES and len(rest) > 1:
        return ("blob", *rest)
    if first in ("tree", *_FILES) and rest:
        return ("tree", *rest)
    if first in ("issues", "work_items", "merge_requests"):
        return (first, rest[0]) if rest and rest[0].isdecimal() else ()
    if first == "commit" and rest:
        return (first, rest[0])
    if first in ("tags", "releases") and rest and rest[0] != "permalink":
        return (first, rest[0])
    if first in ("wikis", "archive") and rest:
        return (first, *rest)
    return ()


def _kind(steps: tuple[str, ...]) -> str:
    if steps[0] == "tree":
        return "branch" if len(steps) == 2 else "folder"
    return "file" if steps[0] == "blob" else _KINDS[steps[0]]


def home_of(identifier: str) -> Home:
    host, _, path = identifier.partition("/-/")[0].partition("/")
    return Home(host, path)


def link_of(identifier: str) -> DeepLink | None:
    steps = tuple(filter(None, identifier.partition("/-/")[2].split("/")))
    if not steps:
        return None
    kind, rest = _kind(steps), [unquote(step) for step in steps[1:]]
    if steps[0] in ("blob", "tree"):
        return DeepLink(kind, readings(rest, whole=steps[0] == "tree"))
    if kind in ("commit", "asset"):
        return DeepLink(kind, (Reading("/".join(rest[:-1] or rest), ""),))
    if kind in ("issue", "pull"):
        return DeepLink(kind, number=int(rest[0]))
    return (
        DeepLink(kind, name="/".join(rest))
        if kind == "wiki"
        else DeepLink(kind, tag="/".join(rest), name=steps[0])
    )


def repository_of(target: Target) -> Target | None:
    home, _, inner = target.id.partition("/-/")
    if not inner:
        return None
    return Target(f"gitlab:{home.lower()}", "gitlab", "repository", home, f"https://{home}")
