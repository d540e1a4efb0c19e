"""Google Drive: shared files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.sites.drive.address import shared
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

HOST = "drive.google.com"


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.drive.files import GoogleDrive

    return GoogleDrive(settings, memory)


DRIVE = Kind(
    name="gdrive",
    title="Google Drive",
    home=f"https://{HOST}/",
    kinds=("file", "folder"),
    make=make,
    recognise=shared,
    role="code",
    hosts=(HOST,),
)
