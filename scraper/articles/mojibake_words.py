"""Mojibake in single words, where the text as a whole is sound: undone only where nothing else can be meant.

A pasted title, a name out of another program, one line of many: too little to judge the text by. What is
judged here is each sequence. "Ã©" is nothing but a damaged "é"; `Ã”` may be the end of a Portuguese word in
capitals and a quotation mark. So a sequence counts as certain when its last characters are none that a writer
puts behind a letter, or when it stands inside a word of small letters; and what touches a certain one is of
the same damage. Lines that show both, "é" and "Ã©", speak about mojibake; so does code.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.verdicts.patterns import lazily

# RFC 3629 §4, well-formed sequences of two to four bytes, written with characters U+0080 to U+00FF for bytes;
# of the planes beyond the first only that of emoji and rare letters.
TAIL = "[\x80-\xbf]"
SEQUENCE = (
    f"[\xc2-\xdf]{TAIL}|\xe0[\xa0-\xbf]{TAIL}|[\xe1-\xec\xee\xef]{TAIL}{{2}}|\xed[\x80-\x9f]{TAIL}"
    f"|\xf0[\x90-\xbf]{TAIL}{{2}}"
)
_RUN = lazily(f"(?:{SEQUENCE})(?:{SEQUENCE}|[\xe3-\xed]{TAIL}?(?=[\xe3-\xed]{TAIL}{{2}}))*")
"""Sequences that touch each other; between two of them may be one that was cut short."""
_PART = lazily(f"(?P<whole>{SEQUENCE})|[\xe3-\xed]{TAIL}?")
_CODE = lazily(r"`[^`\n]*`|<(code|pre|kbd|samp)\b[^>\n]*>[^<\n]*</\1>", re.IGNORECASE)

# As bytes: no-break space ‘ ’ “ ” • – — … ‹ › « » ™ ® ° º ª · § ¹ ² ³ ¡ ¿ „ ‚, which stand behind letters,
_BEHIND_LETTERS = frozenset(
    "\xa0\x91\x92\x93\x94\x95\x96\x97\x85\x8b\x9b\xab\xbb\x99\xae\xb0\xba\xaa\xb7\xa7\xb9\xb2\xb3\xa1\xbf\x84\x82"
)
# Š Œ Ž š œ ž Ÿ ƒ, which are letters themselves,
_LETTERS = frozenset("\x8a\x8c\x8e\x9a\x9c\x9e\x9f\x83")
# and those that end a word or part two.
_BETWEEN_WORDS = frozenset("\xa0\x85\x91\x92\x93\x94\x96\x97")
# What damaged text turns out to be: letters in use and signs; no controls, no scripts of scholars alone.
_IN_USE = lazily(
    "[\xa0-\xac\xae-\xff\u0100-\u02af\u02bb-\u02dc\u0300-\u0304\u0307-\u030c\u0323-\u0331\u0386-\u03ce"
    "\u0400-\u0525\u0531-\u0589\u05d0-\u05ea\u060c\u061b\u061f-\u0669\u0679\u067e\u0686\u0688\u0691\u0698\u06a9"
    "\u06af\u06ba\u06be\u06c1\u06cc\u06d2\u06f0-\u06f9\u0900-\u0df3\u0e01-\u0e5b\u1000-\u109f\u10a0-\u10ff"
    "\u1200-\u139f\u1780-\u17ff\u1e00-\u1eff\u2009-\u2064\u2070-\u209f\u20ac\u2100-\u214f\u2190-\u23ff"
    "\u2460-\u27ff\u2900-\u2bff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\ufe0f\ufeff\uff01-\uff9f\ufffd"
    "\U0001f000-\U0001faff]"
)


class _Found(NamedTuple):
    start: int
    end: int
    meant: str
    certain: bool


def undo(line: str, as_bytes: str) -> tuple[str, int, int]:
    """The line, how many characters were recovered, how many lost.

    Args:
        as_bytes: the line with U+0080 to U+00FF for the bytes that cp1252 made its characters of.
    """
    runs = [*_RUN.finditer(_CODE.sub(lambda code: "`" * len(code[0]), as_bytes))]
    clean = _letters(line, [run.span() for run in runs])
    found = [one for run in runs if (one := _damage(run, line, clean))]
    if not any(one.certain for one in found):
        return line, 0, 0
    if _letters(line, [(one.start, one.end) for one in found]):
        found = [one for one in found if one.certain]  # the rest may be as sound as those letters are
    written: list[str] = []
    end = 0
    for one in found:
        written += line[end : one.start], one.meant
        end = one.end
    meant = "".join(one.meant for one in found)
    lost = meant.count("\ufffd")
    return "".join((*written, line[end:])), len(meant) - lost, lost


def _letters(line: str, spans: list[tuple[int, int]]) -> frozenset[str]:
    """The letters beyond ASCII outside of some places."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(line)]
    rest = {one for end, start in zip(ends, starts, strict=True) for one in line[end:start]}
    return frozenset(one for one in rest if one.isalpha() and not one.isascii())


def _damage(run: re.Match[str], line: str, clean: frozenset[str]) -> _Found | None:
    """What a run of sequences was; None where nobody would have written that."""
    parts = [*_PART.finditer(run[0])]
    meant = "".join(part[0].encode("latin-1").decode() if part["whole"] else "\ufffd" for part in parts)
    in_use = (len(meant) > 2 and meant.isalpha()) or all(map(_IN_USE.match, meant))
    told_about = len(meant) < 3 and not clean.isdisjoint(meant)
    if told_about or not in_use:
        return None
    whole = [part[0] for part in parts if part["whole"]]
    before, behind = line[run.start() - 1 : run.start()], line[run.end() : run.end() + 1]
    several = sum(_LETTERS.isdisjoint(one) for one in whole) > 1
    certain = several or any(map(_is_certain, whole)) or _is_inside(whole[0], before, behind)
    return _Found(run.start(), run.end(), meant, certain)


def _is_certain(sequence: str) -> bool:
    """Whether no writer would put these characters next to each other."""
    lead, tails = sequence[0], sequence[1:]
    if lead == "\xc2":
        return tails not in _BEHIND_LETTERS or tails in "\xb7\xa7\xa1\xbf"
    if lead in "\xe2\xe3" and tails[0] in "\x80\x81\x83\x86\x88\x89":
        return True
    odd = _BEHIND_LETTERS if lead in "\xc3\xc4\xc5" else _BEHIND_LETTERS | _LETTERS
    return lead == "\xf0" or any(tail not in odd for tail in tails)


def _is_inside(sequence: str, before: str, behind: str) -> bool:
    """Whether it stands where no capital, and no sign, would: in or at the end of a word of small letters."""
    lead, tails = sequence[0], sequence[1:]
    if lead == "\xc2":
        return before.islower() or (before != "" and before in "0123456789.,;:!?)>\"'")
    if lead < "\xe0":
        sign = tails not in _BETWEEN_WORDS | _LETTERS
        signed = behind.islower() and sign and lead in "\xc3\xc4\xc5\xc8"
        return (before.islower() and lead not in "\xd7\xdf") or signed
    return before.islower() and behind.islower() and (_BETWEEN_WORDS | _LETTERS).isdisjoint(tails)
