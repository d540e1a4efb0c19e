"""Cookies of one fetch, forgotten after it: they pass cookie walls, redirects to themselves that set one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.web.resolver import literal

_GONE = re.compile(r"0+|-[0-9]+")
MOST = 50
LONGEST = 4096


class _Cookie(NamedTuple):
    value: str
    shared: bool
    """Whether sub-domains get it too (it had a Domain attribute)."""
    secure: bool


@dataclass(slots=True)
class Jar:
    """Cookies by (domain, path, name), as RFC 6265, 5.3 and 5.4 have it; expiry dates outlive any fetch."""

    _kept: dict[tuple[str, str, str], _Cookie] = field(default_factory=dict)

    def take(self, host: str, line: str) -> None:
        """Keep what a Set-Cookie line sets, if the host may set it; `Max-Age=0` takes it away."""
        pair, *attributes = line.split(";")
        name, equals, value = pair.partition("=")
        if not equals or len(pair) > LONGEST or not pair.isprintable() or not pair.isascii():
            return
        told = {key.strip().lower(): text.strip() for key, _, text in (a.partition("=") for a in attributes)}
        domain = told.get("domain", "").lstrip(".").lower()
        if domain and not _covers(domain, host):
            return
        path = told.get("path", "")
        key = (domain or host, path if path.startswith("/") else "/", name.strip())
        self._kept.pop(key, None)
        if not _GONE.fullmatch(told.get("max-age", "")):
            self._kept[key] = _Cookie(value.strip(), bool(domain), "secure" in told)
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def header(self, scheme: str, host: str, path: str) -> str:
        """The Cookie field for a request, or empty."""
        return "; ".join(
            f"{name}={cookie.value}"
            for (domain, prefix, name), cookie in self._kept.items()
            if (domain == host or (cookie.shared and host.endswith(f".{domain}")))
            and (path == prefix or path.startswith(prefix if prefix.endswith("/") else f"{prefix}/"))
            and (scheme == "https" or not cookie.secure)
        )

    def state(self) -> frozenset[tuple[tuple[str, str, str], _Cookie]]:
        """What the jar holds, to compare: the same address with other cookies is another request."""
        return frozenset(self._kept.items())


def _covers(domain: str, host: str) -> bool:
    """Whether the host may set cookies for the domain. A whole top-level domain is never one (and with
    cookies that live for one fetch, a public suffix of two labels can do no harm)."""
    return host == domain or (host.endswith(f".{domain}") and "." in domain and not literal(host))
