"""What keeps reading Markdown linear: an inline rule is not tried where what would end it never comes.

A bracket that nothing closes, a comment without its end: markdown-it looks for the end to the end of the
paragraph, at each of them again. Where the last end there is lies before the place, the answer is known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

Rule = Callable[[StateInline, bool], bool]

DEEP = 20
"""Brackets within brackets that are looked into: nobody writes more, and each level costs all below it."""

_HTML_ENDS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<", ">"))
"""What begins a piece of HTML, and what ends it (CommonMark 6.6); the first that fits counts."""


def install(parser: MarkdownIt) -> None:
    """Guard the rules for links, images and HTML of the parser, whatever they are by now."""
    guards: dict[str, Callable[[StateInline], bool]] = {
        "link": _label_may_end,
        "image": _label_may_end,
        "autolink": _html_may_end,
        "html_inline": _html_may_end,
    }
    for each in parser.inline.ruler.__rules__:
        if each.name in guards:
            parser.inline.ruler.at(each.name, _guarded(each.fn, guards[each.name]))


def _guarded(rule: Any, may_match: Callable[[StateInline], bool]) -> Rule:
    def guarded(state: StateInline, silent: bool) -> bool:
        return may_match(state) and bool(rule(state, silent))

    return guarded


def _label_may_end(state: StateInline) -> bool:
    return state.level < DEEP and _last(state.src, "]") >= state.pos


def _html_may_end(state: StateInline) -> bool:
    if not state.src.startswith("<", state.pos):
        return False
    end = next(end for begin, end in _HTML_ENDS if state.src.startswith(begin, state.pos))
    return _last(state.src, end) >= state.pos


@lru_cache(64)
def _last(text: str, end: str) -> int:
    return text.rfind(end)
