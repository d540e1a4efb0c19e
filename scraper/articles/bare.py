"""Bare addresses in running text: where they begin and, which is harder, where they end."""

from __future__ import annotations

import re

from scraper.addresses import INVISIBLE

START = re.compile(r"(?<![A-Za-z0-9])https?://|(?<![A-Za-z0-9/.@_-])www\.(?=[A-Za-z0-9])", re.IGNORECASE)

# What an address may hold: ASCII without blanks, quotes and brackets of either markup. The first character
# beyond ASCII ends it, as in "…?id=abc。下一句"; square brackets count in pairs.
_CHARACTER = r"[!#-;=?-Z^_a-~]"
_ESCAPE = r"\\[!-/:-@\[-`{-~]"
_BODY = rf"(?:{_CHARACTER}|{_ESCAPE}|\[{_CHARACTER}*\])*"
# Only in a host do letters of other alphabets and invisible characters belong to it, when a host goes on
# behind them: `http://gооgle.test` is to be flagged, not cut to `http://g`. Ideographs are text.
_FOREIGN = f"[\u00c0-\u052f\u1e00-\u1fff{INVISIBLE}]"
_HOST = rf"(?:[A-Za-z0-9.-]*{_FOREIGN}+(?=[A-Za-z0-9.-]))*"
_ADDRESS = re.compile(rf"(?:https?://|www\.){_HOST}{_BODY}", re.IGNORECASE)
_CUT = re.compile(rf"[{INVISIBLE}]+[A-Za-z0-9/?&=_-]")
_SOME_HOST = re.compile(r"(?:https?://)?+[^/?#]*\w", re.IGNORECASE)


def match(text: str, position: int, end: int) -> str | None:
    """The bare address that begins at a position of a text, or None."""
    if START.match(text, position, end) is None:
        return None
    found = _ADDRESS.match(text, position, end)
    if found is None:
        return None
    url = trimmed(found[0], text[position - 1 : position])
    return url if _SOME_HOST.match(url) else None


def trimmed(url: str, before: str = "") -> str:
    """Without the punctuation of the sentence around it.

    GFM §6.9: trailing `?`, `!`, `.`, `,`, `:`, `*`, `~`, an entity, and a `)` that was never opened do not
    belong to the address. Unlike there, a trailing `_` or `-` does: ids of forums end so; but `_https://…_`
    is emphasis.
    """
    surplus = {mark: url.count(mark) - url.count(opening) for opening, mark in ("()", "{}")}
    while True:
        shorter = re.sub(r"&[A-Za-z0-9]{1,31};\Z", "", url).rstrip(".,;:!?'\"*~|\\")
        mark = shorter[-1:]
        if surplus.get(mark, 0) > 0:
            closing = min(surplus[mark], len(shorter) - len(shorter.rstrip(mark)))
            surplus[mark] -= closing
            shorter = shorter[: len(shorter) - closing]
        if before == "_" and shorter.endswith("_"):
            before, shorter = "", shorter[:-1]
        if shorter == url:
            return url
        url = shorter


def cut_short(text: str, end: int) -> bool:
    """Whether an invisible character, and not the end of the address, ended it."""
    return _CUT.match(text, end) is not None
