"""Whether a page sells what bought-up domains are used to sell, and how loudly it does. Pure.

A trade alone convicts nobody: there are studies of gambling and lists of pharmacies. So the words are of
several kinds (`trade_words/`): a *telltale* is said by sellers only, a *topic* by anybody who writes about
it, a *pitch* to customers; a *subject* is what a list would call it. What counts is that a page says them
where it introduces itself: in its title, its headings and its description. Parking is another matter: nobody
trades there yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from configparser import ConfigParser
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scraper.verdicts.words import UNSPACED, plain, runs

MOST = 12_000
"""Characters of a page's text that are looked through."""

_WORD = re.compile(r"[^\W_]+")
_DIGITS = "0123456789"


class Term(NamedTuple):
    """One entry of the lists, and what it counts for."""

    trade: str
    language: str
    kind: str
    """telltale, topic, pitch or subject."""
    name: str
    parts: tuple[str, ...]
    """Its words; one that ends in `*` stands for all that begin so."""


_NUMBERED = re.compile(r"[a-z]{3,12}(?:4d|77|777|88|888|99|999|138|303|365|168)")
_BRAND = Term("gambling", "any", "telltale", "a numbered brand", ())
"""Betting sites are called `hoki99`, `saljuwin88`, `mawartoto4d`."""


class Lexicon(NamedTuple):
    whole: Mapping[str, tuple[Term, ...]]
    """By their first words."""
    begun: Mapping[str, tuple[Term, ...]]
    """Those whose first word ends in `*`, by its first three letters."""
    unspaced: tuple[Term, ...]
    """Of scripts that put no blanks between words: looked for anywhere."""


SCHOLARLY = "scholarly"
"""The "trade" of those who study the others: its words speak for a page."""
_GUARD = 3
"""Different words of theirs that a page must have to be one of them."""


@cache
def lexicon() -> Lexicon:
    whole: dict[str, tuple[Term, ...]] = {}
    begun: dict[str, tuple[Term, ...]] = {}
    unspaced: list[Term] = []
    for term in _terms():
        if UNSPACED.search(term.name):
            unspaced.append(term._replace(parts=(term.name.replace(" ", "").rstrip("*"),)))
        elif (first := term.parts[0])[-1] == "*":
            begun[first[:-1][:3]] = (*begun.get(first[:-1][:3], ()), term)
        else:
            whole[first] = (*whole.get(first, ()), term)
    return Lexicon(whole, begun, tuple(unspaced))


def _terms() -> Iterable[Term]:
    for trade, language, kinds in _lists():
        for kind, listed in kinds.items():
            for name in filter(None, (plain(word.strip()) for word in listed.split(","))):
                yield Term(trade, language, kind, name, tuple(re.findall(r"[^\W_]+\*?", name)))


def _lists() -> Iterable[tuple[str, str, Mapping[str, str]]]:
    """Trade, language and words by kind; blanks stand for any white space, `*` for the rest of a word."""
    for file in files(__package__).joinpath("trade_words").iterdir():
        if file.name.endswith(".ini"):
            parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
            parser.read_string(file.read_text("utf-8"))
            for language in parser.sections():
                yield file.name.removesuffix(".ini"), language, parser[language]


def spoken(text: str) -> dict[Term, int]:
    """The terms in a text, with how often they are said."""
    found: dict[Term, int] = {}
    known = lexicon()
    said = plain(text[:MOST])
    tokens = runs(said)
    begins = {token: terms for token in set(tokens) if (terms := _begun_with(token, known))}
    for place, token in enumerate(tokens) if begins else ():
        for term in begins.get(token, ()):
            if _follows(term.parts, tokens, place):
                found[term] = found.get(term, 0) + 1
    if not said.isascii() and UNSPACED.search(said):
        squeezed = "".join(said.split())
        for term in known.unspaced:
            if times := squeezed.count(term.parts[0]):
                found[term] = times
    return found


def _begun_with(token: str, known: Lexicon) -> tuple[Term, ...]:
    """Terms whose first word it is."""
    terms = known.whole.get(token, ())
    if of_these := known.begun.get(token[:3]):
        terms += tuple(term for term in of_these if _is(term.parts[0], token))
    if not token.isalpha():
        name = token.rstrip(_DIGITS)
        terms += known.whole.get(name, ()) if 2 < len(name) < len(token) else ()
        terms += (_BRAND,) if _NUMBERED.fullmatch(token) else ()
    return terms


