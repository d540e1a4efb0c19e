"""The DOI that an address names: at doi.org, in the address of a publisher's page, or by itself."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from scraper.addresses import Parts, without_marks
from scraper.model import Target
from scraper.sites.arxiv import address as arxiv
from scraper.sites.doi.numbers import by_rule
from scraper.verdicts.patterns import lazily

_RESOLVERS = frozenset(
    str.split(
        "doi.org dx.doi.org www.doi.org doi.acm.org doi.wiley.com link.aps.org doi.ieeecomputersociety.org"
        " dx.plos.org oadoi.org unpaywall.org hdl.handle.net"
    )
)
"""Hosts whose whole path is the DOI."""
_PREFIX = lazily(r"(?:https?:/{1,2}(?:dx\.|www\.)?doi\.org/|doi:|urn:doi:|info:doi/)\s*", re.IGNORECASE)
_DOI = lazily(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_NAMED = r"(?P<doi>10\.\d{4,9}(?:\.\d+)*/.+)"

_ANYWHERE = lazily(r"/(?:[\w-]+/){0,3}doi/(?:[a-z]+/){0,2}" + _NAMED, re.IGNORECASE | re.DOTALL)
"""Atypon's form, which Wiley, Taylor & Francis, ACM, SAGE, ACS, SIAM, Science, PNAS, … have in common."""
_PUBLISHERS = {
    "link.springer.com": r"/(?:(?:article|chapter|book|protocol|referencework(?:entry)?|epdf|content/pdf)/)?",
    "rd.springer.com": r"/(?:article|chapter|book)/",
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
    "joss.theoj.org": r"/papers/",
    "doi2bib.org": r"/bib/",
    "scite.ai": r"/reports/",
    "openalex.org": r"/works/(?:https?:/+doi\.org/|doi:)",
    "api.openalex.org": r"/works/(?:https?:/+doi\.org/|doi:)",
    "explore.openalex.org": r"/works/(?:https?:/+doi\.org/|doi:)",
    "semanticscholar.org": r"/paper/(?:doi:)?",
    "api.semanticscholar.org": r"/(?:(?:graph/v1/|v1/)?paper/)?(?:doi:)?",
    **dict.fromkeys(
        ("plosone.org", "ploscompbiol.org", "plosbiology.org", "plosmedicine.org", "plosgenetics.org"),
        r"/article/(?:fetchArticle\.action\?articleURI=)?info:doi/",
    ),
}
"""By host without `www.`: what stands before the DOI."""
_BY_PARAMETER = {
    "journals.plos.org": ("/article", "id"),
    "doi.apa.org": ("/getdoi.cfm", "doi"),
}
_FAMILIES = {
    r"(?:.+\.)?(?:biomedcentral|springeropen)\.com": r"/articles?/(?:track/pdf/)?",
    r"sci-?hub\.[a-z]{2,5}": r"/(?:downloads/[\w-]+/)?(?:https?:/+(?:dx\.)?doi\.org/)?",
    r"(?:dx-)?doi-org\.[a-z0-9.-]*proxy[a-z0-9.-]+": r"/",
}
"""The same for the names of many hosts."""
_VIEWS = lazily(
    r"(?:/(?:abstract|full(?:text)?|html|pdf|epdf|epub|meta|ampdf|xml|summary|references|figures|citations?"
    r"|tables|suppl(?:ementary)?|comments|status\.svg))+/?\Z|(?:\.full|\.abstract)?(?:\.pdf|\.html?|\.svg)?\Z",
    re.IGNORECASE,
)
"""What publishers put behind a DOI to show one view of the work."""
_PREPRINT_VERSION = lazily(r"(10\.(?:1101|64898)/[\d.]+)v\d+.*", re.DOTALL)
_UNREGISTERED = lazily(r"10\.5555/")
"""ACM numbers works of others with this test prefix: its pages are there, doi.org knows nothing of them."""
_ARXIV = lazily(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


def recognise(address: Parts, archived_at: str) -> Target | None:
    if address.host in _RESOLVERS:
        return named(unquote(address.path).lstrip("/"), archived_at)
    name = _at_publisher(address)
    return named(name, archived_at) if name and not _UNREGISTERED.match(name) else None


def by_scheme(url: str, archived_at: str) -> Target | None:
    """`doi:10.1145/…`."""
    return named(url, archived_at) if re.match(r"(?:urn:)?doi:", url, re.IGNORECASE) else None


def named(name: str, archived_at: str) -> Target | None:
    """A registered work; DOI handbook §2.4: names are case-insensitive. arXiv's DOIs name its preprints."""
    while (match := _PREFIX.match(name)) is not None:
        name = name[match.end() :]
    name = _whole(name.strip())
    # A name with control characters or broken percent-encoding is none that was ever registered.
    if not _DOI.fullmatch(name) or not name.isprintable() or "\ufffd" in name:
        return None
    if (match := _ARXIV.fullmatch(name)) and (preprint := arxiv.named(match[1], archived_at)):
        return preprint
    url = f"https://doi.org/{quote(name, safe='/:;()<>.,-_~+=@!$*')}"
    return Target(f"doi:{name.lower()}", "doi", "work", name, url, archived_at)


def _whole(name: str) -> str:
    """Without the punctuation of a sentence behind it; a bracket that it opened is its own."""
    ending = name[len(without_marks(name)) :]
    surplus = {mark: name.count(mark) - name.count(opening) for opening, mark in ("()", "[]", "{}", "<>")}
    while ending and surplus.get(ending[-1], 1) > 0:
        surplus[ending[-1]] = surplus.get(ending[-1], 2) - 1
        ending = ending[:-1]
    return without_marks(name) + ending


def _at_publisher(address: Parts) -> str:
    """The DOI in the address of a work's page, without the view of it; empty when there is none."""
    host, path = address.host.removeprefix("www."), unquote(address.path)
    if found := by_rule(host, path, address):
        return found
    if "10." not in path and "10." not in address.query:  # almost all
        return ""
    if host in _BY_PARAMETER:
        before, parameter = _BY_PARAMETER[host]
        pairs = (pair.partition("=") for pair in address.query[1:].split("&"))
        return next((unquote(value) for key, _, value in pairs if key == parameter and before in path), "")
    match = _ANYWHERE.fullmatch(path) or re.fullmatch(_before(host) + _NAMED, path, re.IGNORECASE | re.DOTALL)
    if match is None:
        return ""
    return _VIEWS.sub("", _PREPRINT_VERSION.sub(r"\1", match["doi"])).rstrip("/")


def _before(host: str) -> str:
    """What stands before the DOI in the paths of a host; what fits no path, for the others."""
    if found := _PUBLISHERS.get(host):
        return found
    return next((before for hosts, before in _FAMILIES.items() if re.fullmatch(hosts, host)), r"(?!)")
