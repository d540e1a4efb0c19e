"""Text of one byte a letter whose encoding nothing declares: which it is, by the letters that come out.

Every such encoding decodes almost any bytes. Other alphabets than the Latin make words of bytes beyond ASCII,
and in the right encoding nearly all of them are the letters that the alphabet's languages use most. Latin
letters with accents stand alone among ASCII: there a letter of Turkish or of Central Europe beside one that
no word of the West has it beside is a sign, or the page names its language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.sites.central_europe import is_baltic, is_central_european
from scraper.verdicts.patterns import lazily

_WORD = lazily(rb"[\x80-\xff]+")
_ENOUGH, _MOST = 8, 4_000
"""Bytes below which nothing is claimed, and those that are looked at."""
_LONG = 4
"""Letters of a word: no Western language has as many with accents in a row."""
_IN_WORDS = 0.7
"""The share of the bytes beyond ASCII that stand beside another; of Western texts nearly all stand alone."""
_SHARE = 0.85

_CYRILLIC = frozenset("аеоинтсрвлкдпуймзыьябцщіјєї")
_COMMON = {
    "cp1251": _CYRILLIC,
    "koi8_u": _CYRILLIC,
    "iso8859_7": frozenset("εοδαρνητσιυέπχίθκλήβμάςύόώγφ"),
    "cp1255": frozenset("אהיומנלתשקדצםברעחףסץןזפכגךט"),
    "cp1256": frozenset("لاموعةتريفدحنصجبهىطسكخشقأإغضثذ"),
    "cp874": frozenset("่ม้ไาบพอกรหลนีงูทัดชย์ิตฟุสปวเขจแใณึื็ผำะโ"),
}
"""The letters that are used most, as counted in the wordings of `pages/absent_words`."""
_LAST = frozenset("ךםןףץς")
"""Letters that only end a word."""


def other_alphabet(data: bytes) -> tuple[str, float]:
    """The encoding of Cyrillic, Greek, Hebrew, Arabic or Thai, and how well it fits (0 to 1).

    The name is empty where it is none of them for certain.
    """
    runs = _WORD.findall(data)
    words = [run for run in runs if len(run) > 1]
    letters = sum(map(len, words))
    if letters < _ENOUGH or letters < _IN_WORDS * sum(map(len, runs)) or max(map(len, words)) < _LONG:
        return "", 0.0
    few = _few(words)
    fitting = {name: _fitness(few, name) for name in _COMMON}
    best = max(fitting, key=fitting.__getitem__)
    return (best if fitting[best] >= _SHARE else ""), fitting[best]


def _few(words: Sequence[bytes]) -> list[bytes]:
    few, letters = [], 0
    for word in words:
        few.append(word)
        letters += len(word)
        if letters >= _MOST:
            break
    return few


def _fitness(words: Sequence[bytes], encoding: str) -> float:
    """The share of common letters; capitals within a word are a little less likely."""
    common, good, letters = _COMMON[encoding], 0.0, 0
    for word in words:
        text = word.decode(encoding, "replace")
        letters += len(text)
        for place, letter in enumerate(text):
            if letter in common:
                good += letter not in _LAST or place + 1 == len(text)
            elif letter.lower() in common:
                good += 0.9 if place else 1
    return good / letters


# ── Latin letters ────────────────────────────────────────────────────────────────────────────────────────


def latin(data: bytes) -> str:
    """The encoding of a text in Latin letters: what its page's language is written in, else what it shows."""
    named = _LANGUAGE.search(data[:_HEAD])
    if named and (usual := _USUAL.get(named[1].lower().decode("ascii"))):
        return _of_central_europe(data) if usual in ("cp1250", "iso8859_2") else usual
    if _is_turkish(data):
        return "cp1254"
    if is_baltic(data):
        return "cp1257"
    central = len(_WITHIN.findall(data)) > 1 or is_central_european(data)
    return _of_central_europe(data) if central else "cp1252"


_HEAD = 2_048
_LANGUAGE = lazily(rb"<html[^<>]*\slang\s*=\s*[\"']?([a-z]{2})\b", re.I)
_USUAL = {
    language: encoding
    for encoding, languages in {
        "cp1250": "cs sk hr",
        "iso8859_2": "pl hu sl ro",
        "cp1254": "tr az ku",
        "cp1257": "et lt lv",
        "cp1258": "vi",
    }.items()
    for language in languages.split()
}
"""WHATWG HTML, 13.2.3.2, "Determining the character encoding": what its last step suggests by language.
Romanian has none there, and is written in Latin 2."""


def _is_turkish(data: bytes) -> bool:
    """Whether there is an `ı`, `ş` or `ğ` (others have `ý`, `þ`, `ð` or `đ` there), and no letter of theirs.

    `ı` between consonants and `ş` after a letter are seldom Icelandic's; others need an `ü` or `ç` besides.
    """
    if _NOT_TURKISH.search(data):
        return False
    return bool(_TURKISH.search(data) or (_PERHAPS_TURKISH.search(data) and _NOT_ICELANDIC.search(data)))


_TURKISH = lazily(rb"[b-df-hj-np-tvyz]\xfd(?:[^a-z\x80-\xff]|[b-df-hj-np-tvyz\xf0\xfe])|[a-z]\xfe|\bde\xf0il")
_PERHAPS_TURKISH = lazily(rb"[a-z]\xfd|[\xfe\xf0][a-z]")
_NOT_ICELANDIC = lazily(rb"[a-z][\xfc\xe7]|[\xfc\xe7][a-z]")
_NOT_TURKISH = lazily(
    rb"[\xc0\xc1\xc3-\xc6\xc8-\xcd\xcf\xd1-\xd5\xd7-\xda\xdf-\xe1\xe3-\xe6\xe8-\xed\xef\xf1-\xf5\xf8-\xfa]"
)
_WITHIN = lazily(rb"[A-Za-z\xc0-\xff][\xb1\xb3\xb6\xb9\xbc\xbe\xbf][a-z\xe0-\xff]")
"""What are symbols in the West (`±³¶¹¼¾¿`) stands within words of Central Europe."""


def _of_central_europe(data: bytes) -> str:
    """`cp1250` has letters where Latin 2 has none; else the two differ in few, and Polish has its own."""
    if _ONLY_1250.search(data):
        return "cp1250"
    if _ONLY_LATIN_2.search(data) or not _POLISH.search(data):
        return "iso8859_2"
    return "cp1250"


_ONLY_1250 = lazily(rb"[\x80-\x9f]|\xab[^\xab\xbb<>]{1,80}\xbb|\xa9\s?(?:19|20)\d\d")
"""Letters, and the quotes and the sign of copyright that stand where Latin 2 has letters or nothing."""
_ONLY_LATIN_2 = lazily(rb"[A-Za-z\xc0-\xff][\xb1\xb6\xbc]|[\xb1\xb6\xbc][a-z\xe0-\xff]")
_POLISH = lazily(rb"[\xea\xb3\xbf]")
