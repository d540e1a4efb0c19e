"""From a link to what it points at: out of its archive, into its canonical form, with its identity.

Everything is done on the string: nothing is looked up, and no string makes it raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote

from scraper.addresses import Parts, parts, tidy, without_fragment
from scraper.model import Article, Target
from scraper.sites import wrappers
from scraper.sites.arxiv import address as arxiv
from scraper.sites.doi import address as doi
from scraper.sites.github import address as github


class Unwrapped(NamedTuple):
    url: str
    archived_at: str
    """`YYYYMMDDhhmmss`, or empty when the link is no memento or names no time."""


# The Wayback Machine's forms: /web/TIME/URL, TIME with a two-letter flag (id_, if_, im_), `*` for the
# calendar, no time at all; absolute, protocol-relative, and relative as its own pages have them.
_WRAPPED = re.compile(
    r"(?P<archive>(?:https?:)?//(?:(?:www\.|web\.|wayback\.)?archive\.org)(?::\d+)?)?"
    r"/web/(?:(?:(?P<time>[0-9]{1,14})(?:[a-z]{2}_)?|[0-9]*\*|[a-z]{2}_)/)?(?P<url>.+)",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME = re.compile(r"https?:/+", re.IGNORECASE)


def unwrap(href: str) -> Unwrapped:
    """The address inside an archive link or a redirect wrapper, however deep, and the outermost time."""
    url, archived_at = href, ""
    while True:
        match = _WRAPPED.fullmatch(url)
        inside = _inside(match) if match else None
        if match and inside:
            archived_at = archived_at or _time_stamp(match["time"] or "")
        inside = inside or wrappers.inside(url)
        if not inside:
            return Unwrapped(url, archived_at)
        url = inside


def is_memento(href: str) -> bool:
    """Whether the link is to an archived copy."""
    match = _WRAPPED.fullmatch(href)
    return match is not None and _inside(match) is not None


def _inside(match: re.Match[str]) -> str | None:
    url = match["url"]
    if re.match(r"https?%3a", url, re.IGNORECASE):
        url = unquote(url)
    if scheme := _SCHEME.match(url):
        # Browsers and path joiners make one slash of the two.
        return f"{url[: scheme.end()].rstrip('/')}//{url[scheme.end() :]}"
    if match["archive"] and match["time"]:
        # "web.archive.org/web/2020/example.org": the Wayback Machine takes http for granted.
        return f"http://{url.lstrip('/')}"
    return None


def _time_stamp(digits: str) -> str:
    """Fourteen digits. A shorter stamp is a prefix (`2020`, `202009`), taken as the start of that time."""
    if len(digits) not in {4, 6, 8, 10, 12, 14}:
        return ""
    stamp = digits + "00000101000000"[len(digits) :]
    try:
        datetime.strptime(f"{stamp}+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        return ""
    return stamp


def identify(url: str, archived_at: str = "") -> Target:
    """The target a link points at. `identify(identify(u).url)` is the same target as `identify(u)`."""
    url, stamp = _meant(url)
    stamp = archived_at or stamp
    completed = _completed(url)
    address = parts(completed)
    if address is None:
        # Kept as written, so that it can be judged `invalid_url` or `unsupported`.
        unknown = Target(f"web:{url}", "web", "page", url, url, stamp)
        named = (recognise(url, stamp) for recognise in _WITHOUT_HOST)
        return next(filter(None, named), unknown)
    for recognise in _RECOGNISERS:
        if target := recognise(address, stamp):
            return target
    # Any other page is visited as written, without the fragment, which no server ever sees.
    canonical = address.address
    return Target(f"web:{canonical}", "web", "page", canonical, without_fragment(completed), stamp)


def _meant(url: str) -> Unwrapped:
    archived_at = ""
    while True:
        inner = unwrap(tidy(url))
        archived_at = archived_at or inner.archived_at
        if inner.url == url:
            return Unwrapped(url, archived_at)
        url = inner.url


def _completed(url: str) -> str:
    """Scheme and host added where people leave them out: `//host/x`, `github.com/a/b`, `git://github.com/a/b`."""
    if url.startswith("//"):
        return f"https:{url}"
    if _HOSTS_ALONE.match(url):
        return f"https://{url}"
    if match := _PIP.fullmatch(url):
        return f"https://{match[1]}"
    return re.sub(r"^(?:git|ssh)://(?=(?:www\.)?github\.com/)", "https://", url, flags=re.IGNORECASE)


_HOSTS_ALONE = re.compile(
    r"(?:www\.)?(?:(?:gist\.)?github\.com|raw\.githubusercontent\.com|openreview\.net|arxiv\.org|(?:dx\.)?doi\.org)/",
    re.IGNORECASE,
)
_PIP = re.compile(r"git\+(?:https?|ssh|git)://([^@#?]+)(?:[@#?].*)?", re.IGNORECASE | re.DOTALL)
"""What pip installs from: `git+https://github.com/owner/name@revision#egg=name`."""


# OpenReview ---------------------------------------------------------------------------------------

_OPENREVIEW = frozenset({"openreview.net", "www.openreview.net", "api.openreview.net", "api2.openreview.net"})
# `references/pdf?id=` names a revision and `pdf/<40 hex>.pdf` a file: neither is a forum, both stay pages.
_FORUM_PATHS = frozenset({"/forum", "/pdf", "/attachment", "/notes"})


def _forum(address: Parts, archived_at: str) -> Target | None:
    """A paper's forum by any of its doors; ids are case-sensitive and may begin or end with `-` or `_`."""
    if address.host not in _OPENREVIEW or address.path.rstrip("/") not in _FORUM_PATHS:
        return None
    forum = _parameter(address, "forum") if address.path.startswith("/notes") else ""
    forum = forum or _parameter(address, "id")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", forum):
        return None
    url = f"https://openreview.net/forum?id={forum}"
    return Target(f"openreview:{forum}", "openreview", "forum", forum, url, archived_at)


