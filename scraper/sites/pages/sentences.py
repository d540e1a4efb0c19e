"""Small grammars of two parts by language, kept in `absent_words/`: a *thing* and what it *lacks*. Pure.

Matched within one sentence and in either order; where what is missing is a page, see `wordings`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from functools import cache
from importlib.resources import files

from scraper.verdicts.patterns import lazily

STOP = r"(?:[^.!?。！？\n]|\.(?=\w))"
"""What stands within one sentence; a dot within a name (`lab.example.org`) does not end it."""
_REACH = 50
"""Characters between the thing and what it lacks."""
_UNSPACED = lazily(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def said(grammar: str, text: str) -> re.Match[str] | None:
    """Where a text says what the grammar of this name is about, in any of its languages."""
    text = composed(text)
    folded = f" {text.casefold()} "
    for code, stems in languages(grammar):
        if any(map(folded.__contains__, stems)) and (found := pattern_of(grammar, code).search(text)):
            return found
    return None


def composed(text: str) -> str:
    """The text with each letter in the one form that the lists have: a page may come with its accents apart.

    Bengali and Hindi letters with a dot come apart, as Unicode has it.
    """
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@cache
def grammar_of(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.read_string(composed((files(__package__) / "absent_words" / f"{name}.ini").read_text("utf-8")))
    return parser


@cache
def languages(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Those of a grammar, and the stems without one of which there is nothing to look for in them."""
    grammar = grammar_of(name)
    return tuple(
        (code, tuple(key.strip().casefold().replace("_", " ") for key in grammar[code]["key"].split(",")))
        for code in grammar.sections()
    )


@cache  # each language when it is first met: to compile them all takes a fifth of a second
def pattern_of(name: str, code: str) -> re.Pattern[str]:
    return re.compile("|".join(_either(grammar_of(name)[code])), re.I)


def _either(section: Mapping[str, str]) -> Iterator[str]:
    edge = "" if _UNSPACED.search(section["thing"]) else r"(?<![^\W_])"
    thing, lack = f"{edge}(?:{section['thing']})", f"{edge}(?:{section['lack']})"
    yield f"{thing}{STOP}{{0,{_REACH}}}?{lack}"
    yield f"{lack}{STOP}{{0,{_REACH}}}?{thing}"
    if "whole" in section:
        yield f"{edge}(?:{section['whole']})"
