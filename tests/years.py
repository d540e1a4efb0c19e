"""Daily runs whose visits are played, for it is the memory that is on trial.

Plan, commits, tables and pruning are real.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple
from unittest.mock import patch

from scraper import run
from scraper.articles.reading import load
from scraper.model import Health, Outcome, Record, Target, Verdict
from scraper.settings import Settings
from scraper.store.store import Store
from scraper.visits.asking import Tally

BEGIN = datetime(2025, 1, 1, 7, tzinfo=UTC)
PAPERS = [f"https://openreview.net/forum?id=paper{number:05}" for number in range(20)]
CODE = [f"https://github.com/owner/repository-{number}" for number in range(18)]
DIES, FLAKY = "https://dies.test/page", "https://flaky.test/page"
DEATH = 40


class Played:
    """Visits without a web: every planned target has its outcome of the day."""

    def __init__(self, plan: Any, settle: Callable[[Outcome], None], at: datetime) -> None:
        self.tally = Tally()
        self._plan, self._settle, self._at = plan, settle, at

    async def run(self) -> None:
        for key in self._plan.remaining():
            for target in self._plan.planned(key, 1000, ""):
                self._settle(outcome(target, self._at))

    async def offline(self) -> str:
        return ""


def outcome(target: Target, at: datetime) -> Outcome:
    day = (at - BEGIN).days
    verdict = Verdict(Health.ALIVE, "confirmed_by_api", http_status=200, final_url=target.url)
    if (target.url == DIES and day >= DEATH) or (target.url == FLAKY and day % 10 == 5):
        verdict = Verdict(Health.BROKEN, "not_found", "the page is not there", 404, target.url)
    source = {"github": "github-graphql", "openreview": "openreview-api-v1"}.get(target.site, "page")
    known, took = record(target, day), 180 + day % 60
    return Outcome(target, verdict, at, known, source, attempts=1, requests=0.36, elapsed_ms=took)


def record(target: Target, day: int) -> Record:
    if target.site == "openreview":
        text = f"We study {target.id}. " + "A sentence of an abstract that is as long as they are. " * 18
        return {"title": f"On {target.id}", "abstract": text, "authors": ["A. Author", "B. Author"]}
    if target.site == "github":  # the stars of every repository move every day
        return {"full_name": target.id, "stars": 100 + 3 * day, "forks": 7, "license_spdx": "MIT"}
    return {"title": "A page"}


class Day(NamedTuple):
    """What a run left, and what it took."""

    size: int
    """Bytes in the data folder."""
    seconds: float
    """Of the processor, from the opening of the store to its closing."""


def play(folder: Path, days: int) -> Iterator[Day]:
    """That many daily runs over a list of 40 links; the list and what they leave is in the folder."""
    lines = [f"- [paper]({paper}) and [code]({code})" for paper, code in zip(PAPERS, CODE, strict=False)]
    (folder / "list.md").write_text("\n".join([*lines, *PAPERS[18:], f"<{DIES}>", f"<{FLAKY}>"]), "utf-8")
    article = load(str(folder / "list.md"))
    assert len({mention.target for mention in article.mentions}) >= 38
    settings = Settings(data=folder / "data", reports=folder / "reports")
    settings.data.mkdir()
    for day in range(days):
        at = BEGIN + timedelta(days=day)
        began = process_time()
        with patch.object(run, "visits_here", visits_at(at)), Store.open(settings.store) as store:
            run.refresh([article], settings, store, now=lambda at=at: at)  # type: ignore[misc]  # a default
        took = process_time() - began
        yield Day(sum(path.stat().st_size for path in settings.data.rglob("*") if path.is_file()), took)


def visits_at(at: datetime) -> Callable[..., AbstractAsyncContextManager[Played]]:
    """What stands for `visits_here` on that day."""

    @asynccontextmanager
    async def visits(_s: Any, _m: Any, plan: Any, settle: Any, *_: Any) -> AsyncIterator[Played]:
        yield Played(plan, settle, at)

    return visits
