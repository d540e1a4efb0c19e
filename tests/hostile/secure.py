"""faults.md 25 and 26: certificates."""

from __future__ import annotations

from dataclasses import replace

from hostile.labels import Behaviour, many
from hostile.pages import GOOD

PATHS = ("/paper", "/data", "/code")


def certified(name: str, certificate: str, reason: str) -> Behaviour:
    return Behaviour(name, many(reason, GOOD, PATHS), scheme="https", certificate=certificate)


BEHAVIOURS = (
    certified("Good certificate", "good", "ok"),
    certified("Certificate ends soon", "soon", "ok"),
    certified("Certificate of ours is welcome", "optional", "ok"),
    certified("Expired certificate", "expired", "tls_expired"),
    certified("Certificate of tomorrow", "future", "tls_not_yet_valid"),
    certified("Certificate of somebody else", "wrong", "tls_hostname"),
    certified("Certificate of nobody we know", "unknown", "tls_untrusted"),
    certified("Old TLS only", "old", "tls_protocol"),
    replace(certified("International name", "good", "ok"), host="bücher.test", named=True),
)
