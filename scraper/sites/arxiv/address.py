"""The preprint that an address names: at arXiv, at one of its mirrors, or with who shows its papers."""

from __future__ import annotations

import re
from urllib.parse import unquote

from scraper.addresses import Parts, parameter, without_marks
from scraper.model import Target
from scraper.verdicts.patterns import lazily

_ARCHIVES = "|".join(
    str.split(
        """
        acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat
        cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math-ph math mtrl-th nlin nucl-ex nucl-th
        patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con stat
        """
    )
)
"""Those of before April 2007, which stand in the identifiers of that time."""
_IDENTIFIER = (
    rf"(?:arxiv:\s?)?(?P<id>[0-9]{{4}}\.[0-9]{{4,5}}|(?P<archive>{_ARCHIVES})(?:\.[A-Z]{{2}})?/(?P<number>[0-9]{{7}}))"
    r"(?:v[0-9]+)?"
)
_NAMED = lazily(_IDENTIFIER, re.IGNORECASE)
_PATH = lazily(
    r"/(?:abs|pdf|html|ps|format|e-print|src|tb)/" + _IDENTIFIER + r"(?:\.pdf|\.ps\.gz)?/?",
    re.IGNORECASE,
)
_BARE = lazily(r"/(?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?/?(?P<archive>)(?P<number>)")
_FTP = lazily(
    r"/ftp/(?P<archive>[a-z-]+)/papers/[0-9]{4}/(?P<number>[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?"
    r"(?:\.pdf|\.ps\.gz|\.tar\.gz|\.html)?",
    re.IGNORECASE,
)
_MIRROR = lazily(r"(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itep\.ru")
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
    "semanticscholar.org": r"/(?:arxiv/|paper/(?=arxiv:))",
    "api.semanticscholar.org": r"/(?:(?:graph/v1/|v1/)?paper/)?(?=arxiv:)",
    "catalyzex.com": r"/paper/(?=arxiv:)",
    "ui.adsabs.harvard.edu": r"/abs/(?=arxiv:)",
    "adsabs.harvard.edu": r"/abs/(?=arxiv:)",
    "inspirehep.net": r"/(?:api/)?arxiv/",
    "doi2bib.org": r"/bib/",
    "arxiv-sanity.com": r"/",
}
"""By host without `www.`: who shows arXiv's papers, and what stands before the identifier."""
_ASKED = {
    "arxiv-sanity-lite.com": "pid",
    "arxiv-sanity.com": "id",
    "scholar.google.com": "arxiv_id",
}
"""Those that have it in their query, and the parameter's name."""
_BIBCODE = lazily(r"/abs/\d{4}arxiv(?P<id>\d{4}\.?\d{4,5})[a-z](?:/\w+)?/?", re.IGNORECASE)
"""Of NASA's ADS: `2017arXiv170603762V`."""


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A preprint whatever its version; `math.GT/0309136` is `math/0309136`, as arXiv itself has it."""
    host = address.host.removeprefix("www.")
    if host in _ASKED and (found := named(parameter(address, _ASKED[host]), archived_at)):
        return found
    if host in _SHOWN:
        match = re.fullmatch(
            _SHOWN[host] + _IDENTIFIER + r"/?(?:abstract/?)?",
            without_marks(unquote(address.path)),
            re.IGNORECASE,
        )
        return _target(match, archived_at) if match else _by_bibcode(host, address.path, archived_at)
    if not _MIRROR.fullmatch(host):
        return None
    path = without_marks(unquote(address.path))
    match = _PATH.fullmatch(path) or _FTP.fullmatch(path) or _BARE.fullmatch(path)
    return _target(match, archived_at) if match else None


def _by_bibcode(host: str, path: str, archived_at: str) -> Target | None:
    match = _BIBCODE.fullmatch(path) if host.endswith("adsabs.harvard.edu") else None
    return named(f"{match['id'][:4]}.{match['id'][4:].lstrip('.')}", archived_at) if match else None


def named(identifier: str, archived_at: str) -> Target | None:
    """The preprint `1706.03762v2` or `arXiv:hep-th/9901001`."""
    match = _NAMED.fullmatch(without_marks(identifier.strip()))
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
