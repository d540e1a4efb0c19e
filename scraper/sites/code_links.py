"""Addresses of code in what authors write: a plain address, two of them, a badge, a sentence, LaTeX.

OpenReview's `code` field is free text. Of the 335 of ICLR 2020, 96 are not the plain address of a repository:
folders, project pages, file hosts, short links, two addresses with `;` between. Later Papers with Code wrote
badges:

    [![github](/images/github_icon.svg) owner/name](https://github.com/owner/name) + [![Papers with Code]…](…)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from scraper.addresses import hostname

_LONGEST = 100_000
"""Characters of one text that are looked through."""

_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,2000}\)")
_LATEX = re.compile(r"\\([_%#&~])(?:\{\})?")
# Printable ASCII but for what ends an address in Markdown, HTML and LaTeX. A bare address ends at the first
# character that is not ASCII: `…/name。下一句`.
_ADDRESS = re.compile(
    r"https?://[!#-&(-;=?@A-Z_a-z~]+"
    r"|(?<![\w/.@-])(?:www\.)?github\.com/[\w.-]{1,100}/[\w.-]{1,100}",
    re.IGNORECASE | re.ASCII,
)
_TWO_IN_ONE = re.compile(r"[;,]+(?=https?://)", re.IGNORECASE)

CODE_HOSTS = frozenset(
    (
        "github.com",
        "gist.github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "gitee.com",
        "sr.ht",
        "sourceforge.net",
        "codeocean.com",
        "anonymous.4open.science",
        "colab.research.google.com",
    )
)
_CATALOGUES = frozenset(("paperswithcode.com", "catalyzex.com"))
"""They list implementations by others; what they show is not the authors' code."""


def addresses(written: str) -> list[str]:
    """Every web address in a text, in order, once."""
    plain = _LATEX.sub(r"\1", _IMAGE.sub(" ", written[:_LONGEST])).replace("&amp;", "&")
    found = (part for match in _ADDRESS.findall(plain) for part in _TWO_IN_ONE.split(match))
    return list(dict.fromkeys(address for address in map(_trim, found) if _host(address)))


def code_addresses(fields: Iterable[str], prose: Iterable[str] = ()) -> list[str]:
    """Addresses of code: all that stand in the fields meant for code, those of code hosts in prose.

    Catalogues of implementations come last.
    """
    found = [address for field in fields for address in addresses(field)]
    named = (address for text in prose for address in addresses(text))
    found += [address for address in named if _host(address) in CODE_HOSTS and not is_catalogue(address)]
    unique = list(dict.fromkeys(found))
    return [a for a in unique if not is_catalogue(a)] + [a for a in unique if is_catalogue(a)]


def is_catalogue(address: str) -> bool:
    host = _host(address)
    return host in _CATALOGUES or (host == "huggingface.co" and "/papers/" in address)


def on_code_host(address: str) -> bool:
    """Whether something on a host of code is meant, not the host itself."""
    return _host(address) in CODE_HOSTS and bool(urlsplit(address).path.strip("/"))


def code_fields(found: Iterable[str]) -> dict[str, object]:
    """`code_url` and `code_urls` of a record: known to be empty when nothing was found."""
    urls = list(found)
    return {"code_url": next((u for u in urls if not is_catalogue(u)), None), "code_urls": urls or None}


def _trim(address: str) -> str:
    """Without the brackets and punctuation of the sentence around it; a trailing `_` or `-` is its own."""
    depth = 0
    for position, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            address = address[:position]
            break
    address = address.rstrip(".,;:!?*")
    return address if "://" in address else f"https://{address}"


def _host(address: str) -> str:
    return hostname(address).removeprefix("www.")
