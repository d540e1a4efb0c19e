"""Bytes of a page as text: by what is declared, else by what is there. Pure."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from scraper.sites.undeclared import undeclared


def decode(body: bytes, content_type: str) -> str:
    """Text of a body by its BOM, its header, its meta tag, else UTF-8, else what it looks like; never raises.

    Labels that Python knows but the web does not (`rot13`, `base64`, `idna`, `utf-7`) are ignored, as the
    WHATWG Encoding Standard has it.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").replace("\0", "")
    label = _charset(content_type) or _charset(body[:2048].decode("latin-1"))
    if label:
        return body.decode(label, "replace").replace("\0", "")
    try:
        return body.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError as error:
        cut = len(body) - error.start < 4  # a character split by the end of what was read
        return body.decode("utf-8" if cut else _undeclared(body), "replace").replace("\0", "")


def _undeclared(body: bytes) -> str:
    """The encoding that nothing names: browsers go by the reader's language, and we by what is there."""
    whole = body if len(body) < _TELLING else body[: body.rfind(b"<", 0, _TELLING)]  # no character is cut
    return undeclared(whole)


_TELLING = 65_536
"""Bytes that tell an encoding."""


_NO_WEB_ENCODINGS = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
)


_CHARSET = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})")


def _charset(text: str) -> str:
    lower = text.lower()
    if "charset" not in lower and "encoding" not in lower:
        return ""
    match = _CHARSET.search(lower)
    return _codec(match[1]) if match else ""


@lru_cache(64)
def _codec(label: str) -> str:
    """Python's name for it; empty where the web knows no such encoding."""
    try:
        codec = codecs.lookup(label)
        b"x\0x\0".decode(codec.name, "ignore")
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if codec.name in _NO_WEB_ENCODINGS or codec.name.startswith("utf-32") else codec.name
