"""A page as a reader sees it: its title, its headings, its visible text. Pure.

Markup is parsed by the HTML standard's own algorithm (lexbor), as browsers do: an XML declaration, a `<p>` in
a `<head>` or a table never closed are no surprise to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.model import Answer
from scraper.sites.pages.characters import decode
from scraper.sites.pages.forwarding import base_of, by_markup, by_refresh, by_script, relative_to

BARE = 300
"""Characters of visible text below which a page says nothing but its message."""


class PageView(NamedTuple):
    """Collapsed white space, no scripts, only what `body_limit` let through."""

    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    scripts: int = 0
    password: bool = False
    markup: str = ""
    """As it was served, for markers that only scripts carry."""
    fields: int = 0
    """Places to write in: what stands beside a captcha in a contact form, and never on a challenge page."""
    refresh: str = ""
    """Where the page forwards to at once, by its markup (`<meta http-equiv=refresh>`) or a header."""
    instant: bool = False
    """Whether it forwards without showing itself: for good, as search engines take it (Google Search Central,
    "Redirects and Google Search": meta refresh, 0 seconds); hosts of static pages know no other way."""
    base: str = ""
    """What its relative addresses are relative to, where it says so (`<base>`)."""
    unscripted: str = ""
    """What it shows to visitors without scripts (`<noscript>`)."""
    links: int = 0
    """Links in the text: a wall has no menu."""
    cut: bool = False
    """Whether there was more to read: a page that was cut is never judged by its brevity."""

    @property
    def blank(self) -> bool:
        """Whether there is nothing to look at: a file, or an empty answer."""
        return not (self.markup or self.text or self.title or self.headings)

    @property
    def source(self) -> str:
        """The markup in lower case. Of a page with a text of its own nobody asks for it."""
        return _lowered(self.markup)


@lru_cache(8)  # a short page is searched for several kinds of markers, one after the other
def _lowered(markup: str) -> str:
    return markup.lower()


def media_type(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_html(answer: Answer) -> bool:
    return media_type(answer) in ("text/html", "application/xhtml+xml", "") and bool(answer.body)


def look(answer: Answer) -> PageView:
    """The page in the answer; an empty view when it is nothing that could be read."""
    if not is_html(answer):
        view = _plain(answer)
    else:
        view = _parse(decode(answer.body, answer.headers.get("content-type", "")))
    onward, instant = by_refresh(answer.headers.get("refresh", ""))
    if onward:
        view = view._replace(refresh=onward, instant=instant)
    else:
        to = view.refresh or (by_script(view.markup, view.text) if view.scripts else "")
        view = view._replace(refresh=relative_to(answer.final_url, view.base, to))
    return view._replace(cut=answer.truncated)


_UNSEEN = ["script", "style", "noscript", "template", "svg", "iframe", "object"]
_HIDDEN = "[hidden], [style*='display:none' i], [style*='display: none' i]"


def _parse(text: str) -> PageView:
    tree = LexborHTMLParser(bearable(text))
    scripts = len(tree.css("script"))
    unscripted = " ".join(node.text(separator=" ") for node in tree.css("noscript"))
    tree.strip_tags(_UNSEEN)
    _hide(tree)
    kinds = [(node.attributes.get("type") or "text").lower() for node in tree.css("input")]
    fields = sum(kind in ("text", "email", "tel", "url") for kind in kinds) + len(tree.css("textarea"))
    title = tree.css_first("title")
    body = tree.body
    refresh, instant = by_markup(tree)
    return PageView(
        title=squeeze(title.text()) if title else "",
        headings=tuple(filter(None, (_heading(node) for node in tree.css("h1, h2")))),
        text=squeeze(body.text(separator=" ")) if body else "",
        scripts=scripts,
        password="password" in kinds,
        markup=text,
        fields=fields,
        refresh=refresh,
        instant=instant,
        base=base_of(tree),
        unscripted=squeeze(unscripted),
        links=len(tree.css("a[href]")),
    )


def _hide(tree: LexborHTMLParser) -> None:
    """Take out what its own markup hides; style sheets are not asked."""
    while (node := tree.css_first(_HIDDEN)) is not None and node.tag not in ("html", "body"):
        node.decompose()


_DEEPEST = 512
"""Levels of nesting that are read; Chromium's parser stops at as many."""
_MOST_OPEN, _WIDEST = 2_000, 2_000
_LONG = 4_096
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
_BLANK = re.compile(r"[\s/]")
_NEVER_DEEP = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
    ]
)


