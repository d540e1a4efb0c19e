"""UTF-8 that was read as cp1252 (or Latin-1) and written as UTF-8 again: found and undone.

What happens to "论": its bytes E8 AE BA were read as the cp1252 characters "è®º". Encoding those gives the
bytes back. The five bytes that cp1252 leaves undefined (81 8D 8F 90 9D) and the soft hyphen (AD) are often
dropped on the way: the sequence is cut short, the character is lost, and one U+FFFD stands for it.

Repair comes before anything strips or splits: U+00A0 and U+0085 are parts of characters here, and
`str.strip()` or `str.splitlines()` would destroy them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.articles.mojibake_words import SEQUENCE, TAIL, undo
from scraper.verdicts.patterns import lazily


class Repaired(NamedTuple):
    text: str
    repaired: int = 0
    """Characters recovered."""
    lost: int = 0
    """Characters that could not be recovered: one U+FFFD each."""


# Each character that cp1252 puts at 80-9F, as the byte it came from. The undefined bytes, and a reading as
# Latin-1, leave C1 controls, which stand for themselves.
_BYTES = {
    ord(bytes([value]).decode("cp1252")): value
    for value in range(0x80, 0xA0)
    if value not in b"\x81\x8d\x8f\x90\x9d"
}

_COMPLETE = f"{SEQUENCE}|[\xf1-\xf3]{TAIL}{{3}}|\xf4[\x80-\x8f]{TAIL}{{2}}"
"""Those of all planes."""
_SEQUENCE = lazily(f"(?P<complete>{_COMPLETE})|(?P<cut>[\xc2-\xf4]{TAIL}*)|(?P<stray>[\x80-\xff])")
_SHORTENED = lazily(f"[\xe1-\xef]{TAIL}(?!{TAIL})")
_NOT_A_BYTE = lazily("[^\x00-\xff]")
# A lead byte and one that may follow it: clean text holds next to none of these pairs. It is the quick no.
_PAIR = lazily(f"[\xc2-\xf4][\x80-\xbf{''.join(map(chr, _BYTES))}]")

_ENOUGH = 20
"""Complete sequences below which nothing is claimed."""
_SHARE = 0.6
"""Least share of complete sequences among everything that is not ASCII (the first article: 1632 of 1938)."""
_LEAST_SHARE, _MOST_SHARE = 0.2, 0.9
"""The same for text in kana, where what is cut short has the shape of its damage and counts as well."""
_STRAYS = 0.02
"""Most stray bytes per complete sequence: cp1252 text that only looks damaged is full of them."""

_MOST_TIMES = 3
"""Damage upon damage that is undone: "ÃƒÂ©" is "Ã©" is "é"."""


def repair(text: str) -> Repaired:
    """The text as it was meant. Text that is not clearly damaged comes back as the same object."""
    pairs = sum(1 for _, _ in zip(_PAIR.finditer(text), range(_ENOUGH), strict=False))
    if not pairs:
        return Repaired(text)
    whole = _whole(text) if pairs == _ENOUGH else None
    return whole or _by_lines(text)


def _whole(text: str) -> Repaired | None:
    """Text that is damaged throughout, with what was lost on the way; None where it is not that plain."""
    as_bytes = text.translate(_BYTES)
    complete, cut, stray = _census(as_bytes)
    foreign = sum(1 for _ in _NOT_A_BYTE.finditer(as_bytes))
    every = complete + cut + stray + foreign
    # Hiragana begin with E3 81: where 81 was dropped most of them are lost, and each leaves E3 and one byte.
    shortened = sum(1 for _ in _SHORTENED.finditer(as_bytes))
    damaged = complete >= _SHARE * every or (
        complete >= _LEAST_SHARE * every and complete + shortened >= _MOST_SHARE * every
    )
    if complete < _ENOUGH or not damaged or stray > _STRAYS * complete:
        return None
    return Repaired(_undone(text, as_bytes), complete, cut)


def _by_lines(text: str) -> Repaired:
    """Text in which only some words are damaged; some of them twice."""
    lines = text.split("\n")
    repaired = lost = 0
    for number, line in enumerate(lines):
        for _ in range(_MOST_TIMES):
            if not _PAIR.search(line):
                break
            line, recovered, gone = undo(line, line.translate(_BYTES))
            repaired, lost = repaired + recovered, lost + gone
        lines[number] = line
    return Repaired("\n".join(lines), repaired, lost) if repaired else Repaired(text)


def _census(as_bytes: str) -> tuple[int, int, int]:
    counts = {"complete": 0, "cut": 0, "stray": 0}
    for match in _SEQUENCE.finditer(as_bytes):
        counts[match.lastgroup or ""] += 1
    return counts["complete"], counts["cut"], counts["stray"]


def _undone(text: str, as_bytes: str) -> str:
    def meant(match: re.Match[str]) -> str:
        if match["complete"]:
            return match[0].encode("latin-1").decode("utf-8")
        # A stray character was typed later, or never damaged: it stays as it is.
        return "\ufffd" if match["cut"] else text[match.start() : match.end()]

    return _SEQUENCE.sub(meant, as_bytes)
