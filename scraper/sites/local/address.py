"""Relative links as strings: what they lead to, and their identity. Nothing here looks at a file.

A key is `local:ARTICLE/path#place`: two lists may both have a LICENSE beside them, so the article is in it.
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from scraper.model import Target

PREFIX = "local:"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_JEKYLL = re.compile(r"(?:\{\{[^{}]*\}\}/?)?\{%-?\s*link\s+([^\s%{}]+)\s*-?%\}(#\S*)?")
"""`{{ site.baseurl }}{% link docs/page.md %}#place`: a file from the root of the site."""
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|__[A-Z_]+__")
"""What a template fills in: where it leads is not told here."""
_SIGNS = str.maketrans({"%": "%25", "#": "%23", "?": "%3F"})
"""What would be read as a part of the address, where it is one of a file's name."""
_SAFE = "/!$&'*+,;=:@~-._"


class Ground(NamedTuple):
    """Where an article stands, as far as its relative links depend on it."""

    name: str
    """Of the article."""
    path: str
    """From the root of the repository, or from the article's folder; with slashes."""
    pictures: bool = True
    """Whether its pictures are looked for: a page that was saved from the web has often left them there."""

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)


class Local(NamedTuple):
    """A path from the root, and a place in the file; both decoded."""

    path: str
    fragment: str

    @property
    def shown(self) -> str:
        place = f"#{self.fragment}" if self.fragment else ""
        return f"{self.path.translate(_SIGNS)}{place}"


def meant(ground: Ground, href: str) -> Local | None:
    """What a relative link leads to; None for what is none, and for what leads out of the repository."""
    href = href.strip()
    if jekyll := _JEKYLL.fullmatch(href):
        href = f"/{jekyll[1]}{jekyll[2] or ''}"
    if not href or href.startswith("//") or _SCHEME.match(href) or _TEMPLATE.search(href):
        return None
    path, _, fragment = href.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return Local(ground.path, unquote(fragment))
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(ground.folder, path)
    there = posixpath.normpath(joined) if joined else "."
    if there == ".." or there.startswith("../") or "\0" in there:
        return None
    return Local(f"{there}/" if path.endswith("/") and there != "." else there, unquote(fragment))


def key(ground: Ground, local: Local) -> str:
    return f"{PREFIX}{ground.name}/{local.shown}"


def target(key: str) -> Target:
    """The target of a key that `key` made."""
    shown = key.removeprefix(PREFIX).partition("/")[2]
    kind = "anchor" if "#" in shown else "folder" if shown.endswith("/") or shown == "." else "file"
    return Target(key, "local", kind, shown, shown)


def local_of(key: str) -> Local:
    path, _, fragment = key.removeprefix(PREFIX).partition("/")[2].partition("#")
    return Local(unquote(path), fragment)


def written(ground: Ground, local: Local) -> str:
    """A relative link from the article to this."""
    fragment = f"#{quote(local.fragment, safe=_SAFE)}" if local.fragment else ""
    if local.path == ground.path and fragment:
        return fragment
    path = posixpath.relpath(local.path, ground.folder or ".")
    slash = "/" if local.path.endswith("/") else ""
    return f"{quote(path, safe=_SAFE)}{slash}{fragment}"
