"""Redirect wrappers: addresses that only lead to another one, which stands in them to be read.

Exports of Google Docs and of Zhihu wrap every link; mail programs, chats and social networks wrap what passes
through them. What is wrapped is the link; the wrapper is one more thing that can break.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from scraper.addresses import Parts, parts


class _Wrapper(NamedTuple):
    host: re.Pattern[str]
    path: re.Pattern[str]
    parameters: tuple[str, ...]
    """Names under which the wrapped address may stand in the query, the likeliest first."""


def _wrapper(host: str, path: str, *parameters: str) -> _Wrapper:
    return _Wrapper(re.compile(host), re.compile(path), parameters)


_WRAPPERS = (
    _wrapper(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/url/?", "q", "url"),
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

_PROOFPOINT_2 = re.compile(r"https?://urldefense\.(?:proofpoint\.)?com/v2/url/?\?(?:[^#]*&)?u=([^&#]+)", re.I)
_PROOFPOINT_3 = re.compile(
    r"https?://urldefense\.(?:us|com|proofpoint\.com)/v3/__(.+?)__;([^!]*)(?:!!?.*)?", re.I
)
_IN_FRAGMENT = re.compile(r"https?://(?:www\.)?gitpod\.io/#/?(?:[\w%=,]+/)?(https?://.+)", re.I | re.S)


def inside(url: str) -> str:
    """The address in a redirect wrapper; empty when it is none, or what is in it is no web address."""
    if "http" not in url[4:].lower():  # almost all: there is no second address in it
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
    return match[1] if match else ""


_READERS: tuple[Callable[[str, Parts], str], ...] = (_by_parameter, _proofpoint, _fragment)
