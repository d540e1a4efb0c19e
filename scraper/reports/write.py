"""Writes the reports of an edition into its folder: the only module of `reports` that touches the disk."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from scraper import columns, files
from scraper.reports.badge import badge_json
from scraper.reports.feed import changes_atom
from scraper.reports.html import index_html, report_html
from scraper.reports.junit import junit_xml
from scraper.reports.markdown import summary_markdown
from scraper.reports.model import Edition, Row, Summary
from scraper.snapshots import tables


def write_reports(edition: Edition, folder: Path) -> list[Path]:
    """Write the seven reports, each whole or not at all; returns their paths.

    All are rendered before the first is written, so a fault in one leaves the reports of the run before.

    Raises:
        NotPublished: the disk refused; the message says what to do.
    """
    with files.published_or_told("the reports"):
        files.own_folder(folder)
        feed = folder / "changes.atom"
        earlier = feed.read_bytes() if feed.is_file() else b""
    rendered: dict[str, str | bytes] = {
        "report.html": report_html(edition),
        "summary.md": summary_markdown(edition),
        "links.csv": _csv(columns.LINKS, edition.links),
        "papers.csv": _csv(columns.PAPERS, edition.papers),
        "junit.xml": junit_xml(edition),
        "badge.json": badge_json(edition),
        "changes.atom": changes_atom(edition, earlier),
    }
    with files.published_or_told("the reports"):
        for name, content in rendered.items():
            files.write(folder / name, content)
    return [folder / name for name in rendered]


def write_index(summaries: Sequence[Summary], path: Path) -> Path:
    """Write the page over all articles to `path` (`index.html`), beside the folders of their reports.

    Raises:
        NotPublished: the disk refused; the message says what to do.
    """
    with files.published_or_told("the index of reports"):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, index_html(summaries))
    return path


def _csv(table: columns.Table, rows: Sequence[Row]) -> bytes:
    """A table to be read by people: no cell is a formula to a spreadsheet. The snapshot has the raw text."""
    out = io.BytesIO()
    tables.write_csv(out, table, tables.chunks(table, rows), guarded=True)
    return out.getvalue()
