"""Where a repository lives: a host, and its path there."""

from __future__ import annotations

from typing import NamedTuple


class Home(NamedTuple):
    """A repository, or a group of them, on a host."""

    host: str
    path: str
    """`owner/name`, `group/sub-group/name`."""
