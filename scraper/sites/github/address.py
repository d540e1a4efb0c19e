"""What an address names of GitHub: a repository, a part of it (a file, an issue, a release, …), or a gist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from github_reserved_names import ALL

from scraper.addresses import Parts, without_marks
from scraper.model import Target
from scraper.sites.github import viewers
from scraper.sites.github.deep_links import canonical, kind_of
from scraper.verdicts.patterns import lazily

RESERVED = frozenset(ALL) | frozenset(
    str.split(
        """
        agents articles assets copilot-spaces integrations models premium-support shop solutions spark
        """
    )
)
"""First path segments that github.com keeps for itself: the published list, and what it leaves out."""

_OWNER = lazily(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_NAME = lazily(r"[A-Za-z0-9._-]{1,100}")
_SSH = lazily(
    r"(?:ssh://)?(?:git@)?(?:www\.)?github\.com[:/](?P<owner>[^/\s]+)/(?P<name>[^/\s]+?)/?", re.IGNORECASE
)
_GIST = lazily(r"([0-9a-f]{20}|[0-9a-f]{32}|[0-9]{1,12})(?:\.(?:js|git|json|pibb))?", re.IGNORECASE)
_GIST_HOSTS = frozenset(("gist.github.com", "gist.githubusercontent.com"))


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A repository or a part of it by any of its pages, files or tools; an owner alone is a page."""
    if address.host in _GIST_HOSTS:
        return gist([step for step in address.path.split("/") if step], archived_at)
    steps = viewers.path(address)
    if steps[:1] == ["gist"] and address.host not in viewers.OWN:
        return gist(steps[1:], archived_at)
    return place(steps, archived_at) if len(steps) >= 2 else None


def by_ssh(url: str, archived_at: str) -> Target | None:
    """`git@github.com:owner/name.git`."""
    match = _SSH.fullmatch(url)
    return place([match["owner"], match["name"]], archived_at) if match else None


def place(steps: Sequence[str], archived_at: str) -> Target | None:
    """The repository `owner/name`, or the part of it that the further steps name."""
    owner, name = steps[0], _named(steps)
    name = name[:-4] if name[-4:].lower() == ".git" else name
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or name in {".", ".."}:
        return None
    if owner.lower() in RESERVED:
        return None
    full_name, inner = f"{owner}/{name}", canonical(steps[2:]) if len(steps) > 2 else ()
    # "Owner and name compare case-insensitively": the key is in lower case, the address as first written.
    # What is in a repository is told apart by case.
    below = "".join(f"/{step}" for step in inner)
    kind = kind_of(inner) if inner else "repository"
    identifier, url = f"{full_name}{below}", f"https://github.com/{full_name}{below}"
    return Target(f"github:{full_name.lower()}{below}", "github", kind, identifier, url, archived_at)


def _named(steps: Sequence[str]) -> str:
    """The name without what the sentence put behind the link; a single full stop may be its own."""
    name, shorter = steps[1], without_marks(steps[1])
    is_its_own = name == f"{shorter}." and not shorter.lower().endswith(".git")
    return name if len(steps) > 2 or is_its_own else shorter


def gist(steps: Sequence[str], archived_at: str) -> Target | None:
    """A gist by its number, whoever owns it and whichever file or revision of it is meant."""
    found = [(place, match[1].lower()) for place in (0, 1) if (match := _match(steps, place))]
    if not found:
        return None
    place, number = found[-1]
    owner = f"{steps[0]}/" if place == 1 and _OWNER.fullmatch(steps[0]) else ""
    url = f"https://gist.github.com/{owner}{number}"
    return Target(f"github:gist/{number}", "github", "gist", f"gist/{number}", url, archived_at)


def _match(steps: Sequence[str], place: int) -> re.Match[str] | None:
    return _GIST.fullmatch(steps[place]) if place < len(steps) else None


def repository_of(target: Target) -> Target | None:
    """The repository that the target is a part of; None for anything else."""
    steps = target.id.split("/")
    return place(steps[:2], "") if len(steps) > 2 else None
