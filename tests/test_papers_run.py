"""Records of papers through a whole run in the sandbox: sources, notices, lists, limits, history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from running import READING_LIST, article_of, run_in

from scraper.articles.reading import load
from scraper.sandbox import Sandbox, records
from scraper.snapshots.changes import compare
from scraper.snapshots.snapshot import Snapshot

CROSSREF, DATACITE = "api.crossref.org", "api.datacite.org"
DOIS = (
    "10.5555/sandbox.1",
    "10.5555/sandbox.2",
    "10.5555/sandbox.4",
    "10.5555/sandbox.5",
    "10.5072/sandbox.3",
)


def linked(folder: Path) -> Any:
    return article_of(folder, *(f"- <https://doi.org/{doi}>" for doi in DOIS))


def test_the_sixteen_papers_have_every_field_with_source_and_date(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        _, rows = run_in(sandbox, tmp_path)
    forums = [row for row in rows.values() if row["site"] == "openreview"]
    assert len(forums) == 16
    always = (
        *("title", "abstract", "authors", "venue", "decision", "presentation", "presentation_as_written"),
        *("ratings", "rating_mean", "rating_count", "published_at", "modified_at", "pdf_url", "bibtex"),
        *("forum_id", "metadata_source", "metadata_as_of"),
    )
    assert [(row["target"], name) for row in forums for name in always if row[name] is None] == []
    assert {row["metadata_stale"] for row in forums} == {row["withdrawn"] for row in forums} == {False}
    assert {row["presentation"] for row in forums} == {"oral", "spotlight", "poster"}
    assert {"Talk", "Spotlight", "Poster"} == {row["presentation_as_written"] for row in forums}
    # What not every paper has: a summary, keywords, code.
    assert [sum(row[name] is not None for row in forums) for name in ("tldr", "keywords", "code_url")] == [
        *(13, 15, 10)
    ]


def test_no_row_gives_an_address_of_an_api(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        _, rows = run_in(sandbox, tmp_path, github_token=sandbox.credentials["github_token"])
    addresses = [row["final_url"] or "" for row in rows.values()]
    assert any(addresses)
    assert not [address for address in addresses if "//api" in address or "export.arxiv" in address]


def test_notices_in_two_requests(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        result, rows = run_in(sandbox, tmp_path, [linked(tmp_path)])
        assert result.tally.requests == {CROSSREF: 1, DATACITE: 1}
    told = {
        key.removeprefix("doi:"): (
            row["notice_type"],
            row["notice_doi"],
            row["notice_date"],
            row["notice_source"],
        )
        for key, row in rows.items()
    }
    assert told == {
        "10.5555/sandbox.1": (None, None, None, None),
        "10.5555/sandbox.2": (
            *("retraction", "10.5555/sandbox.2.r", "2021-05-06T00:00:00Z", "retraction-watch"),
        ),
        "10.5555/sandbox.4": (
            *("expression_of_concern", "10.5555/sandbox.4.n", "2022-07-08T00:00:00Z", "publisher"),
        ),
        "10.5555/sandbox.5": ("correction", "10.5555/sandbox.5.n", "2022-07-08T00:00:00Z", "publisher"),
        "10.5072/sandbox.3": (None, None, None, None),
    }
    assert len(rows["doi:10.5555/sandbox.2"]["notices"]) == 2
    assert {row["withdrawn"] for row in rows.values()} == {None}


def test_a_retraction_between_two_runs_is_the_first_change_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = linked(tmp_path)
    with Sandbox() as sandbox:
        run_in(sandbox, tmp_path, [article])
        notice = {"type": "retraction", "doi": "10.5555/new", "date": [2026, 11, 1], "source": "publisher"}
        works = records.table("dois")
        works[0]["notices"] = [notice]
        monkeypatch.setattr(records, "table", {"dois": works}.__getitem__)
        sandbox.world.kill(f"https://doi.org/{DOIS[4]}")
        result, _ = run_in(sandbox, tmp_path, [article])
    published = result.published[article.name]
    assert published.previous is not None
    changes = compare(Snapshot.at(published.previous), Snapshot.at(published.path))
    assert [(change.kind, change.target) for change in changes] == [
        ("retracted", f"doi:{DOIS[0]}"),
        ("newly_broken", f"doi:{DOIS[4]}"),
    ]
    assert changes[0].after == "retraction 10.5555/new 2026-11-01 publisher"


def test_an_agency_that_wants_an_hour_is_left_alone_and_what_was_known_stays(tmp_path: Path) -> None:
    article = linked(tmp_path)
    with Sandbox() as sandbox:
        _, before = run_in(sandbox, tmp_path, [article])
        sandbox.world.faults.add(f"host_limited:{CROSSREF}")
        result, after = run_in(sandbox, tmp_path, [article])
    assert result.tally.requests == {CROSSREF: 1, DATACITE: 1}
    reasons = {key: row["reason"] for key, row in after.items()}
    assert reasons.pop("doi:10.5072/sandbox.3") == "confirmed_by_api"
    assert set(reasons.values()) == {"rate_limited"}
    key = "doi:10.5555/sandbox.2"
    assert after[key]["notices"] == before[key]["notices"]
    assert (after[key]["metadata_stale"], after[key]["metadata_as_of"]) == (
        True,
        before[key]["metadata_as_of"],
    )


def test_history_tells_of_stars_and_health_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    article = load(str(READING_LIST))
    with Sandbox() as sandbox:
        token: dict[str, Any] = {"github_token": sandbox.credentials["github_token"]}
        run_in(sandbox, tmp_path, [article], **token)
        sandbox.world.repositories["automl/robustdarts"]["stars"] += 7
        result, _ = run_in(sandbox, tmp_path, [article], **token)
    published = result.published[article.name]
    assert published.changed == ("history", "links", "papers")
    history = pd.read_csv(published.path / "history.csv")
    grown = history[history.target == "github:automl/robustdarts"].stars
    assert len(grown) == 2 and grown.iloc[1] - grown.iloc[0] == 7
    assert len(history) == len(pd.read_csv(published.path / "links.csv")) + 1


def test_behind_a_gate_that_is_a_page_the_mementos_are_read(tmp_path: Path) -> None:
    with Sandbox(mode="gated") as sandbox:
        sandbox.world.faults.add("openreview_gate_page")
        result, rows = run_in(sandbox, tmp_path)
    forums = [row for row in rows.values() if row["site"] == "openreview"]
    assert {(row["health"], row["reason"]) for row in forums} == {("blocked", "challenge")}
    assert {row["metadata_source"] for row in forums} == {"memento"}
    assert result.tally.requests["api.openreview.net"] == 1
    assert "api2.openreview.net" not in result.tally.requests


def test_the_page_of_arxiv_changes_no_record(tmp_path: Path) -> None:
    article = article_of(tmp_path, "- <https://arxiv.org/abs/1910.05513>")
    with Sandbox() as sandbox:
        _, before = run_in(sandbox, tmp_path, [article])
        sandbox.world.faults.add("arxiv_down")
        _, after = run_in(sandbox, tmp_path, [article], attempts=1)
    names = ("title", "abstract", "authors", "published_at", "modified_at", "version", "pdf_url", "code_urls")
    [one], [other] = before.values(), after.values()
    assert {name: one[name] for name in names} == {name: other[name] for name in names}
    assert one["metadata_as_of"] == other["metadata_as_of"]
