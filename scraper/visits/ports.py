"""What visits are given: a plan of targets under their keys, and what they use of the rest, as protocols."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from scraper.model import Answer, Finding, Question, Request, Target
from scraper.visits.dispatcher import Sleep

if TYPE_CHECKING:
    from scraper.web.retrying import Spend


class Plan(Protocol):
    """Targets without an outcome, under the keys of their first questions."""

    def remaining(self) -> Mapping[str, int]: ...

    def planned(self, key: str, limit: int, after: str) -> Sequence[Target]: ...


class ListedPlan:
    """A plan held in memory: what a worker of the cluster, or a test, is given."""

    def __init__(self, turns: Iterable[tuple[Target, str]]) -> None:
        """Targets with the keys of their first questions."""
        self._targets: dict[str, list[Target]] = {}
        for target, key in turns:
            self._targets.setdefault(key, []).append(target)
        for targets in self._targets.values():
            targets.sort(key=lambda target: target.key)

    def remaining(self) -> dict[str, int]:
        return {key: len(targets) for key, targets in self._targets.items()}

    def planned(self, key: str, limit: int, after: str) -> list[Target]:
        targets = self._targets.get(key, [])
        start = bisect.bisect_right(targets, after, key=lambda target: target.key)
        return targets[start : start + limit]


class Fetch(Protocol):
    """`web.client.Web`, as far as it is used here."""

    async def fetch(
        self,
        request: Request,
        *,
        sleep: Sleep,
        attempts: int | None = None,
        rest: Callable[[float], None] = lambda _: None,
        ready: Callable[[], float] | None = None,
        spend: Spend = lambda *_: None,
    ) -> Answer: ...


class Rules(Protocol):
    """`web.robots.Robots`, as far as it is used here."""

    async def allowed(self, url: str) -> bool: ...

    async def crawl_delay(self, url: str) -> float | None: ...


class Suggest(Protocol):
    """`sites.wayback.Wayback`, as far as it is used here."""

    def recall(self, target: Target) -> Finding | None: ...

    def suggest(self, target: Target) -> Sequence[Question]: ...

    def ask_mementos(self, targets: Sequence[Target]) -> Sequence[Question]: ...
