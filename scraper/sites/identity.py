"""From a link to what it points at: out of its archive, into its canonical form, with its identity.

Everything is done on the string: nothing is looked up, and no string makes it raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from scraper.addresses import Parts, parts, tidy, without_fragment
from scraper.model import Article, Target


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
    """The address inside an archive link, however deep, byte for byte; and the outermost time."""
    url, archived_at = href, ""
    while (match := _WRAPPED.fullmatch(url)) is not None:
        inside = _inside(match)
        if inside is None:
            break
        archived_at = archived_at or _time_stamp(match["time"] or "")
        url = inside
    return Unwrapped(url, archived_at)


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
        return _repository_over_ssh(url, stamp) or _doi_scheme(url, stamp) or unknown
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
    if re.match(r"(?:www\.)?(?:github\.com|openreview\.net|arxiv\.org|doi\.org)/", url, re.IGNORECASE):
        return f"https://{url}"
    return re.sub(
        r"^(?:git|ssh|git\+https|git\+ssh)://github\.com/", "https://github.com/", url, flags=re.IGNORECASE
    )


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


# GitHub -------------------------------------------------------------------------------------------

# The first path segments that github.com keeps for itself.
_RESERVED = frozenset(
    str.split(
        """
        about account advisories apps articles blog business careers codespaces collections contact
        customer-stories dashboard discussions edu enterprise events explore features gist
        git-guides home issues join login logout marketplace mobile new nonprofit notifications
        open-source organizations orgs partners premium-support pricing pulls readme resources
        search security sessions settings shop signup site solutions sponsors stars team teams
        topics training trending users watching why-github
        """
    )
)
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
# Hosts that show a repository, and what stands before owner/name in their paths.
_REPOSITORY_HOSTS = {
    "github.com": (),
    "www.github.com": (),
    "raw.githubusercontent.com": (),
    "raw.github.com": (),
    "codeload.github.com": (),
    "api.github.com": ("repos",),
    "colab.research.google.com": ("github",),
}


def _repository(address: Parts, archived_at: str) -> Target | None:
    """A repository by any of its pages, files or tools; an owner alone is a page."""
    before = _REPOSITORY_HOSTS.get(address.host)
    if before is None:
        return None
    segments = [segment for segment in address.path.split("/") if segment]
    if tuple(segments[: len(before)]) != before or len(segments) < len(before) + 2:
        return None
    owner, name = segments[len(before) : len(before) + 2]
    return _named_repository(owner, name, archived_at)


def _named_repository(owner: str, name: str, archived_at: str) -> Target | None:
    name = re.sub(r"\.git$", "", name, flags=re.IGNORECASE)
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or name in {".", ".."}:
        return None
    if owner.lower() in _RESERVED:
        return None
    full_name = f"{owner}/{name}"
    # "Owner and name compare case-insensitively": the key is in lower case, the address as first written.
    key, url = f"github:{full_name.lower()}", f"https://github.com/{full_name}"
    return Target(key, "github", "repository", full_name, url, archived_at)


def _repository_over_ssh(url: str, archived_at: str) -> Target | None:
    match = re.fullmatch(r"(?:git@)?github\.com:([^/\s]+)/([^/\s]+?)/?", url, re.IGNORECASE)
    return _named_repository(match[1], match[2], archived_at) if match else None


# Google Drive, arXiv, DOI -------------------------------------------------------------------------

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


_ARXIV = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})
_ARXIV_PATH = re.compile(
    r"/(?:abs|pdf|html|ps|format|e-print|src)/"
    r"(?P<id>[0-9]{4}\.[0-9]{4,5}|(?P<archive>[a-z-]+)(?:\.[A-Z]{2})?/(?P<number>[0-9]{7}))"
    r"(?:v[0-9]+)?(?:\.pdf)?/?",
    re.IGNORECASE,
)


def _preprint(address: Parts, archived_at: str) -> Target | None:
    """A preprint whatever its version; `math.GT/0309136` is `math/0309136`, as arXiv itself has it."""
    match = _ARXIV_PATH.fullmatch(address.path) if address.host in _ARXIV else None
    if match is None:
        return None
    old = match["archive"] is not None
    identifier = f"{match['archive'].lower()}/{match['number']}" if old else match["id"]
    url = f"https://arxiv.org/abs/{identifier}"
    return Target(f"arxiv:{identifier}", "arxiv", "preprint", identifier, url, archived_at)


_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")


def _work(address: Parts, archived_at: str) -> Target | None:
    return _doi(unquote(address.path[1:]), archived_at) if address.host in _DOI_HOSTS else None


def _doi_scheme(url: str, archived_at: str) -> Target | None:
    return _doi(url[4:].strip(), archived_at) if url[:4].lower() == "doi:" else None


def _doi(name: str, archived_at: str) -> Target | None:
    """A registered work. DOI handbook §2.4: names are case-insensitive."""
    # A name with control characters or broken percent-encoding is none that was ever registered.
    if not _DOI.fullmatch(name) or not name.isprintable() or "\ufffd" in name:
        return None
    url = f"https://doi.org/{quote(name, safe='/:;()<>.,-_~+=@!$*')}"
    return Target(f"doi:{name.lower()}", "doi", "work", name, url, archived_at)


_RECOGNISERS = (_forum, _repository, _drive, _preprint, _work)


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
