"""Text in an encoding that it does not declare: which one it is, where that is plain to see.

Those of East Asia all decode almost any bytes; what tells them apart is which characters come out. Common
ones stand close together in each code (the first level of GB 2312, Big5's frequent characters, kana, Hangul),
and text in another encoding, or of old Western editors, falls anywhere.
"""

from __future__ import annotations

from scraper.sites.alphabets import latin, other_alphabet
from scraper.verdicts.patterns import lazily

_ENOUGH = 8
"""Characters below which nothing is claimed."""
_SHARE = 0.85


def undeclared(data: bytes) -> str:
    """The encoding of a page that neither says so nor is UTF-8: Western, where nothing speaks against it."""
    asian, share = _best(data)
    alphabet, fitting = other_alphabet(data)
    if asian and share >= fitting:
        return asian
    return alphabet or asian or latin(data)


def east_asian(data: bytes) -> str:
    """`gb18030`, `big5`, `cp932`, `euc_jp` or `euc_kr`; empty where it is not certain to be one of them."""
    return _best(data)[0]


def _best(data: bytes) -> tuple[str, float]:
    fitting = {name: _fitness(data, name) for name in ("cp932", "euc_jp", "euc_kr", "big5", "gb18030")}
    best = max(fitting, key=lambda name: fitting[name])
    return (best if fitting[best] >= _SHARE else ""), fitting[best]


def _fitness(data: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that are common ones in this encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [character for character in text if character > "\x7f"]
    if len(foreign) < _ENOUGH:
        return 0.0
    kana = sum("\u3041" <= one <= "\u30fc" for one in foreign) / len(foreign)
    if encoding in {"cp932", "euc_jp"}:
        return _japanese(foreign, kana)
    common = sum(_is_common(one, encoding) for one in foreign) / len(foreign)
    return common - kana


def _japanese(foreign: list[str], kana: float) -> float:
    """Japanese is a fifth kana at least; half-width kana are what other encodings look like in Shift-JIS."""
    if kana < 0.2:
        return 0.0
    common = sum(_is_japanese(one) for one in foreign) / len(foreign)
    return common + kana / 10


_MARKS = "\u2010-\u2026\u3000-\u303f\uff01-\uff5e"
_JAPANESE = lazily(f"[{_MARKS}\u3041-\u30fe\u4e00-\u9fa5]")
_COMMON_TO_ALL = lazily(f"[{_MARKS}]")


def _is_japanese(character: str) -> bool:
    return _JAPANESE.match(character) is not None


def _is_common(character: str, encoding: str) -> bool:
    """Hangul syllables; the 3,755 characters of GB 2312's first level; the 5,401 of Big5's."""
    if _COMMON_TO_ALL.match(character):
        return True
    if encoding == "euc_kr":
        return "\uac00" <= character <= "\ud7a3"
    code = character.encode(encoding)
    if len(code) != 2:
        return False
    return 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 if encoding == "gb18030" else 0xA4 <= code[0] <= 0xC6
