"""arXiv: preprints by its API, else by the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.arxiv.address import by_scheme, recognise
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

HOST, PAGES = "export.arxiv.org", "arxiv.org"
BATCH = 100
"""Preprints per request."""


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.arxiv.preprints import Arxiv

    return Arxiv(settings, memory)


ARXIV = Kind(
    name="arxiv",
    title="arXiv",
    home="https://arxiv.org/",
    kinds=("preprint",),
    make=make,
    recognise=recognise,
    shorthand=by_scheme,
    without_scheme=("arxiv.org",),
    role="paper",
    hosts=(HOST, PAGES),
    # API manual: "no more than one request every three seconds, and a single connection at a time".
    pace={HOST: Pace(3.0, 1)},
    together=(HOST, PAGES),
    batches={HOST: BATCH},
)