def _parameter(address: Parts, name: str) -> str:
    """The first value of a query parameter."""
    for pair in address.query[1:].split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return unquote(value)
    return ""


# Google Drive -------------------------------------------------------------------------------------

_DRIVE = frozenset({"drive.google.com", "drive.usercontent.google.com"})
_DRIVE_PATH = re.compile(r"/(?:.*/)?(file/(?:u/\d+/)?d|folders)/([A-Za-z0-9_-]{10,})(?:/.*)?", re.DOTALL)
_DRIVE_BY_ID = re.compile(r"(?:/u/\d+)?/(open|uc|thumbnail|download|folderview|embeddedfolderview)/?")


def _drive(address: Parts, archived_at: str) -> Target | None:
    """A file or folder of Google Drive. Old shared files open only with their `resourcekey`: it is kept."""
    direct = address.host == "docs.google.com" and address.path == "/uc"
    if address.host not in _DRIVE and not direct:
        return None
    if match := _DRIVE_PATH.fullmatch(address.path):
        place, identifier = match[1], match[2]
    elif match := _DRIVE_BY_ID.fullmatch(address.path):
        place, identifier = match[1], _parameter(address, "id")
    else:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,}", identifier):
        return None
    folder = "folder" in place
    path = f"drive/folders/{identifier}" if folder else f"file/d/{identifier}/view"
    resource_key = _parameter(address, "resourcekey")
    query = f"?resourcekey={resource_key}" if re.fullmatch(r"[A-Za-z0-9_-]+", resource_key) else ""
    url = f"https://drive.google.com/{path}{query}"
    return Target(
        f"gdrive:{identifier}", "gdrive", "folder" if folder else "file", identifier, url, archived_at
    )


_RECOGNISERS = (_forum, github.recognise, _drive, arxiv.recognise, doi.recognise)
_WITHOUT_HOST = (github.by_ssh, doi.by_scheme, arxiv.by_scheme)


def targets(articles: Article | Iterable[Article]) -> list[Target]:
    """What the mentions point at, once each, ordered by key; with the first time stamp in reading order."""
    found: dict[str, Target] = {}
    for article in [articles] if isinstance(articles, Article) else articles:
        for mention in article.mentions:
            known = found.get(mention.target)
            if known is None:
                found[mention.target] = identify(mention.url, mention.archived_at)
            elif mention.archived_at and not known.archived_at:
                found[mention.target] = replace(known, archived_at=mention.archived_at)
    return [found[key] for key in sorted(found)]
