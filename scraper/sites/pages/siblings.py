"""Made-up addresses beside the one that was asked, and whether two visits came to the same. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from scraper.addresses import address, is_front, is_https_upgrade
from scraper.model import Answer
from scraper.sites.pages.view import PageView
from scraper.verdicts import suggesting

_IDENTIFIER = re.compile(
    r"(.*[_-])?id|[a-z]{1,6}id|p|doc|article|item|paper|key|slug|page|page_?name|title|file|path|code|nr|name"
    r"|number|no|entry|record|story|product|project|pub|publication|dataset|model",
    re.I,
)
"""Names of query parameters that say which page is meant. Others (`utm_source`, `lang`, `ref`, `v`) may be
anything, and the page is the same: that says nothing against it."""


class MadeUp(NamedTuple):
    url: str
    shape: tuple[str, ...]
    """What addresses have in common that one program of the site is likely to answer."""


def beside(answer: Answer) -> MadeUp | None:
    """A made-up address like the one that was *asked*: where both end is compared.

    A step to https or to another spelling of the host would only be walked once more.
    """
    asked, final = address(answer.url), address(answer.final_url)
    moved = asked.path.rstrip("/") != final.path.rstrip("/") or asked.query != final.query
    plain = not answer.hops or is_https_upgrade(answer.url, answer.final_url) or not moved
    return made_up(answer.final_url if plain and not is_front(answer.final_url) else answer.url)


def made_up(url: str) -> MadeUp | None:
    """A made-up address like this one; made from the host alone, so the same one at every run.

    An identifier in the query is replaced, or the last segment of the path; None where there is neither.
    """
    parts = address(url)
    telling = address(suggesting.clean(url)).query.split("&")  # `gclid` ends in `id` and tells nothing
    invented = token(parts.netloc)
    pairs = [pair.partition("=") for pair in parts.query.split("&")]
    for number, (name, _, value) in enumerate(pairs):
        if value and _IDENTIFIER.fullmatch(name) and f"{name}={value}" in telling:
            pairs[number] = (name, "=", invented)
            changed = parts._replace(query="&".join(map("".join, pairs)), fragment="")
            return MadeUp(changed.geturl(), (parts.netloc, parts.path, name))
    if is_front(parts._replace(query="").geturl()):
        return None
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    match = re.search(r"\.\w{1,5}$", last)
    ending = match[0] if match else ""
    slash = "/" if parts.path.endswith("/") else ""
    changed = parts._replace(path=f"{folder}/{invented}{ending}{slash}", fragment="")
    return MadeUp(changed.geturl(), (parts.netloc, str(folder.count("/")), ending))


def token(netloc: str) -> str:
    return "x" + hashlib.sha256(netloc.encode("utf-8", "replace")).hexdigest()[:15]


def front_of(url: str) -> str:
    parts = address(url)
    return parts._replace(path="/", query="", fragment="").geturl()


def speaks_of_its_address(url: str, view: PageView) -> bool:
    """A page whose title or heading has the words of its address was made for that address."""
    words = _words(url)
    return bool(words) and 2 * _said(words, view) >= len(words)


def speaks_of_its_place(url: str, view: PageView) -> bool:
    """The same of an address that another was sent to; a list or a search for all is called so, too."""
    words = [word for word in _words(url) if word not in _PLACES]
    return _said(words, view) >= max(2, len(words) / 2)


def _words(url: str) -> list[str]:
    last = unquote(address(url).path).rstrip("/").rpartition("/")[2]
    return [word for word in re.findall(r"[^\W\d_]{4,}", last.lower()) if word not in ("html", "index")]


def _said(words: Sequence[str], view: PageView) -> int:
    said = " ".join((view.title, *view.headings)).lower()
    return sum(word in said for word in words)


_PLACES = frozenset(
    str.split(
        """
        aspx home homepage welcome start main default page pages site search results result list listing
        browse
        overview error errors login signin sign access denied papers paper articles article publications
        publication proceedings archive archives news events journal journals volume issue collection
        collections items documents projects datasets library catalog catalogue about contact english
        """
    )
)
"""Words of addresses that all of a site may be sent to."""


def same_place(one: Answer, other: Answer) -> bool:
    """Whether redirects led both to one address; what echoes the one that was asked does not count."""
    if not (one.hops and other.hops):
        return False
    return _without_echo(one) == _without_echo(other)


def _without_echo(answer: Answer) -> str:
    parts = address(answer.url)
    final = unquote(answer.final_url.partition("#")[0]).rstrip("/")
    for echo in (
        unquote(parts.path + "?" + parts.query),
        unquote(parts.path),
        unquote(parts.path).rpartition("/")[2],
    ):
        if len(echo) > 3:
            final = final.replace(echo, "*")
    return final


def same_page(one: PageView, other: PageView) -> bool:
    """Whether two views are one page but for counters and echoes of the address (shingles of three words)."""
    if _worded(one.title) != _worded(other.title):
        return False
    a, b = set(_shingles(one.text)), set(_shingles(other.text))
    if not a and not b:
        return bool(one.text or one.title) and one.text == other.text
    return len(a & b) / max(1, len(a | b)) >= 0.9


_DIGIT = re.compile(r"\d")


def _worded(text: str) -> list[str]:
    # Word by word: an expression for "a word with a digit in it" takes the square of a text without blanks.
    return [word for word in text.lower().split() if not _DIGIT.search(word)]


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _worded(text)
    return zip(words, words[1:], words[2:], strict=False)
