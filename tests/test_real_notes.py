"""687 real notes and many repositories through the sandbox: nothing is lost, few requests are made."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from running import READING_LIST, article_of, run_in

from scraper.articles.reading import load
from scraper.sandbox import Sandbox

API = ("api.openreview.net", "api2.openreview.net")


@pytest.fixture(scope="module")
def notes(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (shared / "openreview_v1_notes_iclr2020_687.json").read_text("utf-8")
    )["notes"]
    return found


@pytest.fixture(scope="module")
def sixteen(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "openreview_iclr2020_16.json").read_text("utf-8"))
    return found


def test_all_titles_and_abstracts_arrive_in_few_requests(tmp_path: Path, notes: list[dict[str, Any]]) -> None:
    article = article_of(tmp_path, *(f"- <https://openreview.net/forum?id={note['id']}>" for note in notes))
    with Sandbox(notes=notes) as sandbox:
        _, rows = run_in(sandbox, tmp_path, [article])
        asked = sum(sandbox.world.count(host) for host in API)
        assert asked == len(sandbox.world.requests)
    assert asked <= 20
    assert len(rows) == len(notes) == 687
    for note in notes:
        row, content = rows[f"openreview:{note['id']}"], note["content"]
        assert (row["health"], row["reason"]) == ("alive", "confirmed_by_api")
        assert row["title"].strip() == content["title"].strip()
        assert row["abstract"].strip() == content["abstract"].strip()
        assert row["authors"] == " and ".join(content["authors"]).split(" and ")


def test_decisions_and_ratings_are_as_given(
    tmp_path: Path, notes: list[dict[str, Any]], sixteen: list[dict[str, Any]]
) -> None:
    """The sixteen papers of the reading list, whose decisions and ratings are on record."""
    wanted = {paper["id"]: paper for paper in sixteen}
    decisions = {key: (paper["decision"], paper["ratings_review_order"]) for key, paper in wanted.items()}
    given = [note for note in notes if note["id"] in wanted]
    with Sandbox(notes=given, decisions=decisions) as sandbox:
        _, rows = run_in(sandbox, tmp_path)
    assert len(given) == len(wanted) == 16
    for key, paper in wanted.items():
        row = rows[f"openreview:{key}"]
        assert row["decision"] == paper["decision"]
        ratings = paper["ratings_review_order"]
        assert Counter(row["ratings"]) == Counter(map(str, ratings))
        assert row["rating_mean"] == pytest.approx(sum(ratings) / len(ratings), abs=0.005)
        assert row["title"].strip() == paper["title"].strip()
        assert row["abstract"].strip() == paper["abstract"].strip()


def test_behind_the_gate_all_abstracts_come_from_mementos(
    tmp_path: Path, notes: list[dict[str, Any]], sixteen: list[dict[str, Any]]
) -> None:
    wanted = {paper["id"]: paper for paper in sixteen}
    given = [note for note in notes if note["id"] in wanted]
    with Sandbox(mode="gated", notes=given) as sandbox:
        _, rows = run_in(sandbox, tmp_path)
    for key, paper in wanted.items():
        row = rows[f"openreview:{key}"]
        assert (row["health"], row["reason"], row["metadata_source"]) == ("blocked", "challenge", "memento")
        assert " ".join(row["abstract"].split()) == " ".join(paper["abstract"].split())


def test_nine_repositories_take_at_most_three_requests_with_a_token(tmp_path: Path) -> None:
    article = article_of(tmp_path, *_repositories_of(READING_LIST))
    with Sandbox() as sandbox:
        _, rows = run_in(sandbox, tmp_path, [article], github_token=sandbox.credentials["github_token"])
        assert 1 <= len(sandbox.world.requests) <= 3
    assert len(rows) == 9
    assert all(row["stars"] is not None for row in rows.values())


def test_five_hundred_repositories_take_at_most_twelve(tmp_path: Path) -> None:
    names = [f"made-up/repository-{number}" for number in range(500)]
    article = article_of(tmp_path, *(f"- <https://github.com/{name}>" for name in names))
    with Sandbox(repositories=[{"full_name": name, "stars": 7} for name in names]) as sandbox:
        _, rows = run_in(sandbox, tmp_path, [article], github_token=sandbox.credentials["github_token"])
        assert len(sandbox.world.requests) <= 12
    assert len(rows) == 500
    assert {(row["health"], row["stars"]) for row in rows.values()} == {("alive", 7)}


def test_a_second_run_over_unchanged_repositories_gets_only_304s(tmp_path: Path) -> None:
    article = article_of(tmp_path, *_repositories_of(READING_LIST))
    with Sandbox() as sandbox:
        _, before = run_in(sandbox, tmp_path, [article])
        sandbox.world.reset_counts()
        sandbox.world.refill()
        _, after = run_in(sandbox, tmp_path, [article])
        assert Counter(seen.status for seen in sandbox.world.requests).keys() == {304}
    names = (
        "stars",
        "license_state",
        "license_spdx",
        "last_commit_at",
        "code_completeness",
        "metadata_as_of",
    )
    assert all(after[key][name] == before[key][name] for key in before for name in names)
    assert not any(row["metadata_stale"] for row in after.values())


def _repositories_of(article: Path) -> list[str]:
    urls = {mention.url for mention in load(str(article)).mentions if mention.site == "github"}
    return [f"- <{url}>" for url in sorted(urls)]
