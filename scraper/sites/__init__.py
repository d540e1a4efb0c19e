"""One folder for each kind of site. A new kind is one new folder and one line in `KINDS`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.arxiv import ARXIV
from scraper.sites.doi import DOI
from scraper.sites.drive import DRIVE
from scraper.sites.gitea import GITEA
from scraper.sites.github import GITHUB
from scraper.sites.gitlab import GITLAB
from scraper.sites.huggingface import HUGGING_FACE
from scraper.sites.kinds import Kind
from scraper.sites.local import LOCAL
from scraper.sites.openreview import OPENREVIEW
from scraper.sites.pages import WEB
from scraper.sites.ports import Memory, Site
from scraper.sites.zenodo import ZENODO

if TYPE_CHECKING:
    from scraper.settings import Settings

KINDS: tuple[Kind, ...] = (
    OPENREVIEW,
    GITHUB,
    GITLAB,
    GITEA,
    DRIVE,
    ARXIV,
    DOI,
    HUGGING_FACE,
    ZENODO,
    LOCAL,
    WEB,
)
"""Every kind of site, in the order in which they are asked whether an address is theirs. Of two papers, or of
two addresses of code, that stand together the kind that comes first gives the row of papers.csv."""


class Sites(Mapping[str, Site]):
    """The sites of one run, by the `site` of their targets; each may keep notes of the run in itself.

    A site is made when it is first asked for: most articles link to a few kinds, and the others are not even
    imported.
    """

    def __init__(self, settings: Settings, memory: Memory, *others: Site) -> None:
        self._settings = settings
        self._memory = memory
        self._makers = {kind.name: kind.make for kind in KINDS if kind.make}
        self._made = {site.name: site for site in others}

    @property
    def made(self) -> Collection[Site]:
        """Those that were asked for."""
        return self._made.values()

    def __getitem__(self, name: str) -> Site:
        site = self._made.get(name)
        if site is None:
            site = self._made[name] = self._makers[name](self._settings, self._memory)
        return site

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._makers, *self._made)))

    def __len__(self) -> int:
        return len(self._makers.keys() | self._made.keys())


def sites(settings: Settings, memory: Memory, *others: Site) -> Sites:
    """The sites of one run; with others, which are no kinds of links."""
    return Sites(settings, memory, *others)


def hosts_without_scheme() -> list[str]:
    """Hosts that people write without `https://` before them."""
    return [host for kind in KINDS for host in kind.without_scheme]


def paces() -> dict[str, Pace]:
    """The pace of every key that a service paces itself."""
    return {key: pace for kind in KINDS for key, pace in kind.pace.items()}


def batch(key: str) -> int:
    """How many targets one request to the key is about."""
    sizes = {part: size for kind in KINDS for part, size in kind.batches.items()}
    return sizes.get(key) or sizes.get(f"/{key.partition('/')[2]}") or 1


def of_role(role: str) -> tuple[str, ...]:
    """Prefixes of the keys of targets that are papers, or code, in papers.csv; the richest record first."""
    return tuple(f"{kind.name}:" for kind in KINDS if kind.role == role)
