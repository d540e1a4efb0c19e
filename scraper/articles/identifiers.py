"""Addresses and identifiers in running text and in the values of fields: where they stand, what they mean.

A reference often names a work without an address: `arXiv:1706.03762`, `doi: 10.1145/3292500`, `github_id:
owner/name`. In prose only what says of itself what it is counts; in a field its name may say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from scraper.articles import bare
from scraper.verdicts.patterns import lazily


class Found(NamedTuple):
    """An address or identifier, with its offsets in the text that was searched."""

    start: int
    end: int
    href: str
    means: str = ""
    """The address that an identifier stands for; empty for an address."""
    form: str = "bare"
    """How a new address is written there: bare, value, identifier, github."""
    certain: bool = True
    """False for what may be a mere number: `1706.03762` without a word of arXiv."""


_ARXIV = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,2})?"
_ARXIV_ID = lazily(_ARXIV)
# DOI handbook §2.2; what ends a sentence or a markup is trimmed as for bare addresses.
# Of angles only those of a SICI (ANSI/NISO Z39.56) belong to it: `…020<0130:DNF>2.0.CO;2`.
_SICI = r"<[0-9A-Za-z.]+:[\w.:-]*>(?=[0-9])"
_DOI = rf"10\.[0-9]{{4,9}}(?:\.[0-9]+)*/(?:[^\s\"<>{{}}|\\^`]|{_SICI})+"
_DOI_NAME = lazily(rf"(?:doi(?:\.org/|\s*:)\s*)?({_DOI})", re.IGNORECASE)
_PREFIXED_ARXIV = lazily(rf"arxiv\s*:\s*(?:abs/)?({_ARXIV})(?:\s*\[[A-Za-z-]+(?:\.[A-Za-z-]+)?\])?", re.I)
_NAMED = lazily(
    rf"(?<![\w/.-])arxiv:[ ]?(?P<arxiv>{_ARXIV})(?![\w/]|\.[0-9])|(?<![\w/.-])doi:[ ]?(?P<doi>{_DOI})", re.I
)
START = lazily(rf"{bare.START.pattern}|{_NAMED.pattern}", re.I)
"""Where an address or a named identifier may begin."""

_REPOSITORY = lazily(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_GROUPED = lazily(r"[A-Za-z0-9_][\w.-]*(?:/[\w.-]+){1,8}", re.ASCII)
_FORUM = lazily(r"[A-Za-z0-9_-]{8,12}")
_ADDRESS = lazily(rf"\s*(?P<url>https?://[^\W_](?:[^\s<>\"\[\]{{}}`\\]|{_SICI})*)\s*", re.IGNORECASE)
_PROMISING = lazily(r"[/:]|www\.|[0-9]\.[0-9]", re.IGNORECASE)
"""Every address and identifier has one of these, but for a forum's."""


def prose(
    text: str, start: int = 0, end: int | None = None, stop: re.Pattern[str] | None = None
) -> Iterator[Found]:
    """What running text links to, in reading order. `stop` is markup that no address goes beyond."""
    position, end = start, len(text) if end is None else end
    limit = start
    while match := START.search(text, position, end):
        if limit < match.end():
            mark = stop.search(text, match.end(), end) if stop else None
            limit = mark.start() if mark else end
        found = at(text, match.start(), limit)
        if found:
            yield found
        position = found.end if found else match.end()


def at(text: str, position: int, end: int) -> Found | None:
    """The address or the named identifier (`arXiv:…`, `doi:…`) that begins at a position, or None."""
    url = bare.match(text, position, end)
    return Found(position, position + len(url), url) if url else _named(text, position, end)


def _named(text: str, position: int, end: int) -> Found | None:
    match = _NAMED.match(text, position, end)
    if match is None:
        return None
    if match["arxiv"]:
        means = arxiv(match["arxiv"])
        return Found(position, match.end(), match[0], means, "identifier") if means else None
    name = bare.trimmed(match["doi"])
    stop = match.start("doi") + len(name)
    return Found(position, stop, text[position:stop], doi(name), "identifier")


