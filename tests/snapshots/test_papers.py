from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scraper.model import Mention
from scraper.sites.identity import identify
from scraper.snapshots.papers import paper_rows

URLS = {
    "openreview": "https://openreview.net/forum?id=",
    "github": "https://github.com/",
    "gdrive": "https://drive.google.com/file/d/",
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
}


def mention(line: int, target: str, number: int | None = None, title: str = "") -> Mention:
    site, _, ident = target.partition(":")
    url = URLS.get(site, "") + ident
    return Mention(line, number, title, "text", url, url, "", site, target)


def link(target: str, **known: Any) -> dict[str, Any]:
    site, _, ident = target.partition(":")
    return {"target": target, "url": URLS.get(site, "") + ident, "health": "alive", **known}


def papers(mentions: list[Mention], *links: dict[str, Any]) -> list[dict[str, Any]]:
    rows = {row["target"]: row for row in links}
    return [dict(row) for row in paper_rows(mentions, rows.get)]


def test_a_numbered_section_is_an_entry_with_its_paper_and_its_code() -> None:
    found = papers(
        [
            mention(1, "web:https://blog.example/"),
            mention(15, "openreview:A", 1, "One"),
            mention(20, "web:https://openreview.net/", 2, "Two"),
            mention(21, "openreview:B", 2, "Two"),
            mention(21, "github:o/b", 2, "Two"),
            mention(30, "web:https://c.example/", 3, "Three"),
        ],
        link("openreview:A", title="Paper A"),
        link("openreview:B", title="Paper B", abstract="…", decision="Accept", rating_mean=7.0),
        link("github:o/b", stars=5, license_state="spdx", license_spdx="MIT", archived=False, health="moved"),
    )
    assert [(row["number"], row["section_title"], row["paper_target"]) for row in found] == [
        (1, "One", "openreview:A"),
        (2, "Two", "openreview:B"),
    ]
    first, second = found
    assert (first["code_url"], first["code_source"], first["code_health"], first["stars"]) == (
        "",
        "",
        None,
        None,
    )
    assert (second["code_url"], second["code_source"]) == ("https://github.com/o/b", "article")
    assert (second["code_health"], second["stars"], second["license_spdx"]) == ("moved", 5, "MIT")
    assert (second["decision"], second["rating_mean"], second["first_line"]) == ("Accept", 7.0, 21)


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        (["gdrive:F", "github:o/r"], "github:o/r"),
        (["web:https://gitlab.com/o/r", "gdrive:F"], "gdrive:F"),
        (["web:https://blog.example/", "web:https://gitlab.com/o/r"], "web:https://gitlab.com/o/r"),
        (["web:https://gitlab.com/", "web:https://blog.example/"], ""),
        (["github:o/first", "github:o/second"], "github:o/first"),
    ],
)
def test_which_link_is_the_code(targets: list[str], code: str) -> None:
    links = [
        mention(2, target, 1) if not target.startswith("web:") else web(2, target.removeprefix("web:"), 1)
        for target in targets
    ]
    rows = papers([mention(1, "openreview:A", 1), *links], *(link(target) for target in targets))
    assert [row["code_target"] for row in rows] == [code]


def web(line: int, url: str, number: int | None = None) -> Mention:
    return Mention(line, number, "", "text", url, url, "", "web", f"web:{url}")


def test_openreview_is_the_paper_before_its_preprint() -> None:
    rows = papers([mention(1, "arxiv:1902.01234", 1), mention(2, "openreview:A", 1)])
    assert [row["paper_target"] for row in rows] == ["openreview:A"]


@pytest.mark.parametrize(
    ("record", "linked", "source", "url"),
    [
        ({"code_url": "https://github.com/O/B"}, True, "both", "https://github.com/o/b"),
        (
            {"code_urls": ["https://x.example/", "https://github.com/o/b/"]},
            True,
            "both",
            "https://github.com/o/b",
        ),
        ({"code_urls": "https://x.example/; https://github.com/o/b"}, True, "both", "https://github.com/o/b"),
        ({"code_url": "https://github.com/o/other"}, True, "article", "https://github.com/o/b"),
        ({"code_url": "https://github.com/O/Other"}, False, "record", "https://github.com/O/Other"),
        ({}, False, "", ""),
    ],
)
def test_who_names_the_code(record: dict[str, Any], linked: bool, source: str, url: str) -> None:
    mentions = [mention(1, "openreview:A", 1), *([mention(2, "github:o/b", 1)] if linked else [])]
    (row,) = papers(mentions, link("openreview:A", **record), link("github:o/b"))
    assert (row["code_source"], row["code_url"]) == (source, url)


