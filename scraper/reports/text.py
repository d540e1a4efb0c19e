"""Strangers' text made harmless: titles, abstracts, addresses and error messages are written by anybody.

Escaping for a format (HTML, Markdown, XML) is the format's business; what is taken out here is taken out
for all.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from scraper.verdicts.patterns import lazily

# C0 and C1 steer terminals; bidirectional and zero-width marks make text read otherwise than it is;
# separators split lines; the tag block hides text; XML 1.0 (section 2.2) does not allow U+FFFE and U+FFFF.
_INVISIBLE = lazily(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_UNSEEN = lazily(rf"{_INVISIBLE.pattern}|[\u2028\u2029\ud800-\udfff]|\r(?!\n)")
_BREAKS = lazily("[\t\n\r\u2028\u2029]+")
_SURROGATES = lazily("[\ud800-\udfff]")
_SOUND = lazily(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?::[0-9]*)?(?:[/?#][!#-&(-;=?-\[\]_a-z~]*)?")
"""An address in which there is nothing to look for: most of them."""
_NOT_IN_ADDRESS = lazily(r"""[\s"'<>\\^`{|}]""")
JSON_VERSION = 1
"""It changes when a name in our JSON is taken away or changes its meaning; `schemas/` has all names."""
_SLUG = lazily(r"[^A-Za-z0-9._:/~-]+")


def plain(text: str) -> str:
    """The text on one line, without a character that steers, hides or reorders.

    Line breaks and tabs become one space, lone surrogates U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", _SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text)))


def document(**content: Any) -> str:
    """Our JSON for programs: an object with its version, whatever else is in it."""
    return json_text({"version": JSON_VERSION, **content})


def json_text(content: Any, indent: int | None = 1) -> str:
    """JSON that people may read too: what steers or hides is written as the escape that means the same."""
    text = json.dumps(content, ensure_ascii=False, indent=indent, default=str)
    return _INVISIBLE.sub(lambda match: json.dumps(match[0])[1:-1], text)


def visible(text: str) -> str:
    """Lines as they are, with an escape for what steers, hides or reorders: a patch shows all it does."""
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def command_safe(text: str) -> str:
    """The lines without a workflow command of GitHub Actions.

    The runner trims a line and takes a leading `::` for a command, and it takes `##[` anywhere in a line.
    """
    lines = text.replace("##[", "## [").split("\n")
    return "\n".join(re.sub(r"^(\s*):(?=:)", r"\1: ", line) for line in lines)


NAMES = 300
"""Characters of a title or a name that one line of ours shows."""


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut is one `…`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def shorten_middle(text: str, limit: int) -> str:
    """Like `shorten`, but both ends of an address tell more than its middle."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 3
    return f"{text[: limit - 1 - tail]}…{text[-tail:]}"


def web_address(url: str, limit: int = 2_000) -> str:
    """The address if it is one of http or https that may stand in a link, else empty.

    What could end an attribute or steer a reader is percent-encoded, which means the same address.
    """
    if not url or (_SOUND.fullmatch(url) and len(url) <= limit):
        return url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= limit
    except ValueError:
        return ""
    if not usable:
        return ""
    url = _SURROGATES.sub("\ufffd", url)
    for pattern in (_NOT_IN_ADDRESS, _BREAKS, _INVISIBLE):
        url = pattern.sub(lambda match: quote(match[0], safe=""), url)
    return url


def shown_address(url: str, limit: int = 90) -> str:
    """The address as people read it: without `https://`, at most `limit` characters."""
    return shorten_middle(plain(url).removeprefix("https://"), limit)


def slug(target: str) -> str:
    """The fragment that leads to the target's row: the target itself if it is of harmless characters."""
    safe = _SLUG.sub("-", target)
    if safe == target and len(target) <= 120 and ":" in target:
        return target
    digest = hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"link:{safe[:90]}-{digest}" if ":" not in safe else f"{safe[:100]}-{digest}"


def iso(moment: datetime) -> str:
    """ISO 8601, whole seconds, UTC, with `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(value: str | None) -> str:
    """The date of an ISO time, or empty."""
    return (value or "")[:10]


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# The C library's month names are those of the machine's language; calendar.month_name too.


def moment(value: datetime) -> str:
    """A time as people write it: `23 November 2026, 05:17 UTC`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}, {value:%H:%M} UTC"


@lru_cache(4096)  # the same few days stand in most rows
def date_words(value: str | None) -> str:
    """The date of an ISO time as people write it: `26 Sep 2022`; empty for what is not a date."""
    try:
        found = datetime.fromisoformat(day(value))
    except ValueError:
        return ""
    return f"{found.day} {_MONTHS[found.month - 1][:3]} {found.year}"


def words(name: str) -> str:
    """A reason or a kind of change as words: `soft_404` reads `soft 404`."""
    return name.replace("_", " ")


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 link`, `2 links`, `1,200 links`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
