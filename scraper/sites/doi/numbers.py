"""DOIs that a publisher makes of its own number by a rule, so that the page's address tells them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.addresses import Parts, parameter
from scraper.verdicts.patterns import lazily

_Name = str | Callable[[re.Match[str]], str]
"""The DOI, by what the path names."""


def _of_nature(match: re.Match[str]) -> str:
    """Humanities & Social Sciences Communications came from Palgrave, and kept its prefix."""
    number = match[1].lower()
    return f"10.{1057 if number.startswith('s41599-') else 1038}/{number}"


_VIEWS = r"(?:\.e?pdf|_reference\.pdf|\.ris|\.html?)?(?:/(?:figures|tables|metrics|peer-review)(?:/\d+)?)?/?"
_EARLY = r"/content/(?:\w+/)?early/20(?:1\d|2[0-4])/\d\d/\d\d/([\d.]+\d)(?:v\d+)?(?:\..*)?"
_RULES: dict[str, tuple[tuple[str, _Name], ...]] = {
    "nature.com": (
        # Those alone whose name in the address is the whole suffix: `sdata201635` is 10.1038/sdata.2016.35.
        (
            r"/articles/([sd]4\d{4}-\d{3}-\d{4,5}-[0-9a-z]|nature\d{5}|ncomms\d{4,5}|srep\d{5}|\d{5,6}[a-e]0"
            r"|n[a-z]{2,7}\.\d{1,4}(?:\.\d{1,4})?)" + _VIEWS,
            _of_nature,
        ),
        (r"/nature/journal/v\d+/n\d+/(?:full|abs|pdf)/(nature\d{5})\.(?:html|pdf)", r"10.1038/\1"),
    ),
    "biorxiv.org": ((_EARLY, r"10.1101/\1"),),
    "medrxiv.org": ((_EARLY, r"10.1101/\1"),),
    "peerj.com": (
        (r"/articles/(\d+)(?:/|\.pdf|\.html)?", r"10.7717/peerj.\1"),
        (r"/articles/cs-(\d+)(?:/|\.pdf|\.html)?", r"10.7717/peerj-cs.\1"),
    ),
    "elifesciences.org": ((r"/articles/(\d{5,6})(?:/\w+)?/?", r"10.7554/elife.\1"),),
    "pubs.rsc.org": (
        (
            r"/[a-z]{2}/content/article(?:html|landing|pdf)/\d{4}/\w{2}/([a-z]\d[a-z]{2}\w{5,6})",
            r"10.1039/\1",
        ),
    ),
}
"""By host without `www.`: the whole path, and the DOI."""
_PROCEEDINGS = lazily(r"\d{6,8}\.\d{6,8}")


def by_rule(host: str, path: str, address: Parts) -> str:
    """The DOI of the publisher's page, or an empty string."""
    if host in ("dl.acm.org", "portal.acm.org") and address.path.lower().endswith("/citation.cfm"):
        return _of_acm(parameter(address, "doid"))
    for written, name in _RULES.get(host, ()):
        if match := re.fullmatch(written, path, re.IGNORECASE):
            return match.expand(name) if isinstance(name, str) else name(match)
    return ""


def _of_acm(number: str) -> str:
    """`doid=3292500.3330701`, proceedings and paper; a single number is one of ACM's own."""
    return (
        f"10.1145/{number}" if _PROCEEDINGS.fullmatch(number) else number if number.startswith("10.") else ""
    )
