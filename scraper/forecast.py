"""`scraper refresh --dry-run`: which requests a run would make, and how long politeness makes it last.

The lower bound of a run is the largest of two terms (README, "How long a run takes"): the busiest key's
requests times its interval, and all requests' latencies over the slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.manners import manners
from scraper.model import Question, Site, Target

if TYPE_CHECKING:
    from scraper.settings import Settings

LATENCY = 0.5
"""Seconds that a request is taken to last; what is measured for servers all over the world."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one key is in for."""

    key: str
    targets: int
    requests: int
    interval: float

    @property
    def seconds(self) -> float:
        return max(0, self.requests - 1) * self.interval + LATENCY


@dataclass(frozen=True, slots=True)
class Forecast:
    turns: tuple[Turn, ...]
    """The keys, the longest work first: the order in which the dispatcher prefers them."""
    slots: int

    @property
    def requests(self) -> int:
        return sum(turn.requests for turn in self.turns)

    @property
    def seconds(self) -> float:
        """The lower bound."""
        longest = max((turn.seconds for turn in self.turns), default=0.0)
        return max(longest, self.requests * LATENCY / self.slots)


def forecast(targets: Iterable[Target], sites: Mapping[str, Site], settings: Settings) -> Forecast:
    """The first questions of all targets, by key; follow-ups (a probe, a memento) are not foreseen."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.site, []).append(target)
    questions = [question for site, group in groups.items() for question in sites[site].ask(group)]
    return Forecast(tuple(_turns(questions, settings)), settings.slots)


def _turns(questions: Iterable[Question], settings: Settings) -> list[Turn]:
    counts: dict[str, tuple[int, int]] = {}
    for question in questions:
        targets, requests = counts.get(question.key, (0, 0))
        counts[question.key] = (targets + len(question.targets), requests + 1)
    manner = manners(settings)
    turns = [Turn(key, *count, manner(key).interval) for key, count in counts.items()]
    return sorted(turns, key=lambda turn: (-turn.seconds, turn.key))


def as_text(plan: Forecast, most: int = 18) -> str:
    """A table of the busiest keys, 80 columns wide, and what the run will take."""
    lines = [f"{'key':<40} {'targets':>8} {'requests':>9} {'every':>7} {'lasts':>9}"]
    for turn in plan.turns[:most]:
        lines.append(
            f"{turn.key[:40]:<40} {turn.targets:>8} {turn.requests:>9}"
            f" {turn.interval:>6.2f}s {turn.seconds:>8.1f}s"
        )
    if len(plan.turns) > most:
        lines.append(f"… and {len(plan.turns) - most} more keys")
    keys = len(plan.turns)
    lines.append(f"{plan.requests} requests to {keys} keys; they last {plan.seconds:.0f} s at least")
    return "\n".join(lines)
