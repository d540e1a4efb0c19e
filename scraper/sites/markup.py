"""Text out of the JATS and HTML that Crossref and DataCite hold: one line a paragraph. Pure."""

from __future__ import annotations

import html
import re

from scraper.sites.formulas import one_notation
from scraper.sites.values import text

_LONGEST = 200_000
_BLOCK = re.compile(
    r"</?(?:jats:)?(?:p|sec|title|list|list-item|ul|ol|li|div|h[1-6]|br)\b[^<>]{0,500}>", re.IGNORECASE
)
# Changing the tree instead of the text takes a minute for thirty thousand nested paragraphs.
_TAG = re.compile(r"</?[a-z][\w:.-]{0,40}(?:\s[^<>]{0,2000})?/?>|<!--", re.IGNORECASE)
_OPENING = re.compile(
    r"<(?:!--|\?|(?P<name>/?[a-z][\w:.-]{0,40})(?P<more>(?:\s[^<>]{0,2000})?)/?>)?", re.IGNORECASE
)
_ELEMENTS = frozenset(
    str.split(
        """
        a abbr acronym address article aside b bdi bdo big blockquote body br caption center cite
        code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4
        h5 h6 head header hr html i img ins kbd li link mark meta nobr ol p pre q s samp script
        section small span strike strong style sub summary sup table tbody td tfoot th thead title
        tr tt u ul var wbr annotation annotation-xml maction math menclose merror mfenced mfrac mi
        mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle
        msub msubsup msup mtable mtd mtext mtr munder munderover none semantics abstract
        alternatives bold chem-struct citation def def-item def-list disp-formula disp-quote email
        emphasis ext-link fixed-case fn given-names graphic inf inline-formula inline-graphic
        institution italic label list list-item media monospace name named-content overline ovl
        roman sans-serif sc scp sec styled-content surname target tex-math trans-abstract underline
        uri xref
        """
    )
)
"""Of HTML, MathML and JATS where no prefix says it: `<Actinopterygii>` is a word between signs."""
_INDENTED = re.compile(r"(?<=[(\[])[ \t]*+\r?\n\s*+(?=<)|(?<=>)[ \t]*+\r?\n\s*+(?=[)\].,;:!?])")
"""Indentation that can be no blank: behind a bracket that opens, before a sign that closes."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,20}\d{0,2});", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"</?(?:(?:jats|mml):[\w-]{1,30}|scp|sub|sup|em|strong|italic|bold|tt|sc|ovl|small|span|p|br|b|i|u)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""Tags that somebody escaped: `&lt;scp&gt;HVDC&lt;/scp&gt;`. A `<` before anything else is a sign."""
_HEADINGS = frozenset(("abstract", "abstract:", "abstract."))


def plain(markup: object) -> str | None:
    """The text: entities read, tags gone, one line a paragraph, without the heading `Abstract`.

    Where paragraphs are marked, line breaks of the source mean nothing; where nothing is, they stay.
    """
    written = text(markup)
    if written is None:
        return None
    written = written[:_LONGEST]
    if _TAG.search(written):
        written = _untagged(one_notation(written))
    for _ in range(2):  # `&amp;lt;` is a sign that was escaped twice
        written = _ESCAPED_TAG.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), written))
    lines = (" ".join(line.split()) for line in written.splitlines())
    return text("\n".join(line for line in lines if line.lower() not in _HEADINGS).strip("\n"))


def _untagged(written: str) -> str:
    from bs4 import BeautifulSoup  # where a page has come: it takes longer to import than all of `sites/`

    marked = _OPENING.sub(_tag_or_sign, _INDENTED.sub("", written))
    if _BLOCK.search(marked):
        marked = _BLOCK.sub("\n", " ".join(marked.split()))
    soup = BeautifulSoup(f"<!doctype html>\n{marked}", "lxml")
    return "\n".join(line for line in soup.get_text().splitlines() if line.strip())


def _tag_or_sign(opening: re.Match[str]) -> str:
    """DataCite's texts are often no markup: `x<y and y>z` has two signs and no tag."""
    name, more = opening["name"], (opening["more"] or "").strip(" /")
    if name is None:
        return opening[0] if len(opening[0]) > 1 else "&lt;"
    element = ":" in name or name.lstrip("/").lower() in _ELEMENTS
    return opening[0] if element and (not more or "=" in more) else f"&lt;{opening[0][1:]}"
