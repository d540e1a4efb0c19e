"""Jupyter notebooks: their Markdown cells, with the lines of the .ipynb file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import Any

from scraper.articles import markdown
from scraper.articles.escapes import JSON, Unescaped, json_meaning, unescape
from scraper.articles.outline import Document, Lines, Link, Place
from scraper.articles.places import href_span
from scraper.errors import ArticleError

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _Placed(str):
    """A string of the notebook that knows where it is written in the file."""

    __slots__ = ("line", "span")
    line: int
    span: tuple[int, int] | None
    """Between its quotes; None where that is not certain."""


def read(text: str, document: Document, source: str) -> None:
    try:
        notebook = json.loads(text)
        cells = _cells(_placed(notebook, _strings(text, notebook)))
        parts = [_parts(cell["source"]) for cell in cells if cell["cell_type"] in {"markdown", "heading"}]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        raise ArticleError(
            f"{source}: is not a Jupyter notebook ({detail}); open and save it in Jupyter"
        ) from None
    for cell in parts:
        _cell(cell, text, document)


def markdown_cells(text: str) -> list[str]:
    """The texts of the Markdown cells; none of what is not a notebook."""
    try:
        cells = [cell for cell in _cells(json.loads(text)) if cell["cell_type"] in {"markdown", "heading"}]
        return ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _cells(notebook: Any) -> list[Any]:
    """nbformat 3 and older keep the cells in worksheets."""
    if "cells" in notebook or "worksheets" not in notebook:
        return list(notebook["cells"])
    return [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]


def _strings(text: str, notebook: Any) -> Iterator[tuple[int, tuple[int, int] | None]]:
    """Line and place of each string of the file, keys and values, in order."""
    lines = Lines(text)
    found = [match.span() for match in _STRING.finditer(text)]
    if len(found) != _count(notebook):
        # A key that is there twice is one in the parsed notebook: then no line can be told, and all are 1.
        return iter([(1, None)] * len(found))
    return ((lines.number(start), (start + 1, end - 1)) for start, end in found)


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_count(item) for item in value.values())
    return sum(_count(item) for item in value) if isinstance(value, list) else int(isinstance(value, str))


def _placed(value: Any, places: Iterator[tuple[int, tuple[int, int] | None]]) -> Any:
    """The same structure, its strings told apart by their places."""
    if isinstance(value, str):
        placed = _Placed(_LONE_SURROGATE.sub("\ufffd", value))
        placed.line, placed.span = next(places)
        return placed
    if isinstance(value, dict):
        return {_placed(key, places): _placed(item, places) for key, item in value.items()}
    return [_placed(item, places) for item in value] if isinstance(value, list) else value


def _parts(source: Any) -> list[_Placed]:
    """nbformat 4: a cell's source is a string, or a list of strings that are joined as they are."""
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, _Placed) for part in parts):
        raise TypeError("the source of a cell is not text")
    return parts


def _cell(parts: list[_Placed], file: str, document: Document) -> None:
    text = "".join(parts)
    begins = list(accumulate((len(part) for part in parts), initial=0))
    in_file = (
        [parts[min(bisect_right(begins, start), len(parts)) - 1].line for start in Lines(text).starts]
        if parts
        else []
    )
    cell = Document(title=document.title, outline=document.outline)
    markdown.read(text, cell, "")
    document.title = cell.title

    said = cache(lambda part: _said(file, parts[part]))

    def place(link: Link) -> Place | None:
        span = href_span(text, link)
        if span is None or link.place is None:
            return None
        part = bisect_right(begins, span[0]) - 1
        first, last = span[0] - begins[part], span[1] - begins[part]
        written = said(part)
        if written is None or last > len(parts[part]):
            return None  # it goes on in the next string
        return Place(*written.span(first, last), link.place.form, exact=True)

    document.links += [link._replace(line=in_file[link.line - 1], place=place(link)) for link in cell.links]
    document.problems += [replace(problem, line=in_file[problem.line - 1]) for problem in cell.problems]


def _said(file: str, part: _Placed) -> Unescaped | None:
    """The string with the place of each of its characters."""
    if part.span is None:
        return None
    said = unescape(file, *part.span, JSON, json_meaning)
    return said if said.text == part else None
