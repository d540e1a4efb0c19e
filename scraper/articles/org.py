"""Org: bracket links, addresses in angles and bare ones, under their headlines.

Code, examples and comments are none of the text, as in Markdown; `#+LINK:` abbreviations are spelled out.
"""

from __future__ import annotations

import re

from scraper.articles.identifiers import Found, arxiv, doi, prose
from scraper.articles.outline import Document, Lines, Place

_HEADLINE = re.compile(
    r"(?P<stars>\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED|HOLD)[ \t]+)?"
    r"(?:\[#[A-Z0-9]\][ \t]+)?(?P<title>.*)"
)
_TAGS = re.compile(r"[ \t]+:[\w@#%:]+:[ \t]*\Z")
_KEYWORD = re.compile(r"[ \t]*#\+(?P<name>[A-Za-z_]+):[ \t]*(?P<value>.*)")
_BLOCK = re.compile(r"[ \t]*#\+(?P<edge>begin|end)_(?P<name>\w+)", re.IGNORECASE)
_UNREAD = frozenset({"src", "example", "comment"})
_COMMENT = re.compile(r"[ \t]*(?:#|:)(?:[ \t]|$)")
# The description of a link may run over the end of a line; the manual allows none within the address.
_BRACKETS = re.compile(
    r"\[\[(?P<target>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])++)\](?:\[(?P<text>(?:[^\]]|\](?!\]))*?)\])?\]"
)
_FILE = re.compile(
    r"(?:file(?:\+\w+)?:|attachment:)?(?P<path>(?!/|~|[a-z]{2,}:)[^\s:]+?)(?:::(?P<search>.*))?", re.S
)
"""`file:notes.org::*Heading`, `./picture.png`; `/home/…` and `~` are of a machine, and of no repository."""
_INCLUDED = re.compile(r"\"(?P<quoted>[^\"\n:]+)(?:::[^\"\n]*)?\"|(?P<plain>[^\s\":]+)")
_STOP = re.compile(r"\]\]|\]\[")
_VERBATIM = re.compile(
    r"""(?:(?<=[\s({'"-])|^)([=~])\S(?:[^\n]{0,500}?\S)??\1(?=[\s.,;:!?'")}\\\[-]|$)""", re.MULTILINE
)


def read(text: str, document: Document, source: str) -> None:
    reader = _Reader(text, document)
    for number in range(1, len(reader.lines.starts) + 1):
        reader.line(number)
    reader.flush()


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)
        self.abbreviations: dict[str, str] = {}
        self.block = ""
        """The block that is open and not read."""
        self.start: int | None = None
        self.end = 0

    def line(self, number: int) -> None:
        """One line: of markup, or of a paragraph, which is read as a whole."""
        start, content = self.lines.start(number), self.lines.content(number)
        if edge := _BLOCK.match(content):
            self.flush()
            self._block(edge)
        elif not self.block:
            self._text(start, content)

    def _block(self, edge: re.Match[str]) -> None:
        name = edge["name"].lower()
        if edge["edge"].lower() == "begin":
            self.block = self.block or (name if name in _UNREAD else "")
        elif name == self.block:
            self.block = ""

    def _text(self, start: int, content: str) -> None:
        headline = _HEADLINE.fullmatch(content)
        keyword = _KEYWORD.match(content)
        if headline or keyword or not content.strip() or _COMMENT.match(content):
            self.flush()
        if headline:
            self._headline(headline, start)
        elif keyword:
            self._keyword(keyword, start)
        elif content.strip() and not _COMMENT.match(content):
            self.start = start if self.start is None else self.start
            self.end = start + len(content)

    def flush(self) -> None:
        """Read the paragraph that ends here."""
        if self.start is not None:
            self._links(self.start, self.end)
        self.start = None

    def _headline(self, match: re.Match[str], start: int) -> None:
        title = _TAGS.sub("", match["title"])
        self.document.outline.heading(len(match["stars"]), _spoken(title))
        self._links(start + match.start("title"), start + match.end())

    def _keyword(self, match: re.Match[str], start: int) -> None:
        name = match["name"].upper()
        if name == "TITLE":
            self.document.title = self.document.title or _spoken(match["value"])
        elif name == "LINK":
            short, _, address = match["value"].strip().partition(" ")
            self.abbreviations[short] = address.strip()
            return
        elif name == "INCLUDE" and (included := _INCLUDED.match(match["value"])):
            group = "quoted" if included["quoted"] else "plain"
            first = start + match.start("value") + included.start(group)
            place = Place(first, first + len(included[group]), "value")
            self.document.link(self.lines.number(start), included[group], included[group], place)
            return
        self._links(start + match.start("value"), start + match.end())

    def _links(self, start: int, end: int) -> None:
        position = start
        # Beyond the last that closes there is none to look for.
        for match in _BRACKETS.finditer(self.text, start, self.text.rfind("]]", start, end) + 2):
            self._prose(position, match.start())
            self._bracket(match)
            position = match.end()
        self._prose(position, end)

    def _prose(self, start: int, end: int) -> None:
        for match in _VERBATIM.finditer(self.text, start, end):
            self._bare(start, match.start())
            start = match.end()
        self._bare(start, end)

    def _bare(self, start: int, end: int) -> None:
        for found in prose(self.text, start, end, _STOP):
            self._add(found, found.href)

    def _bracket(self, match: re.Match[str]) -> None:
        start, end = match.span("target")
        written = match["target"]
        if is_search(written):
            return
        if file := _FILE.fullmatch(written):
            self._file(match, file, start)
            return
        means = self._meaning(written)
        href = re.sub(r"\\([\[\]\\])", r"\1", written)
        form = "identifier" if means else "value" if href == written else ""
        text = match["text"] or ""
        shown = _spoken(text) if text and not text.startswith(("http://", "https://", "file:")) else href
        place = Place(start, end, form) if form else None
        self.document.link(self.lines.number(start), href, shown, place, means)

    def _file(self, match: re.Match[str], file: re.Match[str], start: int) -> None:
        """A file beside this one; where in it the link leads, Org looks for when it is opened."""
        search = file["search"] or ""
        place = search if search.startswith("#") else f"#L{search}" if search.isdigit() else ""
        path, first = file["path"], start + file.start("path")
        shown = _spoken(match["text"] or "") or path
        exact = None if place else Place(first, first + len(path), "value")
        self.document.link(self.lines.number(start), f"{path}{place}", shown, exact)

    def _meaning(self, written: str) -> str:
        """The address behind an abbreviation: `arxiv:…`, `doi:…`, or one that the document defines."""
        name, _, rest = written.partition(":")
        if pattern := self.abbreviations.get(name):
            return pattern.replace("%s", rest).replace("%h", rest) if "%" in pattern else pattern + rest
        if name.lower() == "arxiv":
            return arxiv(rest.strip())
        return doi(rest.strip()) if name.lower() == "doi" else ""

    def _add(self, found: Found, text: str) -> None:
        place = Place(found.start, found.end, found.form)
        self.document.link(self.lines.number(found.start), found.href, text, place, found.means)


def is_search(target: str) -> bool:
    """Whether a link leads to a heading or a word of the same text, and to no file."""
    return target.startswith(("*", "(")) or (
        ":" not in target and not target.startswith("#") and not re.search(r"[./]", target)
    )


def _spoken(text: str) -> str:
    """A title or description without its markup."""
    text = _BRACKETS.sub(lambda match: match["text"] or match["target"], text)
    return " ".join(re.sub(r"(?<!\w)[*/_=~+](\S(?:.*?\S)?)[*/_=~+](?!\w)", r"\1", text).split())
