"""YAML, in files of its own and as the front matter of Markdown: PyYAML tells the place of every scalar."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from scraper.articles import records
from scraper.articles.escapes import DOUBLED_SINGLE, JSON, Unescaped, first_of_two, json_meaning, unescape
from scraper.articles.fields import add_prose
from scraper.articles.outline import Document, Lines
from scraper.articles.records import Leaf, Path
from scraper.model import Problem

# The C parser is ten times faster; both build nodes only, and no object that a tag could name.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEP = 100
"""Levels of nesting read; a document that somebody wrote has a dozen."""


def read(text: str, document: Document, source: str) -> None:
    add(text, 0, len(text), document, Lines(text))


def add(text: str, start: int, end: int, document: Document, lines: Lines) -> None:
    """The links of a part of a text that is YAML."""
    try:
        nodes = list(yaml.compose_all(_readable(text[start:end]), _Loader))
    except (yaml.YAMLError, RecursionError) as error:
        detail = " ".join(str(getattr(error, "problem", None) or type(error).__name__).split())
        message = f"is not valid YAML ({detail}): read as plain text"
        document.problems.append(Problem(lines.number(start), "", message))
        add_prose(text, start, end, document, lines)
        return
    leaves = [leaf for node in nodes if node is not None for leaf in _leaves(node, (), text, start, set())]
    records.add(leaves, document, lines)


def _readable(text: str) -> str:
    """YAML 1.2 §5.1 forbids most controls; one of them should not cost the rest. Places stay."""
    return re.sub("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)


def _leaves(node: yaml.Node, path: Path, text: str, offset: int, open_: set[int]) -> Iterator[Leaf]:
    """The scalars below a node in the order of the file; an alias is read where its anchor stands."""
    if id(node) in open_ or len(path) > _DEEP:
        return
    if isinstance(node, yaml.ScalarNode):
        open_.add(id(node))
        yield Leaf(path, _said(node, text, offset))
    elif isinstance(node, yaml.SequenceNode):
        open_.add(id(node))
        for number, item in enumerate(node.value):
            yield from _leaves(item, (*path, number), text, offset, open_)
    elif isinstance(node, yaml.MappingNode):
        open_.add(id(node))
        for key, item in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            for leaf in _leaves(key, (*path, name), text, offset, open_):
                yield leaf._replace(is_key=True)
            yield from _leaves(item, (*path, name), text, offset, open_)


def _said(node: yaml.ScalarNode, text: str, offset: int) -> Unescaped:
    start, end = offset + node.start_mark.index, offset + node.end_mark.index
    if node.style == '"':
        return unescape(text, start + 1, end - 1, JSON, json_meaning)
    if node.style == "'":
        return unescape(text, start + 1, end - 1, DOUBLED_SINGLE, first_of_two)
    return Unescaped(text[start:end], range(start, end + 1))
