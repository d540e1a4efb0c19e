"""What `scraper check` found, and the words for it in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scraper.api.links import Link
from scraper.model import Health
from scraper.reports.findings import finding
from scraper.reports.text import plain

HOME = "https://pypi.org/project/paperlinks/"


class Fix(NamedTuple):
    """A replacement in the article's file; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Checked(NamedTuple):
    """A link that was looked at."""

    link: Link
    author: str = ""
    """Who wrote the line, with `--since`."""
    fix: Fix | None = None


class Report(NamedTuple):
    checked: tuple[Checked, ...]
    complaints: tuple[str, ...] = ()
    since: str = ""
    """The revision after which mentions were looked at; empty when all were."""
    rest: Sequence[Mapping[str, Any]] = ()
    """Rows of the last snapshot on the links that were not asked this time."""

    @property
    def told(self) -> list[Checked]:
        """What a reader must know of: the dead, and what has moved; the dead first."""
        chosen = [one for one in self.checked if one.link.dead or one.link.health is Health.MOVED]
        return sorted(chosen, key=lambda one: not one.link.dead)

    @property
    def untold(self) -> list[Checked]:
        """Addresses that were typed and could not be judged: who asks for one wants to know why."""
        vague = (Health.BLOCKED, Health.UNVERIFIED)
        return [one for one in self.checked if one.link.mention is None and one.link.health in vague]


def message(link: Link) -> str:
    """The finding in one line, with what to write instead where that is known."""
    said = finding(link.reason, link.detail, link.http_status)
    if link.suggested_url:
        said += f"; now {link.suggested_url}"
    elif link.dead and link.archived_url:
        said += f"; archived copy: {link.archived_url}"
    return plain(said)


def relative(source: str) -> str:
    """The path as code hosts want it: relative to the current folder, with `/`."""
    path = Path(source)
    here = Path.cwd()
    return (path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path).as_posix()
