"""Addresses: the one that was asked for, and those that redirects lead to. Pure."""

from __future__ import annotations

import re

from scraper.addresses import a_label, joined
from scraper.web.call import Origin
from scraper.web.failures import Failed
from scraper.web.library import httpx

STATUSES = frozenset({301, 302, 303, 307, 308})
LONGEST = 65_536

CROSSING = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})
"""Header fields that may go to another origin; all others (Authorization, Cookie, keys of any name) stay."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FOREIGN = re.compile(r"((?:https?:)?//(?:[^/?#]*@)?)([^/?#@:\[\]]+)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def origin(url: httpx.URL) -> Origin:
    return url.scheme, url.raw_host.decode("ascii"), url.port or _DEFAULT_PORTS.get(url.scheme, 0)


def parse(text: str) -> httpx.URL:
    """The address to visit, without user, password and fragment. Raises Failed: invalid_url, unsupported."""
    try:
        url = httpx.URL(_with_known_host(text))
    # What the URL layer raises for bad input: InvalidURL, UnicodeError, idna.IDNAError (both ValueError),
    # RecursionError. None of it is a fault of ours.
    except (httpx.InvalidURL, ValueError, RecursionError) as error:
        raise Failed("invalid_url", _shown(f"{error}")) from None
    if url.scheme not in _DEFAULT_PORTS:
        raise Failed("unsupported", _shown(f"{url.scheme or 'no'} scheme"))
    if not url.raw_host or b"%" in url.raw_host:  # a character that no host name has, percent-encoded
        raise Failed("invalid_url", "no host that could be looked up")
    if url.port is not None and not 1 <= url.port <= 65_535:
        raise Failed("invalid_url", f"port {url.port}")
    if url.userinfo or url.fragment:
        return url.copy_with(userinfo=b"", fragment=None)
    return url


def _with_known_host(text: str) -> str:
    """With a name of other letters as the DNS has it: the URL layer knows IDNA 2008 only, browsers more."""
    match = None if text.isascii() else _FOREIGN.match(text)
    label = a_label(match[2]) if match and not match[2].isascii() else None
    return f"{match[1]}{label}{text[match.end() :]}" if match and label else text


def follow(base: httpx.URL, locations: list[bytes]) -> httpx.URL:
    """Where the Location field leads, read as browsers read it. Raises Failed: bad_redirect."""
    target = _text(locations)
    if _CONTROL.search(target):
        raise Failed("bad_redirect", _shown(f"control characters in Location: {target}"))
    try:
        return parse(joined(str(base), target))
    except (Failed, ValueError) as error:
        why = error.detail if isinstance(error, Failed) else str(error)
        raise Failed("bad_redirect", _shown(f"{why} in Location: {target}")) from None


def next_method(status: int, method: str) -> str:
    """RFC 9110, 15.4: 303 turns every method into GET; 301 and 302 turn POST, "for historical reasons"."""
    return "GET" if status == 303 or (status in (301, 302) and method == "POST") else method


def crossing(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The header fields that may go to another origin."""
    return [(name, value) for name, value in headers if name.lower() in CROSSING]


def _text(locations: list[bytes]) -> str:
    """The one Location, as text. As in browsers, bytes that are not UTF-8 stay what they are, in percents."""
    if len(set(locations)) > 1:
        raise Failed("bad_redirect", "several different Locations")
    raw = locations[0].strip(b" \t") if locations else b""
    if not raw:
        raise Failed("bad_redirect", "an empty Location" if locations else "no Location")
    if len(raw) > LONGEST:
        raise Failed("bad_redirect", f"a Location of {len(raw)} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:160]
