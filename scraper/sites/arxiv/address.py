"""The preprint that an address names: at arXiv, at one of its mirrors, or with who shows its papers."""

from __future__ import annotations

import re

from scraper.addresses import Parts
from scraper.model import Target

_IDENTIFIER = (
    r"(?:arxiv:)?(?P<id>[0-9]{4}\.[0-9]{4,5}|(?P<archive>[a-z-]+)(?:\.[A-Z]{2})?/(?P<number>[0-9]{7}))"
    r"(?:v[0-9]+)?"
)
_NAMED = re.compile(_IDENTIFIER, re.IGNORECASE)
_PATH = re.compile(
    r"/(?:abs|pdf|html|ps|format|e-print|src|tb)/" + _IDENTIFIER + r"(?:\.pdf|\.ps\.gz)?/?", re.IGNORECASE
)
_BARE = re.compile(r"/(?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?/?(?P<archive>)(?P<number>)")
_FTP = re.compile(
    r"/ftp/(?P<archive>[a-z-]+)/papers/[0-9]{4}/(?P<number>[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?"
    r"(?:\.pdf|\.ps\.gz|\.tar\.gz|\.html)?",
    re.IGNORECASE,
)
_MIRROR = re.compile(r"(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itep\.ru")
"""arXiv itself; `export`, `browse` and the countries' mirrors; and its name of 1991."""
_SHOWN = {
    "ar5iv.org": r"/(?:abs|html)/",
    "ar5iv.labs.arxiv.org": r"/(?:abs|html)/",
    "alphaxiv.org": r"/(?:abs|pdf|overview|html)/",
    "arxiv-vanity.com": r"/papers/",
    "huggingface.co": r"/papers/",
    "hf.co": r"/papers/",
    "papers.cool": r"/arxiv/",
    "scirate.com": r"/arxiv/",
}
"""By host without `www.`: who shows arXiv's papers, and what stands before the identifier."""


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A preprint whatever its version; `math.GT/0309136` is `math/0309136`, as arXiv itself has it."""
    host = address.host.removeprefix("www.")
    if host in _SHOWN:
        match = re.fullmatch(_SHOWN[host] + _IDENTIFIER + r"/?", address.path, re.IGNORECASE)
    elif _MIRROR.fullmatch(host):
        match = _PATH.fullmatch(address.path) or _FTP.fullmatch(address.path) or _BARE.fullmatch(address.path)
    else:
        return None
    return _target(match, archived_at) if match else None


def named(identifier: str, archived_at: str) -> Target | None:
    """The preprint `1706.03762v2` or `arXiv:hep-th/9901001`."""
    match = _NAMED.fullmatch(identifier.strip())
    return _target(match, archived_at) if match else None


def by_scheme(url: str, archived_at: str) -> Target | None:
    """`arXiv:1706.03762`."""
    return named(url, archived_at) if url[:6].lower() == "arxiv:" else None


def _target(match: re.Match[str], archived_at: str) -> Target | None:
    archive, number = match["archive"], match["number"]
    if archive and number and "." not in number:
        identifier = f"{archive.lower()}/{number}"
    else:
        identifier = number or match["id"]
    url = f"https://arxiv.org/abs/{identifier}"
    return Target(f"arxiv:{identifier}", "arxiv", "preprint", identifier, url, archived_at)
