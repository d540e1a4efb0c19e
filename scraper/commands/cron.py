"""What a scheduled run needs around it: the lock, health pings, and metrics for Prometheus."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from filelock import FileLock, Timeout

from scraper.errors import Locked, NotPublished
from scraper.files import published_or_told, sweep, write
from scraper.model import Health

log = logging.getLogger(__name__)

LOCK = ".lock"
PING_SECONDS = 10.0
_BODY_LIMIT = 10_000
"""Bytes of a ping's body: what healthchecks.io keeps of it."""

Post = Callable[[str, bytes], Awaitable[str]]
"""Sends a body to a URL; returns what went wrong in a few words, or an empty string."""


@contextmanager
def only_run(data: Path) -> Iterator[None]:
    """Hold the lock on a data folder for the block; the kernel frees it however the process ends.

    What a killed run left unfinished in the folder is swept away first.

    Raises:
        Locked: another run holds it; told at once.
        NotPublished: the folder cannot be written.
    """
    with published_or_told(f"the lock in {data}"):
        data.mkdir(parents=True, exist_ok=True)
        if (data / LOCK).is_symlink():  # whoever locks a file empties it: never one that a link chose
            raise NotPublished(f"{data / LOCK} is a link, to {(data / LOCK).readlink()}: move it away.")
        lock = FileLock(data / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise Locked(f"Another run is using {data} (lock: {data / LOCK}): wait for it to end.") from None
    try:
        with published_or_told(f"the data in {data}"):
            sweep(data)
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Pings:
    """Tells a monitor that the job began and how it ended: `<url>/start`, `<url>` or `<url>/<exit code>`.

    A monitor that cannot be reached is one line in the log and never the job's failure. The URL is as good as
    a password and is not logged.
    """

    url: str
    """Empty: nobody is told."""
    post: Post
    ends: float | None = None
    """When the job's time is up, on the monotonic clock: a silent monitor gets little of it."""
    run: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Ties the start and the end of one job together (`rid`)."""

    async def start(self) -> None:
        await self._send("start", b"")

    async def end(self, exit_code: int, last_lines: str) -> None:
        """Exit codes 0 and 3 (published, and something to look at) are a success of the job."""
        succeeded = exit_code in (0, 3)
        await self._send(
            "" if succeeded else str(exit_code), last_lines.encode(errors="replace")[-_BODY_LIMIT:]
        )

    async def _send(self, step: str, body: bytes) -> None:
        if not self.url:
            return
        try:
            async with asyncio.timeout(patience := self._patience(step)):
                failure = await self.post(ping_url(self.url, step, self.run), body)
        except TimeoutError:
            failure = f"no answer in {patience:.0f} s"
        except Exception as error:  # noqa: BLE001 - whatever the sender does wrong, the job goes on
            failure = type(error).__name__
        if failure:
            log.warning("The health ping to %s was not delivered: %s", urlsplit(self.url).hostname, failure)

    def _patience(self, step: str) -> float:
        """Seconds: at the start a tenth of the job's time, at the end what is left of it, 1 to 10 of them."""
        if self.ends is None:
            return PING_SECONDS
        left = self.ends - time.monotonic()
        return min(max(left / 10 if step == "start" else left, 1.0), PING_SECONDS)


def ping_url(url: str, step: str, run: str) -> str:
    """`https://hc.test/uuid?x=1` and `start` make `https://hc.test/uuid/start?x=1&rid=…`."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + (f"/{step}" if step else "")
    query = "&".join(part for part in (parts.query, urlencode({"rid": run})) if part)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a run says to Prometheus."""

    duration: float
    """Seconds."""
    requests: float
    exit_code: int
    last_success: datetime | None
    """End of the last complete run, which may be an earlier one (`Store.last_success`)."""
    links: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By article, then by health."""


def write_metrics(path: Path, metrics: Metrics) -> None:
    """Replace a textfile for node_exporter's textfile collector, whole; its name must end in `.prom`.

    Raises:
        NotPublished: the disk refused it.
    """
    with published_or_told(f"the metrics {path}"):
        write(path, metrics_text(metrics))


def metrics_text(metrics: Metrics) -> str:
    """The metrics in the text format of Prometheus, without time stamps (the collector refuses them)."""
    lines: list[str] = []
    if metrics.last_success is not None:
        _gauge(lines, "scraper_last_success_timestamp_seconds", "End of the last complete run.")
        lines.append(f"scraper_last_success_timestamp_seconds {metrics.last_success.timestamp():.0f}")
    for name, meaning, value in (
        ("scraper_run_duration_seconds", "Duration of the last run.", metrics.duration),
        ("scraper_requests", "Requests sent by the last run.", metrics.requests),
        ("scraper_exit_code", "Exit code of the last run.", metrics.exit_code),
    ):
        _gauge(lines, name, meaning)
        lines.append(f"{name} {value:.10g}")
    _gauge(
        lines,
        "scraper_links",
        "Links of an article by health, as its newest tables have them; unasked ones are unverified.",
    )
    for article, counts in sorted(metrics.links.items()):
        for health in Health:
            labels = f'article="{_label(article)}",health="{health}"'
            lines.append(f"scraper_links{{{labels}}} {counts.get(health, 0)}")
    return "\n".join(lines) + "\n"


def _gauge(lines: list[str], name: str, meaning: str) -> None:
    lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]


def _label(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
