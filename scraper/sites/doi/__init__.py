"""DOIs: works as Crossref and DataCite describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.doi.address import by_scheme, recognise
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

HOSTS = {"crossref": "api.crossref.org", "datacite": "api.datacite.org", "registry": "doi.org"}
"""Steps in their order, and the host of each."""
BATCH = 100
"""Names in a list: https://github.com/CrossRef/rest-api-doc/issues/301 says that they may be several."""


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.doi.works import Doi

    return Doi(settings, memory)


DOI = Kind(
    name="doi",
    title="DOI",
    home="https://doi.org/",
    kinds=("work",),
    make=make,
    recognise=recognise,
    shorthand=by_scheme,
    without_scheme=("doi.org", "dx.doi.org"),
    role="paper",
    hosts=tuple(HOSTS.values()),
    # Crossref since 2025-12-01: a list a second, one at a time. DataCite says nothing of its own.
    pace={HOSTS["crossref"]: Pace(1.0, 1), HOSTS["datacite"]: Pace(1.0, 1)},
    together=(*HOSTS.values(), "dx.doi.org"),
    batches={HOSTS["crossref"]: BATCH, HOSTS["datacite"]: BATCH},
)