def _is(part: str, token: str) -> bool:
    """Whether a word is the one meant; numbers at its end are a brand's (`slot88`)."""
    if part[-1] == "*":
        return token.startswith(part[:-1])
    return token == part or (token.startswith(part) and token.rstrip(_DIGITS) == part)


def _follows(parts: tuple[str, ...], tokens: list[str], place: int) -> bool:
    """Whether the words after the first one are there as well."""
    if len(parts) < 2:
        return True
    rest = tokens[place + 1 : place + len(parts)]
    return len(rest) == len(parts) - 1 and all(map(_is, parts[1:], rest))


class Trade(NamedTuple):
    """A trade that a page is in, and the words that say so."""

    name: str
    words: tuple[str, ...] = ()


def trade_of(face: str, text: str) -> Trade | None:
    """The trade of a page, from how it introduces itself and what it says; None when it is in none.

    Args:
        face: Its title, headings, description and keywords.
    """
    first = spoken(face)
    names = _suspected(first)
    if not names:
        return None
    everything = spoken(f"{face} {text}")
    length = len(_WORD.findall(text[:MOST])) + len(UNSPACED.findall(text[:MOST])) // 2
    loud = [name for name in sorted(names) if _sells(name, first, everything, length)]
    return _named(loud[0], first, everything) if loud else None


def _suspected(first: Mapping[Term, int]) -> set[str]:
    """Trades with a telltale up front, or with two of their other words in one language."""
    names = {term.trade for term in first if term.kind == "telltale"}
    others = Counter((term.trade, term.language) for term in first if term.kind in ("topic", "pitch"))
    return (names | {trade for (trade, _), times in others.items() if times > 1}) - {SCHOLARLY}


def _sells(trade: str, first: Mapping[Term, int], everything: Mapping[Term, int], length: int) -> bool:
    """Two words that only sellers say, one of them up front, or one with many of their other words around it.

    Counted in one language, and in few other words: who writes about a trade says more than its words.
    """
    up_front, telling = _telltales(trade, first), _telltales(trade, everything)
    languages = {term.language for term in everything if term.trade == trade}
    best = max((_around(trade, language, everything) for language in languages), default=(0, 0, 0))
    topics, pitches, times = best
    if trade != "goods" and _studied(len(telling) + pitches, first, everything):
        return False  # those who sell essays speak of studies as well
    dense = times >= 0.025 * length
    if len(up_front) >= 2 or (up_front and len(telling) >= 3):
        return topics + pitches >= 2 or dense
    if up_front:
        return topics + pitches >= (3 if length > 40 else 2) and dense
    return topics + len(telling) >= 3 and pitches >= 4 and dense


def _telltales(trade: str, said: Mapping[Term, int]) -> set[str]:
    """Different words that only sellers say, in any language: those of two languages are one."""
    return {term.name.rstrip("*s") for term in said if term.trade == trade and term.kind == "telltale"}


def _studied(selling: int, first: Mapping[Term, int], everything: Mapping[Term, int]) -> bool:
    """Whether a page speaks as those do who study the trade, for all its `selling` words of those in it."""
    scholarly = {term.name for term in everything if term.trade == SCHOLARLY}
    head_start = 4 if any(term.trade == SCHOLARLY for term in first) else 0
    return len(scholarly) >= _GUARD and 2 * len(scholarly) + head_start >= selling


def _around(trade: str, language: str, everything: Mapping[Term, int]) -> tuple[int, int, int]:
    """Distinct topics and pitches of one language, and how often all words of it are said."""
    said = {
        term: times
        for term, times in everything.items()
        if term.trade == trade and (term.language == language or term.kind == "telltale")
    }
    kinds = [term.kind for term in said]
    return kinds.count("topic"), kinds.count("pitch"), sum(said.values())


def _named(trade: str, first: Mapping[Term, int], everything: Mapping[Term, int]) -> Trade:
    ranked = sorted(
        (term for term in everything if term.trade == trade and term.kind in ("telltale", "topic")),
        key=lambda term: (term not in first, term.kind != "telltale", term.name[-1] == "*", term.name),
    )
    names: list[str] = []
    for name in (term.name.rstrip("*") for term in ranked):
        if not any(name in known or known in name for known in names):
            names.append(name)
    return Trade(trade, tuple(names[:4]))


def speaks_of(text: str, trade: str) -> bool:
    """Whether a text (a link's words, a heading, an address) has any word of the trade."""
    plainly = ("telltale", "en"), ("subject", "any")
    return any(term.trade == trade and (term.kind, term.language) in plainly for term in spoken(text))
