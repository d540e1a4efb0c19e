"""Text behind escapes, with the place of each of its characters: what is found can be edited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_Meaning = Callable[[re.Match[str]], str]


class Unescaped(NamedTuple):
    """What an escaped text says."""

    text: str
    places: Sequence[int]
    """The offset of each character in the file, and one more for the end."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the text is written, escapes and all."""
        return self.places[start], self.places[end]


def unescape(text: str, start: int, end: int, escape: re.Pattern[str], meaning: _Meaning) -> Unescaped:
    """A part of a text with each escape replaced by what it means."""
    match = escape.search(text, start, end)
    if match is None:
        return Unescaped(text[start:end], range(start, end + 1))
    pieces: list[str] = []
    places: list[int] = []
    done = start
    while match is not None:
        pieces += [text[done : match.start()], said := meaning(match)]
        places += [*range(done, match.start()), *[match.start()] * len(said)]
        done = match.end()
        match = escape.search(text, done, end)
    return Unescaped("".join([*pieces, text[done:end]]), [*places, *range(done, end + 1)])


# JSON, and strings like it in YAML and TOML -------------------------------------------------------

JSON = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})|x(?P<two>[0-9a-fA-F]{2})|(?P<one>.))",
    re.S,
)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}


def json_meaning(match: re.Match[str]) -> str:
    if match["high"]:
        return chr(0x10000 + (int(match["high"], 16) - 0xD800) * 0x400 + int(match["low"], 16) - 0xDC00)
    code = match["four"] or match["eight"] or match["two"]
    if code is None:
        return _SIGNS.get(match["one"], match["one"])
    number = int(code, 16)
    # A half of a surrogate pair is not a character of its own, and not part of an address.
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


DOUBLED_SINGLE = re.compile("''")
DOUBLED_DOUBLE = re.compile('""')


def first_of_two(match: re.Match[str]) -> str:
    """A quote that is doubled to be one."""
    return match[0][0]


# XML ----------------------------------------------------------------------------------------------

XML = re.compile(r"&(?:#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9a-fA-F]{1,6})|(?P<name>amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def xml_meaning(match: re.Match[str]) -> str:
    if match["name"]:
        return _ENTITIES[match["name"]]
    number = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


# TeX ----------------------------------------------------------------------------------------------

_SIM = r"\$\{?(?:\\scriptstyle\s*+)?(?:\\mathtt\s*+)?\{?\\sim\s*+\}{0,2}\$"
TEX = re.compile(
    r"(?P<open>\{)?(?:\\string\s*+(?P<as>[_%&#$~^])|\\(?P<one>[_%&#$~^])(?:\{\s*+\})?"
    r"|\\text(?P<word>asciitilde|tildelow|underscore|less|greater)(?![A-Za-z])\s*+(?:\{\})?"
    rf"|(?P<drawn>(?:\\(?:raise|lower)\s*+-?[\d.]+\s*+[a-z]{{2}}\s*+\\hbox\s*+\{{)?{_SIM}\}}?))(?(open)\s*+\}})"
    r"|\$(?P<angle>[<>])\$|\{\\(?P<hyphen>-)\}|(?P<nothing>\\[-/])"
)
r"""How a sign of an address is written where TeX reads it. hyperref 7 (`\hyper@normalise`) takes a `\` and
`\string` away, and knows these words; what is drawn, or parted by `{}`, is meant for the eye."""
_NAMED = {"asciitilde": "~", "tildelow": "~", "underscore": "_", "less": "<", "greater": ">"}


def tex_meaning(match: re.Match[str]) -> str:
    if match["nothing"]:
        return ""
    sign = match["as"] or match["one"] or match["angle"] or match["hyphen"]
    return sign or _NAMED.get(match["word"] or "", "~")
