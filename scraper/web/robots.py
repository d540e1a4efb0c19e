"""robots.txt (RFC 9309), for those who set `robots`: one file per origin and run; a broken one never blocks.

RFC 9309, 2.3.1.4, wants a site left alone while its robots.txt fails with 5xx. That is about crawling; one
visit to a link that somebody published is not turned away by a file that cannot be read.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from scraper.model import Answer, Request
from scraper.web.failures import Failed
from scraper.web.redirects import origin, parse

if TYPE_CHECKING:
    from protego import Protego

LARGEST = 512_000
"""Bytes; RFC 9309, 2.5: a limit "MUST be at least 500 kibibytes". A larger file counts as broken."""
MOST_WORK = 2_000_000
"""Groups times rules: every rule is copied for every user agent before it."""

_AGENT = re.compile(r"(?im)^[ \t]*user-?[ \t]?agent[ \t]*:")


class Robots:
    """Asks each origin once for its rules; those who ask at the same time share the answer."""

    def __init__(self, fetch: Callable[[Request], Awaitable[Answer]], user_agent: str) -> None:
        self._fetch = fetch
        # RFC 9309, 2.2.1: matched is the product token, not the comment with its addresses.
        self._token = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0]
        self._rules: dict[str, asyncio.Task[Protego | None]] = {}

    async def allowed(self, url: str) -> bool:
        """Whether the address may be visited. What is not an address is not for robots.txt to forbid."""
        rules = await self._of(url)
        return rules is None or bool(rules.can_fetch(url, self._token))

    async def crawl_delay(self, url: str) -> float | None:
        """Seconds that the site wants between two requests; None when it says nothing sensible."""
        rules = await self._of(url)
        delay = rules.crawl_delay(self._token) if rules else None
        return float(delay) if delay is not None and math.isfinite(delay) and delay >= 0 else None

    async def _of(self, url: str) -> Protego | None:
        try:
            scheme, host, port = origin(parse(url))
        except Failed:
            return None
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/robots.txt"
        if address not in self._rules:
            self._rules[address] = asyncio.create_task(self._load(address))
        # Shielded: one caller's end must not take the rules from the others.
        return await asyncio.shield(self._rules[address])

    async def _load(self, address: str) -> Protego | None:
        return rules(await self._fetch(Request(address, body_limit=LARGEST)))


def rules(answer: Answer) -> Protego | None:
    """The rules of a robots.txt; None when there is none that could be read."""
    if answer.status != 200 or answer.truncated:
        return None
    text = answer.body.decode("utf-8-sig", "replace")
    if "\0" in text or text.lstrip()[:1] == "<":  # binary, or a page where a text should be
        return None
    agents = len(_AGENT.findall(text))
    if agents * len(text.splitlines()) > MOST_WORK:
        return None
    from protego import Protego  # Only here: who does not ask for robots.txt does without

    return Protego.parse(text)
