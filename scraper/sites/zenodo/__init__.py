"""Zenodo: records of data, software and papers, by its REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site
from scraper.sites.zenodo.address import recognise

if TYPE_CHECKING:
    from scraper.settings import Settings

HOST = "zenodo.org"


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.zenodo.records import Zenodo

    return Zenodo(settings, memory)


ZENODO = Kind(
    name="zenodo",
    title="Zenodo",
    home=f"https://{HOST}/",
    kinds=("record",),
    make=make,
    recognise=recognise,
    without_scheme=(HOST,),
    role="code",
    hosts=(HOST,),
    # A guest has 60 requests a minute (https://developers.zenodo.org/#rate-limiting).
    pace={HOST: Pace(1.0, 1)},
    together=(HOST, f"www.{HOST}"),
)
