"""Which addresses mean a file or folder of Google Drive."""

from __future__ import annotations

import re

from scraper.addresses import Parts, parameter
from scraper.model import Target
from scraper.verdicts.patterns import lazily

_DRIVE = frozenset({"drive.google.com", "drive.usercontent.google.com"})
_DRIVE_PATH = lazily(r"/(?:.*/)?(file/(?:u/\d+/)?d|folders)/([A-Za-z0-9_-]{10,})(?:/.*)?", re.DOTALL)
_DRIVE_BY_ID = lazily(r"(?:/u/\d+)?/(open|uc|thumbnail|download|folderview|embeddedfolderview)/?")


def shared(address: Parts, archived_at: str) -> Target | None:
    """A file or folder of Google Drive. Old shared files open only with their `resourcekey`: it is kept."""
    direct = address.host == "docs.google.com" and address.path == "/uc"
    if address.host not in _DRIVE and not direct:
        return None
    if match := _DRIVE_PATH.fullmatch(address.path):
        place, identifier = match[1], match[2]
    elif match := _DRIVE_BY_ID.fullmatch(address.path):
        place, identifier = match[1], parameter(address, "id")
    else:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,}", identifier):
        return None
    folder = "folder" in place
    path = f"drive/folders/{identifier}" if folder else f"file/d/{identifier}/view"
    resource_key = parameter(address, "resourcekey")
    query = f"?resourcekey={resource_key}" if re.fullmatch(r"[A-Za-z0-9_-]+", resource_key) else ""
    url = f"https://drive.google.com/{path}{query}"
    return Target(
        f"gdrive:{identifier}", "gdrive", "folder" if folder else "file", identifier, url, archived_at
    )
