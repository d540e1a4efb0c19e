"""The commands that look at what a run left, or act on it: report, changes, history, fix. No network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.reading import read_article, read_bytes
from scraper.commands.inputs import name_of
from scraper.errors import UsageError
from scraper.model import Health
from scraper.records import stamp
from scraper.reports import changes as changes_text
from scraper.reports.editions import edition, render
from scraper.reports.feed import changes_atom
from scraper.reports.model import Edition
from scraper.reports.text import plain
from scraper.sites.identity import identify, unwrap
from scraper.snapshots import snapshot
from scraper.snapshots.changes import compare
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


def report(names: Sequence[str], settings: Settings) -> list[Path]:
    """Render the reports of the last snapshots again; returns the paths."""
    with Store.open(settings.data / "scraper.db", create=False) as store:
        return render(store, _editions(store, names or snapshot.articles(settings.data), settings), settings)


def _editions(store: Store, names: Sequence[str], settings: Settings) -> Iterator[Edition]:
    for name in names:
        after = snapshot.find(settings.data, name)
        yield edition(store, _run_of(store, name), name, settings, snapshot.before(after), after)


def _run_of(store: Store, name: str) -> int:
    run = store.last_run(name)
    if run is None:
        raise UsageError(f"The store knows no published run of {name!r}: `scraper refresh` it first.")
    return run


def the_article(settings: Settings, name: str | None) -> str:
    """The article that is meant: the one named, or the only one there is."""
    known = snapshot.articles(settings.data)
    if name is None and len(known) == 1:
        return known[0]
    if name is None or name not in known:
        there = ", ".join(known) or "none; `scraper refresh` makes one"
        raise UsageError(f"Which article? --article NAME; there are snapshots of: {there}.")
    return name


def changes(
    settings: Settings, *, style: str, quiet: bool, name: str | None, before: str | None, after: str | None
) -> str:
    """What differs between two snapshots: the last and the one before, unless they are named."""
    article = the_article(settings, name)
    later = snapshot.find(settings.data, article, after or snapshot.LATEST)
    earlier = snapshot.find(settings.data, article, before) if before else snapshot.before(later)
    found = compare(earlier, later)
    if style == "atom":
        with Store.open(settings.data / "scraper.db", create=False) as store:
            each = edition(store, _run_of(store, article), article, settings, earlier, later)
        return changes_atom(each).decode().rstrip()
    if style == "json":
        return changes_text.as_json(found)
    if style == "markdown":
        return changes_text.as_markdown(found)
    return changes_text.as_text(found, quiet=quiet)


def history(target: str, settings: Settings, *, as_json: bool) -> str:
    """All verdicts on a target, the oldest first, and a strip of marks over them."""
    with Store.open(settings.data / "scraper.db", create=False) as store:
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


def fix(source: str, settings: Settings, rules: set[str], write: bool) -> tuple[bytes, list[str]]:
    """The patch in the article's own encoding, and lines on what is left; with `write` it is applied."""
    path, data = Path(source), read_bytes(source)
    article = read_article(data, source)
    rows = {row["target"]: row for row in snapshot.find(settings.data, name_of(source, settings)).rows()}
    text = decode(data, source)
    proposal = fixing.propose(text.text, article, rows, rules)
    after = fixing.apply(text.text, proposal.edits)
    left = [f"line {one.line}: {plain(one.href)}: {plain(one.reason)}" for one in proposal.left]
    if write and proposal.edits:
        backup = fixing.write(path, text.encode(after))
        left.append(f"{len(proposal.edits)} links replaced in {source}; the old file is {backup.name}")
    return text.encode(fixing.unified_diff(text.text, after, path.name)), left
