"""More than a year of daily runs: what is on the disk, and that no run has more to do than the one before.

The visits are played, for it is the memory that is on trial; plan, commits, tables and pruning are real.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper import run
from scraper.articles.reading import load
from scraper.model import Article, Health, Outcome, Record, Target, Verdict
from scraper.settings import Settings
from scraper.store.store import Store
from scraper.visits.asking import Tally

pytestmark = pytest.mark.long

BEGIN = datetime(2025, 1, 1, 7, tzinfo=UTC)
DAYS = 430
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


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[int]]]:
    """The folder, and the bytes in it after each run."""
    folder = tmp_path_factory.mktemp("year")
    lines = (f"- [paper]({paper}) and [code]({code})" for paper, code in zip(PAPERS, CODE, strict=False))
    (folder / "list.md").write_text("\n".join([*lines, *PAPERS[18:], f"<{DIES}>", f"<{FLAKY}>"]), "utf-8")
    article = load(str(folder / "list.md"))
    assert len({mention.target for mention in article.mentions}) >= 38
    settings = Settings(data=folder / "data", reports=folder / "reports")
    settings.data.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        yield folder, list(_played(article, settings, patch))


def _played(article: Article, settings: Settings, patch: pytest.MonkeyPatch) -> Iterator[int]:
    for day in range(DAYS):
        at = BEGIN + timedelta(days=day)

        @asynccontextmanager
        async def visits(_s: Any, _m: Any, plan: Any, settle: Any, *_: Any) -> AsyncIterator[Played]:
            yield Played(plan, settle, at)  # noqa: B023 - used within the turn of the loop

        patch.setattr(run, "visits_here", visits)
        with Store.open(settings.store) as store:
            run.refresh([article], settings, store, now=lambda: at)  # noqa: B023 - as above
        yield sum(path.stat().st_size for path in settings.data.rglob("*") if path.is_file())


def test_a_run_adds_little_after_the_first_hundred(year: tuple[Path, list[int]]) -> None:
    _, sizes = year
    assert (sizes[-1] - sizes[100]) / (DAYS - 101) <= 20_000
    assert (sizes[-1] - sizes[380]) / (DAYS - 381) <= 20_000


def test_what_a_run_looks_through_grows_no_more(year: tuple[Path, list[int]]) -> None:
    folder, _ = year
    with closing(sqlite3.connect(folder / "data" / "scraper.db")) as store:
        (visits,) = store.execute("SELECT count(*) FROM visit").fetchone()
        (changes,) = store.execute("SELECT count(*) FROM past").fetchone()
        (plans,) = store.execute("SELECT count(*) FROM plan").fetchone()
    assert visits <= 40 * 366 + 40 * 2 + DAYS
    assert changes <= 40 + 18 * (31 + 52 + 6) + 2 * DAYS / 10 + 1
    assert plans == 0
    assert len(list((folder / "data" / "snapshots" / "list").iterdir())) <= 14 + 13 + 16 + 1


def test_history_tells_what_was_pruned(year: tuple[Path, list[int]]) -> None:
    folder, _ = year
    history = (folder / "data/snapshots/list/latest/history.csv").read_text("utf-8").splitlines()
    of_the_dead = [line for line in history if DIES in line]
    assert len(of_the_dead) == 2
    assert (BEGIN + timedelta(days=DEATH)).strftime("%Y-%m-%d") in of_the_dead[1]
    assert sum(FLAKY in line for line in history) >= 2 * (DAYS // 10) - 1
    with Store.open(folder / "data" / "scraper.db", create=False) as store:
        assert store.check() == []
        visits = store.history(f"web:{DIES}")
        ends = [(visit.started - BEGIN).days for visit in visits if visit.health == "alive"]
        assert ends == [0, DEATH - 1], "was alive until"
        (last,) = [row for row in store.rows(DAYS, "list") if row["url"] == DIES]
    assert last["failing_since"] == (BEGIN + timedelta(days=DEATH)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert last["confirmed_dead"] is True
