"""The whole labelled web."""

from __future__ import annotations

from hostile import addresses, contents, doors, redirects, secure, transport
from hostile.labels import Link

BEHAVIOURS = (
    *transport.BEHAVIOURS,
    *redirects.BEHAVIOURS,
    *secure.BEHAVIOURS,
    *addresses.BEHAVIOURS,
    *doors.BEHAVIOURS,
    *contents.BEHAVIOURS,
)
ODD_LINKS = tuple(
    Link(url, reason, odd.name, False) for odd in addresses.ODD for url, reason in odd.urls.items()
)
