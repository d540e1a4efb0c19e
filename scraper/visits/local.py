"""Visits made by this process: the sites, the client and its login put together.

A local run and a worker of the cluster are the same from here on; they differ in the memory and in the plan
that they bring.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from scraper.model import Answer, Outcome, Request
from scraper.sites import sites
from scraper.sites.ports import Complaining, Memory
from scraper.sites.wayback import Wayback
from scraper.visits.asking import Tally
from scraper.visits.ports import Plan
from scraper.visits.session import login, open_web, renew_login
from scraper.visits.visits import Visits
from scraper.web.client import Web
from scraper.web.robots import Robots

if TYPE_CHECKING:
    from scraper.settings import Settings


@asynccontextmanager
async def visits_here(
    settings: Settings,
    memory: Memory,
    plan: Plan,
    settle: Callable[[Outcome], None],
    complaints: list[str],
    now: Callable[[], datetime],
    tally: Tally | None = None,
    *,
    suggest: bool = True,
) -> AsyncIterator[Visits]:
    """Visits that are ready to run; messages for the user are added to `complaints`, requests to `tally`.

    `suggest`: look for archived copies of what turns out to be dead. A target of the site `wayback` is a
    wish for a copy and nothing else.
    """
    tally = tally or Tally()
    copies = Wayback(settings, memory)
    known = sites(settings, memory, copies)
    async with open_web(settings) as web:
        complaints += await login(web, settings, tally)
        yield Visits(
            settings,
            known,
            web,
            plan,
            settle,
            suggest=copies if suggest else None,
            renew=lambda: renew_login(web, settings, tally),
            robots=Robots(_counted(web, tally), settings.user_agent) if settings.robots else None,
            now=now,
            tally=tally,
        )
        complaining = [site for site in known.made if isinstance(site, Complaining)]
        complaints += [line for site in complaining for line in site.complaints]


def _counted(web: Web, tally: Tally) -> Callable[[Request], Awaitable[Answer]]:
    async def fetch(request: Request) -> Answer:
        return await web.fetch(request, spend=tally.of(request.url))

    return fetch
