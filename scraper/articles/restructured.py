"""reStructuredText by docutils. `articles.directives` knows those of Sphinx."""

from __future__ import annotations

import io

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from scraper.articles import directives
from scraper.articles.outline import Document, Lines
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


def read(text: str, document: Document, source: str) -> None:
    directives.register(text)
    try:
        tree = publish_doctree(text, settings_overrides={**SETTINGS, "warning_stream": io.StringIO()})
    except (SystemMessage, RecursionError) as error:
        detail = " ".join(str(error).split())[:100] or "nested too deeply"
        raise ArticleError(
            f"{source}: is no reStructuredText ({detail}); correct it, or name another file"
        ) from None
    lines = Lines(text)
    near = 1
    for node in tree.findall():
        if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            document.heading(_level(node), node.astext())
        elif isinstance(node, nodes.reference) and "refuri" in node:
            near = _line(node, lines, near)
            document.link(near, str(node["refuri"]), node.astext())


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
