"""Archived copies: the address that stands in the address of a copy, and when it was taken. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from scraper.verdicts.patterns import lazily


class Unwrapped(NamedTuple):
    url: str
    archived_at: str
    """`YYYYMMDDhhmmss`, or empty when the link is not a memento or names no time."""


# The Wayback Machine's forms: /web/TIME/URL, TIME with a two-letter flag (id_, if_, im_), `*` for the
# calendar, no time at all; absolute, protocol-relative, and relative as its own pages have them.
_WAYBACK = lazily(
    r"(?P<archive>(?:https?:)?//(?:(?:www\.|web\.|wayback\.)?archive\.org)(?::\d+)?)?"
    r"/web/(?:(?:(?P<time>[0-9]{1,14})(?:[a-z]{2}_)?|[0-9]*\*|[a-z]{2}_)/)?(?P<url>.+)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = lazily(
    r"(?:https?:)?//(?:www\.)?(?P<host>[a-z.-]+)/(?P<way>[^?#]*?/)??(?P<url>https?(?::|%3a).+)",
    re.IGNORECASE | re.DOTALL,
)
_WAYS = {
    r"archive\.(?:today|ph|is|fo|li|vn|md)": r"(?:o/\w+/|newest/|oldest/|(?P<time>[0-9.-]{4,17})/)?",
    r"arquivo\.pt": r"(?:noFrame/replay|wayback)/(?P<time>\d{4,14})(?:[a-z]{2}_)?/",
    r"web\.archive\.org": r"(?:save/(?:_embed/)?|screenshot/|liveweb/)(?P<time>)",
    r"webarchive\.(?:org\.uk|nationalarchives\.gov\.uk|loc\.gov)|wayback\.(?:archive-it\.org|vefsafn\.is)"
    r"|swap\.stanford\.edu|vefsafn\.is|timetravel\.mementoweb\.org": (
        r"(?:[\w-]+/){0,2}?(?P<time>\d{4,14})(?:[a-z]{2}_)?/"
    ),
}
"""By host without `www.`: what stands before the whole address of what was archived."""
_SCHEME = lazily(r"https?:/+", re.IGNORECASE)


def inside(url: str) -> Unwrapped | None:
    """What a copy is a copy of, and the time of it; None when it is not an archived copy."""
    if match := _WAYBACK.fullmatch(url):
        original = _original(match["url"], bare=bool(match["archive"] and match["time"]))
        if original:
            return Unwrapped(original, _time_stamp(match["time"] or ""))
    return _elsewhere(url) if "/http" in url else None


def _elsewhere(url: str) -> Unwrapped | None:
    match = _OTHER.match(url)
    if match is None:
        return None
    host, way = match["host"].lower(), match["way"] or ""
    for hosts, before in _WAYS.items():
        if re.fullmatch(hosts, host) and (time := re.fullmatch(before, way)):
            return Unwrapped(_original(match["url"]), _time_stamp(re.sub(r"\D", "", time["time"] or "")))
    return None


def _original(url: str, *, bare: bool = False) -> str:
    """The address, whole again; empty when there is none. `bare`: it may have no scheme."""
    if re.match(r"https?%3a", url, re.IGNORECASE):
        url = unquote(url)
    if scheme := _SCHEME.match(url):
        # Browsers and path joiners make one slash of the two.
        return f"{url[: scheme.end()].rstrip('/')}//{url[scheme.end() :]}"
    # "web.archive.org/web/2020/example.org": the Wayback Machine takes http for granted.
    return f"http://{url.lstrip('/')}" if bare else ""


def _time_stamp(digits: str) -> str:
    """Fourteen digits. A shorter stamp is a prefix (`2020`, `202009`), taken as the start of that time."""
    from scraper.records import archive_stamp

    return re.sub(r"\D", "", archive_stamp(digits) or "")
