"""How each key wants to be asked: the user's word, else what the service says or has shown that it bears."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scraper.visits.turns import Manner

if TYPE_CHECKING:
    from scraper.settings import Settings

API_MANNERS = {
    # GitHub: "Make requests for a single user or client ID serially"; at most 900 points a minute.
    "api.github.com": Manner(0.075, 1),
    "api.github.com/graphql": Manner(1.0, 1),
    # OpenReview publishes no limit; 20 a minute was seen for guests. Batches keep us far below it.
    "api.openreview.net": Manner(1.0, 1),
    "api2.openreview.net": Manner(1.0, 1),
    "openreview.net": Manner(1.0, 1),
    # arXiv API manual: "no more than one request every three seconds, and a single connection at a time".
    "export.arxiv.org": Manner(3.0, 1),
    # 24 requests a minute are what the Wayback Machine bears (release notes of EDGI's `wayback`).
    "web.archive.org": Manner(2.5, 1),
}
"""Manners of the services that say, or have shown, what they bear; settings `hosts` may change them."""


def manners(settings: Settings) -> Callable[[str], Manner]:
    """How each key is treated: the user's word, else the service's, else the default for hosts."""

    def manner(key: str) -> Manner:
        known = API_MANNERS.get(key, Manner(settings.host_interval, settings.host_concurrency))
        own = settings.hosts.get(key)
        if own is None:
            return known
        return Manner(
            known.interval if own.interval is None else own.interval,
            known.concurrency if own.concurrency is None else own.concurrency,
        )

    return manner
