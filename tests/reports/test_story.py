from __future__ import annotations

from dataclasses import replace

import pytest
from report_editions import empty, first_run, small

from scraper.model import Change
from scraper.reports.model import Edition, counts_of
from scraper.reports.overview import overview, summarise, tell_all
from scraper.reports.story import calls, tell
from scraper.snapshots.changes import KINDS


def test_what_is_newly_broken_comes_first_with_what_to_write_instead() -> None:
    story = tell(small())
    assert [group.heading for group in story.news] == [
        "Newly broken",
        "Recovered",
        "Moved or renamed",
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
    assert "no change needs your attention" in tell(quiet).headline


def test_what_is_wrong_with_the_article_itself_is_said_in_sentences() -> None:
    odd = replace(small(), notices=["has no known form; it was read as plain text"], lost=1)
    assert tell(odd).remarks == (
        "The article has no known form; it was read as plain text.",
        "1 character of the article was lost to a wrong encoding.",
        "1 problem in the article, in line 283: the link has no address.",
    )
    assert tell(empty()).remarks == ()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_change_is_told_in_words(kind: str) -> None:
    change = Change(kind, "github:ibm/fedma", "IBM/FedMA", "a", "b", "https://github.com/IBM/FedMA", 197)
    story = tell(replace(small(), changes=[change]))
    told = [*(item for group in story.news for item in group.items), *story.other]
    assert len(told) == 1
    item = told[0]
    assert item.why != kind.replace("_", " ")
    assert item.tag.isupper()
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


def test_a_link_is_called_what_the_article_calls_it() -> None:
    target = "web:https://neptune.ai/blog/iclr-2020-nlp-nlu"
    edition = small()
    for text, section, name in (
        ("A piece on  NLP", "", "A piece on NLP"),
        ("paper", "Pruning", "Pruning: paper"),
        ("paper", "", "https://neptune.ai/blog/iclr-2020-nlp-nlu"),
        ("https://neptune.ai/blog/iclr-2020-nlp-nlu", "Pruning", "https://neptune.ai/blog/iclr-2020-nlp-nlu"),
    ):
        mentions = [
            {**row, "text": text, "section_title": section} if row["target"] == target else row
            for row in edition.mentions
        ]
        told = {item.target: item.name for item in tell(replace(edition, mentions=mentions)).told}
        assert told[target] == name


def test_a_kind_of_change_that_nobody_told_of_is_news_under_its_own_name() -> None:
    change = Change("put_to_sleep", "github:ibm/fedma", "", "a", "b", "https://github.com/IBM/FedMA", 1)
    (item,) = tell(replace(small(), changes=[change])).told
    assert (item.tag, item.why, item.before, item.after) == ("PUT TO SLEEP", "Put to sleep", "a", "b")


def test_a_link_that_is_added_and_broken_is_news() -> None:
    dead = next(row for row in small().links if row["health"] == "broken")
    change = Change("added", dead["target"], "", "", "broken (not_found)", dead["url"], 3)
    story = tell(replace(small(), changes=[change]))
    assert [(group.heading, group.items[0].tag) for group in story.news] == [("Added, and broken", "NEW")]
    assert calls([change])
    assert not calls([replace(change, after="alive (ok)")])
    for kind in ("recovered", "confirmed_dead", "blocked"):
        assert not calls([replace(change, kind=kind)])


def test_sixteen_links_that_are_blocked_now_are_told() -> None:
    rows = [row for row in small().links if row["site"] == "openreview"]
    verdicts = ("alive (ok)", "blocked (challenge)")
    changes = [Change("blocked", row["target"], "", *verdicts, row["url"]) for row in rows]
    links = [{**row, "health": "blocked", "reason": "challenge"} for row in rows]
    story = tell(replace(small(), links=links, changes=changes))
    assert story.changed == "16 now blocked"
    assert {item.why for item in story.told} == {"Only for humans: bot check"}


def unasked(edition: Edition, number: int) -> Edition:
    """The same of a run whose time was up with so many links left."""
    checks = [
        {**check, "health": "unverified", "reason": "deadline"} if place < number else check
        for place, check in enumerate(edition.checks)
    ]
    return replace(edition, checks=checks)


def test_what_was_not_checked_is_said_with_what_is_known_of_it() -> None:
    assert tell(small()).incomplete == ""
    assert tell(unasked(small(), 7)).incomplete == (
        "Incomplete: 7 of 36 links were not checked, for the run's time was up. "
        "They count as unverified, with what earlier runs found."
    )
    assert tell(unasked(first_run(), 1)).incomplete == (
        "Incomplete: 1 of 36 links was not checked, for the run's time was up. Nothing is known of it yet."
    )
    assert tell(unasked(small(), 1)).incomplete.endswith(
        "It counts as unverified, with what earlier runs found."
    )
    assert tell(unasked(small(), 7)).standing.endswith(" of 36 links alive, 7 not checked")
    assert "7 not checked; " in tell(unasked(small(), 7)).headline
    assert overview(tell_all([unasked(small(), 7), small()])).headline.endswith(
        " links alive, 7 not checked."
    )


def test_several_articles_begin_with_one_line() -> None:
    calm = replace(small(), changes=())
    seen = overview(tell_all([small(), calm, replace(small(), name="third")]), failed=1)
    assert seen.headline == (
        "2 of 3 articles changed: 4 newly broken, 2 recovered, 2 moved or renamed, 2 archived or restored; "
        "1 article could not be read. 81 of 108 links alive."
    )
    assert overview(tell_all([first_run(), first_run()])).headline == (
        "First run of 2 articles. 54 of 72 links alive."
    )


def test_the_line_of_the_index_has_the_news_and_whether_it_is_whole() -> None:
    line = summarise(unasked(small(), 1))
    assert (line.news[0], line.incomplete) == (("Newly broken", 2), True)
    assert summarise(small()).counts == counts_of(small().links)


def test_other_changes_are_counted_by_what_they_are() -> None:
    """A link that was added to the list is no matter of stars or licences."""
    added = Change("added", "web:https://new.test/", "New", "", "alive (ok)", "https://new.test/", 9, "")
    removed = Change("removed", "web:https://old.test/", "Old", "alive (ok)", "", "https://old.test/", 8, "")
    one = tell(replace(small(), changes=(added,)))
    three = tell(replace(small(), changes=(added, removed, replace(added, target="web:https://newer.test/"))))
    assert one.aside == "1 other change: added to the article"
    assert three.aside == "3 other changes: added to the article (2), removed from the article (1)"
    assert tell(replace(small(), changes=())).aside == ""


def test_what_is_back_says_what_it_was_before() -> None:
    """`was server error` is no English; neither is a change from something to nothing."""
    back = Change(
        "recovered", "github:automl/RobustDARTS", "", "failing (server_error)", "alive (ok)", "", 1, ""
    )
    (item,) = tell(replace(small(), changes=(back,))).told
    assert item.change == ("before: server error",)
    unasked_before = replace(back, before="unverified (deadline)")
    (item,) = tell(replace(small(), changes=(unasked_before,))).told
    assert (item.why, item.change) == ("It works again", ())
    drifted = replace(back, kind="drifted", before="Old title", after="")
    (item,) = tell(replace(small(), changes=(drifted,))).told
    assert item.change == ("before: Old title",)
    noticed = replace(back, kind="retracted", before="", after="retraction 10.1/x")
    (item,) = tell(replace(small(), changes=(noticed,))).told
    assert item.change == ("retraction 10.1/x",)
