"""Paths and queries under which GitHub's REST API knows the parts of a repository. Pure."""

from __future__ import annotations

from urllib.parse import quote

from scraper.sites.github.deep_links import DeepLink


def part_path(link: DeepLink, full_name: str, reading: int = 0) -> str:
    """Path and query under which REST knows a part; a file or folder by one reading of its address."""
    place = f"/repos/{quote(full_name)}"
    if link.kind == "gist":
        return f"/gists/{link.name.removeprefix('gist/')}"
    if link.kind == "comparison":
        base, head = (quote(reading.revision, safe="") for reading in link.readings)
        return f"{place}/compare/{base}...{head}?per_page=1"
    if link.kind == "milestone":
        return f"{place}/milestones/{link.number}"
    if link.number:
        return f"{place}/issues/{link.number}"
    if not link.readings:
        return f"{place}/releases/tags/{quoted(link.tag)}" if link.tag else f"{place}/releases/latest"
    revision, path = link.readings[reading]
    if path:
        return contents_path(full_name, path, revision)
    return f"{place}/commits/{quote(revision, safe='')}"


def contents_path(full_name: str, path: str, revision: str) -> str:
    return f"/repos/{quote(full_name)}/contents/{quoted(path)}?ref={quote(revision, safe='')}"


def tag_path(link: DeepLink, full_name: str) -> str:
    return f"/repos/{quote(full_name)}/git/ref/tags/{quoted(link.tag)}"


def quoted(path: str) -> str:
    """A path in an address; its slashes stay."""
    return quote(path, safe="/")
