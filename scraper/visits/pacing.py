"""How each key wants to be asked: the user's word, else what the service says or has shown that it bears."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites import paces, wayback

if TYPE_CHECKING:
    from scraper.settings import Settings


def pacing(settings: Settings) -> Callable[[str], Pace]:
    """The pace of each key: the user's word (setting `hosts`), else the service's, else any host's."""
    services = paces() | {wayback.KEY: wayback.PACE}

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
