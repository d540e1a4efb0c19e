"""The words of the hostile web: a `Behaviour` is what servers do, with what its links must be called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from servers import Route

from scraper.model import Health
from scraper.verdicts.reasons import REASONS


class Link(NamedTuple):
    """One labelled address."""

    url: str
    reason: str
    """What it must be called; `health.REASONS` says which health that is."""
    behaviour: str
    compared: bool

    @property
    def health(self) -> Health:
        return REASONS[self.reason].health


Labelled = dict[str, tuple[Route, str]]
"""Route and reason by path. A key may carry a query; the route is that of the path without it."""


@dataclass(frozen=True)
class Behaviour:
    """Links that misbehave in one way. Each behaviour has a host of its own, or one for each link."""

    name: str
    links: Labelled
    others: Mapping[str, Route] = field(default_factory=dict)
    """Addresses that are not in the list: where redirects lead. All further ones are 404."""
    spread: bool = False
    """A host for each link, for behaviours that concern a whole host (Retry-After, a dead server)."""
    host: str = ""
    """The host's name; made from the behaviour's when empty."""
    scheme: str = "http"
    certificate: str = ""
    """What stands on port 443: a kind of `certificates.KINDS`, `plain`, or nothing."""
    listens: str = "http"
    """What stands on port 80: `http`, `tls`, `nothing` (refused), `full` (its queue takes no more)."""
    compared: bool = True
    """Whether the label is beyond dispute for tools that only ask whether something answers."""
    named: bool = False
    """It is about names, and cannot be reached by an address alone."""

    def hosts(self) -> list[str]:
        """The names of its hosts."""
        stem = self.host or re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-") + ".test"
        if not self.spread:
            return [stem]
        return [f"h{number}.{stem}" for number in range(len(self.links))]

    def on(self, host: str) -> Labelled:
        """The labelled links of one of its hosts."""
        if not self.spread:
            return self.links
        path = [*self.links][self.hosts().index(host)]
        return {path: self.links[path]}


class Odd(NamedTuple):
    """Addresses that no server of ours stands behind, or that are written in an odd way."""

    name: str
    urls: Mapping[str, str]
    """Reason by address, written out in full."""


def same(reason: str, routes: Mapping[str, Route]) -> Labelled:
    """Links that must all be called the same."""
    return {path: (route, reason) for path, route in routes.items()}


def many(reason: str, route: Route, paths: Sequence[str]) -> Labelled:
    """Links that are all answered, and must all be called, the same."""
    return {path: (route, reason) for path in paths}
