"""Changes as text, JSON and Markdown. Pure.

Titles come from servers: they are shown on one line, without control characters or marks that turn the
direction of writing, and in Markdown without any power: no link, no mention of a person or an issue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from urllib.parse import quote, urlsplit

from scraper.model import Change
from scraper.snapshots.changes import KINDS

NOTHING = "Nothing changed.\n"

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~@&$:-])")


def one_line(text: str) -> str:
    """The text without control characters, line ends and marks of direction."""
    return _DIRECTION.sub("", _CONTROL.sub(" ", text)).strip()


def as_json(changes: Sequence[Change]) -> str:
    """A list of objects with the names of `Change`; ASCII, so that any terminal takes it."""
    return json.dumps([asdict(change) for change in changes], indent=2) + "\n"


def as_text(changes: Sequence[Change], *, quiet: bool = False) -> str:
    """For a terminal or a mail: grouped by kind. With `quiet` nothing at all when nothing changed."""
    if not changes:
        return "" if quiet else NOTHING
    parts = []
    for kind, group in groupby(changes, key=lambda change: change.kind):
        members = list(group)
        lines = [f"{KINDS[kind].capitalize()} ({len(members)})", *(_text_line(change) for change in members)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _text_line(change: Change) -> str:
    where = f"line {change.line}: " if change.line else ""
    parts = [one_line(change.title), one_line(change.url), one_line(_transition(change))]
    instead = f"\n      use {one_line(change.replacement)}" if _new(change) else ""
    return f"  {where}" + " | ".join(part for part in parts if part) + instead


def _transition(change: Change) -> str:
    return " -> ".join(part for part in (change.before, change.after) if part)


def _new(change: Change) -> bool:
    """Whether the address to use instead is not already what the change says."""
    return bool(change.replacement) and change.replacement != change.after


def as_markdown(changes: Sequence[Change]) -> str:
    """A list under a heading for each kind, for a step summary or an issue."""
    if not changes:
        return NOTHING
    return "\n".join(_markdown_lines(changes)) + "\n"


def _markdown_lines(changes: Iterable[Change]) -> Iterable[str]:
    for number, (kind, group) in enumerate(groupby(changes, key=lambda change: change.kind)):
        members = list(group)
        yield from ([""] if number else [])
        yield from (f"### {KINDS[kind].capitalize()} ({len(members)})", "")
        yield from (_markdown_line(change) for change in members)


def _markdown_line(change: Change) -> str:
    where = f" (line {change.line})" if change.line else ""
    transition = f": {text}" if (text := escape_markdown(_transition(change))) else ""
    instead = f"; use {_link(change.replacement, change.replacement)}" if _new(change) else ""
    return f"- {_link(change.title or change.url, change.url)}{where}{transition}{instead}"


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is: `@name` and `#1` are written so that they reach nobody."""
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", one_line(text))


def _link(text: str, url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        return escape_markdown(text)
    return f"[{escape_markdown(text)}](<{quote(url, safe=_URL_SAFE)}>)"


_URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"
