"""The hostile web, checked by the program as a run checks it; and what became of it, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from memories import Memories

from hostile.labels import Link
from scraper.model import Health, Outcome
from scraper.settings import Settings
from scraper.sites import sites
from scraper.sites.identity import identify
from scraper.sites.ports import Site
from scraper.verdicts.reasons import DEAD
from scraper.visits.ports import ListedPlan
from scraper.visits.session import open_web
from scraper.visits.visits import Visits
from scraper.web.resolver import Lookup, system_lookup
from scraper.web.robots import Robots

LIVING = frozenset({Health.ALIVE, Health.MOVED})


def impatient(**more: Any) -> Settings:
    """Settings that make a run quick: short timeouts, no pauses."""
    values: dict[str, Any] = {
        "timeout": 2.0,
        "target_budget": 8.0,
        "host_interval": 0.0,
        "host_concurrency": 8,
    }
    return Settings(**(values | {"max_wait": 5.0, "slots": 64} | more))


async def check(
    links: Iterable[Link], settings: Settings, lookup: Lookup = system_lookup, **replaced: Site
) -> dict[str, Outcome]:
    """One run over the links; outcomes by link address."""
    known: dict[str, Site] = {**sites(settings, Memories()), **replaced}
    targets = {link.url: identify(link.url) for link in links}
    outcomes: dict[str, Outcome] = {}
    unique = {target.key: target for target in targets.values()}
    plan = ListedPlan((target, known[target.site].key(target)) for target in unique.values())

    def settle(outcome: Outcome) -> None:
        assert outcome.target.key not in outcomes, "settled twice"
        outcomes[outcome.target.key] = outcome

    async with open_web(settings, lookup=lookup) as web:
        robots = Robots(web.fetch, settings.user_agent) if settings.robots else None
        await Visits(settings, known, web, plan, settle, robots=robots).run()
    return {url: outcomes[target.key] for url, target in targets.items()}


@dataclass(frozen=True)
class Judged:
    """A link, and what it was called."""

    link: Link
    outcome: Outcome

    @property
    def exact(self) -> bool:
        return (self.outcome.verdict.health, self.outcome.verdict.reason) == (
            self.link.health,
            self.link.reason,
        )

    @property
    def wrong_conviction(self) -> str:
        """A living link called dead, or a dead one alive, in words; else empty.

        What is closed or could not be asked is neither; to call it dead is wrong all the same.
        """
        said = self.outcome.verdict.health
        if said in DEAD and self.link.health not in DEAD:
            return "called dead and is not"
        if said in LIVING and self.link.health in DEAD:
            return "called alive and is not"
        return ""

    def __str__(self) -> str:
        verdict = self.outcome.verdict
        address = self.link.url if len(self.link.url) < 90 else self.link.url[:89] + "…"
        return (
            f"{self.link.behaviour}: {address}: {self.link.health}/{self.link.reason} expected, "
            f"{verdict.health}/{verdict.reason} given ({verdict.detail}) {verdict.http_status}"
        )


def confusion(judged: Sequence[Judged]) -> str:
    """A table: a row for each health that is right, a column for each that was given."""
    counts = Counter((one.link.health, one.outcome.verdict.health) for one in judged)
    names = list(Health)
    lines = ["{:>12}".format("is \\ called") + "".join(f"{name:>12}" for name in names)]
    lines += [f"{row:>12}" + "".join(f"{counts[row, name] or '·':>12}" for name in names) for row in names]
    return "\n".join(lines)
