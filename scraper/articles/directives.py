"""Directives that Sphinx and its extensions know and docutils does not: what is in them is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

from scraper.articles.literal import LITERAL
from scraper.articles.titles import titled

_WRITTEN = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([A-Za-z][\w:.+-]*?)::(?:[ \t]|$)", re.MULTILINE
)
_PAGE = re.compile(r"[\w./-]+")
"""Another page, without its ending: `guide/start`."""
_MADE_BY_SPHINX = frozenset({"self", "genindex", "modindex", "search", "py-modindex"})


class _Options(dict[str, Callable[[str | None], str]]):
    """Any option, with its text as it is."""

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


class _Any(Directive):
    """A directive whose argument, options and content may hold links."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _Options({"class": lambda text: text or ""})

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for argument in self.arguments:
            text, messages = self.state.inline_text(argument, self.lineno)
            found += [nodes.paragraph(argument, "", *text), *messages]
        found += [
            _reference(value, value, self.lineno) for value in self.options.values() if _is_address(value)
        ]
        entries = self.name == "toctree"
        return found + (self._entries() if entries else self._content())

    def _content(self) -> list[nodes.Node]:
        inside = nodes.container()
        inside.line = self.lineno
        self.state.nested_parse(self.content, self.content_offset, inside)
        return [inside]

    def _entries(self) -> list[nodes.Node]:
        """Of a table of contents: `Title <https://…>` or `Title <page>`, one a line."""
        found: list[nodes.Node] = []
        for number, line in enumerate(self.content):
            title, target = titled(line)
            page = _PAGE.fullmatch(target) and "glob" not in self.options and target not in _MADE_BY_SPHINX
            if page or _is_address(target):
                said = title or ("" if page else target)
                found.append(_reference(target, said, self.content_offset + number))
        return found


class _File(_Any):
    """What brings in a file: it is linked, and never read."""

    def run(self) -> list[nodes.Node]:
        path = self.arguments[0].strip() if self.arguments else ""
        return [_reference(path, path, self.lineno)] if path and not re.search(r"[<>|*\s]", path) else []


def _page(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[nodes.reference], list[nodes.reference]]:
    """Sphinx's roles `doc` and `download`: a page or a file, maybe behind a title."""
    title, path = titled(text)
    return [nodes.reference(rawtext, title or path, refuri=path, beside=True)] if path else [], []


def _label(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None
) -> tuple[list[nodes.reference], list[nodes.reference]]:
    """Sphinx's roles `ref` and `numref`: a label of any file of the project, maybe behind a title."""
    title, target = titled(text)
    label = " ".join(target.split())
    if not label or text.startswith("!"):
        return [], []
    return [nodes.reference(rawtext, title or label, refuri=f"#{quote(label)}", beside=True)], []


class _Nothing(_Any):
    def run(self) -> list[nodes.Node]:
        return []


def _is_address(value: str) -> bool:
    return re.fullmatch(r"https?://\S+", value.strip()) is not None


def _reference(address: str, text: str, line: int) -> nodes.paragraph:
    address = address.strip()
    reference = nodes.reference(address, text, refuri=address, beside=not _is_address(address))
    paragraph = nodes.paragraph("", "", reference)
    paragraph.line = line
    return paragraph


def register(text: str) -> None:
    """Make the directives of a text known that docutils would skip with all that is in them."""
    for name in ("include", "literalinclude"):
        directives.register_directive(name, _File)
    for name in ("doc", "download"):
        roles.register_local_role(name, _page)
    for name in ("ref", "numref"):
        roles.register_local_role(name, _label)
    for name in set(_WRITTEN.findall(text)):
        if not _is_known(name.lower()):
            directives.register_directive(name.lower(), _Nothing if name.lower() in LITERAL else _Any)


def _is_known(name: str) -> bool:
    from docutils.parsers.rst.languages import en

    return name in directives._directives or name in en.directives  # type: ignore[attr-defined]  # its registry
