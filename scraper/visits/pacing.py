"""How each key wants to be asked: the user's word, else what the service says or has shown that it bears."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scraper.model import Pace

if TYPE_CHECKING:
    from scraper.settings import Settings

API_MANNERS = {
    # GitHub: "Make requests for a single user or client ID serially"; at most 900 points a minute.
    "api.github.com": Pace(0.075, 1),
    "api.github.com/graphql": Pace(1.0, 1),
    # OpenReview publishes no limit; 20 a minute was seen for guests. Batches keep us far below it.
    "api.openreview.net": Pace(1.0, 1),
    "api2.openreview.net": Pace(1.0, 1),
    "openreview.net": Pace(1.0, 1),
    # arXiv API manual: "no more than one request every three seconds, and a single connection at a time".
    "export.arxiv.org": Pace(3.0, 1),
    # 24 requests a minute are what the Wayback Machine bears (release notes of EDGI's `wayback`).
    "web.archive.org": Pace(2.5, 1),
}
"""Manners of the services that say, or have shown, what they bear; settings `hosts` may change them."""


def manners(settings: Settings) -> Callable[[str], Pace]:
    """How each key is treated: the user's word, else the service's, else the default for hosts."""

    def manner(key: str) -> Pace:
        known = API_MANNERS.get(key, Pace(settings.host_interval, settings.host_concurrency))
        own = settings.hosts.get(key)
        if own is None:
            return known
        return Pace(
            known.interval if own.interval is None else own.interval,
            known.concurrency if own.concurrency is None else own.concurrency,
        )

    return manner
