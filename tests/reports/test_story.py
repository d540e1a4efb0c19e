from __future__ import annotations

from dataclasses import replace

import pytest
from report_editions import empty, first_run, small

from scraper.model import Change
from scraper.reports.model import counts_of
from scraper.reports.story import tell
from scraper.snapshots.changes import KINDS


def test_what_is_newly_broken_comes_first_with_what_to_write_instead() -> None:
    story = tell(small())
    assert [group.heading for group in story.news] == [
        "Newly broken",
        "Recovered",
        "Renamed or moved",
        "Archived or restored",
    ]
    first = story.news[0].items[0]
    assert (first.line, first.replacement_is) == (73, "archived copy")
    assert first.replacement.startswith("https://web.archive.org/web/20220926095407/")


def test_standing_trouble_is_told_once_and_apart_from_the_news() -> None:
    story = tell(small())
    told = [item.target for group in story.news for item in group.items]
    standing = [item.target for item in (*story.still, *story.replace)]
    assert len({*told, *standing}) == len(told) + len(standing)
    assert [item.url for item in story.replace] == ["http://openreview.net/"]


def test_a_hand_is_needed_by_the_dead_and_the_moved_once_each_worst_first() -> None:
    hand = tell(small()).hand
    assert [item.health for item in hand] == ["broken"] * 3 + ["failing"] + ["moved"] * 2
    assert hand[0].line == 73, "the newly broken before what was broken before"


def test_code_that_only_the_record_names_is_a_gap() -> None:
    (gap,) = tell(small()).gaps
    assert (gap.number, gap.line, gap.code_url) == (11, 155, "https://github.com/namhoonlee/spp-public")


def test_the_headline_says_how_many_are_alive_and_what_is_new() -> None:
    assert tell(small()).headline.startswith("27 of 36 links are alive; 2 newly broken, 1 recovered")
    assert "first run" in tell(first_run()).headline
    assert tell(empty()).headline == "The article has no links."
    quiet = replace(small(), changes=())
    assert "nothing changed that needs a hand" in tell(quiet).headline


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_change_is_told_in_words(kind: str) -> None:
    change = Change(kind, "github:ibm/fedma", "IBM/FedMA", "a", "b", "https://github.com/IBM/FedMA", 197)
    story = tell(replace(small(), changes=[change]))
    told = [*(item for group in story.news for item in group.items), *story.other]
    assert len(told) == 1
    item = told[0]
    assert item.why != kind.replace("_", " ")
    assert item.line == 197


def test_a_link_that_left_the_article_is_told_from_the_change() -> None:
    change = Change("removed", "web:https://example.org/", "", "alive", "", "https://example.org/", None)
    (item,) = tell(replace(small(), changes=[change])).other
    assert (item.name, item.health, item.why) == ("https://example.org/", "", "No longer in the article")


def test_an_address_that_cannot_be_a_link_is_never_suggested() -> None:
    edition = small()
    links = [
        {**row, "suggested_url": "javascript:alert(1)", "archived_url": "data:,x"} for row in edition.links
    ]
    assert not [item for item in tell(replace(edition, links=links)).hand if item.replacement]


def test_every_health_is_counted() -> None:
    counts = counts_of(small().links)
    assert sum(counts.values()) == 36
    assert set(counts) == {"alive", "moved", "blocked", "broken", "failing", "unverified"}
