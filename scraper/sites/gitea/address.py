"""What an address of Codeberg, or another Gitea or Forgejo, names: an owner, a repository, a part of one."""

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
        codeberg.org gitea.com code.forgejo.org opendev.org git.disroot.org demo.gitea.com git.fsfe.org
        gitea.osgeo.org git.osgeo.org
        """
    )
)
"""Codeberg, and those of others of which it is known; a host's name alone does not prove a Gitea."""

_RESERVED = frozenset(
    str.split(
        """
        - .well-known admin api assets attachments avatar avatars captcha explore user users org orgs repo
        login metrics milestones notifications issues pulls robots.txt swagger swagger.v1.json sitemap.xml v2
        about
        """
    )
)
_STEP = lazily(r"[A-Za-z0-9_.-]+")
_VIEWS = frozenset(("src", "raw", "media", "blame", "render"))
_KINDS = {"issues": "issue", "pulls": "pull", "commit": "commit", "wiki": "wiki", "archive": "asset"}
_REVISIONS = frozenset(("branch", "tag", "commit"))


def recognise(address: Parts, archived_at: str) -> Target | None:
    host = address.host.removeprefix("www.")
    steps = [step for step in address.path.split("/") if step]
    if host not in HOSTS or not steps or steps[0].lower() in _RESERVED:
        return None
    path = steps[:2]
    path[-1] = re.sub(r"\.git$", "", path[-1])
    if not all(_STEP.fullmatch(step) and step not in {".", ".."} for step in path):
        return None
    below = _canonical(steps[2:])
    home, inside = "/".join([host, *path]), "".join(f"/{step}" for step in below)
    kind = _kind(below) if below else "repository" if len(path) == 2 else "owner"
    return Target(
        f"gitea:{home.lower()}{inside}",
        "gitea",
        kind,
        f"{home}{inside}",
        f"https://{home}{inside}",
        archived_at,
    )


def _canonical(steps: list[str]) -> tuple[str, ...]:
    """The steps that identify a part; none when they show the repository itself."""
    if not all(re.fullmatch(r"[^\s\\]+", step) and step.isprintable() and step != ".." for step in steps):
        return ()
    first, rest = (steps[0], steps[1:]) if steps else ("", [])
    if first in _VIEWS and len(rest) > 1 and rest[0] in _REVISIONS:
        return ("src", *rest)
    if first == "commit" and rest:
        return (first, re.sub(r"\.(?:patch|diff)$", "", rest[0]))
    if first in ("issues", "pulls"):
        return (first, rest[0]) if rest and rest[0].isdecimal() else ()
    if first == "releases" and len(rest) > {"tag": 1, "download": 2}.get("".join(rest[:1]), len(rest)):
        return (first, *rest)
    return (first, *rest) if first in ("wiki", "archive") and rest else ()


def _kind(steps: tuple[str, ...]) -> str:
    if steps[0] == "src":
        return "branch" if len(steps) == 3 else "file"
    if steps[0] == "releases":
        return "release" if steps[1] == "tag" else "asset"
    return _KINDS[steps[0]]


def home_of(identifier: str) -> Home:
    host, *path = identifier.split("/")[:3]
    return Home(host, "/".join(path))


def link_of(identifier: str) -> DeepLink | None:
    steps = tuple(identifier.split("/")[3:])
    if not steps:
        return None
    kind, rest = _kind(steps), [unquote(step) for step in steps[1:]]
    if steps[0] == "src":
        return DeepLink(kind, readings(rest[1:], whole=kind == "branch"))
    if steps[0] in ("commit", "archive"):
        return DeepLink(kind, (Reading(re.sub(r"\.(?:zip|tar\.gz|bundle)$", "", "/".join(rest)), ""),))
    if kind in ("issue", "pull"):
        return DeepLink(kind, number=int(rest[0]))
    if kind == "wiki":
        return DeepLink(kind, name="/".join(rest))
    if kind == "release":
        return DeepLink(kind, tag="/".join(rest[1:]))
    return DeepLink(kind, tag="/".join(rest[1:-1]), name=rest[-1])


def repository_of(target: Target) -> Target | None:
    home = "/".join(target.id.split("/")[:3])
    if home == target.id:
        return None
    return Target(f"gitea:{home.lower()}", "gitea", "repository", home, f"https://{home}")
