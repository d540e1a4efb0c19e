"""The record that an address of Zenodo names."""

from __future__ import annotations

from scraper.addresses import Parts
from scraper.model import Target
from scraper.verdicts.patterns import lazily

_HOSTS = frozenset({"zenodo.org", "www.zenodo.org"})
_PATH = lazily(r"/(?:api/)?(?:records?|deposit|uploads)/(?P<id>[0-9]{1,12})(?:/(?:latest|export/\w+))?/?")


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A record by its page, old (`/record/1`) or new (`/records/1`); its files are pages of their own."""
    match = _PATH.fullmatch(address.path) if address.host in _HOSTS else None
    if match is None:
        return None
    number = match["id"]
    return Target(
        f"zenodo:{number}", "zenodo", "record", number, f"https://zenodo.org/records/{number}", archived_at
    )
