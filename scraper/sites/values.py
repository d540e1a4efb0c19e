"""Plain values out of other people's JSON, HTML and XML. Nothing here raises for what a server sent.

What is missing, empty or of another type is None: nothing unknown becomes 0, "" or 1970.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scraper.addresses import hostname
from scraper.model import Answer, Health
from scraper.records import clean, stamp
from scraper.verdicts.health import Claim, judge_answer
from scraper.verdicts.reasons import PRESENT

_LONGEST_INTEGER = 20
_MOST_VALUES = 1_500_000
"""Commas and colons of a document, but those of addresses: half a second, when each is a value of its own.

A tree of 100,000 files, the most that GitHub gives, has 1,200,000.
"""
_LAST_MILLISECOND = 253_402_300_799_000
"""The end of the year 9999, the last that `datetime` knows."""


def parse_json(body: bytes) -> Any:
    """The document, or None when it is not JSON (cut short, HTML, nested beyond reason, not UTF-8).

    Nor one of more values than anybody would read: 32 MB of `1,1,1` took 4 s, and the run stood still.
    """
    if len(body) > _MOST_VALUES and _marks(body) > _MOST_VALUES:
        return None
    try:
        return json.loads(body, parse_constant=lambda name: None, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _marks(body: bytes) -> int:
    return body.count(b",") + body.count(b":") - body.count(b"://")


def _integer(digits: str) -> int | None:
    """Python refuses integers of more than 4,300 digits; nothing we read has more than 20."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str | None:
    """The text without the white space at its ends; what is inside stays as it was written."""
    return clean(value).strip() or None if isinstance(value, str) else None


def one_line(value: object) -> str | None:
    """The text with every run of white space made one space: for names, and for sources that wrap lines."""
    return " ".join(clean(value).split()) or None if isinstance(value, str) else None


def texts(value: object) -> list[str]:
    """The texts of a list, in order and without empty ones; a single text is a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [found for found in map(one_line, listed) if found]


def count(value: object) -> int | None:
    """A whole number from 0; `"12"`, -1 and `true` are not counts."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def instant(milliseconds: object) -> str | None:
    """`2019-12-20T00:00:00Z` for milliseconds since 1970."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    if not 0 < milliseconds <= _LAST_MILLISECOND:  # NaN is neither
        return None
    return stamp(datetime.fromtimestamp(milliseconds // 1000, UTC))


_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})\Z", re.ASCII)


def date_time(value: object) -> str | None:
    """The instant of an ISO 8601 time, or of a whole date with `-` or `/`; a year alone is not a date."""
    written = one_line(value)
    if written is None:
        return None
    try:
        if match := _DATE.match(written):
            year, month, day = (int(part) for part in match.groups())
            moment = datetime(year, month, day, tzinfo=UTC)
        else:
            moment = datetime.fromisoformat(written)
            if len(written) < len("2019-12-20T00:00"):
                return None
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def is_challenge(answer: Answer) -> bool:
    """Whether a gate asks for proof of a human: Cloudflare's header, or its page.

    https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    """
    if answer.headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    return answer.status in (403, 429, 503) and b"/cdn-cgi/challenge-platform/" in answer.body


def own_word(answer: Answer) -> bool:
    """Whether an error is the API's own word on the thing: its errors are objects of JSON.

    A wall, a proxy or a web server before it answers with a page, and knows nothing of the thing.
    """
    return not answer.failure and isinstance(parse_json(answer.body), dict)


def no_word(answer: Answer) -> Claim:
    """What an API that failed says of the thing asked: nothing.

    Its own troubles are not the link's: a name that does not resolve or a 404 of its proxy must not become
    the verdict. Only why we did not ask (rate limit, deadline, policy) is kept.
    """
    claim = judge_answer(answer)
    if is_challenge(answer):
        return Claim("challenge", f"{_host(answer)} asks for proof of a human")
    if claim.health is Health.UNVERIFIED:
        return Claim(claim.reason, claim.detail or f"{_host(answer)} was not asked")
    if answer.status is not None and 200 <= answer.status < 300:
        return Claim("bad_answer", f"{_host(answer)} sent something that cannot be read")
    return Claim("no_answer", f"{_host(answer)}: {claim.detail or claim.reason}")


def of_no_page(answer: Answer) -> Claim:
    """What an answer that is no page (anything but 200) says of a thing that only its page tells of.

    204, 206, 300 and 304 deny nothing, and show nothing either.
    """
    claim = judge_answer(answer)
    return (
        claim if claim.health not in PRESENT else Claim("no_answer", f"HTTP {answer.status} without a page")
    )


def _host(answer: Answer) -> str:
    return hostname(answer.url) or "the API"
