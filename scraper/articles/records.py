"""Data files (JSON, YAML, TOML): what their strings link to, each under its record's title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scraper.articles.escapes import Unescaped
from scraper.articles.fields import TITLES, link
from scraper.articles.identifiers import Found, kind_of, value
from scraper.articles.outline import Document, Lines, Section

Path = tuple[str | int, ...]


class Leaf(NamedTuple):
    """A string or number of a data file: by which keys and positions it is reached, and what it says."""

    path: Path
    said: Unescaped
    form: str = "value"
    """How an address is escaped there."""
    is_key: bool = False


def add(leaves: Iterable[Leaf], document: Document, lines: Lines) -> None:
    """The links of all leaves, in the order of the file."""
    every = list(leaves)
    titles = _titles(every)
    if not document.title and () in titles:
        document.title = titles[()].text
    numbers: dict[Path, int] = {}
    for leaf in every:
        for found in _found(leaf):
            section = _section(leaf.path, titles, numbers)
            text = _field(leaf.path) if leaf.path else ""
            document.links.append(link(found, leaf.said, lines, section, text, leaf.form))


class _Title(NamedTuple):
    text: str
    is_title: bool
    """Not a mere name."""


def _titles(leaves: Iterable[Leaf]) -> dict[Path, _Title]:
    """The title of each mapping that has one."""
    titles: dict[Path, tuple[int, _Title]] = {}
    for leaf in leaves:
        name = str(leaf.path[-1]).lower() if leaf.path and not leaf.is_key else ""
        if name in TITLES:
            rank = TITLES.index(name)
            known = titles.get(leaf.path[:-1])
            if known is None or rank < known[0]:
                text = " ".join(leaf.said.text.split())
                titles[leaf.path[:-1]] = rank, _Title(text, name != "name")
    return {path: title for path, (_, title) in titles.items()}


def _section(path: Path, titles: dict[Path, _Title], numbers: dict[Path, int]) -> Section:
    """The record of a list that a value is a part of, numbered among those that link to something."""
    records = [path[:length] for length in range(1, len(path)) if isinstance(path[length - 1], int)]
    titled = [record for record in records if record in titles]
    if titled:
        # A paper has a title; what merely has a name within one, such as each of its links, is a part of it.
        record = next((one for one in reversed(titled) if titles[one].is_title), titled[0])
        return Section(numbers.setdefault(record, len(numbers) + 1), titles[record].text)
    for length in range(len(path) - 1, 0, -1):
        if path[:length] in titles:
            return Section(None, titles[path[:length]].text)
    return Section(None, str(path[0]) if len(path) > 1 and isinstance(path[0], str) else "")


def _field(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _found(leaf: Leaf) -> Iterator[Found]:
    name = "" if leaf.is_key else _field(leaf.path)
    for found in value(leaf.said.text, kind_of(name)):
        if found.certain:
            yield found
