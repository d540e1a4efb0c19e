"""markdown-it-py as it is used here: hrefs as written, bare addresses, and the place of every link.

It tells lines of blocks, not of links: the inline rules that make links are wrapped so that each token
remembers where it stands in its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline, autolink, html_inline, link
from markdown_it.token import Token

from scraper.articles import bare, guards, html, identifiers

# What the inline rules in use can begin with; a longer run of plain text is one step.
_PLAIN_TEXT_ENDS = re.compile(
    rf"[\n!&*<\[\\\]_`~]|{bare.START.pattern}|{identifiers.NAMED_START}", bare.START.flags
)


def _text(state: StateInline, silent: bool) -> bool:
    """Plain text up to where another rule may begin, bare addresses included."""
    match = _PLAIN_TEXT_ENDS.search(state.src, state.pos, state.posMax)
    end = match.start() if match else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _bare(state: StateInline, silent: bool) -> bool:
    """A bare address or named identifier; GFM §6.9 without its guesses at addresses that have no scheme."""
    if state.linkLevel > 0:
        return False
    found = identifiers.at(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": unescapeAll(found.href)}
        token.markup = found.form
        token.meta = {"start": found.start, "end": found.end, "means": found.means}
        state.push("text", "", 0).content = unescapeAll(found.href)
        state.push("link_close", "a", -1)
    state.pos = found.end
    return True


def _html_inline(state: StateInline, silent: bool) -> bool:
    """Inline HTML. Within `<a name="…">`, which is no link, links are links."""
    found: bool = html_inline(state, silent)
    tag = state.tokens[-1].content if found and not silent else ""
    if re.match(r"<a[\s>]", tag, re.IGNORECASE) and html.value(tag) is None:
        state.tokens[-1].meta["named"] = True
        state.linkLevel -= 1
    elif re.match(r"</a\s*>", tag, re.IGNORECASE) and _closes_named(state.tokens):
        state.linkLevel += 1
    return found


def _closes_named(tokens: Sequence[Token]) -> bool:
    """Whether the last token, `</a>`, ends an anchor that is no link."""
    depth = 0
    for token in reversed(tokens):
        if token.type == "html_inline" and re.match(r"</?a[\s>]", token.content, re.IGNORECASE):
            depth += 1 if token.content.startswith("</") else -1
            if depth == 0:
                return bool(token.meta.get("named"))
    return False


def _remembering(rule: Any) -> Any:
    """The rule, with its start and end left in the token that it makes."""

    def placed(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        found: bool = rule(state, silent)
        if found and not silent:
            made = next(token for token in state.tokens[known:] if token.type in {"link_open", "html_inline"})
            made.meta.update(start=start, end=state.pos)
        return found

    return placed


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Link definitions. A footnote (`[^1]: https://…`) is text: links in it are links where they stand."""
    first = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", first) and reference(state, start, end, silent)


class _Parser(MarkdownIt):
    """Hrefs stay as they are written, and none is refused: what is no web address is told apart later."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


@cache
def parser() -> MarkdownIt:
    # linkify stays off: it swallows full-width punctuation and takes README.md for a host; see `bare`.
    made = _Parser("gfm-like", {"linkify": False, "store_labels": True, "maxNesting": 100})
    made.inline.ruler.at("text", _text)
    made.inline.ruler.at("linkify", _bare)
    for name, rule in (("link", link), ("autolink", autolink), ("html_inline", _html_inline)):
        made.inline.ruler.at(name, _remembering(rule))
    made.block.ruler.at("reference", _reference)
    guards.install(made)
    return made
