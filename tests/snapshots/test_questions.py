"""Three questions of a researcher to the published tables, each with pandas and with a merge at most.

docs/python.md gives them in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scraper.snapshots.package import Package
from scraper.snapshots.publish import publish
from scraper.snapshots.tables import Row

NOW = pd.Timestamp("2026-11-24T07:00:00Z")


def paper(title: str, presentation: str | None, **code: Any) -> Row:
    known = {"title": title, "presentation": presentation, "paper_target": f"openreview:{title}"}
    return {"first_line": 1, **known, **code}


def code(name: str, health: str, licence: str = "spdx", **more: Any) -> dict[str, Any]:
    known = {"code_url": f"https://github.com/o/{name}", "code_target": f"github:o/{name}"}
    return known | {"code_health": health, "license_state": licence, **more}


PAPERS = [
    paper("Fine", "oral", **code("fine", "alive", archived=False)),
    paper("Dead", "oral", **code("dead", "broken")),
    paper("Unlicensed", "oral", **code("unlicensed", "alive", "none")),
    paper("Codeless", "oral"),
    paper("Poster", "poster", **code("poster", "failing")),
    paper("New", None, **code("new", "alive", archived=True, archived_since="2026-11-10T00:00:00Z")),
    paper("Old", None, **code("old", "alive", archived=True, archived_since="2023-05-01T00:00:00Z")),
]
STARS = {"fine": [("2026-01-01", 10), ("2026-06-01", 25)], "old": [("2026-01-01", 7)]}


def past() -> list[Row]:
    return [
        {"target": f"github:o/{name}", "as_of": f"{day}T07:00:00Z", "health": "alive", "stars": stars}
        for name, days in STARS.items()
        for day, stars in days
    ]


@pytest.fixture
def tables(tmp_path: Path) -> Mapping[str, pd.DataFrame]:
    """As a stranger reads them: nothing of ours, but the names of the columns that are times."""
    about = Package("list", "A list", "list.md", datetime(2026, 11, 24, 7, tzinfo=UTC))
    rows = {"links": [], "papers": PAPERS, "mentions": [], "history": past(), "checks": []}
    folder = publish(tmp_path, about, rows).path
    return {
        "papers": pd.read_csv(folder / "papers.csv", parse_dates=["archived_since"]),
        "history": pd.read_csv(folder / "history.csv", parse_dates=["as_of"]),
    }


def test_orals_whose_code_is_dead_or_unlicensed(tables: Mapping[str, pd.DataFrame]) -> None:
    papers = tables["papers"]
    orals = papers[(papers.presentation == "oral") & papers.code_url.notna()]
    found = orals[orals.code_health.isin(["broken", "failing"]) | (orals.license_state == "none")]
    assert list(found.title) == ["Dead", "Unlicensed"]
    codeless = papers[(papers.presentation == "oral") & papers.code_url.isna()]
    assert list(codeless.title) == ["Codeless"]


def test_code_that_was_archived_in_the_last_month(tables: Mapping[str, pd.DataFrame]) -> None:
    papers = tables["papers"]
    assert list(papers[papers.archived_since > NOW - pd.Timedelta(days=31)].title) == ["New"]
    assert papers.archived.dtype == object and set(papers.archived.dropna()) == {True, False}


def test_how_the_stars_grew(tables: Mapping[str, pd.DataFrame]) -> None:
    both = tables["papers"].merge(tables["history"], left_on="code_target", right_on="target")
    grown = both.groupby("title").stars_y.agg(["first", "last"])
    assert grown.to_dict("index") == {"Fine": {"first": 10, "last": 25}, "Old": {"first": 7, "last": 7}}
