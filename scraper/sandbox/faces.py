"""Who answers for which host, and the faults that any host can have."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from scraper.sandbox import (
    agencies,
    archive,
    forges,
    forum,
    github,
    github_parts,
    huggingface,
    openreview,
    scholar,
    web,
    zenodo,
)
from scraper.sandbox.messages import Ask, Reply, page
from scraper.sandbox.world import World

Face = Callable[[World, Ask], Reply]

HOSTS: dict[str, Face] = {
    "openreview.net": forum.answer,
    "www.openreview.net": forum.answer,
    "api.openreview.net": openreview.answer,
    "api2.openreview.net": openreview.answer,
    "api.github.com": github.answer,
    "github.enterprise.test": github.answer,
    "gitlab.com": forges.gitlab,
    "codeberg.org": forges.gitea,
    "raw.githubusercontent.com": github_parts.raw,
    "github.com": web.github_pages,
    "www.github.com": web.github_pages,
    "drive.google.com": web.google,
    "docs.google.com": web.google,
    "accounts.google.com": web.google_accounts,
    "zenodo.org": zenodo.answer,
    "www.zenodo.org": zenodo.answer,
    "huggingface.co": huggingface.answer,
    "hf.co": huggingface.answer,
    "archive.org": archive.answer,
    "web.archive.org": archive.answer,
    "export.arxiv.org": scholar.export_arxiv,
    "arxiv.org": scholar.arxiv,
    "doi.org": agencies.doi_org,
    "dx.doi.org": agencies.doi_org,
    "api.crossref.org": agencies.crossref,
    "api.datacite.org": agencies.datacite,
}
"""The hosts that have a face of their own; `web.answer` is the face of all others."""


def answer(world: World, ask: Ask) -> Reply:
    """The reply of the asked host, disturbed by the faults that are on."""
    faults = world.faults
    if faults.on("captive_portal"):
        return page(
            "Welcome to the hotel's network",
            "<h1>Log in to go online</h1><form><input type='password'></form>",
        )
    if faults.on("host_outage", ask.host):
        return page("503 Service Unavailable", "<h1>Service Unavailable</h1>", 503)
    if faults.on("host_limited", ask.host):
        return page("Too Many Requests", "<h1>Too Many Requests</h1>", 429, headers={"retry-after": "3600"})
    reply = HOSTS.get(ask.host, web.answer)(world, ask)
    delay = reply.delay + (faults.number("slow", 5) or 0) + 30 * faults.on("slow_host", ask.host)
    return dataclasses.replace(reply, delay=delay, cut=reply.cut or faults.on("truncated", ask.host))
