"""`Web` set up for tests: every name leads to the given loopback servers, and no time is spent waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from servers import Server

from scraper.model import Answer, Request
from scraper.web import Credentials, Web
from scraper.web.resolver import Lookup, system_lookup


@dataclass(frozen=True)
class PlainSettings:
    """`WebSettings` with limits that suit a loopback web."""

    user_agent: str = "scraper/1.0 (+mailto:test@example.org)"
    timeout: float = 5.0
    target_budget: float = 20.0
    attempts: int = 1
    max_redirects: int = 10
    max_wait: float = 60.0
    connect_to: Sequence[str] = ()
    allow_networks: Sequence[str] = ()
    allow_ports: Sequence[int] = ()
    ca_file: str = ""
    host_concurrency: int = 8


@dataclass
class Visitor:
    """A `Web`, and the waits it was made to take."""

    web: Web
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def get(self, url: str, **request: Any) -> Answer:
        return await self.fetch(Request(url, **request))

    async def fetch(self, request: Request, **limits: Any) -> Answer:
        return await self.web.fetch(request, sleep=self.sleep, **limits)


@asynccontextmanager
async def visiting(
    server: Server | None = None,
    secure: Server | None = None,
    *,
    credentials: Credentials | None = None,
    lookup: Lookup = system_lookup,
    **settings: Any,
) -> AsyncIterator[Visitor]:
    """Names on port 80 lead to `server`, those on port 443 to `secure`."""
    lines = [
        f":{port}:127.0.0.1:{there.port}"
        for port, there in ((80, server), (443, secure))
        if there is not None
    ]
    plain = replace(PlainSettings(connect_to=lines), **settings)
    async with Web(plain, credentials, lookup=lookup) as web:
        yield Visitor(web)
