"""`scraper history`: all verdicts on one target. No network."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.model import Health
from scraper.records import stamp
from scraper.reports.text import plain
from scraper.sites.identity import identify, unwrap
from scraper.store.reading import Visit
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.settings import Settings


MARKS = {
    Health.ALIVE: "+",
    Health.MOVED: ">",
    Health.BLOCKED: "#",
    Health.BROKEN: "x",
    Health.FAILING: "!",
    Health.UNVERIFIED: "?",
}
"""One character per run in the strip of `scraper history`; pure ASCII, for any terminal and any mail."""


def history(target: str, settings: Settings, *, as_json: bool) -> str:
    """All verdicts on a target, the oldest first, and a strip of marks over them."""
    with Store.open(settings.store, create=False) as store:
        visits = store.history(target)
        key = target
        if not visits:
            key = identify(unwrap(target).url).key
            visits = store.history(key)
    if not visits:
        raise UsageError(
            f"Nothing was ever seen of {plain(target)}: name it as links.csv does, or by its address."
        )
    if as_json:
        return json.dumps([_visit(visit) for visit in visits], ensure_ascii=False, indent=1)
    legend = "  ".join(f"{mark} {health}" for health, mark in MARKS.items())
    strip = "".join(MARKS[visit.health] for visit in visits)
    return "\n".join([plain(key), strip, legend, "", *map(_line, visits)])


def _visit(visit: Visit) -> dict[str, object]:
    row = asdict(visit)
    return row | {name: stamp(row[name]) for name in ("started", "checked_at")}


def _line(visit: Visit) -> str:
    status = visit.http_status or ""
    detail = f"  {plain(visit.detail)}" if visit.detail else ""
    return f"{stamp(visit.checked_at)}  {visit.health:<10} {visit.reason:<22} {status:>3}{detail}"[:200]
