"""One module per kind of target. A new kind is one new module and one line in `sites`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings


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
