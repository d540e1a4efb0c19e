"""Any other link: a page, visited as it is written."""

from __future__ import annotations

from scraper.addresses import Parts, without_fragment
from scraper.model import Target
from scraper.sites.pages.editions import edition


def page(address: Parts, written: str, archived_at: str) -> Target:
    """The page at an address, or the one that is the paper's own; no server ever sees the fragment."""
    own = edition(address)
    canonical = own or address.address
    return Target(f"web:{canonical}", "web", "page", canonical, own or without_fragment(written), archived_at)


def unvisitable(url: str, archived_at: str) -> Target:
    """What is not an address, kept as it is written, to be judged `invalid_url` or `unsupported`."""
    return Target(f"web:{url}", "web", "page", url, url, archived_at)
