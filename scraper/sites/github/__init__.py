"""GitHub: repositories and what is in them by GraphQL with a token, by REST without one; and gists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.model import Pace
from scraper.sites.github.address import by_ssh, recognise, repository_of
from scraper.sites.github.deep_links import KINDS as PARTS
from scraper.sites.kinds import Credential, Kind
from scraper.sites.ports import Memory, Site

if TYPE_CHECKING:
    from scraper.settings import Settings

BATCH = 50
"""Repositories per query: larger batches run into GitHub's 10 seconds (502) and its resource limits."""


def make(settings: Settings, memory: Memory) -> Site:
    from scraper.sites.github.repositories import GitHub

    return GitHub(settings, memory)


def credentials(settings: Settings) -> list[Credential]:
    host = urlsplit(settings.github_api).hostname or ""
    token = settings.github_token
    return [Credential("github", token.get_secret_value(), (host,))] if token else []


GITHUB = Kind(
    name="github",
    title="GitHub",
    home="https://github.com/",
    kinds=("repository", *PARTS, "gist"),
    make=make,
    recognise=recognise,
    shorthand=by_ssh,
    repository_of=repository_of,
    anchored=True,
    without_scheme=("github.com", "gist.github.com", "raw.githubusercontent.com"),
    role="code",
    hosts=("api.github.com", "raw.githubusercontent.com", "github.com"),
    # "Make requests for a single user or client ID serially"; at most 900 points a minute.
    pace={"api.github.com": Pace(0.075, 1), "api.github.com/graphql": Pace(1.0, 1)},
    batches={"/graphql": BATCH},
    secrets=("github_token",),
    credentials=credentials,
    remembered=lambda settings: [settings.github_api],
)
