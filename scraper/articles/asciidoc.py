"""AsciiDoc: address macros (`https://…[text]`, `link:…[text]`), bare addresses, and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge

from scraper.articles import bare
from scraper.articles.identifiers import Found, prose
from scraper.articles.outline import Document, Lines, Place

_HEADING = re.compile(r"(?P<marks>={1,6}|#{1,6})[ \t]+(?P<title>\S.*)")
_ATTRIBUTE = re.compile(r":(?P<name>\w[\w-]*):(?:[ \t]+(?P<value>.*))?")
# Blocks whose content is shown as it is, and comments: a line of four or more of these signs, or a fence.
_DELIMITER = re.compile(r"(?P<sign>/|-|\.)\1{3,}[ \t]*|(?P<fence>```)\w*[ \t]*")
_UNDERLINE = re.compile(r"([=\-~^+])\1+[ \t]*")
_TITLE = re.compile(r"(?![.\[]).*\w.*")
_LITERAL_STYLE = re.compile(r"\[(?:(?:source|listing|literal)(?:[,%][^\]]*)?|,[^\]]*)\][ \t]*")
_TERM = re.compile(r".*\S(?:::|;;)[ \t]*")
_INDENTED = re.compile(
    r"[ \t]+(?!(?:[*.]{1,5}|-|\d+\.|[A-Za-z]\.|<[\d.]+>)[ \t])"
    r"(?![^\s:](?:[^:;]|:(?!:)|;(?!;))*(?::{2,4}|;;)(?:[ \t]|$))\S"
)
"""A line that begins with blanks and is no item of a list: with what follows it, it is shown as it is."""
_COMMENT = re.compile(r"//(?!/)")
_LINK = re.compile(
    r"(?P<escape>\\)?link:(?:\+\+(?P<passed>[^+\s]+)\+\+|(?P<target>[^\s\[\]]+))\[(?P<text>(?:[^\]\\]|\\.)*)\]"
)
_BESIDE = re.compile(
    r"(?P<escape>\\)?(?:(?<![\w:])(?P<macro>xref|image|include|video|audio):{1,2}(?P<path>[^\s\[\]:<>\"]+)"
    r"\[(?P<text>(?:[^\]\\]|\\.)*)\]|<<(?P<other>[^\s<>,#:]+\.(?:adoc|asciidoc|asc))(?P<place>#[^<>,\s]*)?(?:,(?P<said>[^<>]*))?>>)"
)
"""What names a file beside this one. A place in this very text may come with an include."""
_MEDIA = ("image:", "image::", "include::", "video::", "audio::")
"""Before an address that is shown here and not linked."""
_LEADS_TO = re.compile(r"\blink=\"?(?P<target>(?:https?://|\{)[^\s\[\]<>\",]+)")
_NAMED = re.compile(r"(?P<target>https?://[^\s\[\]<>\"]+)\[(?P<text>[^\]]*)\]", re.IGNORECASE)
"""An attribute that is a whole link: `:docs: https://e.org[the manual]`."""
_BEHIND = re.compile(r"\[(?P<text>(?:[^\]\\]|\\.)*)\]")
_WRITTEN = re.compile(
    r"(?P<escape>\\)?(?P<target>(?:https?://|\{(?P<name>\w[\w-]*)\})[^\s\[\]<>\"]*+)(?P<open>(?=\[))?",
    re.IGNORECASE,
)
_FROM_ATTRIBUTE = re.compile(r"(?<![\w{\\])\{(?P<name>\w[\w-]*)\}(?P<rest>[^\s\[\]<>\"{}]*+)(?!\[)")
"""`{home}/issues` in running text, where the attribute begins an address."""
_REFERENCE = re.compile(r"\{(\w[\w-]*)\}")
_LITERAL = re.compile(r"`\+.{0,500}?\+`|\+\+\+.{0,500}?\+\+\+|pass:\w*\[.{0,500}?\]")
_LITERAL_OF_OLD = re.compile(rf"{_LITERAL.pattern}|(?<!\w)`[^`\s].{{0,500}}?`(?!\w)")
"""Where the title is underlined, in the way of AsciiDoc.py, what is between backticks is taken as it is."""


def read(text: str, document: Document, source: str) -> None:
    reader = _Reader(text, document)
    for number in range(1, len(reader.lines.starts) + 1):
        reader.line(number)
    reader.finish()


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)
        self.attributes: dict[str, tuple[str, int, int]] = {}
        """What each attribute stands for, and where its value is written."""
        self.used: set[str] = set()
        self.block = ""
        self.literal = False
        """Whether this paragraph is shown as it is."""
        self.last = ""
        """The last line that is not blank."""
        self.literals = _LITERAL

    def line(self, number: int) -> None:
        content = self.lines.content(number)
        if not self.block and _UNDERLINE.fullmatch(content) and self._is_title(number, content.rstrip()):
            level = "=-~^+".index(content[0]) + 1
            self.literals = _LITERAL_OF_OLD if level == 1 else self.literals
            self.document.heading(level, self._title(self.last))
        elif delimiter := _DELIMITER.fullmatch(content):
            mark = "```" if delimiter["fence"] else delimiter[0].rstrip()
            self.block = mark if not self.block else "" if mark == self.block else self.block
            self.literal = False
        elif not self.block and not _COMMENT.match(content):
            self.literal = bool(content.strip()) and (self.literal or self._begins_literal(number, content))
            if not self.literal:
                self._content(self.lines.start(number), content)
        self.last = content if content.strip() else self.last

    def _begins_literal(self, number: int, content: str) -> bool:
        """Whether a paragraph is shown as it is: of code, or indented and not the text of a term."""
        before = self._before(number)
        indented = before.strip() in ("", "+") and _INDENTED.match(content) and not _TERM.fullmatch(self.last)
        return bool(indented or _LITERAL_STYLE.fullmatch(before))

    def _before(self, number: int) -> str:
        return self.lines.content(number - 1) if number > 1 else ""

    def _is_title(self, number: int, line: str) -> bool:
        """Whether a line of signs is drawn under a title: as long as that, which begins a block."""
        title, above = self._before(number).rstrip(), self._before(number - 1)
        begins = not above.strip() or re.match(r"\[|//|:\w", above) is not None
        return begins and abs(len(title) - len(line)) < 2 and _TITLE.fullmatch(title) is not None

    def _title(self, written: str) -> str:
        return " ".join(_spoken(self._resolved(written)).split())

    def _content(self, start: int, content: str) -> None:
        if attribute := _ATTRIBUTE.fullmatch(content):
            self._attribute(attribute, start)
            return
        if heading := _HEADING.fullmatch(content):
            self.document.heading(len(heading["marks"]), self._title(heading["title"]))
        self._links(start, start + len(content))

    def _attribute(self, match: re.Match[str], start: int) -> None:
        value = (match["value"] or "").strip()
        first = start + (match.start("value") if match["value"] else match.end())
        self.attributes[match["name"]] = (self._resolved(value), first, first + len(value))

    def _resolved(self, text: str) -> str:
        def meant(match: re.Match[str]) -> str:
            self.used.add(match[1])
            return self.attributes[match[1]][0] if match[1] in self.attributes else match[0]

        return _REFERENCE.sub(meant, text)

    def _links(self, start: int, end: int) -> None:
        position = start
        # A text that nothing closes is not looked for.
        closed = self.text.rfind("]", start, end) + 1
        for beside in _BESIDE.finditer(self.text, start, end):
            self._beside(beside)
        for match in _macros(self.text, start, closed):
            self._prose(position, match.start())
            position = match.end()
            behind = _BEHIND.match(self.text, position, closed)
            if self.text.endswith(_MEDIA, start, match.start()):
                self._pictured(behind)
            elif not match["escape"]:
                self._macro(match)
            position = behind.end() if behind else position
        self._prose(position, end)

    def _pictured(self, behind: re.Match[str] | None) -> None:
        """A picture from the web is no link; it may be the text of one."""
        for leads in _LEADS_TO.finditer(behind["text"] if behind else ""):
            first = (behind.start("text") if behind else 0) + leads.start("target")
            self._resolve(Found(first, first + len(leads["target"]), leads["target"]))

    def _resolve(self, found: Found) -> None:
        """An address with attributes in it, which may be defined in another file."""
        href = self._resolved(found.href)
        if "{" not in href:
            plain = href == found.href
            place = Place(found.start, found.end, "value") if plain else None
            self._add(found._replace(means="" if plain else href), href, place)

    def _beside(self, match: re.Match[str]) -> None:
        group = "other" if match["other"] else "path"
        path = self._resolved(match[group])
        internal = match["macro"] == "xref" and not re.search(r"[.]\w+(?:#|\Z)", path)
        if match["escape"] or internal or "{" in path:
            return
        embedded = match["macro"] in ("image", "video", "audio")
        folder = self.attributes.get("imagesdir", ("", 0, 0))[0] if embedded else ""
        exact = not folder and path == match[group] and not match["place"]
        place = match["place"] or ""
        self.document.link(
            self.lines.number(match.start()),
            f"{folder}{'/' if folder else ''}{path}{'' if place == '#' else place}",
            _spoken(match["text"] or match["said"] or "") or path,
            Place(*match.span(group), "value") if exact else None,
            embedded=embedded,
        )

    def _macro(self, match: re.Match[str]) -> None:
        group = "target" if match["target"] else "passed"
        written = match[group]
        resolved = self._resolved(written)
        if _REFERENCE.match(resolved):
            return  # where it leads stands in another file
        behind = _BEHIND.match(self.text, match.end())
        text = match.groupdict().get("text") or (behind["text"] if behind else "")
        means = resolved if resolved != written else ""
        place = self._place(match.span(group), written)
        shown = _spoken(self._resolved(text).rstrip("^").split(",")[0].strip('"')) or written
        defined = place is not None and place.start != match.start(group)
        href = resolved if defined else written
        self._add(Found(*match.span(group), href, "" if href == resolved else means), shown, place)

    def _place(self, span: tuple[int, int], written: str) -> Place | None:
        """Where the address is written: here, or in the attribute that is all of it."""
        alone = _REFERENCE.fullmatch(written)
        if alone and alone[1] in self.attributes:
            _, start, end = self.attributes[alone[1]]
            literal = self.text[start:end] == self.attributes[alone[1]][0]
            return Place(start, end, "value") if literal else None
        return None if _REFERENCE.search(written) else Place(*span, "value")

    def _prose(self, start: int, end: int) -> None:
        hidden = self.literals.finditer(self.text, start, end)
        literal = next(hidden, None)
        for found in prose(self.text, start, end):
            while literal and literal.end() <= found.start:
                literal = next(hidden, None)
            escaped = self.text[found.start - 1 : found.start] == "\\"
            if not escaped and not (literal and literal.start() <= found.start):
                self._add(found, found.href, Place(found.start, found.end, found.form))
        for match in _FROM_ATTRIBUTE.finditer(self.text, start, end):
            value = self.attributes.get(match["name"], ("", 0, 0))[0]
            if value.startswith(("http://", "https://")) and "[" not in value:
                written = bare.trimmed(match[0]) if match["rest"] else match[0]
                self._resolve(Found(match.start(), match.start() + len(written), written))

    def _add(self, found: Found, text: str, place: Place | None) -> None:
        self.document.link(self.lines.number(found.start), found.href, text, place, found.means)

    def finish(self) -> None:
        """An attribute with an address that the text never uses is there for other files: a link as well."""
        for name, (value, start, end) in self.attributes.items():
            if name in self.used:
                continue
            if named := _NAMED.fullmatch(self.text, start, end):
                place = Place(*named.span("target"), "value")
                self._add(
                    Found(*named.span("target"), named["target"]), _spoken(named["text"]) or name, place
                )
                continue
            address = bare.match(self.text, start, end)
            if address and address == value:
                self._add(Found(start, end, address), name, Place(start, end, "value"))


def _macros(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Macros that name an address, in order; what stands within another one is not a link."""
    links = _LINK.finditer(text, start, max(start, end))
    written = (
        match for match in _WRITTEN.finditer(text, start, max(start, end)) if match["open"] is not None
    )
    position = start
    for match in merge(links, written, key=lambda one: one.start()):
        if match.start() >= position:
            yield match
            position = match.end()


def _spoken(text: str) -> str:
    text = re.sub(r"(?:link:|https?://)[^\s\[\]]+\[([^\]]*)\]", r"\1", text)
    return re.sub(r"(?<!\w)([*_`#]{1,2})(\S(?:.*?\S)?)\1(?!\w)", r"\2", text)
