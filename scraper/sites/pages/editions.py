"""Papers whose pages and files have several addresses, of which one is the paper's own. Pure.

The anthology of computational linguistics and the proceedings of machine learning keep page and PDF under the
same name, and have moved: what was linked at `aclweb.org` is the paper at `aclanthology.org`.
"""

from __future__ import annotations

import re

from scraper.addresses import Parts
from scraper.verdicts.patterns import lazily

_PAPER = r"(?:[a-z]\d{2}-\d{4,5}|(?:19|20)\d{2}\.[a-z0-9_]+-[a-z0-9_]+\.\d{1,4})"
_ANTHOLOGY = {
    "aclanthology.org": rf"/(?:papers/(?:[a-z]/[a-z]\d\d/)?)?(?P<id>{_PAPER})(?:v\d)?",
    "aclweb.org": rf"/anthology/(?:papers/[a-z]/[a-z]\d\d/|[a-z]/[a-z]\d\d/)?(?P<id>{_PAPER})(?:v\d)?",
    "aclanthology.info": rf"/papers/(?P<id>{_PAPER})(?:/(?i:{_PAPER}))?",
    "aclanthology.coli.uni-saarland.de": rf"/papers/(?P<id>{_PAPER})(?:/(?i:{_PAPER}))?",
}
"""By host without `www.`."""
_VIEW = r"(?:\.pdf|\.html|/)?"
_PROCEEDINGS = lazily(
    r"/(?P<volume>v\d+|r\d+)/(?P<name>[a-z][a-z0-9-]+?)(?:\.html|\.pdf|/(?P=name)\.pdf)", re.IGNORECASE
)


def edition(address: Parts) -> str:
    """The paper's own address; empty where nothing is known of others."""
    host = address.host.removeprefix("www.")
    if host == "proceedings.mlr.press" and (match := _PROCEEDINGS.fullmatch(address.path)):
        return f"https://proceedings.mlr.press/{match['volume'].lower()}/{match['name']}.html"
    match = (
        re.fullmatch(_ANTHOLOGY[host] + _VIEW, address.path, re.IGNORECASE) if host in _ANTHOLOGY else None
    )
    return f"https://aclanthology.org/{_cased(match['id'])}/" if match else ""


def _cased(identifier: str) -> str:
    """`N19-1423` and `2020.acl-main.1`, however they are written."""
    return identifier.upper() if "-" in identifier[:4] else identifier.lower()
