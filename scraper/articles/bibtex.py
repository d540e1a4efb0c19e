"""BibTeX and BibLaTeX: what each entry links to, under its title.

The grammar is that of BibTeX's own manual: entries in braces or parentheses; values in braces or quotes, or
names of strings, joined by `#`; what stands between entries is a comment. Libraries tell no places.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from scraper.articles.braces import Braces
from scraper.articles.escapes import TEX, Unescaped, tex_meaning, unescape
from scraper.articles.fields import link, whole
from scraper.articles.identifiers import Found, address, arxiv, kind_of, prose, value
from scraper.articles.outline import Document, Lines, Section
from scraper.model import Problem

_ENTRY = re.compile(r"@\s*([A-Za-z][\w-]*)\s*([{(])")
_FIELD = re.compile(r"[\s,]*([^\s=,#{}()\"'%]+)\s*=\s*")
_NAME = r"[^\s,{}()=\"]"
_KEY = re.compile(rf"\s*+((?:{_NAME}++(?:[ \t]++(?={_NAME}))?)*+)\s*+(?=[,}})])")
"""Without blanks by the manual; Scopus writes `Conference paper2022`."""
_PART = re.compile(r"\s*(?:(?P<open>[{\"])|(?P<name>[^\s#,{}()\"=]+))")
_JOIN = re.compile(r"\s*#")
_BRACE_OR_QUOTE = re.compile(r"\\[^\"]|[{}\"]", re.DOTALL)
_WRAPPED = re.compile(r"\s*+(https?://\S++(?:[ \t\r]*+\n\s*+[^\s:]++)+)\s*+")
"""An address on several lines: url.sty takes blanks for nothing."""
_BARE_HOST = re.compile(r"\s*+((?:[a-z0-9-]++\.)++[a-z]{2,}/\S*+)\s*+", re.IGNORECASE)
"""An address as MLA prints it, without a scheme; a name of a file has no host before its first slash."""
_STOP = re.compile(r"[{}]")
"""Around an address in TeX stand braces; within, there are none."""

# Fields whose values are not text of the entry: paths on somebody's disk, and the names that tie entries.
_SILENT = frozenset({"file", "crossref", "xdata", "xref", "ids", "keywords", "local_url"})


class _Part(NamedTuple):
    start: int
    end: int


class _Value(NamedTuple):
    parts: list[_Part]
    end: int


class _Unfinished(Exception):
    """An entry that does not end, or is not an entry."""


def read(text: str, document: Document, source: str) -> None:
    reader = _Reader(text, document)
    position, number = 0, 0
    while match := _ENTRY.search(text, position):
        try:
            position = reader.entry(match, number + 1)
        except _Unfinished:
            position = reader.unfinished(match)
        number += match[1].lower() not in {"string", "preamble", "comment"}


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)
        self.strings: dict[str, list[_Part]] = {}

    def entry(self, match: re.Match[str], number: int) -> int:
        """Read one entry; returns where it ends."""
        sort = match[1].lower()
        if sort == "comment":
            return match.end()
        if sort == "preamble":
            return self._value(match.end()).end
        key, position = ("", match.end()) if sort == "string" else self._key(match.end())
        fields, end = self._fields(position, ")" if match[2] == "(" else "}")
        if sort == "string":
            self.strings |= {name.lower(): parts for name, parts in fields}
        else:
            self._links(fields, number, key)
        return end

    def unfinished(self, match: re.Match[str]) -> int:
        """An entry that is not closed: its addresses count, up to where the next one begins."""
        following = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE).search(self.text, match.end())
        end = following.start() if following else len(self.text)
        found = list(prose(self.text, match.end(), end, _STOP))
        if found:
            message = "an entry that does not end, or a value without its comma: only its addresses were read"
            self.document.problems.append(Problem(self.lines.number(match.start()), match[0], message))
        said = whole(self.text, 0, len(self.text))
        self.document.links += [link(one, said, self.lines, Section(None, "")) for one in found]
        return end

    def _key(self, position: int) -> tuple[str, int]:
        match = _KEY.match(self.text, position)
        if match is None:
            raise _Unfinished
        return match[1], match.end()

    def _fields(self, position: int, closing: str) -> tuple[list[tuple[str, list[_Part]]], int]:
        fields = []
        while match := _FIELD.match(self.text, position):
            parts, position = self._value(match.end())
            fields.append((match[1], parts))
        end = re.compile(rf"[\s,]*\{closing}").match(self.text, position)
        if end is None:
            raise _Unfinished
        return fields, end.end()

    def _value(self, position: int) -> _Value:
        """The parts of a value: strings by their places, names by what they stand for."""
        parts: list[_Part] = []
        while match := _PART.match(self.text, position):
            if match["name"]:
                known = self.strings.get(match["name"].lower())
                parts += [_Part(*match.span("name"))] if known is None else known
                position = match.end()
            else:
                end = self._closing(match.end(), match["open"])
                parts.append(_Part(match.end(), end))
                position = end + 1
            if (join := _JOIN.match(self.text, position)) is None:
                return _Value(parts, position)
            position = join.end()
        raise _Unfinished

    def _closing(self, position: int, opening: str) -> int:
        """Where a string ends. Braces nest, also within quotes; an escaped one counts for none."""
        if opening == "{":
            if end := self.braces.closing(position - 1):
                return end
            raise _Unfinished
        while match := _BRACE_OR_QUOTE.search(self.text, position):
            if match[0] == '"':
                return match.start()
            position = self.braces.closing(match.start()) + 1 if match[0] == "{" else position
            if match[0] == "}" or position == 1:
                break
            position = max(position, match.end())
        raise _Unfinished

    @cached_property
    def braces(self) -> Braces:
        return Braces(self.text)

    def _links(self, fields: list[tuple[str, list[_Part]]], number: int, key: str) -> None:
        by_name = {name.lower(): self._said(parts) for name, parts in reversed(fields)}
        title = by_name.get("title")
        section = Section(number, _without_markup(title.text) if title else key)
        for name, parts in fields:
            said = self._said(parts)
            placed = len(parts) == 1
            for found in self._found(name.lower(), said.text, by_name):
                one = link(found, said, self.lines, section, name.lower(), "tex")
                self.document.links.append(one if placed else one._replace(place=None))

    def _said(self, parts: list[_Part]) -> Unescaped:
        each = [unescape(self.text, *part, TEX, tex_meaning) for part in parts]
        if len(each) == 1:
            return each[0]
        places = [place for one in each for place in one.places[:-1]]
        return Unescaped("".join(one.text for one in each), [*places, places[-1] + 1 if places else 0])

    def _found(self, name: str, text: str, entry: dict[str, Unescaped]) -> list[Found]:
        if name in _SILENT or name.startswith("bdsk-file"):
            return []
        if name == "eprint":
            return _eprint(text, entry)
        if name == "volume" and (match := re.fullmatch(r"\s*abs/(\S+)\s*", text)):
            # DBLP's way: journal = {CoRR}, volume = {abs/1706.03762}.
            means = arxiv(match[1])
            return [Found(*match.span(1), match[1], means, "identifier")] if means else []
        if kind := kind_of(name):
            return [found for found in value(text, kind) if found.certain]
        if match := _WRAPPED.fullmatch(text):
            return [Found(*match.span(1), "".join(match[1].split()))]
        if name == "url" and (match := _BARE_HOST.fullmatch(text)):
            return [Found(*match.span(1), match[1], f"http://{match[1]}", "identifier")]
        whole_value = address(text)
        return [whole_value] if whole_value else list(prose(text, stop=_STOP))


def _eprint(text: str, entry: dict[str, Unescaped]) -> list[Found]:
    """A preprint's number, in the archive that the entry names; without one it is arXiv's."""
    named = entry.get("archiveprefix") or entry.get("eprinttype")
    archive = named.text.strip().lower() if named else ""
    number = text.strip()
    start = text.find(number)
    if archive in {"hdl", "handle"} and "/" in number:
        return [Found(start, start + len(number), number, f"https://hdl.handle.net/{number}", "identifier")]
    return value(text, "arxiv") if archive in {"", "arxiv"} else list(prose(text))


def _without_markup(title: str) -> str:
    return " ".join(re.sub(r"\\[A-Za-z]+\s*|[{}\\]", "", title).split())
