"""The archive's own time: what it leaves waits for the next run, and nothing else waits for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from benchmarks.visiting import target
from memories import Memories

from scraper.api.checking import Nothing
from scraper.model import Answer, Outcome, Pace, Question, Request
from scraper.settings import Settings
from scraper.sites import captures
from scraper.sites.pages.page import Page
from scraper.sites.ports import Site
from scraper.sites.wayback import Wayback
from scraper.visits.archiving import ArchiveBudget
from scraper.visits.ports import ListedPlan
from scraper.visits.turns import Turns
from scraper.visits.visits import Visits


class DeadWeb:
    """Every page is gone, and the archive knows of no copy."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: Request, **_: Any) -> Answer:
        self.asked.append(request.url)
        gone = "archive.org" not in request.url
        body = b"" if gone else b"{}"
        return Answer(request.url, request.url, 404 if gone else 200, {}, body, attempts=1, requests=1)


async def test_a_run_ends_when_nothing_but_the_archive_is_left() -> None:
    settings = Settings(archive_budget=0.0, host_interval=0.0)
    web, outcomes = DeadWeb(), list[Outcome]()
    page, copies = Page(settings, Nothing()), Wayback(settings, Nothing())
    plan = ListedPlan((each, page.key(each)) for each in (target(f"http://h.test/{n}") for n in range(90)))
    sites: dict[str, Site] = {"web": page, copies.name: copies}
    await Visits(settings, sites, web, plan, outcomes.append, suggest=copies).run()
    assert [outcome.verdict.reason for outcome in outcomes] == ["not_found"] * 90
    assert sum("archive.org" in url for url in web.asked) <= 2


def test_beside_other_work_it_goes_on_looking() -> None:
    now = [0.0]
    turns = Turns(4, lambda key: Pace(1.0, 1))
    budget = ArchiveBudget(turns, 120.0, lambda: now[0])
    turns.add(Question("slow.test", "web", "page", (), Request("http://slow.test/")), 0.0)
    budget.spend(captures.AVAILABILITY)
    now[0] = 500.0
    budget.spend(captures.AVAILABILITY)
    assert not turns.closed(captures.AVAILABILITY)
    assert turns.take(500.0) is not None
    budget.spend(captures.INDEX)
    assert {turns.closed(key) for key in captures.LOOK_UPS} == {"deadline"}
    assert not turns.closed(captures.KEY)


def test_what_died_last_is_looked_for_first() -> None:
    old, new, never = (target(f"http://{name}.test/x") for name in ("old", "new", "never"))
    read = {old.key: datetime(2020, 1, 1, tzinfo=UTC), new.key: datetime(2026, 1, 1, tzinfo=UTC)}
    copies = Wayback(Settings(), Memories(read=read))
    turns = Turns(4, lambda key: Pace(0.0, 4))
    for each in (never, old, new):
        for question in copies.suggest(each):
            turns.add(question, 0.0)
    taken = [turns.take(0.0) for _ in range(3)]
    assert [ticket.targets[0] for ticket in taken if isinstance(ticket, Question)] == [new, old, never]
