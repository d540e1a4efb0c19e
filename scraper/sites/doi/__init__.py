"""DOIs: works as Crossref and DataCite describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Memory, Site
from scraper.sites.doi.address import by_scheme, recognise
from scraper.sites.kinds import Kind

if TYPE_CHECKING:
    from scraper.settings import Settings

HOSTS = {"crossref": "api.crossref.org", "datacite": "api.datacite.org", "registry": "doi.org"}
"""Steps in their order, and the host of each."""


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
    together=(*HOSTS.values(), "dx.doi.org"),
)
