"""Relative links as strings: what they lead to, and their identity. Nothing here looks at a file.

A key is `local:ARTICLE/path#place`: two lists may both have a LICENSE beside them, so the article is in it.
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from scraper.model import Target
from scraper.verdicts.patterns import lazily

PREFIX = "local:"
_SCHEME = lazily(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BASE = r"\{\{-?\s*(?:site|page)?\.?(?:baseurl|url|root|relative_path|path_to_root)\s*-?\}\}/?"
_FILE = lazily(
    rf"(?:{_BASE})?\{{%-?\s*(?P<tag>link|post_url)\s+(?P<path>[^\s%{{}}]+)\s*-?%\}}(?P<place>#\S*)?"
)
"""Jekyll's `{% link docs/page.md %}#place`, a file from the root of the site."""
_REF = lazily(
    r"\{\{[<%]\s*(?:rel)?ref\s+[\"'`]?(?P<path>[^\s\"'`{}<>%#]+)(?P<place>#[^\s\"'`{}<>%]*)?[\"'`]?\s*[>%]\}\}"
)
"""Hugo's, a page from the root of its content or beside the article."""
_SITE = lazily(
    rf"(?:{_BASE}/?(?P<path>[^{{}}]+)|\{{\{{-?\s*[\"'](?P<filtered>[^\"'{{}}]+)[\"']\s*\|\s*(?:relative|absolute)_url\s*-?\}}\}}(?P<place>#\S*)?)"
)
"""`{{ site.baseurl }}/about/`, `{{ "/about/" | relative_url }}`: an address of the site."""
_TEMPLATE = lazily(r"\{\{|\{%|<%|\$\{|__[A-Z_]+__")
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
    href = spelled(href)
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


def spelled(href: str) -> str:
    """The link without its template, from the root of the site; as it is where none is known."""
    href = href.strip()
    if file := _FILE.fullmatch(href) or _REF.fullmatch(href):
        post = "_posts/" if file.groupdict().get("tag") == "post_url" else ""
        return f"/{post}{file['path'].lstrip('/')}{file['place'] or ''}"
    if site := _SITE.fullmatch(href):
        return f"/{(site['path'] or site['filtered']).lstrip('/')}{site['place'] or ''}"
    return href


def names_a_file(href: str) -> bool:
    """Whether the generator itself would stop where there is no such file."""
    href = href.strip()
    return (_FILE.fullmatch(href) or _REF.fullmatch(href)) is not None


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
