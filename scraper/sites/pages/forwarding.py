"""Where a page sends its visitors by itself: a header, its markup, a script. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from scraper.addresses import joined, parts, tidy
from scraper.verdicts.patterns import lazily

_AT_ONCE = re.compile(
    r"""[ \t\n\f\r]*(0*[0-5](?![0-9])|(?=\.))[0-9.]*(?:[ \t\n\f\r]*[;,]|[ \t\n\f\r])[ \t\n\f\r]*"""
    r"""(?:url[ \t\n\f\r]*=[ \t\n\f\r]*)?(["']?)(.*)""",
    re.I | re.S,
)
"""WHATWG HTML, 4.2.4.3, "shared declarative refresh steps", for times of up to five seconds."""

_SENT_ON = lazily(
    r"""(?<![\w.])(?:(?:window|document|self|top)\.)?location(?:\.href)?(?:\s*=\s*|\.(?:replace|assign)\()\s*"""
    r"""(["'])([^"'<>\s]{1,2000})\1\s*[;)}\n<]"""
)
_FEW = 4_096
"""Characters of markup above which a page does more than send its visitor on."""
_PASSING = 120
"""Characters of text that a page may show in passing: "Redirecting to …"."""


def by_refresh(content: str) -> tuple[str, bool]:
    """Where it leads, and whether instantly; one that shows itself for longer than five seconds is a page."""
    match = _AT_ONCE.match(content)
    if match is None:
        return "", False
    time, quotation, to = match.groups()
    to = (to.partition(quotation)[0] if quotation else to).strip()
    return to, bool(to) and not time.strip("0")


def by_markup(tree: LexborHTMLParser) -> tuple[str, bool]:
    """WHATWG HTML, 4.2.4: `content="0; url=…"`. What stands in `<noscript>` is for others than browsers."""
    for meta in tree.css("meta[http-equiv]"):
        if (meta.attributes.get("http-equiv") or "").strip().lower() == "refresh":
            return by_refresh(meta.attributes.get("content") or "")
    return "", False


def base_of(tree: LexborHTMLParser) -> str:
    """WHATWG HTML, 2.4.3: the first `<base>` that has an address."""
    base = tree.css_first("base[href]")
    return (base.attributes.get("href") or "").strip() if base else ""


def relative_to(url: str, base: str, to: str) -> str:
    """Where the address leads from the page at `url`: a header knows no base, markup and scripts do.

    A base that is no web address (`javascript:`) is none to browsers either.
    """
    if not (base and to):
        return to
    try:
        foundation = joined(url, base)
        return joined(foundation, to) if foundation.lower().startswith(("http:", "https:")) else to
    except ValueError:
        return to


def by_script(markup: str, text: str) -> str:
    """Where a page without a text of its own sends its visitor by a script: the one address that is in it."""
    if len(markup) > _FEW or len(text) > _PASSING:
        return ""
    found = {address for _, address in _SENT_ON.findall(markup)}
    return found.pop() if len(found) == 1 else ""


def onward_from(url: str, to: str) -> str:
    """The address that is visited next, written as one that a redirect leads to; empty where there is none.

    Without a name and password, which end in no table, and with no character that steers a terminal.
    """
    try:
        found = parts(tidy(joined(url, to)))
    except ValueError:
        return ""
    if found is None:
        return ""
    return found._replace(path=quote(found.path, safe=_KEPT), query=quote(found.query, safe=_KEPT)).address


_KEPT = "%!$&'()*+,;=:@/?[]~-._|"
"""What stands in paths and queries as it is (RFC 3986, 3.3 and 3.4), and what browsers leave there."""
