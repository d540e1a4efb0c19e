"""Cross-validation by site: what is lost when a site's own words are left out of the lists.

A word list learned from a page finds that page and proves nothing. For each site among the strangers' pages
the entries that match its pages and those of no other site are left out, and its pages are judged again by
words alone. A page that was typed by hand is a site of its own.

That is hard on languages in which only one site has pages: all of their words are its own. So there is a
second measure, which keeps those entries that others vouch for: they match, too, what programs that are none
of the sites have in their translation files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from benchmarks.strangers import Stranger, is_right, strangers, visit
from scraper.model import Answer
from scraper.sites.pages import phrases, sentences, signs, wordings

PATTERNS = (
    "PARKED",
    "SUSPENDED",
    "EMPTY_HOST",
    "CHALLENGE_SENTENCE",
    "CHALLENGE",
    "DEFAULT_PAGE",
    "STACK_TRACE",
    "FAILED",
    "WORKS",
)
SENTENCES = ("denials", "leases", "refusals", "walls")
FILES = ("translated", "server_errors", "status_names")
SAYINGS = Path(__file__).parents[1] / "sites" / "pages" / "sayings.tsv"
KINDS = ("thing", "lack", "whole", "thing_gone", "gone")


class Entry(NamedTuple):
    """One alternative of a list."""

    place: str
    part: str
    words: str


class Loss(NamedTuple):
    site: str
    pages: int
    before: int
    after: int
    entries: int


def site_of(page: Stranger) -> str:
    return page.id if page.source == "typed by hand" else page.source.partition("@")[0]


def losses(*, vouched: bool = False) -> list[Loss]:
    """What each site loses; with `vouched` only by the entries that no program's translations vouch for."""
    pages: dict[str, list[Stranger]] = defaultdict(list)
    for page in strangers():
        if page.expect:
            pages[site_of(page)].append(page)
    exclusive = _exclusive(pages)
    if vouched:
        said = vouching()
        exclusive = {site: {e for e in own if not _vouched(e, said)} for site, own in exclusive.items()}
    return [
        Loss(site, len(its), _right(its), _without(exclusive[site], its), len(exclusive[site]))
        for site, its in pages.items()
    ]


@cache
def vouching() -> str:
    """What programs say in their own languages, none of them among the sites."""
    lines = [line.rpartition("\t")[2] for line in SAYINGS.read_text("utf-8").splitlines() if line[:1] != "#"]
    return "\n".join((*lines, *wordings.translated(), *wordings.server_errors(), *wordings.status_names()))


def _vouched(entry: Entry, said: str) -> bool:
    return entry.place in FILES or bool(re.search(entry.words, said, re.I))


def _right(pages: list[Stranger]) -> int:
    return sum(is_right(page, visit(page, "words")[0]) for page in pages)


def _exclusive(pages: dict[str, list[Stranger]]) -> dict[str, set[Entry]]:
    """For each site the entries that match no other site's pages."""
    texts = {site: "\n".join(map(_words, its)) for site, its in pages.items()}
    folded = {site: wordings.fold(text) for site, text in texts.items()}
    own: dict[str, set[Entry]] = {site: set() for site in pages}
    for entry in _entries():
        if entry.place in FILES:
            having = [site for site, text in folded.items() if entry.words in text]
        else:
            pattern = re.compile(entry.words, re.I | re.S)
            having = [site for site, text in texts.items() if pattern.search(text)]
        if len(having) == 1:
            own[having[0]].add(entry)
    return own


def _words(page: Stranger) -> str:
    view = signs.look(Answer("", "", 200, {"content-type": "text/html"}, page.body))
    return " . ".join((view.title, *view.headings, view.text))


def _entries() -> Iterator[Entry]:
    yield from (Entry("translated", "", words) for words in wordings.translated())
    yield from (Entry("server_errors", "", words) for words in wordings.server_errors())
    yield from (Entry("status_names", "", words) for words in wordings.status_names())
    for name, grammar in _grammars().items():
        for code in grammar.sections():
            for kind in KINDS:
                listed = alternatives(grammar[code].get(kind, ""))
                yield from (Entry(f"{name}:{code}", kind, words) for words in listed if words)
    for name in PATTERNS:
        yield from (Entry("phrases", name, words) for words in alternatives(_inner(name)))


def _grammars() -> dict[str, ConfigParser]:
    return {name: sentences.grammar_of(name) for name in (wordings.GRAMMAR, *SENTENCES)}


def _inner(name: str) -> str:
    """A list of phrases without what stands around it."""
    pattern: str = getattr(phrases, name).pattern
    return pattern.removeprefix(r"\W*(?:").removesuffix(r")\W*") if name == "CHALLENGE" else pattern


def alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the bars at its top."""
    parts, depth, start, place, listed = [], 0, 0, 0, False
    while place < len(pattern):
        letter = pattern[place]
        if letter == "\\":
            place += 1
        elif listed:
            listed = letter != "]"
        elif letter == "[":
            listed = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth == 0:
            parts.append(pattern[start:place])
            start = place + 1
        place += 1
    return [*parts, pattern[start:]]


def _without(left_out: set[Entry], pages: list[Stranger]) -> int:
    """How many pages are still judged right without these entries."""
    before = {
        (name, code, kind): grammar[code][kind]
        for name, grammar in _grammars().items()
        for code in grammar.sections()
        for kind in KINDS
        if kind in grammar[code] and any((e.place, e.part) == (f"{name}:{code}", kind) for e in left_out)
    }
    try:
        for (name, code, kind), listed in before.items():
            own = {e.words for e in left_out if (e.place, e.part) == (f"{name}:{code}", kind)}
            kept = [words for words in alternatives(listed) if words not in own]
            _grammars()[name][code][kind] = "|".join(kept) or "(?!)"
        _forget()
        fewer = {name: _pattern_without(name, left_out) for name in PATTERNS}
        with patch.dict(vars(phrases), fewer), _fewer_wordings(left_out):
            return _right(pages)
    finally:
        for (name, code, kind), listed in before.items():
            _grammars()[name][code][kind] = listed
        _forget()


@contextmanager
def _fewer_wordings(left_out: set[Entry]) -> Iterator[None]:
    gone = {place: {e.words for e in left_out if e.place == place} for place in FILES}
    words = tuple(w for w in wordings.translated() if w not in gone["translated"])
    errors = wordings.server_errors() - gone["server_errors"]
    names = {name: of for name, of in wordings.status_names().items() if name not in gone["status_names"]}
    with (
        patch.object(wordings, "translated", lambda: words),
        patch.object(wordings, "server_errors", lambda: errors),
        patch.object(wordings, "status_names", lambda: names),
    ):
        yield


def _pattern_without(name: str, left_out: set[Entry]) -> re.Pattern[str]:
    whole: re.Pattern[str] = getattr(phrases, name)
    listed = [a for a in alternatives(_inner(name)) if Entry("phrases", name, a) not in left_out]
    return re.compile(whole.pattern.replace(_inner(name), "|".join(listed) or "(?!)"), whole.flags)


def _forget() -> None:
    wordings.patterns.cache_clear()
    sentences.pattern_of.cache_clear()
    wordings._index.cache_clear()
    signs._names_absence.cache_clear()
