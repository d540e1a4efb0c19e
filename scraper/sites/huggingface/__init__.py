"""Hugging Face: models, datasets and Spaces, by the Hub's public API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.huggingface.address import recognise
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

HOST = "huggingface.co"


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.huggingface.repositories import HuggingFace

    return HuggingFace(settings, memory)


HUGGING_FACE = Kind(
    name="huggingface",
    title="Hugging Face",
    home=f"https://{HOST}/",
    kinds=("model", "dataset", "space"),
    make=make,
    recognise=recognise,
    without_scheme=(HOST,),
    role="code",
    hosts=(HOST,),
    # A guest has 500 requests in five minutes (https://huggingface.co/docs/hub/rate-limits).
    pace={HOST: Pace(0.6, 2)},
    together=(HOST, "hf.co"),
)
