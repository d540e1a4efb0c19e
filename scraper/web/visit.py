"""One fetch: redirects, second tries, and what came of them as one `Answer`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from scraper.model import Answer, Request
from scraper.web.body import Want
from scraper.web.call import Call
from scraper.web.credentials import Credentials
from scraper.web.exchange import Reply, exchange
from scraper.web.failures import Failed
from scraper.web.options import WebSettings
from scraper.web.redirects import STATUSES, parse
from scraper.web.retrying import Policy, Ready, Rest, Sleep, Spend, settled, worth_another
from scraper.web.trail import Header, Trail
from scraper.web.transport import Transport


class Parts(NamedTuple):
    """What the visits of a run share."""

    settings: WebSettings
    credentials: Credentials
    transport: Transport
    policy: Policy
    turn: Callable[[str], asyncio.Semaphore]


class Visit:
    """The state of one fetch."""

    def __init__(
        self, parts: Parts, request: Request, budget: float, ready: Ready | None, spend: Spend
    ) -> None:
        self._parts = parts
        self._request = request
        self._budget = budget
        self._ready = ready
        self._spend = spend
        self._spent = 0.0
        self._attempts = 0
        self._requests = 0
        self._at = datetime.now(UTC)
        self._time = time.monotonic

    async def run(self, sleep: Sleep, attempts: int, rest: Rest) -> Answer:
        """The answer, after as many attempts as it needs and may have."""
        policy = self._parts.policy
        answer = await self._attempt()
        if attempts > 1 and worth_another(answer, policy.max_wait) and not self._exhausted():
            tried = [answer]  # tenacity's first attempt; nine visits of ten never come here

            async def attempt() -> Answer:
                return tried.pop() if tried else await self._attempt()

            answer = await policy.controller(attempts, sleep, self._exhausted, rest)(attempt)
        return settled(answer, policy.max_wait)

    def _exhausted(self) -> bool:
        """Whether too little of the budget is left for an attempt that could say anything."""
        return self._budget - self._spent < 0.1 * self._parts.settings.timeout

    def _allowance(self) -> float:
        return min(self._parts.settings.timeout, self._budget - self._spent)

    async def _attempt(self) -> Answer:
        """One chain of redirects to its end, within what is left of the budget."""
        self._attempts += 1
        trail = None
        until = self._spent + self._allowance()
        try:
            url = parse(self._request.url)
            trail = Trail(url, self._request.method, self._headers(), self._content())
            while True:
                reply = await self._ask(trail, until - self._spent)
                if reply.status not in STATUSES or not self._request.follow:
                    return self._answered(trail, reply)
                trail.advance(
                    reply.status, reply.locations, reply.cookies, self._parts.settings.max_redirects
                )
        except Failed as failed:
            return self._failed(trail, failed)

    async def _ask(self, trail: Trail, seconds: float) -> Reply:
        """The next request of the chain. Waiting for a turn at the host does not count."""
        call = self._build(trail)
        ready = None if trail.hops else self._ready
        want = Want(self._request.body_limit, self._request.until, self._request.read_on)
        async with self._parts.turn(trail.origin[1]):
            start = self._time()
            try:
                return await exchange(self._parts.transport, call, want, seconds, self._request.follow, ready)
            finally:
                took = self._time() - start - call.held
                self._requests += call.sent
                self._spent += took
                self._spend(self._attempts, call.sent, took)

    def _build(self, trail: Trail) -> Call:
        headers = trail.headers
        if cookie := trail.cookie():
            headers = [*headers, ("Cookie", cookie)]
        if self._request.credential and not trail.strayed:
            token = self._parts.credentials.authorization(self._request.credential, *trail.origin)
            headers = [*headers, ("Authorization", token)] if token else headers
        if not trail.strayed:
            headers = self._with_own(headers, trail)
        # Bytes, for a value may come from a server's ETag: str would have to be ASCII.
        fields = [(n.encode("ascii", "replace"), value.encode("utf-8", "replace")) for n, value in headers]
        # Named here, for the library would decode the host: names of symbols (`xn--i-7iq.ws`) exist, and are
        # none by IDNA 2008.
        fields.insert(0, (b"Host", trail.url.netloc))
        if trail.content or trail.method != "GET":
            fields.append((b"Content-Length", b"%d" % len(trail.content or b"")))
        return Call(trail.method, trail.url, trail.origin, fields, trail.content or b"")

    def _with_own(self, headers: list[Header], trail: Trail) -> list[Header]:
        """With the user's fields for this host; a credential that the question asks for goes before them."""
        own = self._parts.credentials.headers(*trail.origin)
        if not own:
            return headers
        asked = {name.lower() for name, _ in headers} & {"authorization"}
        mine = {name.lower(): (name, value) for name, value in own.items() if name.lower() not in asked}
        return [*(one for one in headers if one[0].lower() not in mine), *mine.values()]

    def _headers(self) -> list[Header]:
        """The question's header fields, and those of ours that it does not have."""
        given = {name.lower() for name, _ in self._request.headers}
        ours = [
            ("User-Agent", self._parts.settings.user_agent),
            ("Accept", "*/*"),
            ("Accept-Language", "en, *;q=0.5"),
            ("Accept-Encoding", "gzip"),
        ]
        if self._request.json is not None:
            ours.append(("Content-Type", "application/json"))
        return [*(header for header in ours if header[0].lower() not in given), *self._request.headers]

    def _content(self) -> bytes | None:
        if self._request.json is None:
            return self._request.content or None
        return json.dumps(self._request.json).encode()

    def _answered(self, trail: Trail, reply: Reply) -> Answer:
        body = reply.body
        # A definite status says all there is to say; a page that broke off in the middle is not a page.
        broken = body.failure if 200 <= reply.status < 300 else ""
        return Answer(
            url=self._request.url,
            final_url=self._final_url(trail),
            status=None if broken else reply.status,
            headers=reply.fields,
            body=body.data,
            truncated=body.truncated,
            hops=tuple(trail.hops),
            failure=broken,
            detail=body.detail,
            attempts=self._attempts,
            requests=self._requests,
            elapsed=self._spent,
            at=self._at,
            certificate_expires=reply.certificate_expires,
        )

    def _failed(self, trail: Trail | None, failed: Failed) -> Answer:
        return Answer(
            url=self._request.url,
            final_url=self._final_url(trail) if trail else self._request.url,
            hops=tuple(trail.hops) if trail else (),
            failure=_blamed(failed.reason, trail),
            detail=self._told(failed),
            attempts=self._attempts,
            requests=self._requests,
            elapsed=self._spent,
            at=self._at,
        )

    def _told(self, failed: Failed) -> str:
        """What was seen: of a timeout the setting, and not what the last try had left of its budget.

        So the same web gives the same words.
        """
        timeout = self._parts.settings.timeout
        return f"no answer within {timeout:g} s" if failed.reason == "timeout" else failed.detail

    def _final_url(self, trail: Trail) -> str:
        """As it was written when nothing led elsewhere: no canonical form is made of what was asked for."""
        if trail.hops or "@" in self._request.url:
            return str(trail.url)
        return self._request.url.partition("#")[0]


def _blamed(reason: str, trail: Trail | None) -> str:
    """That a host's name is none may only come out at the look-up; after a redirect it is the redirect's."""
    return "bad_redirect" if reason == "invalid_url" and trail and trail.hops else reason
