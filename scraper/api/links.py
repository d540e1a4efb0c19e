"""A link with its verdict, and a list of them: what `check` returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, overload

from scraper.columns import LINKS
from scraper.model import Health, Mention, Outcome, Record, Verdict

if TYPE_CHECKING:
    import pandas as pd

_OF_VERDICT = tuple(column.name for column in fields(Verdict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Verdict):
    """One link: its verdict, and what is known of what it leads to."""

    url: str
    """The address as it was given."""
    target: str
    """Its identity, as in links.csv: `github:owner/name`, `openreview:ID`, `web:https://…`."""
    site: str
    kind: str
    record: Record = field(default_factory=dict)
    """Metadata under the names of links.csv: `title`, `abstract`, `stars`, `license_spdx`, …"""
    source: str = ""
    """The article that it stands in, when articles were checked."""
    mention: Mention | None = None
    """Where it stands there: line, section, text."""

    @property
    def there(self) -> bool:
        """Whether it is alive or moved."""
        return self.health in (Health.ALIVE, Health.MOVED)

    @property
    def dead(self) -> bool:
        """Whether it is broken or failing. One look proves little: `refresh` confirms over days."""
        return self.health in (Health.BROKEN, Health.FAILING)

    def row(self) -> dict[str, Any]:
        """The columns of links.csv that one look can fill."""
        return {
            "target": self.target,
            "url": self.url,
            "site": self.site,
            "kind": self.kind,
            **{name: getattr(self, name) for name in _OF_VERDICT},
            "notes": list(self.notes) or None,
            **self.record,
        }


def link_of(outcome: Outcome, url: str, source: str = "", mention: Mention | None = None) -> Link:
    target = outcome.target
    return Link(
        **{name: getattr(outcome.verdict, name) for name in _OF_VERDICT},
        url=url,
        target=target.key,
        site=target.site,
        kind=target.kind,
        record=outcome.record,
        source=source,
        mention=mention,
    )


class Links(Sequence[Link]):
    """Links in the order in which they were given; one that was given twice is there twice."""

    def __init__(self, links: Iterable[Link], complaints: Iterable[str] = ()) -> None:
        self._links = tuple(links)
        self.complaints = tuple(complaints)
        """Messages for the user: a token that was refused, an article that could not be read."""

    @overload
    def __getitem__(self, index: int) -> Link: ...
    @overload
    def __getitem__(self, index: slice) -> Links: ...
    def __getitem__(self, index: int | slice) -> Link | Links:
        return Links(self._links[index]) if isinstance(index, slice) else self._links[index]

    def __len__(self) -> int:
        return len(self._links)

    def __iter__(self) -> Iterator[Link]:
        return iter(self._links)

    def __repr__(self) -> str:
        told = ", ".join(f"{count} {health}" for health, count in self.counts.items())
        return f"<Links: {told or 'none'}>"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many links have which health; only those that some have."""
        healths = [link.health for link in self]
        return {health.value: healths.count(health) for health in Health if health in healths}

    def to_pandas(self) -> pd.DataFrame:
        """One row per link, with the columns of links.csv that any of them has."""
        from scraper.snapshots.frames import exact_frame

        rows = [link.row() for link in self]
        frame = exact_frame(LINKS, rows)
        wanted = [column.name for column in LINKS.columns if any(column.name in row for row in rows)]
        return frame[wanted or ["target", "url", "site", "kind", "health", "reason"]]
