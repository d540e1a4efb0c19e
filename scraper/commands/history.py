"""`scraper history`: all verdicts on one target. No network."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from typing import TYPE_CHECKING

from scraper.errors import UsageError
from scraper.model import Health
from scraper.records import stamp
from scraper.reports.findings import finding
from scraper.reports.text import document, plain
from scraper.sites.identity import identify, unwrap
from scraper.snapshots import snapshot
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
            f"No run has visited {plain(target)}{_nearest(target, settings)} "
            "Name it as `target` in links.csv does, or by its address."
        )
    if as_json:
        return document(visits=[_visit(visit) for visit in visits])
    legend = "  ".join(f"{mark} {health}" for health, mark in MARKS.items())
    strip = "".join(MARKS[visit.health] for visit in visits)
    return "\n".join([plain(key), strip, legend, "", *map(_line, visits)])


def _visit(visit: Visit) -> dict[str, object]:
    row = asdict(visit)
    return row | {name: stamp(row[name]) for name in ("started", "checked_at")}


def _line(visit: Visit) -> str:
    said = finding(visit.reason, visit.detail, visit.http_status, attempts=visit.attempts)
    return f"{stamp(visit.checked_at)}  {visit.health:<10} {said}"


def _nearest(target: str, settings: Settings) -> str:
    """The link of the last snapshots whose name has most in common with what was asked for."""
    known = [
        str(row["target"])
        for name in snapshot.articles(settings.data)
        for row in snapshot.find(settings.data, name).rows(only=("target",))
    ]
    inside = [name for name in known if target.strip("/").lower() in name.lower()]
    close = inside or difflib.get_close_matches(target, known, 1, 0.6)
    return f"; did you mean {plain(close[0])}?" if close else "."
