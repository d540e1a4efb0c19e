"""One shard of a run, on a worker of the cluster: the same visits, the rows sent home as they are made."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper import __version__
from scraper.cluster.messages import Ended, Load, Parcel, pack, unpack
from scraper.visits.interrupts import ENDING

if TYPE_CHECKING:
    from scraper.model import Outcome
    from scraper.settings import Settings
    from scraper.visits.asking import Tally
    from scraper.visits.deadline import Cost

FLUSH = 0.05
"""Seconds that a row waits for company: what a killed worker takes with it is asked again."""

TAKE = 2.0
"""Seconds for the scheduler to hand over a load that was there before its task."""

GLANCE = 0.05
"""Seconds between two looks at whether the shard is still wanted."""


def dask_setup(worker: Any) -> None:
    """Called by Dask in a worker of our own (`local:N`): what a terminal sends to all is for the coordinator,
    which ends us."""
    for number in set(ENDING) - {signal.SIGTERM}:
        signal.signal(number, signal.SIG_IGN)


def entrance() -> Callable[[str, int, str], tuple[Any, ...]]:
    """The task. It travels as code, not by its name, and answers in plain values: so a scheduler need not
    have our package, and a worker without it can say so (Dask would end the worker)."""

    def enter(topic: str, number: int, version: str) -> tuple[Any, ...]:
        try:
            from scraper.cluster.worker import visit_shard
        except ImportError as error:
            return "refused", f"a worker cannot import scraper {version} ({error})", (), 0
        return visit_shard(topic, number, version)

    return enter


def name_of(topic: str, number: int) -> str:
    """The name of a shard's task, and of the queue with its load."""
    return f"{topic}-{number}"


def visit_shard(topic: str, number: int, version: str) -> tuple[Any, ...]:
    """Visit all targets of the shard; the fields of an `Ended`."""
    import distributed

    dask: Any = distributed  # its functions carry no types
    if version != __version__:
        return astuple(Ended("refused", f"a worker has scraper {__version__}, this is {version}"))
    worker, queue = dask.get_worker(), dask.Queue(name_of(topic, number), client=dask.get_client())
    try:
        # Whatever a scheduler's `allowed-failures`: the load is there once, so a shard runs once. A second
        # run would ask everybody again.
        load: Load = unpack(queue.get(timeout=TAKE))
    except TimeoutError:
        return astuple(Ended("lost", "the worker before this one died with it"))
    finally:
        queue.close()
    rows, task = Rows(number, lambda parcel: worker.log_event(topic, pack(parcel))), worker.get_current_task()
    with _authorities(load) as settings:
        return astuple(asyncio.run(_visit(settings, load, rows, lambda: _unwanted(worker, task))))


@contextmanager
def _authorities(load: Load) -> Iterator[Settings]:
    """The settings with the coordinator's certificates in a file of this machine."""
    if not load.authorities:
        yield load.settings
        return
    with tempfile.TemporaryDirectory(prefix="scraper-") as folder:
        file = Path(folder) / "authorities.pem"
        file.write_bytes(load.authorities)
        yield load.settings.model_copy(update={"ca_file": str(file)})


class Rows:
    """Collects rows for a moment and sends them home, with what was spent meanwhile."""

    def __init__(self, shard: int, send: Callable[[Parcel], None]) -> None:
        self._shard = shard
        self._send = send
        self._outcomes: list[Outcome] = []
        self._timer: asyncio.TimerHandle | None = None
        self._told = (dict[str, int](), dict[str, float](), 0)
        self.tally: Tally | None = None
        self.sent = 0

    def add(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH if self.sent else 0, self.flush)

    def flush(self, costs: dict[str, Cost] | None = None) -> None:
        """Send what there is; with the last of it what was spent on targets that have no row."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        requests, seconds, faults = self._spent()
        if self._outcomes or requests or costs is not None:
            self._send(Parcel(self._shard, self._outcomes, requests, seconds, faults, costs))
        self.sent += len(self._outcomes)
        self._outcomes = []

    def _spent(self) -> tuple[dict[str, int], dict[str, float], int]:
        if self.tally is None:
            return {}, {}, 0
        before, now = self._told, self.tally
        self._told = (dict(now.requests), dict(now.seconds), now.faults)
        asked = {key: n - before[0].get(key, 0) for key, n in now.requests.items() if n != before[0].get(key)}
        took = {key: now.seconds[key] - before[1].get(key, 0.0) for key in asked}
        return asked, took, now.faults - before[2]


async def _visit(
    settings: Settings, load: Load, rows: Rows, unwanted: Callable[[], Awaitable[None]]
) -> Ended:
    from scraper.errors import Offline
    from scraper.sites.captures import PACES
    from scraper.visits.local import visits_here
    from scraper.visits.pacing import pacing
    from scraper.visits.ports import ListedPlan

    complaints: list[str] = []
    how, why = "done", ""
    plan = ListedPlan(load.turns)
    here = visits_here(settings, load.memory, plan, rows.add, complaints, _now, suggest=False)
    async with here as visits:
        rows.tally = visits.tally
        # What was asked of the archive before may have been under any of its keys.
        for key in () if load.rested else {*plan.remaining(), *PACES}:
            visits.turns.rest(key, asyncio.get_running_loop().time() + pacing(settings)(key).interval)
        try:
            if not await _unless(unwanted(), visits.run()):
                how = "stopped"
            why = await visits.offline() if how == "done" else ""
        except Offline as offline:
            why = str(offline)
        finally:
            rows.flush(visits.costs())
    return Ended("offline" if why else how, why, tuple(complaints), rows.sent)


def _now() -> datetime:
    """By this machine's clock; the coordinator, whose clock the store goes by, stamps rows itself."""
    return datetime.now(UTC)


async def _unless(end: Awaitable[None], work: Awaitable[None]) -> bool:
    """Do the work, and cut it short when `end` comes first: then False."""
    working, ending = asyncio.ensure_future(work), asyncio.ensure_future(end)
    try:
        await asyncio.wait((working, ending), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working
            return True
        return False
    finally:
        for task in (working, ending):
            task.cancel()
        await asyncio.gather(working, ending, return_exceptions=True)


async def _unwanted(worker: Any, task: Any) -> None:
    """Returns when nobody waits for the shard any more, or its worker is leaving.

    Dask cannot stop a thread. A shard whose coordinator is gone, or that was given to somebody else because
    this worker was out of reach, would go on asking hosts whose turns are no longer its own.
    """
    leaving = ("closing", "closed", "closing_gracefully", "stopping", "stopped", "failed")
    while worker.status.name not in leaving:
        state = worker.state.tasks.get(task)
        if state is None or state.state not in ("executing", "long-running"):
            return
        await asyncio.sleep(GLANCE)
