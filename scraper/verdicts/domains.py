"""Who owns a host: registrable domains by the Public Suffix List, from a copy that comes with its library.

Suffixes that the list calls private (`github.io`, `readthedocs.io`) part owners as `co.uk` does, and so do
the hosts below, which give each customer a name of their own and are not in the list.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.addresses import address, hostname

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_GIVING = frozenset(
    str.split(
        """
        substack.com medium.com wordpress.com tumblr.com weebly.com wixsite.com hashnode.dev
        notion.site gitbook.io sourceforge.net sourceforge.io bitbucket.io livejournal.com
        typepad.com jimdo.com jimdofree.com webs.com googlepages.com rtfd.org rtfd.io beehiiv.com
        ghost.io squarespace.com webflow.io zendesk.com atlassian.net blogspot.com over-blog.com
        hatenablog.com fc2.com altervista.org
        """
    )
)
"""Hosts whose subdomains belong to their users."""

RESOLVERS = frozenset(
    str.split(
        """
        doi.org dx.doi.org hdl.handle.net handle.net purl.org purl.net w3id.org n2t.net
        ark.nfdi4culture.de identifiers.org bit.ly bitly.com goo.gl g.co t.co tinyurl.com ow.ly
        is.gd buff.ly aka.ms git.io lnkd.in youtu.be amzn.to tiny.cc rb.gy rebrand.ly cutt.ly
        shorturl.at s.id t.ly v.gd trib.al fb.me wp.me dlvr.it nav.cx arxiv.link l.facebook.com
        out.reddit.com feedproxy.google.com linkinghub.elsevier.com urn.fi nbn-resolving.org
        nbn-resolving.de resolver.kb.nl zpr.io u.nu qr.ae db.tt j.mp hubs.ly hubs.la shorturl.com
        soo.gd
        """
    )
)
"""Services that are asked to lead to somebody else's page: another domain is what they are for."""


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PSLFILE, PublicSuffixList  # for those runs that meet another domain

    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    suffixes = [line for line in lines if line and not line.startswith("//")]
    # Left to itself it encodes all ten thousand of them, and takes twice as long.
    encoded = [suffix.encode("idna").decode() for suffix in suffixes if not suffix.isascii()]
    return PublicSuffixList(suffixes + encoded, accept_encoded_idn=False)


@cache
def registrable(host: str) -> str:
    """The registrable domain of a host; the host itself where there is none (`localhost`, an IP address)."""
    name = host.rstrip(".").lower().removeprefix("www.")
    if _is_number(name):
        return name
    owner = _suffixes().privatesuffix(name) or name
    if owner in _GIVING and name != owner:
        return ".".join(name.split(".")[-owner.count(".") - 2 :])
    return str(owner)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def domain_of(url: str) -> str:
    return registrable(hostname(url))


def same_owner(one: str, other: str) -> bool:
    """Whether two addresses are of one registrable domain; the list is only asked where hosts differ."""
    first, second = (hostname(url).removeprefix("www.") for url in (one, other))
    if first == second or first.endswith("." + second) or second.endswith("." + first):
        # Of `alice.github.io` and `github.io` only the list can tell.
        return first == second or registrable(first) == registrable(second)
    return bool(first) and registrable(first) == registrable(second)


def label(host: str) -> str:
    """The name that its owner gave a domain: `acme` of `www.acme.co.uk` and of `acme.github.io`."""
    return registrable(host).partition(".")[0]


_SCIENCE = re.compile(r"(?:^|\.)(?:edu|gov|mil|int)(?:\.\w\w)?$|(?:^|\.)(?:ac|edu|gov|gob|gouv|go)\.\w\w$")
_PLATFORMS = frozenset(
    str.split(
        """
        github.com gitlab.com bitbucket.org codeberg.org sourceforge.net huggingface.co kaggle.com zenodo.org
        figshare.com osf.io arxiv.org openreview.net acm.org ieee.org springer.com sciencedirect.com
        nature.com wikipedia.org wikimedia.org youtube.com vimeo.com google.com microsoft.com apache.org
        mozilla.org pypi.org npmjs.com readthedocs.io github.io gitlab.io
        """
    )
)


def is_home_of_science(url: str) -> bool:
    """Whether the address is where things move to and nobody takes over: a university's, a repository's."""
    host = hostname(url)
    return bool(_SCIENCE.search(host)) or any(host == one or host.endswith(f".{one}") for one in _PLATFORMS)


_TENANTS = (
    "github.io",
    "gitlab.io",
    "bitbucket.io",
    "sourceforge.io",
    "netlify.app",
    "vercel.app",
    "pages.dev",
)


def is_project_page(url: str) -> bool:
    """Whether the address is the top of a project or of a person: `alice.github.io/thing/`, `/~alice`."""
    parts = address(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    tenant = (parts.hostname or "").endswith(_TENANTS)
    return len(segments) == 1 and not parts.query and (tenant or segments[0][0] in "~@")


def resolves(url: str) -> bool:
    """Whether the address is a service's whose business is to lead elsewhere: a short link, a handle."""
    host = hostname(url).removeprefix("www.")
    return host in RESOLVERS or registrable(host) in RESOLVERS
