"""Long Markdown in portions: what is parsed at once is a few hundred kilobytes, however long the text.

A parsed document is twenty times the size of its text. A portion ends at a blank line with text at the margin
behind it, where every list, quote and paragraph has ended; only fenced code and some HTML may go on, and then
so does the portion. Link definitions count for the whole text, and are collected before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

SIZE = 262_144
"""Characters of a portion, at least."""
_END = r"(?:\r\n|\n|\r(?!\n))"
_BOUNDARY = re.compile(rf"{_END}[ \t]*{_END}(?=\S)")


class Portion(NamedTuple):
    tokens: list[Token]
    first: int
    """The line of the text, from 0, that is the portion's line 0."""


def portions(parser: MarkdownIt, text: str, references: dict[str, Any]) -> Iterator[Portion]:
    """The text's tokens, portion by portion; `references` is filled before they are needed."""
    if len(text) > SIZE and "]:" in text:
        for _ in _blocks(parser, text, references):
            pass
    for portion in _blocks(parser, text, references):
        for token in portion.tokens:
            if token.type == "inline":
                token.children = []
                env = {"references": references}
                parser.inline.parse(token.content, parser, env, token.children)
        yield portion


def _blocks(parser: MarkdownIt, text: str, references: dict[str, Any]) -> Iterator[Portion]:
    """The blocks of each portion; its definitions are noted, with their lines in the text."""
    start, first = 0, 0
    while start < len(text):
        known = len(references)
        end, tokens = _portion(parser, text, start, references)
        for reference in list(references.values())[known:]:
            reference["map"] = [line + first for line in reference["map"]]
        yield Portion(tokens, first)
        first += _lines(text, start, end)
        start = end


def _portion(
    parser: MarkdownIt, text: str, start: int, references: dict[str, Any]
) -> tuple[int, list[Token]]:
    """Where the portion that starts here ends, and its blocks. What does not end is tried twice as long."""
    size = SIZE
    while True:
        boundary = _BOUNDARY.search(text, start + size)
        end = boundary.end() if boundary else len(text)
        tokens: list[Token] = []
        source = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
        parser.block.parse(source, parser, {"references": references}, tokens)
        if boundary is None or not _is_open(tokens, source.count("\n")):
            return end, tokens
        size *= 2


def _is_open(tokens: list[Token], lines: int) -> bool:
    """Whether code or HTML goes on behind a portion: then the blank line at its end is a part of it."""
    last = next((one for one in reversed(tokens) if one.level == 0 and one.map), None)
    if last is None or last.map is None:
        return False
    return last.type in {"fence", "html_block"} and last.map[1] >= lines


def _lines(text: str, start: int, end: int) -> int:
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
