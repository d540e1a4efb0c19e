"""OpenReview: forums by its two APIs, the page and its memento."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.kinds import Credential, Kind
from scraper.sites.openreview.address import forum
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

HOSTS = {"v1": "api.openreview.net", "v2": "api2.openreview.net"}
PAGES = "openreview.net"
ARCHIVE = ("web.archive.org", "archive.org")
"""Asked for the copies of forums behind the gate."""
BATCH = 50
"""Notes per request."""


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.openreview.forums import OpenReview

    return OpenReview(settings, memory)


def credentials(settings: Settings) -> list[Credential]:
    """The token that is configured; one that a login brings is added by the run."""
    token = settings.openreview_token
    return [Credential("openreview", token.get_secret_value(), tuple(HOSTS.values()))] if token else []


OPENREVIEW = Kind(
    name="openreview",
    title="OpenReview",
    home="https://openreview.net/",
    kinds=("forum",),
    make=make,
    recognise=forum,
    without_scheme=("openreview.net",),
    role="paper",
    hosts=(*HOSTS.values(), PAGES),
    # No limit is published; 20 a minute was seen for guests. Batches keep us far below it.
    pace=dict.fromkeys((*HOSTS.values(), PAGES), Pace(1.0, 1)),
    together=(*ARCHIVE, PAGES, *HOSTS.values()),
    batches={HOSTS["v1"]: BATCH},
    secrets=("openreview_username", "openreview_password", "openreview_token"),
    credentials=credentials,
    remembered=lambda _: [f"https://{host}/" for host in ARCHIVE],
)
