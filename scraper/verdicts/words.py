"""The words of a text that tell one thing from another, in any script. Pure.

Scripts without blanks between words (Chinese, Japanese, Thai, …) give pairs of neighbouring characters, which
serve as well. Words that every list and every page has (`paper`, `home`, `official site`) say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote

from scraper.addresses import address
from scraper.verdicts.patterns import lazily

_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_RUN = lazily(rf"[{_LETTERS}]+|[^\W_{_LETTERS}]+")
_APART = bytes(code if chr(code).isalnum() and code < 0x80 else 0x20 for code in bytes(range(256)).lower())
"""What `bytes.translate` makes of ASCII text: small letters and digits, all else a blank."""
UNSPACED = lazily(rf"[{_LETTERS}]")
"""A letter of a script without blanks between its words."""
_ANY_RUN = re.compile(r"[^\W_]+")
_LONG_RUN = re.compile(r"[^\W_]{3,}")
_HUMP = re.compile(r"[A-Z](?<=[a-z][A-Z])(?=[a-z])")  # a letter first: the quickest to look for
"""Where a word begins in the middle of a name: `PyTorchLightning`."""

COMMON = frozenset(
    str.split(
        """
        the and for with from that this your our are was you not all any how what who why when where
        into about more other here there its their has have can new via using use based toward
        towards over der die das und für mit von ein eine les des une pour avec dans sur los las del
        con para por una gli nel per uno het een van voor och för med att som och det den til paper
        papers code codes pdf link links website web site sites homepage home page pages project
        projects official github gitlab slides slide video videos poster demo demos data dataset
        datasets blog post posts article articles doc docs documentation download downloads read
        view click source sources repo repository implementation supplementary supplement material
        materials appendix arxiv openreview html htm php asp aspx jsp index default main latest
        stable master welcome online www http https com org net edu gov info wiki user users people
        view search list en de fr es it pt ru zh ja ko
        """
    )
)
"""Words that name nothing: of grammar, of addresses, and those that lists of papers call their links."""


@cache
def _marks() -> re.Pattern[str]:
    """Accents and other marks that are set on a letter, of the scripts that the web is written in."""
    marks = (chr(number) for number in range(0x300, 0x3100) if unicodedata.combining(chr(number)))
    return re.compile(f"[{''.join(marks)}]+")


def plain(text: str) -> str:
    """Lower case, without accents; full-width forms as ordinary ones."""
    if text.isascii():
        return text.lower()
    parts = _marks().sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", parts)  # Hangul syllables came apart and are put together again


def runs(text: str) -> list[str]:
    """All runs of letters and digits of a plain text; of ASCII in a fifth of an expression's time."""
    if text.isascii():
        return text.encode().translate(_APART).decode().split()
    return _ANY_RUN.findall(text)


def words(text: str) -> list[str]:
    """The telling words of a text, in order."""
    apart = _HUMP.sub(r" \g<0>", text)
    if text.isascii():
        # `_telling` of each, without a call: this is looked at in every page.
        few = [run for run in runs(apart) if len(run) > 2 and run not in COMMON]
        return [run for run in few if len(run) > 4 or not run.isdigit()]
    folded = plain(apart)
    if not UNSPACED.search(folded):
        return [run for run in _LONG_RUN.findall(folded) if _telling(run)]
    found: list[str] = []
    for run in _RUN.findall(folded):
        if UNSPACED.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif _telling(run):
            found.append(run)
    return found


def _telling(run: str) -> bool:
    return len(run) > 2 and run not in COMMON and (len(run) > 4 or not run.isdigit())


def size(text: str) -> float:
    """How many telling words a text has; two neighbouring pairs of characters make about one word."""
    return sum(0.5 if UNSPACED.match(word) else 1 for word in set(words(text)))


def joined(text: str) -> str:
    """A text without what stands between its words: `Acme Lab` and `acme-lab` are both `acmelab`."""
    return "".join(_RUN.findall(plain(text)))


def keywords(text: str, most: int) -> tuple[str, ...]:
    """The words that a text uses most, in the order of the alphabet: what it is about, in little room."""
    counted = Counter(words(text))
    told = sorted(word for word in counted if len(word) > 3 or UNSPACED.match(word))
    told.sort(key=counted.__getitem__, reverse=True)  # stable: of equals the first in the alphabet
    return tuple(sorted(told[:most]))


def address_words(url: str) -> list[str]:
    """The telling words of an address's path and query."""
    parts = address(url)
    path = re.sub(r"\.\w{1,5}$", "", unquote(parts.path))
    return [word for word in words(f"{path} {unquote(parts.query)}") if not _coded(word)]


def _coded(word: str) -> bool:
    """Numbers and hashes (`1706`, `a8f3c09d`) name a thing to a machine only."""
    return bool(re.search(r"\d", word)) or not re.search(r"[aeiouyà-ÿ]|[^\x00-\x7f]", word)


def hits(wanted: Iterable[str], there: Iterable[str]) -> set[str]:
    """The wanted words that are there, as they are or with another ending (`network`, `networks`)."""
    have = {stem for word in there for stem in _stems(word)}
    return {word for word in wanted if not have.isdisjoint(_stems(word))}


def _stems(word: str) -> set[str]:
    """The word, and what is left of it without an ending of up to three letters."""
    shorter = {word[:-cut] for cut in (1, 2, 3) if len(word) - cut >= (4 if cut == 1 else 5)}
    return shorter | {word} if word.isalpha() and not UNSPACED.match(word) else {word}


def scripts(text: str) -> set[str]:
    """The scripts a text is written in, roughly: texts that share none cannot be compared by words."""
    names = {unicodedata.name(c, "?").split(" ")[0].split("-")[0] for c in set(text) if c.isalpha()}
    return {"CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH") else name for name in names}
