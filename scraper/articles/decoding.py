"""Bytes to text, or one clear line on why they are not an article. The text can be turned back into bytes."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from scraper.articles.forms import READABLE
from scraper.errors import ArticleError
from scraper.verdicts.patterns import lazily

LIMIT = 50_000_000
"""Bytes of an article at most; anything larger is not a document that somebody wrote."""


class Decoded(NamedTuple):
    text: str
    encoding: str
    errors: str = "strict"
    guessed: bool = False
    """Whether nothing said so: neither a mark, nor the page, nor that it is UTF-8."""

    def encode(self, text: str) -> bytes:
        """The inverse: `encode(decoded.text)` is the file, byte for byte."""
        return text.encode(self.encoding, self.errors)


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings that pages declare and that are what they say. Python knows more "encodings" (rot13, zlib,
# undefined, unicode_escape, utf-7): a label must not be able to choose those.
_DECLARED = lazily(
    r"utf-?8|us-ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|gb2312|gbk|gb18030|big5(-hkscs)?|shift_jis"
    r"|euc-jp|euc-kr|iso-2022-jp|koi8-[ru]|tis-620",
    re.IGNORECASE,
)
_CHARSET = lazily(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
}
_CONTROLS = lazily("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SEQUENCES = lazily(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(data: bytes, source: str, content_type: str = "") -> Decoded:
    """The text of an article. Believed are a byte-order mark, valid UTF-8, what the page declares."""
    _refuse(data, source)
    decoded = _with_bom(data, source) or _without_bom(data, source, content_type)
    if len(_CONTROLS.findall(decoded.text)) > 8 + len(decoded.text) // 50:
        raise ArticleError(f"{source}: is binary; name {READABLE}")
    if not re.search(r"[^\ufeff \t\r\n]", decoded.text):
        raise ArticleError(f"{source}: is empty; an article has text with links")
    return decoded


def _refuse(data: bytes, source: str) -> None:
    if len(data) > LIMIT:
        raise ArticleError(too_large(source, len(data)))
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise ArticleError(f"{source}: is {what}; name {READABLE}")


def too_large(source: str, size: int | None = None) -> str:
    megabytes = f"is {size / 1e6:,.0f} MB" if size else "is too large"
    return f"{source}: {megabytes}; the limit is {LIMIT // 1_000_000} MB: split it, or name another file"


def _with_bom(data: bytes, source: str) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(
                    f"{source}: starts as {encoding} and is not, at byte {error.start}; save it as UTF-8"
                ) from None
            if "\x00" in text:
                raise ArticleError(_has_nul(source))
            return Decoded(text, encoding)
    return None


def _without_bom(data: bytes, source: str, content_type: str) -> Decoded:
    if b"\x00" in data:
        raise ArticleError(_has_nul(source))
    for encoding in ("utf-8", *_declared(data, content_type)):
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return _damaged(data)


def _has_nul(source: str) -> str:
    return f"{source}: contains NUL bytes: it is binary, or UTF-16 without its mark; save it as UTF-8"


def _declared(data: bytes, content_type: str) -> list[str]:
    header = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", content_type, re.IGNORECASE)
    meta = _CHARSET.search(data[:4096])
    labels = [header[1] if header else "", meta[1].decode("ascii") if meta else ""]
    return [label for label in labels if _DECLARED.fullmatch(label) and _known(label)]


def _known(label: str) -> bool:
    try:
        codecs.lookup(label)
    except LookupError:
        return False
    return True


def _damaged(data: bytes) -> Decoded:
    """Plainly East Asian; or UTF-8 with a few bad bytes; or of old Western editors."""
    from scraper.sites.undeclared import east_asian

    encoding = east_asian(data)
    if encoding and (text := data.decode(encoding)).encode(encoding) == data:
        return Decoded(text, encoding, guessed=True)
    high = sum(1 for byte in data if byte >= 0x80)
    if 2 * sum(len(match[0]) for match in _SEQUENCES.finditer(data)) > high:
        return Decoded(data.decode("utf-8", "surrogateescape"), "utf-8", "surrogateescape")
    try:
        return Decoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1")
