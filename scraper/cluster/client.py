"""The way to a Dask cluster: one of our own on this machine, or one that somebody has started."""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from scraper.errors import NotPublished, UsageError

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds for the scheduler to answer, and for its first worker to appear."""

_BIG = {"distributed.admin.large-graph-warning-threshold": "1GB"}
"""A shard is one argument of one task, and meant to be."""
_AT_EXIT = "distributed.process"
"""Its logger, which tells of workers that were still starting when the program ends: after us, to nobody."""
_LOCAL = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.worker-ttl": "30s"}


INSIST = "insecure:"
"""Before the address of a scheduler that knows neither encryption nor authentication."""


def check(address: str) -> None:
    """Whether a cluster can be had under the address. Raises UsageError.

    Whoever reaches a scheduler without TLS runs code on its workers and, by what it sends back, here; one on
    this machine is reached, or was started, by any of its users.
    """
    scheduler = address.removeprefix(INSIST)
    if not (re.fullmatch(r"local:[1-9]\d{0,2}", address) or re.fullmatch(r"[a-z]+://\S+", scheduler)):
        raise UsageError(
            f"--cluster: {address!r} is neither local:N nor a scheduler's address (tls://host:8786)."
        )
    if not address.startswith(("local:", "tls://", INSIST)):
        raise UsageError(
            f"--cluster: {address} is neither encrypted nor authenticated, and whoever reaches it runs code "
            f"here: use tls://, or insist with {INSIST}{address}."
        )
    try:
        dask_library()
        import cryptography  # noqa: F401 - makes the certificates of a cluster of our own
    except ModuleNotFoundError:
        raise UsageError("--cluster needs the extra `cluster`: pip install 'paperlinks[cluster]'.") from None


def dask_library() -> Any:
    """`distributed`, imported only where a cluster is wanted; its functions carry no types."""
    import distributed

    return distributed


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Any]:
    """A client of the cluster (`distributed.Client`), closed at the end with what was started for it.

    Raises:
        NotPublished: the scheduler cannot be reached.
    """
    import dask

    # First: its defaults, were they loaded within the `set` below, would go when that ends.
    dask_library()
    with _hushed(), dask.config.set(_BIG):
        if address.startswith("local:"):
            async with _own(int(address.removeprefix("local:"))) as client:
                yield client
        else:
            async with _theirs(address) as client:
                yield client


@asynccontextmanager
async def _own(workers: int) -> AsyncIterator[Any]:
    import dask

    library = dask_library()
    start_helper()
    with dask.config.set(_LOCAL):
        cluster = library.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # its metrics: never a port of others
            silence_logs=logging.CRITICAL,
            preload=["scraper.cluster.worker"],
            # Certificates of this run, in memory only: else every user of the machine could run code as us.
            security=library.Security.temporary(),
            asynchronous=True,
        )
        async with cluster, library.Client(cluster, asynchronous=True, set_as_default=False) as client:
            yield client


def start_helper() -> None:
    """Start the process that Python's multiprocessing keeps beside every program with workers.

    It ignores Ctrl-C and SIGTERM by itself, and must outlive us. A terminal that is closed sends SIGHUP to it
    as well: what is ignored here is ignored there.
    """
    from multiprocessing import resource_tracker

    if not hasattr(signal, "SIGHUP"):  # Windows
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        resource_tracker.ensure_running()
    finally:
        signal.signal(signal.SIGHUP, before)


@asynccontextmanager
async def _theirs(address: str) -> AsyncIterator[Any]:
    library = dask_library()
    try:
        client = await library.Client(address, asynchronous=True, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NotPublished(f"No Dask scheduler answers at {address} ({error}).") from None
    try:
        yield client
    finally:
        await client.close()


@contextmanager
def _hushed() -> Iterator[None]:
    """Dask tells of lost workers at length; what they mean for the run is told by us. `-vv` lets it speak."""
    names = [name for name in logging.Logger.manager.loggerDict if name.partition(".")[0] == "distributed"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in () if log.isEnabledFor(logging.DEBUG) else names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            if name != _AT_EXIT:
                logging.getLogger(name).setLevel(level)