def test_without_numbers_each_paper_is_an_entry_with_the_code_beside_it() -> None:
    rows = papers(
        [
            mention(1, "github:o/a", title="List"),
            mention(1, "openreview:A", title="List"),
            mention(2, "arxiv:1902.01234", title="List"),
            mention(3, "github:o/b", title="List"),
            mention(4, "doi:10.1/x", title="List"),
            mention(5, "openreview:A", title="List"),
            mention(9, "github:o/c", title="Other"),
        ]
    )
    assert [(row["number"], row["paper_target"], row["code_url"]) for row in rows] == [
        (None, "openreview:A", "https://github.com/o/a"),
        (None, "arxiv:1902.01234", "https://github.com/o/b"),
        (None, "doi:10.1/x", ""),
    ]


def test_rows_are_in_the_order_of_the_key() -> None:
    rows = papers([mention(1, "doi:10.1/b", 2), mention(5, "doi:10.1/a", 1), mention(9, "doi:10.1/c", 2)])
    assert [(row["number"], row["first_line"]) for row in rows] == [(1, 5), (2, 1), (2, 9)]


def test_a_section_under_the_same_number_again_is_an_entry_of_its_own() -> None:
    rows = papers([mention(1, "doi:10.1/b", 1), mention(2, "doi:10.1/x", 2), mention(5, "doi:10.1/a", 1)])
    assert [(row["number"], row["paper_target"]) for row in rows] == [
        (1, "doi:10.1/b"),
        (1, "doi:10.1/a"),
        (2, "doi:10.1/x"),
    ]


def test_code_that_only_the_record_names_is_the_first_it_names() -> None:
    (row,) = papers(
        [mention(2, "openreview:A", 1, "One")],
        link(
            "openreview:A", code_url="https://github.com/o/first", code_urls=["https://github.com/o/second"]
        ),
        link("github:o/first", stars=3, health="moved"),
        link("github:o/second", stars=4),
    )
    assert (row["code_url"], row["code_source"], row["code_target"]) == (
        "https://github.com/o/first",
        "record",
        "github:o/first",
    )
    assert (row["stars"], row["code_health"]) == (3, "moved")


def test_a_file_within_a_repository_has_a_health_of_its_own_and_the_repositorys_stars() -> None:
    part = "https://github.com/o/r/blob/main/train.py"
    target = identify(part).key
    linked = replace(mention(3, "github:o/r", 1, "One"), target=target, url=part, href=part)
    (row,) = papers(
        [mention(2, "openreview:A", 1, "One"), linked],
        link("openreview:A", code_url="https://github.com/o/r"),
        link("github:o/r", stars=5, health="alive"),
        {"target": target, "url": part, "health": "broken"},
    )
    assert (row["code_source"], row["code_url"], row["code_target"]) == ("both", part, "github:o/r")
    assert (row["stars"], row["code_health"]) == (5, "broken")


def test_code_that_nothing_links_is_told_by_the_first_address_of_the_record() -> None:
    (row,) = papers(
        [mention(2, "openreview:A", 1, "One")],
        link("openreview:A", code_urls=["https://github.com/o/first", "https://github.com/o/second"]),
    )
    assert (row["code_url"], row["code_target"]) == ("https://github.com/o/first", "")


def test_entries_with_numbers_come_in_their_order_and_papers_beside_them_are_none() -> None:
    found = papers(
        [
            mention(1, "openreview:Z"),
            mention(2, "openreview:B", 2, "Two"),
            mention(3, "openreview:A", 1, "One"),
            mention(4, "openreview:Y"),
        ],
    )
    assert [(row["number"], row["paper_target"]) for row in found] == [
        (1, "openreview:A"),
        (2, "openreview:B"),
    ]
