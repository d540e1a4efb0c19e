"""Web addresses as strings: their parts, their canonical spelling, and what is wrong with them.

Nothing here is fetched and nothing raises: an address that cannot be visited has `parts(...) is None`.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_USERINFO = re.compile(r"((?:[a-z][a-z0-9+.-]*:)?//)[^/?#]*@", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{0,5}))?")
_LABEL = r"[a-z0-9_-]{1,63}"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_SOFT = "\u00ad\u034f\u061c\u115f\u180e"
_WIDTHLESS = ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x2069))
INVISIBLE = _SOFT + "".join(f"{chr(first)}-{chr(last)}" for first, last in _WIDTHLESS) + "\ufeff"
"""Soft hyphen, zero-width and bidirectional controls, as the inside of a regular expression's brackets."""
_JOINERS = "\u200c\u200d"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_ENDING = f".,;:!?)]}}>\"'*|\u3002\uff0c\uff09\u300d\u3011\ufeff{_SOFT}" + "".join(
    chr(code) for first, last in _WIDTHLESS for code in range(first, last + 1)
)
_BLANKS = "".join(map(chr, range(33)))
_LINE_BREAKS = re.compile(r"[\t\n\r]")
_UNTIDY = re.compile(r"[\x00-\x20@]")
_SOUND = re.compile(r"https?://[a-z0-9.-]+(?:[/?#][!-?A-~]*)?", re.IGNORECASE | re.ASCII)
"""Nothing but what an address needs; only its host may still be none."""
_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?=[/?#]|\Z)")
"""The beginning of an address whose host is what stands there."""
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")

# Letters of other scripts that are drawn like Latin ones (a selection of Unicode's confusables.txt).
_LOOK_ALIKES = frozenset("аԁеһіјӏорԛѕԝхуүѵьгкмнтвαικνορτυχωɑɡɩ")
# Scripts that are written together in one word, besides any script with itself.
_WRITTEN_TOGETHER = ({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}, {"LATIN", "CJK", "HANGUL"})


class Parts(NamedTuple):
    """An address in its pieces. `scheme` and `host` are canonical, the rest is as written."""

    scheme: str
    host: str
    """Lower case; an international name as its A-label (RFC 5891); an IPv6 literal with brackets."""
    port: int | None
    """None where it is the scheme's own."""
    path: str
    query: str
    """With its question mark, never decoded and never reordered; empty when there is none."""

    @property
    def address(self) -> str:
        """The canonical spelling. RFC 3986 §6.2.3: an empty path is `/`, a default port is dropped."""
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}://{self.host}{port}{self.path or '/'}{self.query}"


def parameter(address: Parts, name: str) -> str:
    """The first value of a query parameter."""
    for pair in address.query[1:].split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return unquote(value)
    return ""


def tidy(href: str) -> str:
    """The address without what never belongs to it: outer blanks, line breaks, a name and password.

    The URL standard removes outer blanks, tabs and line breaks before anything is parsed.
    """
    if _UNTIDY.search(href) is None:  # almost all
        return href
    return without_userinfo(_LINE_BREAKS.sub("", href).strip(_BLANKS))


def without_userinfo(href: str) -> str:
    """Credentials never travel on: everything up to the last `@` of the authority is cut."""
    return _USERINFO.sub(r"\1", href, count=1) if "@" in href and _USERINFO.match(href) else href


def without_marks(name: str) -> str:
    """Without what ends a sentence and got into a link of it, for names that never end that way."""
    return name.rstrip(_ENDING)


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


@lru_cache(maxsize=1024)
def parts(url: str) -> Parts | None:
    """The pieces of an http(s) address, or None where it cannot be visited."""
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return None
    name, port = _host_and_port(match["authority"])
    host = _canonical_host(name)
    if host is None or port is None:
        return None
    scheme = match["scheme"].lower()
    number = int(port) if port else _DEFAULT_PORTS[scheme]
    if not 1 <= number <= 65535:
        return None
    shown_port = None if number == _DEFAULT_PORTS[scheme] else number
    return Parts(scheme, host, shown_port, match["path"], match["query"] or "")


def _host_and_port(authority: str) -> tuple[str, str | None]:
    """The port is a string of at most five ASCII digits, empty when absent, None when malformed."""
    match = _AUTHORITY.fullmatch(authority)
    return (match[1], match[2] or "") if match else (authority, None)


def _canonical_host(name: str) -> str | None:
    if name.startswith("["):
        return _ipv6(name)
    if not name.isascii() or "xn--" in name.lower():
        name = a_label(name) or ""
    host = name.lower()
    # RFC 1035 §2.3.4: labels of 1 to 63 octets, names of at most 255 (253 as written).
    return host if len(host) <= 254 and _HOST.fullmatch(host) else None


def _ipv6(literal: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(literal[1:-1])}]"
    except ValueError:
        return None


def a_label(name: str) -> str | None:
    """The name as the DNS knows it (`xn--…`), or None where no browser knows such a name."""
    import idna  # Only here: three tables of Unicode that most articles never need.

    try:
        encoded = idna.encode(name.lower(), uts46=True, transitional=False).decode("ascii")
        idna.decode(encoded)
    except (UnicodeError, IndexError):
        return _symbols_label(name.lower())
    return encoded


