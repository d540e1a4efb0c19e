"""Which addresses mean a forum of OpenReview."""

from __future__ import annotations

import re

from scraper.addresses import Parts, parameter, without_marks
from scraper.model import Target

_OPENREVIEW = frozenset({"openreview.net", "www.openreview.net", "api.openreview.net", "api2.openreview.net"})
# `references/pdf?id=` names a revision and `pdf/<40 hex>.pdf` a file: neither is a forum, both stay pages.
_FORUM_PATHS = frozenset({"/forum", "/pdf", "/attachment", "/notes"})


def forum(address: Parts, archived_at: str) -> Target | None:
    """A paper's forum by any of its doors; ids are case-sensitive and may begin or end with `-` or `_`."""
    if address.host not in _OPENREVIEW or address.path.rstrip("/") not in _FORUM_PATHS:
        return None
    forum = parameter(address, "forum") if address.path.startswith("/notes") else ""
    forum = without_marks(forum or parameter(address, "id"))
    if not re.fullmatch(r"[A-Za-z0-9_-]+", forum):
        return None
    url = f"https://openreview.net/forum?id={forum}"
    return Target(f"openreview:{forum}", "openreview", "forum", forum, url, archived_at)
