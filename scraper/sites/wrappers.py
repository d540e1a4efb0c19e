"""Redirect wrappers: addresses that only lead to another one, which stands in them to be read.

Exports of Google Docs and of Zhihu wrap every link; mail programs, chats and social networks wrap what passes
through them. What is wrapped is the link; the wrapper is one more thing that can break.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from scraper.addresses import Parts, parameter, parts
from scraper.verdicts.patterns import lazily


class _Wrapper(NamedTuple):
    host: re.Pattern[str]
    path: re.Pattern[str]
    parameters: tuple[str, ...]
    """Names under which the wrapped address may stand in the query, the likeliest first."""


def _wrapper(host: str, path: str, *parameters: str) -> _Wrapper:
    return _Wrapper(lazily(host), lazily(path), parameters)


_WRAPPERS = (
    _wrapper(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/url/?", "q", "url"),
    _wrapper(
        r"translate\.google(?:usercontent)?\.(?:com?\.)?[a-z]{2,3}", r"/(?:translate(?:_c)?|website)/?", "u"
    ),
    _wrapper(r"(?:docs|drive)\.google\.com", r"/(?:viewerng/)?g?view(?:er)?/?", "url"),
    _wrapper(r"view\.officeapps\.live\.com", r"/op/(?:view|embed)\.aspx", "src"),
    _wrapper(r"(?:www\.)?webcitation\.org", r"/\w+/?", "url"),
    _wrapper(
        r"(?:.+\.)?(?:ez|lib|web)?-?proxy\d?\.(?:.+\.)?[a-z]{2,}|.+\.idm\.oclc\.org",
        r"/login/?",
        "url",
        "qurl",
    ),
    _wrapper(r"scholar\.google\.(?:com?\.)?[a-z]{2,3}", r"/scholar_url/?", "url"),
    _wrapper(r"link\.zhihu\.com", r"/?", "target"),
    _wrapper(r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go|redir/suspicious-page)/?", "url"),
    _wrapper(r"(?:l|lm|www|m)\.facebook\.com", r"/(?:l\.php|flx/warn)/?", "u"),
    _wrapper(r"l\.(?:instagram\.com|threads\.(?:net|com)|messenger\.com|wl\.co)", r"/(?:l\.php)?", "u"),
    _wrapper(r"(?:[a-z0-9-]+\.)?slack-redir\.net", r"/link/?", "url"),
    _wrapper(r"(?:[a-z0-9-]+\.)?safelinks\.protection\.(?:outlook|office365)\.(?:com|us)", r"/.*", "url"),
    _wrapper(r"statics\.teams\.cdn\.office\.net", r"/evergreen-assets/safelinks/.*", "url"),
    _wrapper(r"(?:www\.|m\.)?youtube\.com", r"/redirect/?", "q", "url"),
    _wrapper(r"(?:www\.|html\.)?duckduckgo\.com", r"/l/?", "uddg"),
    _wrapper(r"out\.reddit\.com", r"/.*", "url"),
    _wrapper(r"(?:www\.|m\.)?vk\.com", r"/away(?:\.php)?/?", "to"),
    _wrapper(r"steamcommunity\.com", r"/linkfilter/?", "u", "url"),
    _wrapper(r"t\.umblr\.com", r"/redirect/?", "z"),
    _wrapper(r"disq\.us", r"/(?:url|\?url)?", "url"),
    _wrapper(r"(?:www\.)?medium\.com", r"/r/?", "url"),
    _wrapper(r"(?:www\.)?getpocket\.com", r"/redirect/?", "url"),
    _wrapper(
        r"link\.(?:juejin\.cn|csdn\.net|gitcode\.com|segmentfault\.com|uisdc\.com)", r"/?", "target", "url"
    ),
    _wrapper(r"(?:links?|www)\.jianshu\.com", r"/(?:go|go-wild)?/?", "to", "t", "url"),
    _wrapper(r"(?:www\.)?douban\.com", r"/link2/?", "url"),
    _wrapper(r"(?:www\.)?(?:gitee|oschina)\.(?:com|net)", r"/(?:link|action/GoToLink)/?", "target", "url"),
    _wrapper(r"(?:www\.)?weibo\.cn", r"/sinaurl/?", "u", "toasturl"),
    _wrapper(r"urldefense\.proofpoint\.com", r"/v1/url/?", "u"),
)

_BEFORE = lazily(
    r"https?://(?:(?:mirror\.)?gh-?proxy\.(?:com|net|org)|ghfast\.top|r\.jina\.ai|via\.hypothes\.is|12ft\.io"
    r"|outline\.com|scholar\.archive\.org/work/\w+/access/(?:wayback|ia_file)"
    r"|(?:anonym\.to|href\.li|nullrefer\.com|(?:www\.)?dereferer\.me)/\?)/?(https?(?::|%3a).+)",
    re.IGNORECASE | re.DOTALL,
)
"""Services whose address stands before the whole other one."""
_CACHED = lazily(
    r"https?://webcache\.googleusercontent\.com/search\?(?:[^#]*&)?q=cache:(?:(?!https?:)[\w-]+:)?([^&#+]+)",
    re.I,
)
_PROOFPOINT_2 = lazily(r"https?://urldefense\.(?:proofpoint\.)?com/v2/url/?\?(?:[^#]*&)?u=([^&#]+)", re.I)
_PROOFPOINT_3 = lazily(
    r"https?://urldefense\.(?:us|com|proofpoint\.com)/v3/__(.+?)__;([^!]*)(?:!!?.*)?", re.I
)
_IN_FRAGMENT = lazily(
    r"https?://(?:www\.|app\.)?gitpod\.io/?#/?(?:[\w%=,]+/)?((?:https?://|(?=github\.com/)).+)", re.I | re.S
)
_HIDDEN = lazily(
    r"https?://(?:[a-z0-9-]+\.translate\.goog|[a-z0-9-]+\.cdn\.ampproject\.org|cdn\.ampproject\.org"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp/|(?:www\.|cn\.)?bing\.com/ck/|(?:www\.|app\.)?gitpod\.io/?#)",
    re.IGNORECASE,
)
"""Wrappers in which the address does not stand as it is written."""
_AMP = lazily(r"/(?:amp|c|v|i|wp)/(?P<secure>s/)?(?P<rest>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?)", re.I | re.S)


def inside(url: str) -> str:
    """The address in a redirect wrapper; empty when nothing, or no web address, is wrapped."""
    if "http" not in url[4:].lower() and not _HIDDEN.match(url):  # almost all: there is no second address
        return ""
    address = parts(url)
    if address is None:
        return ""
    found = next(filter(None, (read(url, address) for read in _READERS)), "")
    return found if found != url and parts(found) is not None else ""


def _by_parameter(url: str, address: Parts) -> str:
    for wrapper in _WRAPPERS:
        if wrapper.host.fullmatch(address.host) and wrapper.path.fullmatch(address.path or "/"):
            return _first(address.query[1:], wrapper.parameters)
    return ""


def _first(query: str, names: tuple[str, ...]) -> str:
    pairs = [pair.partition("=") for pair in query.split("&")]
    values = ((unquote(value), key) for name in names for key, _, value in pairs if key == name)
    return next((value for value, _ in values if re.match(r"https?://", value, re.I)), "")


def _proofpoint(url: str, _: Parts) -> str:
    """https://help.proofpoint.com: version 2 writes `%` as `-` and `/` as `_`; version 3 keeps the address
    but for the characters that it lists in base64, which are rare: those are left to the wrapper."""
    if match := _PROOFPOINT_2.match(url):
        return unquote(match[1].translate(str.maketrans("-_", "%/")))
    if (match := _PROOFPOINT_3.match(url)) and not match[2]:
        return re.sub(r"^(https?):/+", r"\1://", match[1])
    return ""


def _fragment(url: str, _: Parts) -> str:
    match = _IN_FRAGMENT.match(url)
    return re.sub(r"^(?!https?://)", "https://", match[1]) if match else ""


def _behind(url: str, _: Parts) -> str:
    match = _BEFORE.match(url)
    cached = _CACHED.match(url)
    found = unquote(cached[1]) if cached else match[1] if match else ""
    found = unquote(found) if re.match(r"https?%3a", found, re.I) else found
    return re.sub(r"^(?:(https?):/+)?", lambda cut: f"{cut[1] or 'https'}://", found) if found else ""


def _translated(url: str, address: Parts) -> str:
    """Google writes `.` as `-`, and `-` as `--`; what else it must write it says in `_x_tr_enc`."""
    name, _, host = address.host.partition(".")
    if host != "translate.goog" or "_x_tr_enc=" in address.query:
        return ""
    name = name.replace("--", "\0").replace("-", ".").replace("\0", "-")
    asked = [pair for pair in address.query[1:].split("&") if pair and not pair.startswith("_x_tr_")]
    scheme = "http" if "_x_tr_sch=http" in address.query.split("&") else "https"
    fragment = "".join(url.partition("#")[1:])
    return f"{scheme}://{name}{address.path}{'?' if asked else ''}{'&'.join(asked)}{fragment}"


def _accelerated(_: str, address: Parts) -> str:
    """`/amp/s/host/path`: `s` for https."""
    if not re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}|(?:[a-z0-9-]+\.)?cdn\.ampproject\.org", address.host):
        return ""
    match = _AMP.fullmatch(address.path)
    return f"http{'s' if match['secure'] else ''}://{match['rest']}{address.query}" if match else ""


def _of_bing(_: str, address: Parts) -> str:
    """`/ck/a?…&u=a1` and the address in base64."""
    coded = parameter(address, "u") if address.host.endswith("bing.com") and address.path == "/ck/a" else ""
    if not coded.startswith("a1"):
        return ""
    try:
        return urlsafe_b64decode(coded[2:] + "=" * (-(len(coded) - 2) % 4)).decode("ascii")
    except ValueError:  # cut short, or no base64
        return ""


_READERS: tuple[Callable[[str, Parts], str], ...] = (
    _by_parameter,
    _proofpoint,
    _fragment,
    _behind,
    _translated,
    _accelerated,
    _of_bing,
)
