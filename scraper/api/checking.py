"""Verdicts now: nothing is remembered from before, and nothing is kept."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.api.links import Link, Links, link_of
from scraper.errors import Offline
from scraper.model import Called, Outcome, Target
from scraper.sites.identity import identify, unwrap
from scraper.verdicts.history import State

if TYPE_CHECKING:
    from scraper.model import Record
    from scraper.settings import Settings
    from scraper.sites.ports import Memory
    from scraper.visits.visits import Visits

OnResult = Callable[[Link], object]


def check(
    urls: str | Iterable[str],
    *,
    on_result: OnResult = lambda _: None,
    settings: Settings | None = None,
    **options: Any,
) -> Links:
    """Visit these addresses now and judge each of them. Works in scripts, threads and notebooks alike.

        links = scraper.check(["https://github.com/a/b", "https://arxiv.org/abs/…"], contact="you@x.org")
        links[0].health, links[0].reason, links[0].record.get("stars")
        links.to_pandas()

    Args:
        urls: addresses, or one of them.
        on_result: called with each link as soon as it is settled.
        settings: instead of those of the environment and of scraper.toml.
        options: single settings under their names (`contact`, `timeout`, `github_token`, …).

    Raises:
        SettingsError: a setting is unknown or malformed.
        Offline: this machine has no network.
    """
    work = acheck(urls, on_result=on_result, settings=settings, **options)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    return _in_a_thread(work)


async def acheck(
    urls: str | Iterable[str],
    *,
    on_result: OnResult = lambda _: None,
    settings: Settings | None = None,
    **options: Any,
) -> Links:
    """`check` for code that runs in an event loop."""
    asked = [urls] if isinstance(urls, str) else list(urls)
    chosen = settings or _settings(options)
    meant = {url: unwrap(url) for url in asked}
    targets = {url: identify(one.url, one.archived_at) for url, one in meant.items()}
    first = {target.key: url for url, target in reversed(targets.items())}

    def settled(outcome: Outcome) -> None:
        on_result(link_of(outcome, first[outcome.target.key]))

    outcomes, complaints = await visit(targets.values(), chosen, Nothing(), settled)
    return Links((link_of(outcomes[targets[url].key], url) for url in asked), complaints)


async def visit(
    targets: Iterable[Target],
    settings: Settings,
    memory: Memory,
    settled: Callable[[Outcome], object],
    begun: float | None = None,
) -> tuple[dict[str, Outcome], list[str]]:
    """The outcome of every target, by key, and messages for the user.

    `begun` is when the time began to run, on the monotonic clock, if that was before now.

    Raises:
        Offline: nothing of it may be believed.
    """
    from scraper.sites import sites
    from scraper.visits.deadline import ending, late, offline
    from scraper.visits.local import visits_here
    from scraper.visits.ports import ListedPlan

    known = sites(settings, memory)
    unique = {target.key: target for target in targets}
    outcomes: dict[str, Outcome] = {}
    complaints: list[str] = []

    def settle(outcome: Outcome) -> None:
        outcomes[outcome.target.key] = outcome
        settled(outcome)

    plan = ListedPlan((target, known[target.site].key(target)) for target in unique.values())
    ends = ending(time.monotonic() if begun is None else begun, settings.deadline)
    opening = visits_here(settings, memory, plan, settle, complaints, lambda: datetime.now(UTC))
    async with AsyncExitStack() as stack:
        visits: Visits | None = None
        try:
            async with asyncio.timeout_at(ends):  # for a login that hangs as well
                visits = await stack.enter_async_context(opening)
                await visits.run()
        except TimeoutError:
            complaints.append(f"The deadline of {settings.deadline:g} s came before all links were checked.")
        if unique and visits and (why := await offline(visits, ends)):
            raise Offline(f"There is no network: {why}.")
    costs = visits.costs() if visits else {}
    for key, target in unique.items():
        if key not in outcomes:
            outcomes[key] = late(target, datetime.now(UTC), costs.get(key))
    return outcomes, complaints


def _settings(options: dict[str, Any]) -> Settings:
    from scraper.settings.loading import load

    return load(options).settings


def _in_a_thread(work: Any) -> Links:
    """The result of a coroutine, run by a loop of its own beside the one that runs here (a notebook's)."""
    results: list[Links] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
            errors.append(error)

    thread = threading.Thread(target=run, name="scraper.check")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


class Nothing:
    """The memory of a first run."""

    def validator(self, url: str) -> str:
        return ""

    def last_read(self, target: str) -> datetime | None:
        return None

    def state(self, target: str) -> State:
        return State()

    def record(self, target: str) -> Record:
        return {}

    def called(self, target: str) -> Called:
        return Called()
