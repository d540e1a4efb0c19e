"""The places that a document has: its headings by the slugs of those who show it, and what is named in it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

from scraper.articles import forms
from scraper.articles.commonmark import rendered
from scraper.articles.decoding import decode
from scraper.articles.front_matter import read as read_front_matter
from scraper.articles.local import slugs
from scraper.articles.notebook import markdown_cells
from scraper.articles.outline import Document
from scraper.errors import ArticleError

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OWN_ID = re.compile(r"\s*\{:?\s*#([\w:.-]+)[^{}]*\}\s*$")
"""`## Title {#id}`: kramdown, Pandoc, Hugo, Docusaurus, MkDocs."""
_ANY_OWN_ID = re.compile(r"\{:?\s*[^{}\n]*?#([\w:.-]+)[^{}\n]*\}|^\((\S+)\)=\s*$", re.MULTILINE)
"""Attribute lists on anything, and MyST's targets."""


class Anchors(frozenset[str]):
    """Names of places."""

    def has(self, fragment: str) -> bool:
        """GitHub puts `user-content-` before its names, and finds them whatever their case."""
        wanted = fragment.removeprefix("user-content-")
        return wanted in self or wanted.lower() in self or wanted.lower() in self._lower

    @property
    def _lower(self) -> frozenset[str]:
        return frozenset(name.lower() for name in self)


def anchors(data: bytes, path: str, generated: bool) -> Anchors | None:
    """The places in a document; None for what has none that could be looked up (an image, a PDF file).

    Args:
        generated: whether a site generator shows it too, which has names of its own.
    """
    form = forms.by_ending(path)
    reader = _READERS.get(form.name) if form else None
    if reader is None:
        return None
    try:
        return Anchors(filter(None, reader(decode(data, path).text, generated)))
    except ArticleError:  # no text, whatever it is called
        return None


def _markdown(text: str, generated: bool) -> Iterator[str]:
    after = read_front_matter(text, Document())
    yield from _rendered([text[after:]], generated)


def _rendered(texts: list[str], generated: bool) -> Iterator[str]:
    headings: list[str] = []
    for text in texts:
        found, named = _of_page(rendered(text))
        headings += found
        yield from named
        for match in _ANY_OWN_ID.finditer(text):
            yield match[1] or match[2]
            yield (match[1] or match[2]).replace("_", "-")
    plain = [_OWN_ID.sub("", heading) for heading in headings]
    yield from slugs.github_all(headings)
    yield from slugs.github_all(plain)
    if generated:
        yield from slugs.by_generators(plain)


def _of_page(html: str) -> tuple[list[str], list[str]]:
    """Texts of the headings, and names, of HTML."""
    from lxml import etree  # Only here: few articles have a page beside them

    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
    except etree.XMLSyntaxError:  # "Document is empty"
        return [], []
    headings, names = [], []
    for element in () if root is None else root.iter():
        names += [str(element.get(name) or "") for name in ("id", "name")]
        if element.tag in _HEADINGS:
            headings.append("".join(map(str, element.itertext())))
    return headings, [name.removeprefix("user-content-") for name in names]


def _html(text: str, generated: bool) -> Iterator[str]:
    headings, names = _of_page(text)
    yield from names
    if generated:
        yield from slugs.github_all(headings)


def _notebook(text: str, generated: bool) -> Iterator[str]:
    cells = markdown_cells(text)
    yield from _rendered(cells, generated)
    headings = [heading for cell in cells for heading in _of_page(rendered(cell))[0]]
    yield from slugs.numbered(map(slugs.jupyter, headings))


def _restructured(text: str, generated: bool) -> Iterator[str]:
    # Late, because docutils is long to import and most lists have none of these files.
    from docutils import nodes
    from docutils.core import publish_doctree
    from docutils.utils import SystemMessage

    from scraper.articles import directives
    from scraper.articles.restructured import SETTINGS

    directives.register(text)
    try:
        tree = publish_doctree(text, settings_overrides={**SETTINGS, "warning_stream": io.StringIO()})
    except (SystemMessage, RecursionError):
        return
    for node in tree.findall(nodes.Element):
        own = [str(one) for one in [*node["ids"], *node["names"]]]
        yield from (one.replace(" ", "-") for one in own)
    yield from slugs.github_all(title.astext() for title in tree.findall(nodes.title))


_ASCIIDOC_TITLE = re.compile(r"^(?:={1,6}|#{1,6})[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_ASCIIDOC_NAMED = re.compile(
    r"\[\[([^\],]+)|\[#([^\],.%]+)|\[[^\]\n]*\bid=\"?([^\"\],]+)|anchor:([^\[\s]+)\[|^\.[^\n]*\[\[([^\]]+)",
    re.MULTILINE,
)
_SET = re.compile(r"^:(idprefix|idseparator):[ \t]*(\S*)[ \t]*$", re.MULTILINE)
_MACRO = re.compile(r"(?:https?|link|xref|image):[^\[\s]*\[([^\]]*)\]|[*_`]")


def _asciidoc(text: str, generated: bool) -> Iterator[str]:
    for match in _ASCIIDOC_NAMED.finditer(text):
        yield next(filter(None, match.groups()), "")
    titles = [_MACRO.sub(lambda macro: macro[1] or "", one[1]) for one in _ASCIIDOC_TITLE.finditer(text)]
    said = {match[1]: match[2] for match in _SET.finditer(text)}
    styles = {("_", "_"), ("", "-"), (said.get("idprefix", "_"), said.get("idseparator", "_"))}
    for prefix, separator in styles:
        yield from slugs.numbered(
            (slugs.asciidoctor(title, prefix, separator) for title in titles), separator or "_"
        )


_ORG_TITLE = re.compile(r"^\*+[ \t]+(?:(?:TODO|DONE)[ \t]+)?(.+?)(?:[ \t]+:[\w@#%:]+:)?[ \t]*$", re.MULTILINE)
_ORG_NAMED = re.compile(
    r"^[ \t]*(?::(?:CUSTOM_)?ID:|#\+name:)[ \t]*(\S+)|<<+([^<>\n]+)>>+", re.MULTILINE | re.IGNORECASE
)
_ORG_LINK = re.compile(r"\[\[[^\]]*\](?:\[([^\]]*)\])?\]|[*/~=]")


def _org(text: str, generated: bool) -> Iterator[str]:
    yield from (match[1] or match[2] for match in _ORG_NAMED.finditer(text))
    titles = [_ORG_LINK.sub(lambda link: link[1] or "", one[1]) for one in _ORG_TITLE.finditer(text)]
    yield from titles
    yield from (f"*{title}" for title in titles)
    yield from slugs.github_all(titles)


_READERS: dict[str, Callable[[str, bool], Iterator[str]]] = {
    "markdown": _markdown,
    "html": _html,
    "notebook": _notebook,
    "restructured": _restructured,
    "asciidoc": _asciidoc,
    "org": _org,
}