def arxiv(identifier: str) -> str:
    """The address of a preprint, or empty for what is not an arXiv identifier.

    Numbers of April 2007 to December 2014 have four digits behind the dot, those since then five.
    """
    if not _ARXIV_ID.fullmatch(identifier):
        return ""
    if identifier[0].isdigit():
        month, digits = int(identifier[2:4]), len(re.sub(r"v.*", "", identifier)) - 5
        if (
            not 1 <= month <= 12
            or not identifier[:4] >= "0704"
            or (digits == 5) != (identifier[:4] >= "1501")
        ):
            return ""
    return f"https://arxiv.org/abs/{identifier}"


def doi(name: str) -> str:
    """The address of a registered work, or empty for what is not a DOI."""
    return f"https://doi.org/{quote(name, safe='/:;()<>.,-_~+=@!$*%')}" if re.fullmatch(_DOI, name) else ""


# Values of fields ---------------------------------------------------------------------------------


def kind_of(field: str) -> str:
    """What the name of a field says of bare identifiers in it: arxiv, doi, github, gitlab, openreview."""
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", field).lower()).strip("_")
    for kind in ("arxiv", "github", "gitlab", "openreview"):
        if kind in name.replace("_", ""):
            return kind
    if name in {"eprint", "eprints", "archive_location", "preprint"}:
        return "arxiv"
    if name in {"forum", "forum_id"}:
        return "openreview"
    return "doi" if "doi" in name.split("_") else ""


def value(text: str, kind: str = "") -> list[Found]:
    """What a field's value links to: the whole of it, each of several, or what its prose holds."""
    if kind != "openreview" and not _PROMISING.search(text):
        return []
    pieces = [(match.start(), match[0]) for match in re.finditer(r"[^\s,;|]+", text)]
    if whole := _whole(text, kind):
        return [whole]
    if len(pieces) > 1 and kind != "openreview":
        each = [_identifier(piece, start, kind) for start, piece in pieces]
        if all(each):
            return [one for one in each if one]
    return list(prose(text))


def _whole(text: str, kind: str) -> Found | None:
    stripped = text.strip()
    return address(text) or _identifier(stripped, text.find(stripped), kind) if stripped else None


def address(text: str) -> Found | None:
    """The address that a value is, to its last letter: no sentence ends behind it."""
    match = _ADDRESS.fullmatch(text)
    if match is None or bare.SECOND.search(match["url"], 1):
        return None
    url = match["url"].rstrip(",;:'")
    closing = url.count(")") - url.count("(")
    if closing > 0 and url.endswith(")" * closing):
        url = url[:-closing]
    return Found(match.start("url"), match.start("url") + len(url), url, form="value")


def _identifier(piece: str, start: int, kind: str) -> Found | None:
    end = start + len(piece)
    if match := _PREFIXED_ARXIV.fullmatch(piece):
        means = arxiv(match[1])
        return Found(start, end, piece, means, "identifier") if means else None
    if (match := _DOI_NAME.fullmatch(piece)) and not piece.lower().startswith("http"):
        return Found(start, end, piece, doi(match[1]), "identifier")
    if means := _meaning(piece, kind):
        return Found(start, end, piece, means, "github" if kind == "github" else "identifier")
    means = arxiv(piece)
    return Found(start, end, piece, means, "identifier", certain=False) if means else None


def _meaning(piece: str, kind: str) -> str:
    """What an identifier means under a field's name."""
    if kind == "arxiv":
        return arxiv(re.sub(r"^(?:abs|pdf)/|\.pdf$", "", piece))
    if kind == "github" and _REPOSITORY.fullmatch(piece):
        return f"https://github.com/{piece}"
    if kind == "gitlab" and _GROUPED.fullmatch(piece):
        return f"https://gitlab.com/{piece}"
    if kind == "openreview" and _FORUM.fullmatch(piece) and not piece.isdigit():
        return f"https://openreview.net/forum?id={piece}"
    return ""
