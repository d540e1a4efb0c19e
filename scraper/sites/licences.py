"""Licences by their SPDX ids (https://spdx.org/licenses/), from what services call them or link to."""

from __future__ import annotations

import re

from scraper.model import Record
from scraper.sites.values import one_line

_IDS = str.split(
    """
    0BSD AFL-3.0 AGPL-3.0 Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause
    BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 CC0-1.0 CDLA-Permissive-1.0
    CDLA-Permissive-2.0 CDLA-Sharing-1.0 CECILL-1.0 CECILL-2.0 CECILL-2.1 CECILL-B CECILL-C CERN-OHL-1.2
    CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 ECL-2.0 EPL-1.0 EPL-2.0 etalab-2.0 EUPL-1.1 EUPL-1.2
    GFDL-1.3 GPL-2.0 GPL-3.0 ISC LGPL-2.0 LGPL-2.1 LGPL-3.0 LPPL-1.3c MIT MIT-0 MPL-2.0 MS-PL MS-RL
    MulanPSL-2.0 NCSA ODbL-1.0 ODC-By-1.0 OFL-1.1 OGL-UK-3.0 OSL-3.0 PDDL-1.0 PostgreSQL Python-2.0
    Unlicense UPL-1.0 Vim W3C WTFPL Zlib
    """
)
_BY_NAME = {name.lower(): name for name in _IDS}
_ALSO = {
    "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
    "cc0": "CC0-1.0",
    "cc-zero": "CC0-1.0",
    "gfdl": "GFDL-1.3",
}
_SHORT_CC = re.compile(r"cc-by(?:-nc)?(?:-(?:nd|sa))?-[1-4]\.[05]")


def spdx_of(name: object) -> str | None:
    """The SPDX id of a short name (`apache-2.0`, `gpl-3.0-or-later`) as GitHub writes it, or None."""
    short = (one_line(name) or "").lower().removesuffix("-only").removesuffix("-or-later")
    if _SHORT_CC.fullmatch(short):
        return short.upper()
    return _BY_NAME.get(short) or _ALSO.get(short)


def license_columns(name: object) -> Record:
    """The two columns of a licence: one with an SPDX id, another one (`unrecognised`), or `none`."""
    if not (written := one_line(name)):
        return {"license_state": "none", "license_spdx": None}
    spdx = spdx_of(written)
    return {"license_state": "spdx" if spdx else "unrecognised", "license_spdx": spdx}


_LICENSE = re.compile(
    r"(?:creativecommons\.org/licenses/|\bcc[ -])(by(?:-nc)?(?:-(?:nd|sa))?)[/ -](\d\.\d)(?![\w.])"
    r"([/-](?:[a-z]{2,3}|scotland)(?![a-z]))?",
    re.IGNORECASE,
)
_ZERO = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc0\b", re.IGNORECASE)


def creative_commons(written: object) -> str | None:
    """The SPDX id (`CC-BY-4.0`) of a Creative Commons licence by its address or name; None for anything else.

    A port to a jurisdiction (`/by/3.0/us/`, `cc-by-3.0-us`) is another licence with an SPDX id of its own, or
    none: None.
    """
    name = (one_line(written) or "")[:300]
    if _ZERO.search(name):
        return "CC0-1.0"
    match = _LICENSE.search(name)
    if match is None or match[3]:
        return None
    return f"CC-{match[1].upper()}-{match[2]}"
