"""The same visits on a Dask cluster: `scraper refresh --cluster local:4`, or the address of a scheduler.

    plan ─► shards of whole keys ─► one task per slot, each running `Visits` ─► rows as they are made ─► store

The coordinator alone writes the store. A shard runs once: Dask would run a lost task again from its start and
ask everybody a second time, so when a worker dies only the targets without a row are shared out anew. Rows
come as events of a topic, in order and before the end of their task.

A shard of many targets goes out in portions, a share of each of its keys after the other, so that neither the
coordinator nor a worker ever holds more than one: the plan stays on disk.

One shard at a time asks the archive. Dead links want a copy, so their outcomes are held, and their wishes go
out together as soon as no shard with the archive's key is under way.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.cluster import shards, tasks
from scraper.cluster.client import INSIST, check, connected
from scraper.cluster.messages import Ended, Parcel, pack, unpack
from scraper.cluster.shards import ARCHIVE, Remembering
from scraper.cluster.work import Left, Work
from scraper.errors import NotPublished, Offline
from scraper.model import Outcome, Target
from scraper.visits.asking import Tally
from scraper.visits.deadline import AFTER, Cost
from scraper.visits.interrupts import again
from scraper.visits.ports import Plan
from scraper.visits.turns import Waiting
from scraper.visits.visits import CHUNK

if TYPE_CHECKING:
    from scraper.settings import Settings

log = logging.getLogger(__name__)

GLANCE = 0.02
"""Seconds between two looks at whether the last parcels are home."""
ALONE = 120.0
"""Seconds without a worker before the run ends: a batch system may send another."""
PORTION = 20_000
"""Targets that a worker is given at once."""
STRIKES = 3
"""Shards in a row that end without a single row before their targets are left."""


@asynccontextmanager
async def visits_on(
    address: str,
    settings: Settings,
    store: Remembering,
    plan: Plan,
    settle: Callable[[Outcome], None],
    complaints: list[str],
    now: Callable[[], datetime],
    tally: Tally,
) -> AsyncIterator[ClusterVisits]:
    """Visits that are ready to run on the cluster; see `local.visits_here` for those without one.

    Raises:
        UsageError: no such cluster, or the extra is missing.
        NotPublished: the scheduler cannot be reached, or has no workers.
    """
    check(address)
    address = address.removeprefix(INSIST)
    complaints += shards.in_the_clear(address, settings)
    async with connected(address) as client:
        yield ClusterVisits(client, address, settings, store, plan, settle, complaints, now, tally)


@dataclass(slots=True)
class ClusterVisits:
    """All visits of one run, made by the workers; to be used like `Visits`."""

    client: Any
    address: str
    settings: Settings
    store: Remembering
    plan: Plan
    settle: Callable[[Outcome], None]
    complaints: list[str]
    now: Callable[[], datetime]
    tally: Tally
    left: int = 0
    """Targets that were given up because worker after worker died over them."""
    topic: str = field(default_factory=lambda: f"scraper-{uuid.uuid4().hex[:12]}")
    _works: dict[int, Work] = field(default_factory=dict)
    _tasks: dict[asyncio.Task[Ended], Work] = field(default_factory=dict)
    _held: dict[str, tuple[Outcome, Target]] = field(default_factory=dict)
    """Outcomes that wait for the archive, each with the wish for it."""
    _costs: dict[str, Cost] = field(default_factory=dict)
    _archive_strikes: int = 0
    _alone_since: float = 0.0
    _first_round: int = 0
    """Shards whose keys nobody has asked before."""
    _trouble: asyncio.Future[None] = field(init=False)

    @property
    def _again(self) -> str:
        return again(self.settings.resume)

    def waiting(self) -> list[Waiting]:
        """What is waited for: the workers know, and do not say."""
        return []

    def costs(self) -> dict[str, Cost]:
        """What was spent on targets that are not settled, by target, as far as the workers could say it."""
        return self._costs

    async def run(self) -> None:
        """Visit everything in the plan; may be cancelled at any moment, what was settled stays settled.

        Raises:
            Offline: a worker has no network.
            NotPublished: the scheduler is gone, or has no workers, or they have another version.
        """
        self._trouble = asyncio.get_running_loop().create_future()
        self.client.subscribe_topic(self.topic, self._heard)
        slots = await tasks.slots(self.client, self.address)
        try:
            remaining = self.plan.remaining()
            first = shards.share_out(remaining, slots, self.settings)
            self._first_round = len(first)
            for keys in first:
                self._start({key: Left(remaining[key]) for key in keys})
            while self._ask_archive() or self._tasks:
                await asyncio.wait(self._awaited(), timeout=tasks.LOOK, return_when=asyncio.FIRST_COMPLETED)
                if self._trouble.done():
                    await self._trouble
                for task in [task for task in self._tasks if task.done()]:
                    await self._ended(self._tasks.pop(task), task.result())
                await self._miss_workers()
            if self.left:
                raise NotPublished(
                    f"{self.left} links are left: workers died over them {STRIKES} times; {self._again}."
                )
        finally:
            await self._stop()

    def _awaited(self) -> set[asyncio.Future[Any]]:
        return {*self._tasks, self._trouble}

    async def offline(self) -> str:
        """Empty: each worker has looked for itself (`run` raises Offline)."""
        return ""

    # Shards out

    def _start(self, keys: Mapping[str, Left], strikes: int = 0) -> None:
        """Send the next portion of a shard."""
        turns: list[tuple[Target, str]] = []
        rest: dict[str, Left] = {}
        for key, most in shards.portion({key: left.targets for key, left in keys.items()}, PORTION).items():
            chosen = [*islice(self._targets(key, keys[key].after), most)]
            turns += [(target, key) for target in chosen]
            if chosen and keys[key].targets > most:  # by name: the last outcomes may not be committed yet
                rest[key] = Left(keys[key].targets - most, chosen[-1].key)
        if turns:
            self._submit(Work(len(self._works), [*keys], strikes=strikes, rest=rest), turns)

    def _targets(self, key: str, after: str = "") -> Iterator[Target]:
        """Targets of the key that have no outcome yet, streamed."""
        while chosen := self.plan.planned(key, CHUNK, after):
            yield from (target for target in chosen if target.key not in self._held)
            after = chosen[-1].key

    def _ask_archive(self) -> bool:
        """Whether outcomes wait for the archive; their wishes go out together when nobody asks it."""
        if self._archive_strikes >= STRIKES:
            self._settle_held()
        if self._held and not any(work.asks_archive for work in self._tasks.values()):
            turns = [(wish, ARCHIVE) for _, wish in self._held.values()]
            self._submit(Work(len(self._works), [ARCHIVE], True, strikes=self._archive_strikes), turns)
        return bool(self._held)

    def _submit(self, work: Work, turns: list[tuple[Target, str]]) -> None:
        self._works[work.number] = work
        rested = work.number < self._first_round
        load = pack(shards.fill(turns, self.settings, self.store, rested=rested))
        log.info("shard %d: %d targets, %d bytes", work.number, len(turns), len(load))
        self._tasks[asyncio.create_task(tasks.perform(self.client, self.topic, work.number, load))] = work

    # Rows home

    def _heard(self, event: tuple[float, bytes]) -> None:
        """A parcel of rows. Dask would log what is raised here, and go on."""
        try:
            self._take(unpack(event[1]))
        except Exception as error:  # noqa: BLE001 - a full disk, a fault of ours: raised in `run`
            if not self._trouble.done():
                self._trouble.set_exception(error)

    def _take(self, parcel: Parcel) -> None:
        work = self._works[parcel.shard]
        work.rows += len(parcel.outcomes)
        for key, requests in parcel.requests.items():
            self.tally.add(key, requests, parcel.seconds[key])
        self.tally.faults += parcel.faults
        if parcel.costs is not None:
            work.parted = True
            self._costs |= parcel.costs
        for outcome in parcel.outcomes:
            if not work.wishes:
                # By our own clock: a worker's may be minutes off.
                self._settle(replace(outcome, checked_at=self.now()))
            elif held := self._held.pop(outcome.target.key, None):
                self._settle(shards.with_copy(held[0], outcome), after=held[1])

    def _settle(self, outcome: Outcome, after: Target | None = None) -> None:
        """Settle it, or hold it until the archive was asked; `after` is the wish that was fulfilled last."""
        outcome, wish = shards.wish(outcome, after, self.settings, self.store)
        if wish is None:
            self.settle(outcome)
        else:
            self._held[outcome.target.key] = outcome, wish

    def _settle_held(self) -> None:
        """They have their verdicts; that nobody could ask the archive is not a reason to visit them again."""
        for outcome, _ in self._held.values():
            self.settle(outcome)
        self._held.clear()

    async def _miss_workers(self) -> None:
        """A shard that no worker takes would wait for ever. Raises NotPublished."""
        now = asyncio.get_running_loop().time()
        self._alone_since = 0.0 if await tasks.threads(self.client) else self._alone_since or now
        if self._alone_since and now - self._alone_since > ALONE:
            raise NotPublished(
                f"The last worker of {self.address} is gone, and no other has come in {ALONE:g} s; "
                f"{self._again}."
            )

    async def _ended(self, work: Work, ended: Ended) -> None:
        """Go on after a shard's end: nothing to do, or its rest to be shared out anew."""
        log.info("shard %d: %s %s", work.number, ended.how, ended.said)
        self.complaints += [line for line in ended.complaints if line not in self.complaints]
        if ended.how == "refused":
            raise NotPublished(
                f"The cluster at {self.address} cannot take part: {ended.said}. "
                "Install the same version everywhere."
            )
        if ended.how == "offline":
            raise Offline(f"a worker of the cluster says: {ended.said}")
        if self.client.status != "running":
            raise NotPublished(f"The scheduler at {self.address} is gone; {self._again}.")
        if ended.how == "done" and work.rows >= ended.rows:
            self._start(work.rest)
            return
        strikes = 0 if work.rows else work.strikes + 1
        if work.wishes:
            self._archive_strikes = strikes
        else:
            await self._share_out_rest(work, strikes)

    async def _share_out_rest(self, work: Work, strikes: int) -> None:
        rest = {key: n for key in work.keys if (n := sum(1 for _ in self._targets(key)))}
        if strikes >= STRIKES:
            self.left += sum(rest.values())
            return
        free = await tasks.threads(self.client) - len(self._tasks)
        for keys in shards.share_out(rest, max(1, free), self.settings):
            self._start({key: Left(rest[key]) for key in keys}, strikes)

    async def _stop(self) -> None:
        """Nobody waits for the shards any longer: their workers notice, send what is left, and stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._last_parcels()
        if not self._trouble.done():
            self._settle_held()
        with suppress(OSError, ValueError):  # the scheduler may be gone, and its topic with it
            self.client.unsubscribe_topic(self.topic)

    async def _last_parcels(self) -> None:
        """Wait for what the workers have still to say, though not for long: one that is gone says nothing."""
        time = asyncio.get_running_loop().time
        until = time() + AFTER
        while time() < until and self.client.status == "running" and not self._trouble.done():
            if all(work.parted for work in self._tasks.values()):
                return
            await asyncio.sleep(GLANCE)
