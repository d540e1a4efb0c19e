"""Dask's side of a shard: the task that runs it, and the workers that could take it."""

from __future__ import annotations

import asyncio
from typing import Any

from scraper import __version__
from scraper.cluster.client import PATIENCE, dask_library
from scraper.cluster.messages import Ended
from scraper.cluster.worker import entrance, name_of
from scraper.errors import NotPublished

LOOK = 2.0
"""Seconds between two looks at whether there are workers at all."""


async def slots(client: Any, address: str) -> int:
    """Shards that run at once, as soon as there is a worker. Raises NotPublished."""
    try:
        await client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise NotPublished(
            f"The scheduler at {address} has no workers: `dask worker {address}` starts one."
        ) from None
    return await threads(client)


async def threads(client: Any) -> int:
    """Threads of all workers: as many shards run at once. 0 when the scheduler does not answer."""
    try:
        async with asyncio.timeout(LOOK):
            return sum((await client.nthreads()).values())
    except OSError:  # TimeoutError is one
        return 0


async def perform(client: Any, topic: str, number: int, load: bytes) -> Ended:
    """How the shard ended. Whatever Dask tells of a lost worker is the same to us."""
    dask, name = dask_library(), name_of(topic, number)
    queue = await dask.Queue(name, client=client)
    try:
        await queue.put(load)
        future = client.submit(entrance(), topic, number, __version__, key=name, pure=False, retries=0)
        try:
            return Ended(*await future)
        finally:
            future.release()
    except dask.KilledWorker:
        return Ended("lost", "its worker died")
    except (dask.CancelledError, OSError) as error:
        return Ended("lost", f"the scheduler gave it up ({error})")
    finally:
        queue.close()
