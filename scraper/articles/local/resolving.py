"""The files that a path may mean: itself, and what site generators make a page of at that address. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

SOURCES = (".md", ".markdown", ".mdx", ".rst", ".html", ".adoc", ".org", ".ipynb", ".qmd", ".Rmd", ".txt")
"""What generators make pages of."""
_INDEX = ("index", "README", "_index")
_ROOTS = ("docs", "static", "content", "public", "source", "src", "src/pages", "pages", "site", "assets")
"""Folders whose content a generator serves at the root of its site."""
_WEBSITES = ("", "docs", "website", "site", "doc")
_CONFIGURED = (
    ("mkdocs.yml", "MkDocs"),
    ("mkdocs.yaml", "MkDocs"),
    ("_toc.yml", "Jupyter Book"),
    ("myst.yml", "MyST"),
    ("_config.yml", "Jekyll"),
    ("_config.yaml", "Jekyll"),
    ("hugo.toml", "Hugo"),
    ("hugo.yaml", "Hugo"),
    ("hugo.yml", "Hugo"),
    ("config.toml", "Hugo"),
    ("conf.py", "Sphinx"),
    ("source/conf.py", "Sphinx"),
    ("_quarto.yml", "Quarto"),
    ("book.toml", "mdBook"),
    ("docusaurus.config.js", "Docusaurus"),
    ("docusaurus.config.ts", "Docusaurus"),
    (".vitepress", "VitePress"),
    ("astro.config.mjs", "Astro"),
    ("eleventy.config.js", "Eleventy"),
    (".eleventy.js", "Eleventy"),
    ("antora.yml", "Antora"),
    ("gatsby-config.js", "Gatsby"),
)
_POST = re.compile(r"(?:.*/)?(\d{4})/(\d{2})/(\d{2})/([^/]+?)(?:\.html)?/?")


def generator(exists: Callable[[str], bool], folder: str) -> str:
    """The site generator that the folder, one above it or a usual one beside it is set up for; or empty."""
    for place in dict.fromkeys((*_above(folder), *_WEBSITES)):
        for name, title in _CONFIGURED:
            if exists(posixpath.join(place, name)):
                return title
    return ""


def sources(path: str, folder: str, href: str) -> Iterator[str]:
    """Files that a generator may make the page at this path of, the likeliest first.

    Args:
        path: from the root of the repository.
        folder: the article's own.
        href: as it is written; one that begins with a slash is relative to the site.
    """
    places = [path.rstrip("/")]
    if href.startswith("/"):
        bases = dict.fromkeys((*_above(folder), *_ROOTS))
        places += [posixpath.join(base, places[0]) for base in bases if base]
    for place in places:
        yield place
        yield from _pages(place)
    if post := _POST.fullmatch(path):
        yield from (f"_posts/{post[1]}-{post[2]}-{post[3]}-{post[4]}{ending}" for ending in SOURCES)


_TEX = ("", ".tex", ".pdf", ".png", ".jpg", ".jpeg", ".eps", ".svg", ".bib", ".tikz", ".pgf")
"""What TeX and its packages try behind a name."""
_DRAWN = (".png", ".jpg", ".jpeg", ".tex", ".bib")
"""What is kept beside a document and not made of something else when it is typeset."""


def with_endings(name: str) -> Iterator[str]:
    return (f"{name}{ending}" for ending in _TEX)


def by_tex(href: str, folder: str) -> Iterator[str]:
    """Files that a name in a document of TeX may mean: relative to the main file, which may be above."""
    for base in _above(folder):
        yield from (posixpath.normpath(posixpath.join(base, one)) for one in with_endings(href))


def is_kept(href: str) -> bool:
    """Whether a file that TeX is given must be in the repository; others are made, or TeX's own."""
    return "/" in href and href.lower().endswith(_DRAWN)


def _above(folder: str) -> list[str]:
    """The folder, and those that it stands in, up to the root."""
    found = [folder]
    while found[-1]:
        found.append(posixpath.dirname(found[-1]))
    return found


def _pages(path: str) -> Iterator[str]:
    stem, ending = posixpath.splitext(path)
    if ending in (".html", ".htm"):
        yield from (f"{stem}{one}" for one in SOURCES)
        if posixpath.basename(stem) == "index":
            yield from (
                posixpath.join(posixpath.dirname(stem), f"{name}{one}") for name in _INDEX for one in SOURCES
            )
        return
    yield from (f"{path}{one}" for one in SOURCES)
    yield from (posixpath.join(path, f"{name}{one}") for name in _INDEX for one in SOURCES)


def may_be_made(path: str, href: str) -> bool:
    """Whether a generator could make it without a file of that name: a page, a feed, a list of tags."""
    return href.startswith("/") or posixpath.splitext(path)[1] in ("", ".html", ".htm", ".xml", ".json")


_WRITTEN_BY_SPHINX = re.compile(
    r"api|autoapi|_?auto\w*|modules|generated|reference|gallery|_build|\w*_gallery"
)


def is_a_source(path: str, made_by: str, article: str) -> bool:
    """Whether a link of Sphinx's own, `:doc:` or an entry of a table of contents, names a page to be written.

    Extensions write pages at every build; those stand in folders that are called so.
    """
    own = made_by == "Sphinx" and article.endswith((".rst", ".rest")) and not posixpath.splitext(path)[1]
    return own and not any(map(_WRITTEN_BY_SPHINX.fullmatch, path.split("/")))
