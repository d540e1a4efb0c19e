"""reStructuredText by docutils. `articles.directives` knows those of Sphinx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Parser
from docutils.parsers.rst.states import Inliner
from docutils.utils import SystemMessage

from scraper.articles import directives
from scraper.articles.outline import Document, Lines, Place
from scraper.errors import ArticleError

# An article comes from anywhere: it may neither read files nor pass raw markup through, and its own mistakes
# are no reason to stop or to print.
SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,
    "doctitle_xform": False,
    "syntax_highlight": "none",
    "_disable_config": True,
}
# A rule between blank lines. docutils looks for each among all that stand beside it, and no link is in one.
_RULE = re.compile(r"(?m)(?<![^\n]\n)^([!-/:-@\[-`{-~])\1{3,}[ \t]*$(?=\n[ \t]*(?:\n|\Z)|\Z)")

_DEFINED = re.compile(
    r"(?m)^[ \t]*(?:\.\.[ \t]+_(?P<name>`[^`\n]+`|(?:\\.|[^:\\\n])+):|__|\.\.[ \t]+__:)"
    r"[ \t]+(?P<href>\S+)[ \t]*$"
)
"""`.. _name: address`, and `__ address`."""
_PIECE = 2_000
"""Characters of a paragraph in which the end of a markup is looked for, at least."""
_WORD = re.compile(r"\S*\s+|\S+\Z")


def _inliner() -> Inliner:
    """docutils looks for the end of each markup to the end of the paragraph: a long one is read in pieces.

    No class of its own: docutils takes the parts of its expressions from the very class of the inliner.
    """
    inliner = Inliner()
    whole = inliner.parse

    def parse(text: str, lineno: int, memo: Any, parent: Any) -> tuple[list[Any], list[Any]]:
        parsed = [whole(piece, lineno, memo, parent) for piece in _pieces(text)]
        if len(parsed) < 2:
            return parsed[0]
        # A parent of its own for each: docutils looks for a child among all of its parent's.
        return [nodes.inline("", "", *each) for each, _ in parsed], [
            one for _, told in parsed for one in told
        ]

    setattr(inliner, "parse", parse)  # noqa: B010  # mypy takes it for a method that nobody may replace
    return inliner


def _pieces(text: str) -> Iterator[str]:
    """Between words, and not within backquotes unless they do not end."""
    start = quotes = 0
    for word in _WORD.finditer(text):
        quotes += word[0].count("`")
        size = word.end() - start
        if size >= 2 * _PIECE or (size >= _PIECE and quotes % 2 == 0):
            yield text[start : word.end()]
            start, quotes = word.end(), 0
    if start < len(text) or not text:
        yield text[start:]


def read(text: str, document: Document, source: str) -> None:
    directives.register(text)
    try:
        settings = {**SETTINGS, "warning_stream": io.StringIO()}
        parser = Parser(inliner=_inliner())
        tree = publish_doctree(_without_rules(text), parser=parser, settings_overrides=settings)
    except (SystemMessage, RecursionError) as error:
        detail = " ".join(str(error).split())[:100] or "nested too deeply"
        raise ArticleError(
            f"{source}: is not reStructuredText ({detail}); correct it, or name another file"
        ) from None
    lines = Lines(text)
    places = _Places(lines)
    near = 1
    for node in tree.findall():
        if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            document.heading(_level(node), node.astext())
        elif isinstance(node, nodes.reference) and "refuri" in node:
            near = _line(node, lines, near)
            href = str(node["refuri"])
            place = places.of(node, href, near)
            if place and not node.rawsource:
                near = lines.number(place.start)
            document.link(near, href, node.astext(), place, embedded=bool(node.get("beside")))
        elif isinstance(node, nodes.image) and "*" not in (href := str(node.get("uri", ""))):
            near = max(near, node.line or near)
            document.link(near, href, str(node.get("alt", "")), places.after(href, near), embedded=True)


class _Places:
    """Where addresses are written: docutils does not say, but it gives the links in the order of the text."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._done = lines, 0
        self._named: dict[str, tuple[int, int]] = {}
        nameless = []
        for match in _DEFINED.finditer(lines.text):
            if match["name"] is None:
                nameless.append(match.span("href"))
            else:
                name = nodes.fully_normalize_name(match["name"].strip("`").replace("\\", ""))
                self._named.setdefault(name, match.span("href"))
        self._nameless = iter(nameless)

    def after(self, href: str, line: int) -> Place | None:
        """Of a picture: the next that is written so."""
        first = self._lines.text.find(f":: {href}", self._lines.start(max(1, line - 2)))
        return Place(first + 3, first + 3 + len(href), "inline", exact=True) if first >= 0 and href else None

    def of(self, node: nodes.reference, href: str, line: int) -> Place | None:
        """In the link itself, or behind the name that the link has."""
        if node.rawsource and href not in node.rawsource:
            name = nodes.fully_normalize_name(str(node.get("name", "")))
            span = next(self._nameless, None) if node.get("anonymous") else self._named.get(name)
            return span and Place(*span, "definition", exact=True)
        before = "" if node.rawsource else ":target: "  # of a picture
        first = self._lines.text.find(f"{before}{href}", max(self._lines.start(line), self._done))
        if first < 0:
            return None
        first += len(before)
        self._done = first + len(href)
        return Place(first, self._done, "inline", exact=True)


def _without_rules(text: str) -> str:
    """The same lines, those of them empty that are rules."""
    return _RULE.sub(lambda match: " " * len(match[0]), text)


def _level(title: nodes.title) -> int:
    level, parent = 0, title.parent
    while parent is not None:
        level, parent = level + isinstance(parent, nodes.section), parent.parent
    return level


def _line(node: nodes.Element, lines: Lines, near: int) -> int:
    """docutils knows the line of a block: the link is on it or on one of the next, by its source text."""
    block = node
    while block.line is None and block.parent is not None:
        block = block.parent
    first = max(near, block.line or 1)
    written = (node.rawsource or str(node.get("refuri", "")) or node.astext()).splitlines()[:1]
    for line in range(first, min(first + 200, len(lines.starts) + 1)):
        if written and written[0] in lines.content(line):
            return line
    return first
