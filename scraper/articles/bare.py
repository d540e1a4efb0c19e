"""Bare addresses in running text: where they begin and, which is harder, where they end."""

from __future__ import annotations

import re

from scraper.addresses import INVISIBLE
from scraper.verdicts.patterns import lazily

START = lazily(r"(?<![A-Za-z0-9])https?://|(?<![A-Za-z0-9/.@_-])www\.(?=[A-Za-z0-9])", re.IGNORECASE)

# Letters of alphabets that are written with blanks between words: they go on in a host and behind it. An
# ideograph ends an address, as in "…?id=abc。下一句"; so does mojibake that could not be repaired.
_LETTERS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u052f"
    "\u1e00-\u1fff\u0531-\u0556\u0561-\u0587\u0591-\u05bd\u05bf\u05c1\u05c2\u05d0-\u05ea\u0620-\u0669"
    "\u066e-\u06d3\u06d5-\u06dc\u06e5-\u06fc\u0750-\u077f\u0900-\u0963\u0966-\u0df3\u10a0-\u10fa"
    "\u10fc-\u10ff\u1200-\u135f\u1c90-\u1cbf\u2d00-\u2d2d"
)
_TAIL = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
# Those of them that no sentence puts behind a letter.
_ODD = (
    "[\x80-\xa0\xa2-\xaa\xac-\xb6\xb8-\xba\xbc-\xbe\u0152\u0160\u0178\u0192\u02c6\u02dc\u201a\u2020-\u2022"
    "\u2030\u2039\u20ac\u2122]"
)
_MOJIBAKE = f"[\xc2-\xde]{_TAIL}|[\xe0-\xf4](?:{_ODD}|{_TAIL}{{2}})"
# What an address may hold: no blanks, quotes and brackets of either markup. Square brackets count in pairs; a
# second address behind a comma is one of its own.
SECOND = lazily(r"[,;|]https?://", re.IGNORECASE)
# Dashes and signs within a word of the address, as titles of encyclopaedias have them: `Cauchy–Schwarz`.
_SIGNS = "\u2200-\u22ff\u2600-\u27bf\U0001f300-\U0001faff"
_WITHIN = rf"(?<=[A-Za-z0-9_/])(?:[\u2010-\u2013]|[{_SIGNS}]+\ufe0f?)(?=[A-Za-z0-9/])"
_CHARACTER = rf"(?:(?!{SECOND.pattern})[!#-;=?-Z^_a-~]|(?!(?-i:{_MOJIBAKE}))[{_LETTERS}]|{_WITHIN})"
_ESCAPE = r"\\[!-/:-@\[-`{-~]"
_BODY = rf"(?:{_CHARACTER}|{_ESCAPE}|\[{_CHARACTER}*\])*"
# Invisible characters belong to a host that goes on behind them: `http://gо\u200bogle.test` is to be flagged,
# not cut to `http://g`.
_FOREIGN = f"[{_LETTERS}{INVISIBLE}]"
_IDEOGRAPHS = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_HOST = (
    rf"(?:(?=[{_IDEOGRAPHS}])[\w.-]*\.(?:[a-z]{{2,}}|[{_IDEOGRAPHS}]{{2,}})(?=[/:?#\s]|\Z)"
    rf"|(?:[A-Za-z0-9.-]*{_FOREIGN}+(?=[A-Za-z0-9.-]))*)"
)
_ADDRESS = lazily(rf"(?:https?://|www\.){_HOST}{_BODY}", re.IGNORECASE)
_SIGN_IN_HOST = lazily(rf"(?:https?://)?[^/?#]*?(?=[\u2010-\u2013{_SIGNS}])", re.IGNORECASE)
_SIGN = lazily(f"[{_SIGNS}]")
_CUT = lazily(rf"[{INVISIBLE}]+[A-Za-z0-9/?&=_-]")
_SOME_HOST = lazily(r"(?:https?://)?+[^/?#]*\w", re.IGNORECASE)
_GOES_ON = lazily(rf"[{_IDEOGRAPHS}\u0e01-\u0edf\u1000-\u109f\u1780-\u17d3]")
"""Scripts without blanks between words, where nobody can tell the address from the sentence."""
_REST_OF_DESTINATION = lazily(r"[ \t]+[^\s()\"'<>][^()\"'\n]*\)")


def match(text: str, position: int, end: int) -> str | None:
    """The bare address that begins at a position of a text, or None."""
    if START.match(text, position, end) is None:
        return None
    found = _ADDRESS.match(text, position, end)
    if found is None:
        return None
    whole = found[0]
    if host := _SIGN_IN_HOST.match(whole):
        whole = host[0]
    url = trimmed(whole, text[position - 1 : position])
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
        if shorter.endswith(("(", "{")):
            # What it opened stands behind the address: `https://e.org/r(说明)`.
            surplus[")" if shorter[-1] == "(" else "}"] += 1
            shorter = shorter[:-1]
        if before == "_" and shorter.endswith("_"):
            before, shorter = "", shorter[:-1]
        if shorter == url:
            return url
        url = shorter


def doubts(url: str, text: str, start: int, end: int) -> list[str]:
    """Why the address that was found at a place of a text may not be the whole of what was meant."""
    found = []
    if _CUT.match(text, end):
        found.append("was cut at an invisible character in the middle of the address")
    if sign := _SIGN.match(text, end):
        found.append(
            f"was cut at {sign[0]}: put a blank before it, or write the address in <…> if it is a part"
        )
    if url.endswith(("/", "=", "_", "-")) and _GOES_ON.match(text, end):
        found.append("ends where letters follow that an address must escape: `…/wiki/%E6%9C%BA…`")
    if text[start - 2 : start] == "](" and _REST_OF_DESTINATION.match(text, end):
        found.append("was cut at a blank: write %20, or put the address into <…>")
    return found
