"""Link health and metadata for lists of papers.

    import scraper

    links = scraper.check(["https://github.com/a/b", "https://openreview.net/forum?id=…"])
    links[0].health, links[0].reason, links[0].record
    links.to_pandas()

    snapshot = scraper.load("data", "iclr-2020")
    snapshot.links, snapshot.papers, snapshot.history

Nothing else is public; what is not in `__all__` may change in any version.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as checkers know it: `typing` takes half of the time in which Ctrl-C is Python's own
if TYPE_CHECKING:
    from typing import Any

    from scraper.api.checking import acheck, check
    from scraper.api.links import Link, Links
    from scraper.api.published import Published, load
    from scraper.errors import ArticleError, NotPublished, Offline, ScraperError, SettingsError, SnapshotError
    from scraper.model import Change, Health

__version__ = "0.1.0"

__all__ = [
    "ArticleError",
    "Change",
    "Health",
    "Link",
    "Links",
    "NotPublished",
    "Offline",
    "Published",
    "ScraperError",
    "SettingsError",
    "SnapshotError",
    "acheck",
    "check",
    "load",
]

_PLACES = {
    **dict.fromkeys(("acheck", "check"), "scraper.api.checking"),
    **dict.fromkeys(("Link", "Links"), "scraper.api.links"),
    **dict.fromkeys(("Published", "load"), "scraper.api.published"),
    **dict.fromkeys(("Change", "Health"), "scraper.model"),
}


def __getattr__(name: str) -> Any:
    """PEP 562: each thing is loaded when it is first asked for, so that the import costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES.get(name, "scraper.errors")), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
