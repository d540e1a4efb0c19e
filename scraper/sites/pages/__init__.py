"""Every other link: a page of the web, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.pages.page import Page

    return Page(settings, memory)


WEB = Kind(name="web", title="Any other page", home="", kinds=("page",), make=make)
"""It recognises nothing: it takes what no other kind wants."""