def bearable(text: str) -> str:
    """What the parser is given: its time grows with the square of depth, and of the attributes of one tag.

    50,000 nested `<div>` took it 5 s, 200,000 attributes 4 minutes; no page that is meant to be read has the
    tenth of either. Such a page is read to where it becomes one.
    """
    for start, end in _long_tags(text):
        if len(_BLANK.findall(text, start, end)) > _WIDEST:
            text = text[:start]
            break
    if (tags := text.count("<")) <= _MOST_OPEN or tags - 2 * text.count("</") <= _MOST_OPEN:
        return text
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _DEEPEST:
            return text[: tag.start()]
    return text


def _long_tags(text: str) -> Iterator[tuple[int, int]]:
    """Where tags of more than `_LONG` characters begin and end.

    Each of them fills a whole block of half as many: to look for such a block takes a hundredth of the time.
    """
    block, end = _LONG // 2, 0
    for place in range(0, len(text) - block + 1, block):
        after = place + block
        if place < end or text.find("<", place, after) >= 0 or text.find(">", place, after) >= 0:
            continue
        end = min(found if (found := text.find(mark, after)) >= 0 else len(text) for mark in "<>")
        start = text.rfind("<", 0, place)
        opened = start >= 0 and text.find(">", start, place) < 0 and text[start + 1 : start + 2].isalpha()
        if opened and end - start > _LONG:
            yield start, end


_BLANKS = frozenset({"br", "p", "div", "li", "td", "hr", "small", "span"})


def _heading(node: LexborNode) -> str:
    """Its text; a line break or a block within it is a blank (`Error<br>404` is two words)."""
    parts: list[str] = []
    for piece in node.traverse(include_text=True):
        if piece.tag == "-text":
            parts.append(piece.text_content or "")
        elif piece.tag in _BLANKS:
            parts.append(" ")
    return squeeze("".join(parts))


# ── what is not HTML ──────────────────────────────────────────────────────────────────────────────────────

_MESSAGE_KEYS = ("message", "error", "detail", "title", "msg", "description", "reason", "code", "status")


def _plain(answer: Answer) -> PageView:
    """A short text, JSON or XML may be all that a server's own error handler says."""
    kind = media_type(answer)
    if answer.truncated or len(answer.body) > 2_000:
        return PageView()
    text = decode(answer.body, answer.headers.get("content-type", ""))
    if kind == "application/json" or kind.endswith("+json"):
        return PageView(text=_said_in_json(text))
    if kind in ("application/xml", "text/xml") or kind.endswith("+xml"):
        return PageView(text=_said_in_xml(text))
    if kind != "text/plain" or len(text) > BARE:
        return PageView()
    return PageView(text=squeeze(text))


def _said_in_json(text: str) -> str:
    """The message of an object that has little more: `{"error": {"code": 404, "message": "Not Found"}}`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if isinstance(found, dict) and len(found) == 1 and isinstance(inner := next(iter(found.values())), dict):
        found = inner
    if not isinstance(found, dict) or len(found) > 8:
        return ""
    named = {str(key).lower(): value for key, value in found.items()}
    said = [named[key] for key in _MESSAGE_KEYS if isinstance(named.get(key), str | int)]
    return squeeze(" . ".join(str(part) for part in said if part is not True and part is not False))[:BARE]


_XML_ERROR = re.compile(r"<error\b[^<>]*>(.*?)</error>", re.I | re.S)


def _said_in_xml(text: str) -> str:
    """The words of an `<Error>` document (object stores say NoSuchKey, AccessDenied)."""
    match = _XML_ERROR.search(text)
    return squeeze(re.sub(r"<[^<>]*>", " ", match[1]))[:BARE] if match else ""


def squeeze(text: str) -> str:
    return " ".join(text.replace("’", "'").split())
