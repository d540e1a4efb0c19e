"""Markdown as GitHub reads it: every link with its line, its place in the text and the heading above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from scraper.articles import bare, front_matter, html, identifiers, templates
from scraper.articles.commonmark import Event, definitions, events, normal, unescaped, with_blanks
from scraper.articles.literal import LITERAL, PROSE_CHUNKS, RUN
from scraper.articles.outline import Document, Lines, Place
from scraper.articles.titles import titled
from scraper.model import Problem

# Tags, comments and code inside an HTML block: there Markdown is not read, even on kramdown pages.
_NOT_PROSE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|pre|code|textarea)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_BRACED = re.compile(r"\{([A-Za-z][\w:.+-]*)(\})?")
_IN_HTML = "a Markdown link inside an HTML block: plain text on GitHub, a link on some other sites"
_INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})
_FORMS = {"Inline": "inline", "Autolink": "autolink", "Email": "autolink"}
_ROLE = re.compile(r"\{(doc|download|ref|numref)\}\Z")
_HINT = re.compile(r":|w\.", re.IGNORECASE)
"""Every address and identifier has one of these in its beginning."""
_OPENS = re.compile(r"<a[\s>]", re.IGNORECASE)
_CLOSES = re.compile(r"</a\b", re.IGNORECASE)
_PICTURED = re.compile(r"[ \t>]*:{3,}[ \t]*\{(?:figure|image)\}[ \t]*")
"""Before the address of a picture in MyST."""
_IMG = re.compile(r"<(?:img|source)\s", re.IGNORECASE)
_AREA = re.compile(r"<area\s", re.IGNORECASE)


def read(text: str, document: Document, source: str) -> None:
    """Read a whole text; line numbers count from its first line."""
    after = front_matter.read(text, document)
    if after:
        text = re.sub(r"[^\r\n]", " ", text[:after]) + text[after:]
    if source.lower().endswith(".mdx"):
        text = templates.with_anchors(text)
    _Reader(with_blanks(templates.hidden(text)), document, source.lower().endswith(RUN)).read()


@dataclass(slots=True)
class _Open:
    """A link or a named anchor (`href` is None) whose text is still being read."""

    href: str | None
    place: Place
    said: int
    """How much of the paragraph stands before its text."""
    line: int = 0
    defined: Place | None = None
    means: str = ""
    text: str = ""
    embedded: bool = False


class _Reader:
    """One pass over the events. The links of a paragraph are handed over at its end, in the order they open:
    those of a heading stand under it, and its text is known only then."""

    def __init__(self, text: str, document: Document, runs: bool = False) -> None:
        self.text, self.document, self.lines, self.runs = text, document, Lines(text), runs
        self.defined = definitions(text)
        self.found: list[_Open] = []
        self.open: list[_Open] = []
        self.said: list[str] = []
        self.images = 0
        self.after = 0
        """Where the last bare address ends: what looks like markup in it is none."""
        self.limit = len(text)
        self.block: Event | None = None
        """Code or HTML that is being read, as a whole."""
        self.code: list[Event] = []

    def read(self) -> None:
        for event in events(self.text, self.defined):
            if self.block is not None:
                self._within(event)
            elif event.kind == "Text":
                self._text(event)
            elif event.kind == "Start":
                self._start(event)
            elif event.kind == "End":
                self._end(event)
            elif event.kind == "InlineHtml":
                self._tag(event)
            else:
                self._other(event)
        self._flush()

    # Blocks ---------------------------------------------------------------------------------------

    def _start(self, event: Event) -> None:
        if event.what == "Link":
            self._link(event)
        elif event.what == "Image":
            if not self.images and event.start >= self.after:
                self.found.append(self._picture(event))
            self.images += 1
        elif event.what not in _INLINE:
            self._flush()
            self.limit = event.end if event.what == "TableCell" else len(self.text)
            if event.what in {"CodeBlock", "HtmlBlock"}:
                self.block, self.code = event, []

    def _end(self, event: Event) -> None:
        if event.what == "Link":
            if not self.images:
                self._close()
        elif event.what == "Image":
            self.images -= 1
        elif event.what == "Heading":
            self.document.heading(int(event.value[1]), "".join(self.said))
            self._flush()
        elif event.what not in _INLINE:
            self._flush()

    def _flush(self) -> None:
        """Hand over the links of a paragraph, a cell, a heading."""
        while self.open:
            self._close()
        for one in self.found:
            place = one.defined or one.place
            self.document.link(one.line, one.href or "", one.text, place, one.means, embedded=one.embedded)
        self.found, self.said = [], []

    def _within(self, event: Event) -> None:
        if event.kind != "End":
            self.code.append(event)
            return
        block, self.block = self.block, None
        info = str(block.value["Fenced"]).strip() if block and isinstance(block.value, dict) else ""
        if block and (block.what == "HtmlBlock" or info == "{=html}"):
            self._html(block)
        elif block and _holds_text(info, self.runs):
            self._directive(block)

    # What a paragraph is made of --------------------------------------------------------------------

    def _text(self, event: Event) -> None:
        self.said.append(event.value)
        if self.images or (self.open and not all(one.href is None for one in self.open)):
            return
        if _HINT.search(self.text, event.start, event.end):
            self._bare(max(event.start, self.after), event.end)

    def _other(self, event: Event) -> None:
        """A line break is a blank; a footnote's mark and code are what they say."""
        if event.kind == "Code" and self.said and (role := _ROLE.search(self.said[-1])):
            self._role(role[1], event)
        if event.kind == "FootnoteReference":
            self.said.append(f"[^{event.value}]")
        else:
            self.said.append(templates.shown(event.value or " "))

    def _role(self, name: str, event: Event) -> None:
        """Of MyST: another page, a file, or a label of any page."""
        title, target = titled(event.value)
        href = f"#{quote(target)}" if name in ("ref", "numref") else target
        line = self.lines.number(event.start)
        if target:
            self.found.append(_Open(href, Place(0, 0, "html"), 0, line, text=title or target, embedded=True))

    def _bare(self, start: int, end: int) -> None:
        """Bare addresses and named identifiers; GFM §6.9, but none without a scheme."""
        while match := identifiers.START.search(self.text, start, end):
            found = identifiers.at(self.text, match.start(), self.limit)
            start = found.end if found else match.end()
            if found is None:
                continue
            href, line = unescaped(found.href), self.lines.number(found.start)
            place = Place(found.start, found.end, found.form)
            shown = _PICTURED.fullmatch(self.text, self.lines.start(line), found.start) is not None
            self.found.append(_Open(href, place, 0, line, None, found.means, href, shown))
            self.after = found.end
            if found.form == "bare":
                told = bare.doubts(href, self.text, found.start, found.end)
                self.document.problems += [Problem(line, href, message) for message in told]

    def _link(self, event: Event) -> None:
        if self.images:
            return
        if event.start < self.after:  # It stands in a bare address.
            self.open.append(_Open(None, Place(0, 0, ""), len(self.said)))
            return
        href, defined = self._destination(event)
        kind = event.value["link_type"]
        place = Place(event.start, event.end, _FORMS.get(kind, "inline"))
        self._opened(f"mailto:{href}" if kind == "Email" else href, place, defined)

    def _destination(self, event: Event) -> tuple[str, Place | None]:
        """What a link or a picture leads to, and where that is defined if it is not said in its own place."""
        kind, href = event.value["link_type"], str(event.value["dest_url"])
        definition = self.defined.get(normal(event.value["id"])) if kind not in _FORMS else None
        if definition is None:
            return templates.shown(href), None
        return definition.href, Place(definition.start, definition.end, "definition")

    def _picture(self, event: Event) -> _Open:
        href, defined = self._destination(event)
        place = Place(event.start, event.end, "inline")
        return _Open(href, place, 0, self.lines.number(event.start), defined, embedded=True)

    def _opened(self, href: str | None, place: Place, defined: Place | None = None) -> None:
        one = _Open(href, place, len(self.said), self.lines.number(place.start), defined)
        self.open.append(one)
        if href is not None:
            self.found.append(one)

    def _close(self) -> None:
        if self.open:
            one = self.open.pop()
            one.text = "".join(self.said[one.said :])

    def _tag(self, event: Event) -> None:
        """Inline HTML. Within `<a name="…">`, which is no link, links are links."""
        if self.images or event.start < self.after:
            return
        if _CLOSES.match(event.value):
            self._close()
        elif _OPENS.match(event.value):
            while self.open and self.open[-1].place.form == "html":
                self._close()  # An anchor within another one ends it.
            self._opened(html.value(event.value), Place(event.start, event.end, "html"))
        elif _IMG.match(event.value):
            line, place = self.lines.number(event.start), Place(event.start, event.end, "html")
            for piece in html.pieces(event.value):
                where = place if piece.place else Place(0, 0, "")
                self.found.append(_Open(piece.href, where, 0, line, embedded=True))
        elif _AREA.match(event.value) and (href := html.value(event.value)) is not None:
            self._opened(href, Place(event.start, event.end, "html"))  # It has no text, and no end.
            self.open.pop()

    # Blocks with a language of their own --------------------------------------------------------------

    def _directive(self, block: Event) -> None:
        """A directive of MyST, or a chunk of text: what is fenced is Markdown again."""
        content = "".join(str(one.value) for one in self.code)
        start = self.code[0].start if self.code else block.end
        inner = Document(title=self.document.title, outline=self.document.outline)
        _Reader(content, inner, self.runs).read()
        placed = self.text.startswith(content, start)
        self.document.adopt(inner, start, self.lines.number(start), placed)

    def _html(self, event: Event) -> None:
        """HTML pieces and, between its tags, Markdown that some sites read; in the order of the text."""
        block = self.text[event.start : event.end]
        first = self.lines.number(event.start) - 1
        found = [*html.pieces(block), *_markdown_in(block)]
        for piece in sorted(found, key=lambda one: (one.line, one.place.start if one.place else 0)):
            place = piece.place and Place(
                piece.place.start + event.start, piece.place.end + event.start, piece.place.form
            )
            line = piece.line + first
            if piece.tag == "a" and place and place.form == "inline":
                self.document.problems.append(Problem(line, piece.href or "", _IN_HTML))
            html.add(self.document, piece._replace(line=line, place=place))


def _holds_text(info: str, runs: bool) -> bool:
    """Whether a fence says `{note}` or the like, and not that it holds code."""
    match = _BRACED.match(info)
    if match is None:
        return False
    name = match[1].lower()
    return name in PROSE_CHUNKS if runs else match[2] is not None and name not in LITERAL


def _markdown_in(block: str) -> Iterator[html.Piece]:
    prose = _NOT_PROSE.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), block)
    if "](" not in prose:
        return
    # At the margin nothing is a block of code.
    prose = re.sub(r"(?m)^[ \t]+(?=\S)", lambda match: "x" * len(match[0]), prose)
    inner = Document()
    _Reader(prose, inner).read()
    for one in inner.links:
        if one.place and one.place.form == "inline":
            yield html.Piece("img" if one.embedded else "a", one.line, one.href, one.text, one.place)
