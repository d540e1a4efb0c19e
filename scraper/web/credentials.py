"""Tokens, and the only hosts that get to see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scraper.errors import SettingsError

_HERE = ("127.0.0.1", "::1", "localhost")


class Credentials:
    """Bearer tokens by name. A question names one; its value is added at the moment of sending and stands in
    no request, answer, log or exception."""

    def __init__(self, bearer: Mapping[str, tuple[str, Iterable[str]]] | None = None) -> None:
        """`bearer` has (token, hosts) by name, a host with or without `:port`. Raises SettingsError."""
        self._bearer: dict[str, tuple[str, frozenset[str]]] = {}
        self._headers: dict[str, dict[str, str]] = {}
        for name, (token, hosts) in (bearer or {}).items():
            self.add(name, token, hosts)

    def add(self, name: str, token: str, hosts: Iterable[str]) -> None:
        """Set or replace a token, as after a login; an empty one takes it away. Raises SettingsError."""
        token = token.strip()
        # RFC 6750, 2.1: b64token, all of it visible ASCII; a line break would start another header field.
        if not all("!" <= character <= "~" for character in token):
            raise SettingsError(
                f"the credential {name!r} has a character that cannot be sent: a blank or a line break?"
            )
        self._bearer[name] = (token, frozenset(host.lower() for host in hosts))

    def add_header(self, host: str, name: str, value: str) -> None:
        """A header field for one host, with its port where that is not https's. Raises SettingsError."""
        value = value.strip()
        if not value or not all(" " <= character <= "~" for character in value):
            raise SettingsError(
                f"the header {name} for {host} is empty, or has a character that cannot be sent"
            )
        self._headers.setdefault(host.lower(), {})[name] = value

    def headers(self, scheme: str, host: str, port: int) -> Mapping[str, str]:
        """The header fields for this origin: this very host, over https, or on this machine."""
        if scheme != "https" and host not in _HERE:
            return {}
        own = self._headers.get(f"{host}:{port}", {})
        return own or (self._headers.get(host, {}) if port == 443 else {})

    def authorization(self, name: str, scheme: str, host: str, port: int) -> str:
        """The Authorization field for the credential at this origin; empty for every other host, and over
        plain http for all but this machine."""
        token, hosts = self._bearer.get(name, ("", frozenset()))
        safe = scheme == "https" or host in _HERE
        return f"Bearer {token}" if token and safe and not hosts.isdisjoint((host, f"{host}:{port}")) else ""

    def __contains__(self, name: str) -> bool:
        return bool(self._bearer.get(name, ("", ()))[0])

    def __repr__(self) -> str:
        return f"Credentials({sorted(self._bearer)})"
