"""The repository that an address of GitHub names, or of a host that shows what is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from github_reserved_names import ALL

from scraper.addresses import Parts
from scraper.model import Target
from scraper.sites.github import viewers

RESERVED = frozenset(ALL) | frozenset(
    str.split(
        """
        agents articles assets copilot-spaces integrations models premium-support shop solutions spark
        """
    )
)
"""First path segments that github.com keeps for itself: the published list, and what it leaves out."""

_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SSH = re.compile(
    r"(?:ssh://)?(?:git@)?(?:www\.)?github\.com[:/](?P<owner>[^/\s]+)/(?P<name>[^/\s]+?)/?", re.IGNORECASE
)


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A repository by any of its pages, files or tools; an owner alone is a page."""
    steps = viewers.path(address)
    return place(steps, archived_at) if len(steps) >= 2 else None


def by_ssh(url: str, archived_at: str) -> Target | None:
    """`git@github.com:owner/name.git`."""
    match = _SSH.fullmatch(url)
    return place([match["owner"], match["name"]], archived_at) if match else None


def place(steps: Sequence[str], archived_at: str) -> Target | None:
    """The repository `owner/name`, whatever of it the further steps show."""
    owner, name = steps[0], re.sub(r"\.git$", "", steps[1], flags=re.IGNORECASE)
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or name in {".", ".."}:
        return None
    if owner.lower() in RESERVED:
        return None
    full_name = f"{owner}/{name}"
    # "Owner and name compare case-insensitively": the key is in lower case, the address as first written.
    key, url = f"github:{full_name.lower()}", f"https://github.com/{full_name}"
    return Target(key, "github", "repository", full_name, url, archived_at)
