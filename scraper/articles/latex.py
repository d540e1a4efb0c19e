r"""LaTeX: `\href`, `\url` and their like, bare addresses, sections. Comments and code are left out,
also that of Sweave and knitr (`<<…>>=` to `@`).
"""

from __future__ import annotations

import re
from functools import cached_property

from scraper.articles import bibtex
from scraper.articles.braces import Braces
from scraper.articles.escapes import TEX, tex_meaning, unescape
from scraper.articles.fields import link
from scraper.articles.identifiers import START, Found, arxiv, doi, prose
from scraper.articles.outline import Document, Lines, Place
from scraper.model import Problem

_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_VERBATIM = r"verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?"
_TOKEN = re.compile(
    r"(?P<comment>(?<!\\)(?:\\\\)*%[^\r\n]*)"
    r"|\\begin\{(?P<kept>filecontents\*?)\}(?:\[[^\]]*\])?\{[^{}]*\.bib\}(?P<entries>.*?)\\end\{(?P=kept)\}"
    rf"|\\begin\{{(?P<verbatim>{_VERBATIM})\}}.*?(?:\\end\{{(?P=verbatim)\}}|\Z)"
    r"|\\(?:[vV]erb|lstinline)\*?(?P<sign>[^\sA-Za-z*{\[])[^\r\n]*?(?P=sign)"
    r"|(?m:^)<<[^\r\n]*>>=[ \t]*(?=[\r\n]).*?(?:\n@|\Z)"
    rf"|\\(?P<heading>{'|'.join(_LEVELS)}|title)\*?(?:\[[^\]]*\])?(?=\{{)"
    r"|\\(?P<file>includegraphics|includepdf|includesvg|input|include|subfile|addbibresource|bibliography"
    r"|lstinputlisting|verbatiminput)\*?(?:\[[^\]]*\])?\{(?P<path>[^{}\\#\r\n]+)\}"
    r"|\\(?P<link>href|url|nolinkurl|path|doi|arxiv|eprint|github)\*?(?:\[[^\]]*\])?(?=[{|!])",
    re.DOTALL,
)
_LONGEST = 4_096
"""Characters of an address, at most."""
_STOP = re.compile(r"[{}$\\]")
"""Behind what is unescaped, braces, formulas and macros are no part of an address."""
_ARGUMENT = re.compile(rf"{TEX.pattern}|(?P<joined>%[ \t]*\r?\n\s*)")
"""Of a macro: a comment at the end of a line joins it to the next."""

_PARAMETER = re.compile(r"(?<!\w)#[1-9]|#[1-9](?=[^\d])")
"""Of a macro; what ends in `page#1` is an address."""


def read(text: str, document: Document, source: str) -> None:
    _Reader(text, document).read()


