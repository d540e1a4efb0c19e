"""How each key wants to be asked: the user's word, else what the service says or has shown that it bears."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites import captures, paces

if TYPE_CHECKING:
    from scraper.settings import Settings


_LONGEST_WINDOW = 60.0
"""Seconds. What may be asked in an hour is a budget, which a run may spend at once, and not a pace."""


def stated_interval(headers: Mapping[str, str]) -> float:
    """Seconds between two requests that an answer's headers ask for; 0.0 when they say nothing.

    Crossref: `X-Rate-Limit-Limit: 5` requests in an `X-Rate-Limit-Interval: 1s`.
    """
    if "x-rate-limit-limit" not in headers:  # almost all
        return 0.0
    limit = re.fullmatch(r"[0-9]{1,9}", headers.get("x-rate-limit-limit", "").strip())
    window = re.fullmatch(r"([0-9]{1,5})s?", headers.get("x-rate-limit-interval", "").strip())
    if not limit or not window or not int(limit[0]) or int(window[1]) > _LONGEST_WINDOW:
        return 0.0
    return int(window[1]) / int(limit[0])


def pacing(settings: Settings) -> Callable[[str], Pace]:
    """The pace of each key: the user's word (setting `hosts`), else the service's, else any host's."""
    services = paces() | captures.PACES

    def pace(key: str) -> Pace:
        known = services.get(key, Pace(settings.host_interval, settings.host_concurrency))
        own = settings.hosts.get(key)
        if own is None:
            return known
        return Pace(
            known.interval if own.interval is None else own.interval,
            known.concurrency if own.concurrency is None else own.concurrency,
        )

    return pace
