"""GitLab: gitlab.com and known hosts of others, by their public REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Pace
from scraper.sites.gitlab.address import recognise, repository_of
from scraper.sites.kinds import Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings


def make(_: Settings, memory: Memory) -> Site:
    from scraper.sites.gitlab.projects import GitLab

    return GitLab(memory)


GITLAB = Kind(
    name="gitlab",
    title="GitLab",
    home="https://gitlab.com/",
    kinds=("repository", "group", *str.split("file folder branch commit issue pull release asset wiki")),
    make=make,
    recognise=recognise,
    repository_of=repository_of,
    without_scheme=("gitlab.com",),
    role="code",
    hosts=("gitlab.com",),
    # Guests have 400 to 500 requests a minute (https://docs.gitlab.com/user/gitlab_com/#rate-limits-on-gitlabcom).
    pace={"gitlab.com": Pace(0.2, 2)},
)
