"""The set through the whole pipeline: article, visits, store, snapshot and `fix`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.reading import load
from scraper.run import refresh
from scraper.settings import HostSettings, Settings
from scraper.sites import captures
from scraper.store.store import Store
from takeovers.cases import Case
from takeovers.web import TakenWeb

Rows = dict[str, dict[str, Any]]
"""Rows of links.csv by address."""

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def article(folder: Path, cases: Sequence[Case], *, named: bool = True) -> Path:
    """A list of the links, under their headings; not `named`, they only say "link"."""
    lines = ["# A reading list"]
    for section in dict.fromkeys(case.section for case in cases):
        lines += ["", f"## {section}", ""]
        mine = [case for case in cases if case.section == section]
        lines += [f"- [{case.text if named else 'link'}]({case.url})" for case in mine]
    path = folder / "list.md"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def run(
    folder: Path,
    web: TakenWeb,
    cases: Sequence[Case],
    *,
    named: bool = True,
    before: bool = False,
    back: bool = False,
    day: int = 7,
) -> Rows:
    """The rows of a run after the change; `before`: one saw what was there; `back`: it is there again."""
    path = article(folder, cases, named=named)
    settings = Settings(
        data=folder / "data",
        reports=folder / "reports",
        host_interval=0.0,
        host_concurrency=8,
        timeout=5.0,
        attempts=1,
        outage=1.0,
        archive=web.archived,
        connect_to=web.connect_to,
        ca_file=web.authority,
        hosts={key: HostSettings(interval=0.0, concurrency=8) for key in captures.PACES},
    )
    settings.data.mkdir(parents=True, exist_ok=True)
    read = load(str(path))
    with Store.open(settings.data / "scraper.db") as store:
        if before:
            web.turn(back=True)
            refresh([read], settings, store, now=lambda: BEGUN)
        web.turn(back=back)
        result = refresh([read], settings, store, now=lambda: BEGUN + timedelta(days=day))
        return {str(row["url"]): dict(row) for row in store.rows(result.run, read.name)}


def fixed(folder: Path, rows: Rows) -> str:
    """The article as `fix` would leave it, by every rule there is."""
    path = folder / "list.md"
    text = decode(path.read_bytes(), str(path)).text
    by_target = {str(row["target"]): row for row in rows.values()}
    proposal = fixing.propose(text, load(str(path)), by_target, set(fixing.RULES))
    return fixing.apply(text, proposal.edits)
