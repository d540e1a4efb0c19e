"""JSON, JSON Lines and CSL-JSON: the strings with their places, which the json module does not tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from scraper.articles import plain, records
from scraper.articles.escapes import JSON, Unescaped, json_meaning, unescape
from scraper.articles.outline import Document, Lines
from scraper.articles.records import Leaf
from scraper.model import Problem

_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\]|\\.)*+)"(?P<colon>\s*:)?|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<sign>[\[\]{},])', re.S
)


def read(text: str, document: Document, source: str) -> None:
    lines = Lines(text)
    if fault := _fault(text):
        document.problems.append(Problem(1, "", f"is not valid JSON ({fault}): read as plain text"))
        plain.read(text, document, source)
        return
    records.add(_leaves(text), document, lines)


def _fault(text: str) -> str:
    """Why this is neither JSON nor JSON Lines; empty when it is one of them."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        each = [line for line in text.splitlines() if line.strip()]
        return "" if len(each) > 1 and all(map(_is_json, each)) else " ".join(str(error).split())
    return ""


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _leaves(text: str) -> Iterator[Leaf]:
    """Strings and numbers in order; `path` is the way down to where the scan stands."""
    path: list[str | int] = [-1]
    for match in _TOKEN.finditer(text):
        sign = match["sign"]
        if sign == "{":
            _step(path)
            path.append("")
        elif sign == "[":
            _step(path)
            path.append(-1)
        elif sign in {"}", "]"}:
            path.pop()
        elif match["colon"]:
            said = _said(text, match)
            path[-1] = said.text
            yield Leaf((*path[1:],), said, is_key=True)
        elif sign is None:
            _step(path)
            yield Leaf((*path[1:],), _said(text, match))


def _step(path: list[str | int]) -> None:
    """The next item of the list that is open."""
    if isinstance(path[-1], int):
        path[-1] += 1


def _said(text: str, match: re.Match[str]) -> Unescaped:
    if match["number"] is not None:
        start, end = match.span("number")
        return Unescaped(match["number"], range(start, end + 1))
    return unescape(text, *match.span("string"), JSON, json_meaning)
