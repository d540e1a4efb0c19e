"""The web as the rest of the program sees it: a request goes in, an answer comes out, nothing is raised."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from scraper.model import Answer, Request
from scraper.web import tls
from scraper.web.credentials import Credentials
from scraper.web.guard import Guard
from scraper.web.network import Connector, routes
from scraper.web.options import WebSettings
from scraper.web.resolver import Lookup, Resolver, system_lookup
from scraper.web.retrying import Policy, Ready, Rest, Sleep, Spend
from scraper.web.transport import Transport
from scraper.web.visit import Parts, Visit


class Web:
    """Bounded, guarded requests; one instance for a run, in one event loop, as an async context manager."""

    def __init__(
        self,
        settings: WebSettings,
        credentials: Credentials | None = None,
        *,
        lookup: Lookup = system_lookup,
        concurrency: Callable[[str], int] | None = None,
    ) -> None:
        """`concurrency` says how many requests a host bears at a time; by default all `host_concurrency`.

        Raises SettingsError when addresses, networks, certificates or proxies in it make no sense.
        """
        self._settings = settings
        self._concurrency = concurrency or (lambda _: settings.host_concurrency)
        self.credentials = Credentials() if credentials is None else credentials
        """A token may be added later, as after a login."""
        trust = tls.context(settings.ca_file)
        guard = Guard(settings.allow_networks, settings.allow_ports)
        # Half of an attempt for the name, so that a silent resolver is not taken for a silent host.
        self._resolver = Resolver(lookup, limit=settings.timeout / 2)
        connector = Connector(self._resolver, guard, routes(settings.connect_to), trust)
        self._transport = Transport(connector, trust)
        policy = Policy(settings.max_wait)
        self._parts = Parts(settings, self.credentials, self._transport, policy, self._turn)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        self._resolver.close()

    async def fetch(
        self,
        request: Request,
        *,
        sleep: Sleep = asyncio.sleep,
        attempts: int | None = None,
        budget: float | None = None,
        rest: Rest = lambda _: None,
        ready: Ready | None = None,
        spend: Spend = lambda *_: None,
    ) -> Answer:
        """What came back. Never raises for what an address, a resolver, a network or a server does.

        `sleep` waits between two attempts (the dispatcher's frees the slot meanwhile); `attempts` and
        `budget`, seconds of work, stand in for the settings; `rest` is told how long the host wants to be
        left alone; `ready` is asked with the connection open, right before an attempt's first request is
        written, until it says that it may be; `spend` is told what each exchange cost, as nobody else is when
        the fetch is cancelled.
        """
        budget = self._settings.target_budget if budget is None else budget
        visit = Visit(self._parts, request, budget, ready, spend)
        return await visit.run(sleep, self._settings.attempts if attempts is None else attempts, rest)

    def guard_note(self) -> str:
        """A line for the user when the address guard cannot do its work; empty when it can."""
        if not self._transport.proxied:
            return ""
        return (
            "requests go through the environment's proxy, which resolves the names itself: "
            "private addresses are refused only where a link spells them out"
        )

    def _turn(self, host: str) -> asyncio.Semaphore:
        """The turns at a host: redirects bring more requests to it than the dispatcher knows of."""
        turn = self._turns.get(host)
        if turn is None:
            turn = self._turns[host] = asyncio.Semaphore(self._concurrency(host))
        return turn