class _Reader:
    def __init__(self, text: str, document: Document) -> None:
        self.text, self.document, self.lines = text, document, Lines(text)

    def read(self) -> None:
        position = 0
        while match := _TOKEN.search(self.text, position):
            self._prose(position, match.start())
            position = match.end()
            if match["heading"]:
                self._heading(match)
            elif match["file"]:
                self._files(match)
            elif match["kept"]:
                self._references(*match.span("entries"))
            elif match["link"]:
                position = self._macro(match)
        self._prose(position, len(self.text))

    def _references(self, start: int, end: int) -> None:
        """A bibliography that the document brings along, as those that are sent to archives do."""
        inner = Document()
        bibtex.read(self.text[start:end], inner, "")
        self.document.adopt(inner, start, self.lines.number(start))

    def _files(self, match: re.Match[str]) -> None:
        """What is brought in stands beside the document, or TeX has it."""
        several = r"[^,]+" if match["file"] == "bibliography" else r".+"
        for one in re.finditer(several, match["path"]):
            name = one[0].strip()
            first = match.start("path") + one.start() + one[0].find(name)
            if name and not re.match(r"https?://|/|~|\|", name):
                place = Place(first, first + len(name), "value", exact=True)
                self.document.link(self.lines.number(first), name, name, place, embedded=True)

    def _heading(self, match: re.Match[str]) -> None:
        title = _without_markup(self.text[match.end() + 1 : self._closing(match.end())])
        if match["heading"] == "title":
            self.document.title = self.document.title or title
        else:
            self.document.outline.heading(_LEVELS[match["heading"]], title)

    def _closing(self, opening: int) -> int:
        """Where the argument that opens here ends; at the end of its paragraph when it is never closed."""
        if self.text[opening] != "{":
            end = self.text.find(self.text[opening], opening + 1, opening + _LONGEST)
            return end if end >= 0 else opening
        if end := self.braces.closing(opening):
            return end
        end = self.text.find("\n\n", opening, opening + _LONGEST)
        return end if end >= 0 else min(opening + _LONGEST, len(self.text))

    @cached_property
    def braces(self) -> Braces:
        return Braces(self.text)

    def _macro(self, match: re.Match[str]) -> int:
        r"""The link of a macro; returns where reading goes on: behind it."""
        opening = match.end()
        end = self._closing(opening)
        if end - opening > _LONGEST:
            return opening + 1
        said = unescape(self.text, opening + 1, end, _ARGUMENT, _meaning)
        found = _address(match["link"], said.text)
        if found is None:
            return end + 1 if self._unfinished(match, said.text) else opening + 1
        after = end + 1
        text = ""
        if match["link"] == "href" and self.text[after : after + 1] == "{":
            close = self._closing(after)
            text, after = _without_markup(self.text[after + 1 : close]), close + 1
        section = self.document.outline.section
        self.document.links.append(link(found, said, self.lines, section, text, "tex"))
        return after

    def _unfinished(self, match: re.Match[str], said: str) -> bool:
        """Whether an address has a macro or a parameter in it: half of it leads elsewhere."""
        unfinished = said.strip().startswith(("http://", "https://"))
        if unfinished:
            self._half(said.strip(), match.start())
        return unfinished

    def _half(self, href: str, offset: int) -> None:
        message = "a macro or a parameter is a part of this address: it was not read"
        self.document.problems.append(Problem(self.lines.number(offset), href, message))

    def _prose(self, start: int, end: int) -> None:
        if START.search(self.text, start, end) is None:
            return
        said = unescape(self.text, start, end, TEX, tex_meaning)
        section = self.document.outline.section
        for found in prose(said.text, stop=_STOP):
            if _PARAMETER.search(found.href):
                self._half(found.href, said.places[found.start])
                continue
            self.document.links.append(link(found, said, self.lines, section, "", "tex"))


def _meaning(match: re.Match[str]) -> str:
    return "" if match["joined"] else tex_meaning(match)


def _address(macro: str, said: str) -> Found | None:
    """What the argument of a macro links to; nothing for one with a macro of its own in it."""
    href = said.strip()
    if href.startswith("{") and href.endswith("}"):
        href = href[1:-1].strip()
    if not href or "\\" in href or _PARAMETER.search(href):
        return None
    start = said.find(href)
    if macro in {"arxiv", "eprint", "doi"} and not href.lower().startswith("http"):
        means = doi(href) if macro == "doi" else arxiv(href.lower().removeprefix("arxiv:"))
        return Found(start, start + len(href), href, means, "identifier") if means else None
    if macro in {"href", "url", "nolinkurl"} or href.startswith(("http://", "https://")):
        return Found(start, start + len(href), href)
    return None


def _without_markup(text: str) -> str:
    return " ".join(
        re.sub(r"\\(?:[A-Za-z]+\*?\s*|.)|[{}~]", lambda m: " " if m[0] == "~" else _sign(m[0]), text).split()
    )


def _sign(macro: str) -> str:
    return macro[1] if len(macro) == 2 and macro[1] in "_%&#$" else ""
