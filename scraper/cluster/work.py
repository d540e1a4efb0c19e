"""A shard under way, as the coordinator sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.cluster.shards import ARCHIVE, family


class Left(NamedTuple):
    """What is left of a key: so many targets, behind this one."""

    targets: int
    after: str = ""


@dataclass(slots=True)
class Work:
    """A shard under way."""

    number: int
    keys: list[str]
    wishes: bool = False
    """It only asks the archive, for outcomes that wait."""
    rows: int = 0
    """Rows that came home."""
    parted: bool = False
    """Its last parcel is home."""
    strikes: int = 0
    rest: dict[str, Left] = field(default_factory=dict)
    """What of its keys is for the next portion."""

    @property
    def asks_archive(self) -> bool:
        return self.wishes or any(family(key) == ARCHIVE for key in self.keys)
