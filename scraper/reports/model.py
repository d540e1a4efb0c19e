"""What a report is rendered from: plain values, no network and no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from scraper.model import Change, Health, Problem
from scraper.reports.names import texts

Row = Mapping[str, Any]
"""A row of a table under the names of `columns`; dates are ISO 8601 text, lists are lists of text."""


@dataclass(frozen=True)
class Edition:
    """One article as one run left it."""

    name: str
    """Names the folder of the reports and, with `made_at`, the entries of the feed."""
    title: str
    source: str
    made_at: datetime
    """Start of the run, aware, UTC. Every age in the report is counted back from here."""
    version: str
    sandbox: bool
    """The answers came from the sandbox: the report says so loudly, everywhere."""
    links: Sequence[Row]
    papers: Sequence[Row]
    mentions: Sequence[Row]
    checks: Sequence[Row]
    """Of this run."""
    changes: Sequence[Change]
    """Against the snapshot before."""
    gone: Sequence[Row] = ()
    """The mentions, in the snapshot before, of the links that left the article."""
    compared: datetime | None = None
    """Start of the run that the changes are against; None for a first run."""
    histories: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Target to its last 30 (ISO time, health), oldest first."""
    trend: Sequence[tuple[str, Mapping[str, int]]] = ()
    """(ISO time, health to number of links) of the complete runs, oldest first, this one last if it is."""
    requests: float = 0.0
    elapsed: float = 0.0
    """Seconds."""
    notices: Sequence[str] = ()
    """What one says of how the article was read: `declares no encoding; it was read as gbk`."""
    problems: Sequence[Problem] = ()
    repaired: int = 0
    lost: int = 0
    unasked: tuple[int, int] | None = None
    """(links that were not asked, all links), where the rows are only of what changed."""
    timeout: float = 0.0
    """Seconds of the setting; 0 is not told."""
    data: str = ""
    """Folder of the store and the snapshots, as a command needs it; empty for the usual one."""
    report_url: str = ""
    """Where readers find the page; empty when nobody said."""

    @cached_property
    def checked(self) -> Mapping[str, Row]:
        """The checks by target."""
        return {row["target"]: row for row in self.checks}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What the article calls each target, those too that left it."""
        return texts([*self.mentions, *self.gone])


@dataclass(frozen=True)
class Summary:
    """One line of the index over all articles."""

    name: str
    title: str
    made_at: datetime
    sandbox: bool
    counts: Mapping[str, int]
    trend: Sequence[tuple[str, Mapping[str, int]]] = ()
    news: Sequence[tuple[str, int]] = ()
    """(heading, how many) of what its last run found new, most pressing first."""
    unasked: int = 0
    """Links whose turn did not come in its last run."""

    @property
    def incomplete(self) -> bool:
        return bool(self.unasked)


def counts_of(links: Sequence[Row]) -> dict[str, int]:
    """How many links have which health; every health is there, in the order of `Health`."""
    counts = {health.value: 0 for health in Health}
    for link in links:
        counts[link["health"]] += 1
    return counts
