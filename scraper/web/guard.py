"""Which addresses and ports may be visited: public ones, on 80 and 443, unless the settings say otherwise.

An article is other people's text, and so is every redirect: neither may make this program knock on its own
network's doors. The *address* is judged, never the name: `127.1`, `0x7f000001`, `2130706433`, circled digits
and `127.0.0.1\\0.example.org` all resolve to 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from scraper.errors import SettingsError

PORTS = frozenset({80, 443})

# `is_global` is right about most of the IANA special-purpose registries, and says True for multicast, for
# the wrappings that carry an IPv4 address inside an IPv6 one, and for a cloud's host agent.
_REFUSED = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this network"),
        ("100.64.0.0/10", "shared address space"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("240.0.0.0/4", "reserved"),
        ("168.63.129.16/32", "cloud host agent"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/23", "protocol assignments, Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fec0::/10", "site-local"),
    )
)


class Guard:
    """The decision, for the networks and ports that the settings allow besides the public ones."""

    def __init__(self, allow_networks: Iterable[str] = (), allow_ports: Iterable[int] = ()) -> None:
        try:
            self._allowed = tuple(ip_network(network, strict=False) for network in allow_networks)
        except ValueError as error:
            raise SettingsError(f"allow_networks: {error}") from None
        self._ports = PORTS | frozenset(allow_ports)

    def refuses_port(self, port: int) -> str:
        """Why the port is refused; empty when it is allowed."""
        return "" if port in self._ports else f"port {port} is not among {sorted(self._ports)}"

    def refuses(self, addresses: Iterable[str]) -> str:
        """Why not to connect to a name with these addresses; empty when every one of them is allowed.

        One private address among public ones is enough: the next look-up may give that one alone.
        """
        for text in addresses:
            address = _unwrapped(text)
            if any(address in network for network in self._allowed):
                continue
            if kind := _not_public(address):
                return f"{text} is not a public address ({kind})"
        return ""


def _unwrapped(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(4096)
def _not_public(address: IPv4Address | IPv6Address) -> str:
    """What the address is instead of public; empty when it is public."""
    for network, name in _REFUSED:
        if address in network:
            return name
    for name in ("unspecified", "loopback", "link_local", "multicast", "private", "reserved"):
        if getattr(address, f"is_{name}"):
            return name.replace("_", "-")
    return "" if address.is_global else "not global"
