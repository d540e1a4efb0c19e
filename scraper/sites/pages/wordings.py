"""How the world says that a page is not there: the word lists of `absent_words/`, ready to be matched. Pure.

Two kinds of evidence: the wordings that programs have in their translation files, to the letter, and a small
grammar for each language, a *thing* and what it *lacks* within one sentence, for what sites say in their own
words. Both are looked for in short texts only: a page with a text of its own is never searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from scraper.sites.pages import sentences
from scraper.sites.pages.sentences import STOP, composed
from scraper.verdicts.patterns import lazily

MOST = 4_000
"""Characters of a text that are searched."""
_REACH = 70
"""Characters between the thing and what it lacks."""
GRAMMAR = "grammar"
"""The one of pages that are not there; `sentences` has those of other things."""

_UNLESS = r"(?:(?<![^\W_])(?:{})(?![^\W_])|如果|当)[^.!?。]{{0,70}}$"
"""What makes of a statement a condition: `404 if the item does not exist`."""
_ANYWHERE = (
    "if|when|whenever|whether|wenn|falls|quando|cuando|lorsque|wanneer|jeśli|gdy|hvis|dacă|když|pokud|если|когда"
    "|якщо|коли"
)
"""Words for it that are no other language's: Italian `se` is Spanish for something else."""


class Patterns(NamedTuple):
    """What one language says; a pattern that matches nothing where it has none of a kind."""

    lacking: re.Pattern[str]
    gone: re.Pattern[str]
    unless: re.Pattern[str]
    right: re.Pattern[str]


@cache
def patterns(code: str) -> Patterns:
    section = sentences.grammar_of(GRAMMAR)[code]
    spaced = not re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]", section["thing"])
    edge = r"(?<![^\W_])" if spaced else ""
    end = r"(?![^\W_])" if code in _INFLECTED_BY_HAND else ""
    thing, lack = f"{edge}(?:{section['thing']}){end}", f"(?:{section['lack']})"
    either = [f"{thing}{STOP}{{0,{_REACH}}}?{lack}"]
    if code != "en":  # there it goes only one way round: `not found` after which a `page` comes is about one
        either.append(f"{lack}{STOP}{{0,40}}?{thing}")
    if whole := section.get("whole"):
        either.append(f"{edge}(?:{whole})")
    gone = r"(?!)"
    if "gone" in section:
        gone = rf"\b(?:{section['thing_gone']}){STOP}{{0,60}}?(?:{section['gone']})"
    unless = _UNLESS.format("|".join((_ANYWHERE, section.get("unless", _ANYWHERE))))
    right = section.get("right", r"(?!)")
    return Patterns(*(lazily(pattern, re.I) for pattern in ("|".join(either), gone, unless, right)))


_INFLECTED_BY_HAND = frozenset({"en", "de", "fr", "es", "pt", "it", "ca", "gl", "nl", "nb", "da", "sv", "id"})
"""Languages whose things are listed with their endings: a thing is a whole word there."""


@cache
def translated() -> tuple[str, ...]:
    """The wordings of the translation files, folded."""
    return tuple(dict.fromkeys(fold(line.partition("\t")[2]) for line in lines("translations.txt")))


@cache
def server_errors() -> frozenset[str]:
    return frozenset(fold(line.partition("\t")[2]) for line in lines("server_errors.txt"))


@cache
def status_names() -> dict[str, set[int]]:
    names: dict[str, set[int]] = {}
    for status, _, name in (line.split("\t") for line in lines("status_names.txt")):
        names.setdefault(fold(name), set()).add(int(status))
    return names


def statuses(name: str) -> set[int]:
    """The statuses that programs have this folded name for."""
    return status_names().get(name, set())


def absence(text: str) -> re.Match[str] | None:
    """Where a text says that something is not there; not where it only says what happens if so.

    What was found is a place in the text with its accents put together (`Match.string`).
    """
    for found in _statements(composed(text[:MOST]), "lacking"):
        return found
    return None


def removal(text: str) -> re.Match[str] | None:
    """Where a text says that something was taken away."""
    for found in _statements(composed(text[:MOST]), "gone"):
        return found
    return None


def _statements(text: str, kind: str) -> Iterator[re.Match[str]]:
    for code in _languages(text):
        said = patterns(code)
        pattern: re.Pattern[str] = getattr(said, kind)
        for found in pattern.finditer(text):
            if not said.unless.search(text, 0, found.end()) and not said.right.match(text, found.end()):
                yield found


@lru_cache(64)  # absence and removal are looked for in the same text, one after the other
def _languages(text: str) -> tuple[str, ...]:
    """Those in which there is something to look for."""
    folded = f"{fold(text)} "
    return tuple(code for code, stems in sentences.languages(GRAMMAR) if any(map(folded.__contains__, stems)))


class _Index(NamedTuple):
    """The wordings by a word that a text must have, whole, for them to stand in it."""

    by_word: dict[str, tuple[int, ...]]
    """Places in `translated()` by the longest word of those that stand between the first and the last."""
    others: tuple[int, ...]
    """Those of one word or two, which may begin or end within a word of the text."""


@cache
def _index() -> _Index:
    by_word: dict[str, tuple[int, ...]] = {}
    others = []
    for place, known in enumerate(translated()):
        if inner := known.split(" ")[1:-1]:
            word = max(inner, key=len)
            by_word[word] = (*by_word.get(word, ()), place)
        else:
            others.append(place)
    return _Index(by_word, tuple(others))


def wording(text: str) -> str:
    """The first wording of the translation files that stands in the text, or an empty string."""
    folded = fold(text[:MOST])
    index, known = _index(), translated()
    places = [place for word in index.by_word.keys() & folded.split(" ") for place in index.by_word[word]]
    for place in sorted((*places, *index.others)):
        at = folded.find(known[place])
        if at >= 0 and not _unless_anywhere().search(folded, 0, at):
            return known[place]
    return ""


@cache
def _unless_anywhere() -> re.Pattern[str]:
    return re.compile(_UNLESS.format(_ANYWHERE), re.I)


def fold(text: str) -> str:
    """Case, white space and closing punctuation do not matter."""
    plain = composed(text).replace("’", "'").replace("_", " ").casefold()
    return " ".join(plain.split()).strip(" .!。…?！·¡¿")


def lines(name: str) -> list[str]:
    """Those of a list in `absent_words/` that are no comments."""
    return [line for line in _text(name).splitlines() if line.strip() and not line.startswith("#")]


def _text(name: str) -> str:
    return (files("scraper.sites.pages") / "absent_words" / name).read_text("utf-8")
