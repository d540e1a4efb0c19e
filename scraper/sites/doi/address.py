"""The DOI that an address names: at doi.org, in the address of a publisher's page, or by itself."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from scraper.addresses import Parts
from scraper.model import Target
from scraper.sites.arxiv import address as arxiv

_RESOLVERS = frozenset(
    str.split(
        "doi.org dx.doi.org www.doi.org doi.acm.org doi.wiley.com link.aps.org doi.ieeecomputersociety.org"
    )
)
"""Hosts whose whole path is the DOI."""
_PREFIX = re.compile(r"(?:https?:/{1,2}(?:dx\.|www\.)?doi\.org/|doi:|urn:doi:|info:doi/)\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_NAMED = r"(?P<doi>10\.\d{4,9}(?:\.\d+)*/.+)"

_ANYWHERE = re.compile(r"/(?:[\w-]+/){0,3}doi/(?:[a-z]+/){0,2}" + _NAMED, re.IGNORECASE | re.DOTALL)
"""Atypon's form, which Wiley, Taylor & Francis, ACM, SAGE, ACS, SIAM, Science, PNAS, … have in common."""
_PUBLISHERS = {
    "link.springer.com": r"/(?:article|chapter|book|protocol|referencework(?:entry)?|epdf|content/pdf)/",
    "iopscience.iop.org": r"/article/",
    "frontiersin.org": r"/(?:journals/[\w-]+/)?articles?/",
    "journals.aps.org": r"/\w+/(?:abstract|pdf|accepted|export|references|cited-by)/",
    "emerald.com": r"/insight/content/doi/",
    "biorxiv.org": r"/(?:content|lookup/doi|cgi/content/\w+)/(?:early/[\d/]+)?",
    "medrxiv.org": r"/(?:content|lookup/doi|cgi/content/\w+)/(?:early/[\d/]+)?",
    "elibrary.siam.org": r"/",
    "nature.com": r"/(?:articles/doi:|doifinder/)",
    "zenodo.org": r"/(?:doi|badge/doi)/",
    "api.crossref.org": r"/works/",
    "data.crosscite.org": r"/",
    "doi.pangaea.de": r"/",
    "psycnet.apa.org": r"/doi/",
    "dspace.mit.edu": r"/doi/",
}
"""By host without `www.`: what stands before the DOI."""
_BY_PARAMETER = {
    "journals.plos.org": ("/article", "id"),
    "dx.plos.org": ("", "id"),
    "doi.apa.org": ("/getdoi.cfm", "doi"),
}
_VIEWS = re.compile(
    r"(?:/(?:abstract|full(?:text)?|html|pdf|epdf|epub|meta|ampdf|xml|summary|references|figures|citations?"
    r"|tables|suppl(?:ementary)?|comments))+/?\Z|(?:\.full|\.abstract)?(?:\.pdf|\.html?)?\Z",
    re.IGNORECASE,
)
"""What publishers put behind a DOI to show one view of the work."""
_PREPRINT_VERSION = re.compile(r"(10\.1101/[\d.]+)v\d+.*", re.DOTALL)
_UNREGISTERED = re.compile(r"10\.5555/")
"""ACM numbers works of others with this test prefix: its pages are there, doi.org knows nothing of them."""
_ARXIV = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


def recognise(address: Parts, archived_at: str) -> Target | None:
    if address.host in _RESOLVERS:
        return named(unquote(address.path).lstrip("/"), archived_at)
    name = _at_publisher(address)
    return None if _UNREGISTERED.match(name) else named(name, archived_at)


def by_scheme(url: str, archived_at: str) -> Target | None:
    """`doi:10.1145/…`."""
    return named(url, archived_at) if re.match(r"(?:urn:)?doi:", url, re.IGNORECASE) else None


def named(name: str, archived_at: str) -> Target | None:
    """A registered work; DOI handbook §2.4: names are case-insensitive. arXiv's DOIs name its preprints."""
    while (match := _PREFIX.match(name)) is not None:
        name = name[match.end() :]
    name = name.strip()
    # A name with control characters or broken percent-encoding is none that was ever registered.
    if not _DOI.fullmatch(name) or not name.isprintable() or "\ufffd" in name:
        return None
    if (match := _ARXIV.fullmatch(name)) and (preprint := arxiv.named(match[1], archived_at)):
        return preprint
    url = f"https://doi.org/{quote(name, safe='/:;()<>.,-_~+=@!$*')}"
    return Target(f"doi:{name.lower()}", "doi", "work", name, url, archived_at)


def _at_publisher(address: Parts) -> str:
    """The DOI in the address of a work's page, without the view of it; empty when there is none."""
    if "10." not in address.path and "10." not in address.query:  # almost all
        return ""
    host, path = address.host.removeprefix("www."), unquote(address.path)
    if host in _BY_PARAMETER:
        before, parameter = _BY_PARAMETER[host]
        pairs = (pair.partition("=") for pair in address.query[1:].split("&"))
        return next((unquote(value) for key, _, value in pairs if key == parameter and before in path), "")
    match = _ANYWHERE.fullmatch(path)
    if match is None and host in _PUBLISHERS:
        match = re.fullmatch(_PUBLISHERS[host] + _NAMED, path, re.IGNORECASE | re.DOTALL)
    if match is None:
        return ""
    name = _PREPRINT_VERSION.sub(r"\1", match["doi"]) if match["doi"].startswith("10.1101/") else match["doi"]
    return _VIEWS.sub("", name).rstrip("/")
