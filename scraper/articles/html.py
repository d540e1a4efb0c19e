"""HTML: links and headings in reading order, from whole pages and from the pieces of it that Markdown holds.

lxml reads the values: `html.parser` and `html.unescape` turn `&noteId=` into `¬eId=` and `&timestamp=` into
`×tamp=`. A scan of the tags finds the places: lxml knows no columns, and no line beyond 65,535.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.articles.outline import Document, Lines, Place
from scraper.verdicts.patterns import lazily

if TYPE_CHECKING:
    from lxml import etree

# Possessive and counted: a tag that never ends costs no more than a long one.
_ATTRIBUTES = r"""(?:[^<>"']++|"[^"]*+"|'[^']*+'){0,400}+"""
_TAG = lazily(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</(?P=raw)\s*>|\Z)"
    rf"|<(?P<tag>a|area|img|source|h[1-6])(?=[\s/>]){_ATTRIBUTES}>",
    re.IGNORECASE | re.DOTALL,
)
_HREF = lazily(r"""(?<=[\s"'/])href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_SRC = lazily(_HREF.pattern.replace("href", "src", 1), re.IGNORECASE)
_UNSEEN = ("title", "base")


class Piece(NamedTuple):
    """A link or picture (`href` is not None) or a heading of an HTML text, with its start tag's offsets."""

    tag: str
    line: int
    href: str | None
    text: str
    place: Place | None


def read(text: str, document: Document, source: str) -> None:
    """A whole page. `<title>` names it only when no h1 does."""
    fallback = ""
    for piece in pieces(text, page=True):
        if piece.tag == "base":
            document.base = document.base or piece.href or ""
        elif piece.tag == "title":
            fallback = fallback or " ".join(piece.text.split())
        else:
            add(document, piece)
    document.title = document.title or fallback


def add(document: Document, piece: Piece) -> None:
    if piece.tag in {"a", "area"}:
        if piece.href is not None:
            document.link(piece.line, piece.href, piece.text, piece.place)
    elif piece.tag in {"img", "source"}:
        if piece.href is not None:
            document.link(piece.line, piece.href, piece.text, piece.place, embedded=True)
    elif piece.tag.startswith("h"):
        document.heading(int(piece.tag[1]), piece.text)


def pieces(text: str, page: bool = False) -> list[Piece]:
    """Links and headings in document order, with lines counted from 1.

    A page shows no `<template>`; in the HTML of Markdown one is what Vue and the like fill and show.
    """
    tags = [match for match in _TAG.finditer(text) if match["tag"]]
    elements = _elements(text)
    visible = [str(element.tag) for element in elements if element.tag not in _UNSEEN]
    lines = Lines(text)
    if len(tags) > len(visible):
        # lxml gives up some 2,000 levels deep: a page with more to it is read tag by tag.
        return [_piece_of_tag(text, match, lines) for match in tags]
    inert = _inert(elements) if page else set()
    agreed = [match["tag"].lower() for match in tags] == visible
    places = iter([Place(match.start(), match.end(), "html") for match in tags] if agreed else [])
    return [
        piece
        for element in elements
        for piece in _with_sizes(
            _piece(element, None if element.tag in _UNSEEN else next(places, None), lines),
            element.get("srcset"),
        )
        if element not in inert
    ]


def _elements(text: str) -> list[etree._Element]:
    from lxml import etree  # Only here: an article without markup of its own needs none

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # "Document is empty"
        return []
    # lxml-stubs do not know that a page of comments alone has no root element.
    return (
        []
        if root is None
        else list(root.iter("a", "area", "img", "source", "h1", "h2", "h3", "h4", "h5", "h6", *_UNSEEN))
    )


def _inert(elements: list[etree._Element]) -> set[etree._Element]:
    """Those in a `<template>`: no part of the page, unless it is the shadow of an element (HTML, 4.12.3)."""
    if not elements:
        return set()
    templates = elements[0].getroottree().iter("template")
    hidden = [one for one in templates if one.get("shadowrootmode", "").lower() not in ("open", "closed")]
    return {inside for one in hidden for inside in one.iter()} if hidden else set()


def sizes(srcset: str) -> list[str]:
    """The pictures that `srcset` offers for other sizes of the screen: `small.png 480w, large.png 2x`."""
    return [match[1] for match in re.finditer(r"(?:^|,\s)\s*([^\s,][^\s]*?)(?=,?(?:\s|\Z))", srcset)]


def _with_sizes(piece: Piece, srcset: str | None) -> list[Piece]:
    others = [href for href in sizes(srcset or "") if href != piece.href]
    pictures = [Piece(piece.tag, piece.line, href, piece.text, None) for href in others]
    return [piece, *pictures] if piece.tag != "source" or piece.href is not None else pictures


def _piece(element: etree._Element, place: Place | None, lines: Lines) -> Piece:
    href = _address(element)
    written = element.sourceline
    line = lines.number(place.start) if place else written if isinstance(written, int) else 1
    text = (
        element.get("alt", "") if element.tag in {"area", "img", "source"} else str(element.xpath("string()"))
    )
    return Piece(str(element.tag), line, href, text, place)


def _piece_of_tag(text: str, match: re.Match[str], lines: Lines) -> Piece:
    tag = match["tag"].lower()
    inside = text[match.end() : match.end() + 1000]
    inside = re.split(rf"</{tag}\b", inside, maxsplit=1, flags=re.IGNORECASE)[0]
    place = Place(match.start(), match.end(), "html")
    return Piece(tag, lines.number(match.start()), value(match[0]), re.sub(r"<[^<>]*>", "", inside), place)


def attribute(tag: str) -> tuple[int, int] | None:
    """Where the value of `href`, of a picture its `src`, stands in a start tag, without its quotes."""
    match = (_SRC if re.match(r"<(?:img|source)\b", tag, re.IGNORECASE) else _HREF).search(tag)
    if match is None or match.lastindex is None:
        return None
    return match.span(match.lastindex)


def value(tag: str) -> str | None:
    """The `href` of one start tag, of a picture its `src`, as a browser reads it."""
    return next((_address(element) for element in _elements(f"{tag}</a>")), None)


def _address(element: etree._Element) -> str | None:
    found = element.get("src" if element.tag in ("img", "source") else "href")
    if found is None and element.tag == "a" and next(element.iterancestors("svg"), None) is not None:
        found = element.get("xlink:href")  # SVG 2, 16.1.5: it counts where there is no `href`.
    return None if found is None else str(found)
