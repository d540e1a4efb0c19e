"""Creative Commons licences by their SPDX ids (https://spdx.org/licenses/)."""

from __future__ import annotations

import re

from scraper.sites.values import one_line

_LICENSE = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:-nc)?(?:-(?:nd|sa))?)[/ -](\d\.\d)(?![\w.])"
    r"(/[a-z]{2,3}(?![a-z]))?",
    re.IGNORECASE,
)
_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc0\b", re.IGNORECASE)


def spdx_id(written: object) -> str | None:
    """`CC-BY-4.0` for the licence's address or name; None for anything else.

    A port to a jurisdiction (`/by/3.0/us/`) is another licence with an SPDX id of its own, or none: None.
    """
    name = (one_line(written) or "")[:300]
    if _ZERO.search(name):
        return "CC0-1.0"
    match = _LICENSE.search(name)
    if match is None or match[3]:
        return None
    return f"CC-{match[1].upper()}-{match[2]}"
