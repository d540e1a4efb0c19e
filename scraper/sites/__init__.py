"""One module per kind of target. A new kind is one new module and one line in `sites`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scraper.model import Record, Site

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.settings import Settings


class Memory(Protocol):
    """What sites may know of earlier runs; the store is one."""

    def validator(self, url: str) -> str:
        """The ETag that came with this URL last, or an empty string."""

    def last_read(self, target: str) -> datetime | None:
        """When metadata of the target was last read or confirmed."""

    def record(self, target: str) -> Record:
        """What is known of the target."""


def sites(settings: Settings, memory: Memory) -> dict[str, Site]:
    """The sites of one run, by the `site` of their targets; each may keep notes of the run in itself."""
    from scraper.sites.arxiv.preprints import Arxiv
    from scraper.sites.doi.works import Doi
    from scraper.sites.drive.files import GoogleDrive
    from scraper.sites.github.repositories import GitHub
    from scraper.sites.openreview.forums import OpenReview
    from scraper.sites.pages.page import Page

    return {
        "openreview": OpenReview(settings, memory),
        "github": GitHub(settings, memory),
        "gdrive": GoogleDrive(settings, memory),
        "arxiv": Arxiv(settings, memory),
        "doi": Doi(settings, memory),
        "web": Page(settings, memory),
    }