def _symbols_label(name: str) -> str | None:
    """The same of names that IDNA 2008 does not know, and some registries sell (`☃.net`, `i❤.ws`).

    As browsers look them up: UTS 46, non-transitional, with its rules on joiners and directions.
    """
    import idna

    try:
        labels = [_own_letters(label) for label in idna.uts46_remap(name, False).split(".")]
        written = ".".join(labels)
        if not all(map(idna.check_bidi, labels)) or idna.uts46_remap(written, False) != written:
            return None
    except (UnicodeError, IndexError, ValueError):
        return None
    encoded = ".".join(label if label.isascii() else _punycode(label) for label in labels)
    return encoded if "xn--" in encoded and _HOST.fullmatch(encoded) else None


def _own_letters(label: str) -> str:
    """The label as it is written. Raises UnicodeError, ValueError: there is none such."""
    import idna

    encoded = label.startswith("xn--")
    shown = label[4:].encode().decode("punycode") if encoded else label
    joined = all(idna.valid_contextj(shown, at) for at, letter in enumerate(shown) if letter in _JOINERS)
    if not joined or (encoded and _punycode(shown) != label):
        raise ValueError(label)
    return shown


def _punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode()}"


def flaws(href: str) -> list[str]:
    """What a maintainer should look at in an address, one line each; it may be visited all the same."""
    if _SOUND.fullmatch(href) and "xn--" not in href.lower() and parts(href) is not None:  # almost all
        return []
    found = []
    if without_userinfo(href.strip()) != href.strip():
        found.append("carries a user name or password; it was left out")
    if _INVISIBLE.search(href):
        found.append("contains an invisible character (soft hyphen, zero-width or direction mark)")
    if _CONTROL.search(href):
        found.append("contains blanks or control characters")
    host = _written_host(href)
    if "\\" in host:
        found.append("has a backslash in its host: browsers and programs read it differently")
    if imitated := imitation(host):
        found.append(imitated)
    if href.lower().startswith(("http:", "https:")) and parts(tidy(href)) is None:
        found.append("is not an address that can be visited")
    return found


def _written_host(href: str) -> str:
    match = re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//([^/?#]*)", href, re.IGNORECASE)
    return match[1].rpartition("@")[2] if match else ""


def imitation(host: str) -> str:
    """Why a host may pass for another one, or an empty string.

    UTS 39: a label that mixes scripts not written together, or one all of whose letters are drawn like Latin.
    """
    name = _unicode_name(host)
    if name.isascii():
        return ""
    for label in name.split("."):
        scripts = {_script(letter) for letter in label if letter.isalpha()}
        mixed = len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER)
        foreign = [letter for letter in label.lower() if letter.isalpha() and not letter.isascii()]
        alike = bool(foreign) and "LATIN" not in scripts and all(letter in _LOOK_ALIKES for letter in foreign)
        if mixed or alike:
            return f"has a host that imitates another one: its name is {a_label(name) or 'no valid name'}"
    return ""


def _unicode_name(host: str) -> str:
    name = host.partition(":")[0]
    if "xn--" not in name.lower():
        return name
    import idna

    try:
        return idna.decode(name.lower())
    except (UnicodeError, IndexError):
        return name


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0]


_BEGINNING = re.compile(r"(https?:)?(/*)", re.IGNORECASE)


def joined(base: str, to: str) -> str:
    """Where a reference at `base` leads, as browsers read it (WHATWG URL, 4.4). Raises ValueError.

    A tab is nothing, a backslash a slash up to the query, any number of slashes before a host is two. Of
    the base's own scheme `http:x` and `http:/x` are relative, of another one they begin with a host.
    """
    scheme = urlsplit(base).scheme
    path, mark, rest = _LINE_BREAKS.sub("", to).partition("?")
    path = path.replace("\\", "/")
    match = _BEGINNING.match(path)
    assert match is not None  # it may be empty
    named, slashes = (match[1] or f"{scheme}:").lower(), match[2]
    if len(slashes) >= 2 or named != f"{scheme}:":
        path = f"{named}//{path[match.end() :]}"
    return urljoin(base, path + mark + rest)


def address(url: str) -> SplitResult:
    """The parts of an address; all empty when it is malformed: any text may be judged."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


@lru_cache(maxsize=1024)  # of one page a dozen questions are asked whose answer this is
def hostname(url: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    if match := _PLAIN.match(url):  # almost all
        return match[1]
    return address(url).hostname or ""


def is_https_upgrade(before: str, after: str) -> bool:
    """Whether the two addresses differ in nothing but http and https."""
    old, new = address(before), address(after)
    return (old.scheme, new.scheme) == ("http", "https") and (
        (old.hostname, old.path or "/", old.query) == (new.hostname, new.path or "/", new.query)
    )


FRONT = re.compile(r"/?|/(index|default|home|main|welcome)(\.\w+)?/?|/[a-z]{2}([-_][a-z]{2,4})?/?", re.I)
"""Paths of a front page: `/`, `/index.html`, `/welcome`, `/en/`, `/pt-BR/`."""


def is_front(url: str) -> bool:
    """Whether the address is a site's front page."""
    parts = address(url)
    return bool(FRONT.fullmatch(parts.path)) and not parts.query
