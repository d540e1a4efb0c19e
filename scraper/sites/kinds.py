"""What the rest of the house knows of a kind of site: all of it, once.

A kind of site is a folder here: its grammar (`address.py`), its readers, and in `__init__` its `Kind`.
Importing a kind is cheap; its readers are imported when a run makes the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from scraper.addresses import Parts
from scraper.model import Pace, Target
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

Role = Literal["paper", "code", ""]


class Credential(NamedTuple):
    """A secret, and the only hosts that may see it."""

    name: str
    """As questions ask for it (`Request.credential`)."""
    value: str
    hosts: tuple[str, ...]


def _nobody(*_: object) -> None:
    return None


def _none(_: Settings) -> tuple[()]:
    return ()


class Kind(NamedTuple):
    """One kind of site."""

    name: str
    """`Target.site`, and what stands before the colon of its targets' keys."""
    title: str
    home: str
    """Address of the site; empty for pages in general and for files."""
    kinds: tuple[str, ...]
    """What `Target.kind` may be."""
    make: Callable[[Settings, Memory], Site] | None
    """The site of one run; imports its readers only when called. None: nobody has to be asked."""
    recognise: Callable[[Parts, str], Target | None] = _nobody
    """The target that an address means, given the time stamp of its memento; None: an address of others."""
    shorthand: Callable[[str, str], Target | None] = _nobody
    """Likewise for what is not an address and means one all the same: `git@github.com:a/b`, `doi:10.1/x`."""
    repository_of: Callable[[Target], Target | None] = _nobody
    """The repository that a target is a part of; None for anything else."""
    anchored: bool = False
    """Whether it can tell if a place in a target (`#L10`, `#usage`) exists."""
    without_scheme: tuple[str, ...] = ()
    """Hosts that people write without `https://`."""
    role: Role = ""
    """What its targets are in papers.csv."""
    hosts: tuple[str, ...] = ()
    """Hosts that are asked about its targets."""
    pace: Mapping[str, Pace] = {}
    """By key: what the service says, or has shown, that it bears. Other keys have the pace of any host."""
    together: tuple[str, ...] = ()
    """Hosts that lead to each other: one worker of a cluster has them all."""
    batches: Mapping[str, int] = {}
    """By key, or by the part of it after the host (`/graphql`): targets asked about in one request."""
    secrets: tuple[str, ...] = ()
    """Names of the settings that hold its credentials; they travel only with its targets."""
    credentials: Callable[[Settings], Iterable[Credential]] = _none
    """What the settings give of them, ready for the client."""
    remembered: Callable[[Settings], Iterable[str]] = _none
    """How the addresses begin whose validators are of use to it."""
