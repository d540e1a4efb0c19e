"""Codeberg, and known hosts of Gitea and Forgejo, by their public REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.gitea.address import recognise, repository_of
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings


def make(_: Settings, memory: Memory) -> Site:
    from scraper.sites.gitea.repositories import Gitea

    return Gitea(memory)


GITEA = Kind(
    name="gitea",
    title="Codeberg and Gitea",
    home="https://codeberg.org/",
    kinds=("repository", "owner", *str.split("file branch commit issue pull release asset wiki")),
    make=make,
    recognise=recognise,
    repository_of=repository_of,
    without_scheme=("codeberg.org",),
    role="code",
    hosts=("codeberg.org",),
    # Codeberg is run by volunteers and publishes no limit: one request a second is cautious.
    pace={"codeberg.org": Pace(1.0, 1)},
)
