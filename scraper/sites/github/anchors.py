"""Sections of a README that links point to, and whether it has them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<atx>.+?)[ \t]*#*[ \t]*$|^ {0,3}(?P<setext>\S.*?)[ \t]*\n {0,3}(?:=+|-+)[ \t]*$"
    r"|<h[1-6][^>]*>(?P<html>.*?)</h[1-6]>",
    re.MULTILINE | re.IGNORECASE,
)
_FENCED = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|<[^>]+>|[`*]|:[a-z0-9_+-]+:")
_ALWAYS = re.compile(
    r"readme(?:-ov-file)?|.*-ov-file|start-of-content|top|repo-content-.*|license.*", re.IGNORECASE
)


def missing(markdown: str, fragments: Iterable[str]) -> list[str]:
    """The fragments to which no heading or named element of the README answers."""
    there = {name.lower() for name in anchors(markdown)}
    asked = (unquote(fragment) for fragment in fragments)
    return [
        fragment
        for fragment in asked
        if not _ALWAYS.fullmatch(fragment) and not fragment.startswith(":~:")
        if fragment.removeprefix("user-content-").lower() not in there
    ]


def anchors(markdown: str) -> Iterator[str]:
    """GitHub's anchors: the heading in lower case without punctuation, blanks as hyphens, numbered when
    they come again; and the elements that have names of their own."""
    text = _FENCED.sub("\n", markdown)
    seen: Counter[str] = Counter()
    for match in _HEADING.finditer(text):
        slug = slug_of(match["atx"] or match["setext"] or match["html"] or "")
        yield f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1
    yield from (match[1].removeprefix("user-content-") for match in _NAMED.finditer(text))


def slug_of(heading: str) -> str:
    plain = _MARKUP.sub(lambda match: match[1] or "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
