from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.columns import LINKS
from scraper.errors import StoreError
from scraper.model import Article, Called, Health, Mention, Outcome, Problem, Target, Verdict
from scraper.store.store import Store
from scraper.verdicts.history import Rule

START = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def target(name: str) -> Target:
    url = f"https://{name}.example/"
    return Target(f"web:{url}", "web", "page", url, url)


def mention(name: str, line: int) -> Mention:
    url = target(name).url
    return Mention(line, None, "Links", name, url, url, "", "web", target(name).key)


def article(*names: str, name: str = "list") -> Article:
    mentions = tuple(mention(each, line) for line, each in enumerate(names, start=1))
    return Article(name, "list.md", "A list", mentions, (Problem(9, "htp:/x", "no address"),), 2, 1)


def outcome(name: str, health: Health = Health.ALIVE, reason: str = "ok", **more: Any) -> Outcome:
    return Outcome(target(name), Verdict(health, reason, http_status=200), START, **more)


def failed(name: str, **more: Any) -> Outcome:
    return outcome(name, Health.BROKEN, "not_found", **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data" / "scraper.db") as opened:
        yield opened


def run(store: Store, *outcomes: Outcome, at: datetime = START, status: str = "published") -> int:
    """One whole run over an article that links to the outcomes' targets."""
    names = [each.target.key.removeprefix("web:https://").removesuffix(".example/") for each in outcomes]
    number = store.begin_run([article(*names)], at)
    store.plan(number, [(each.target, "host") for each in outcomes])
    store.commit_many(number, [replace(each, checked_at=at) for each in outcomes], at)
    store.finish_run(number, at, status)
    return number


def row(store: Store, number: int, name: str = "a", rule: Rule | None = None) -> dict[str, Any]:
    found = store.row(number, "list", target(name).key, rule)
    assert found is not None
    return found


def test_a_row_has_every_column_of_the_table(store: Store) -> None:
    number = run(store, outcome("a"))
    assert set(row(store, number)) == {column.name for column in LINKS.columns}


def test_the_article_comes_back_as_it_was(store: Store) -> None:
    given = article("a", "b", "a")
    number = store.begin_run([given, article("c", name="other")], START)
    assert store.article(number, "list") == given
    assert store.articles(number) == ["list", "other"]
    assert tuple(store.mentions(number, "list")) == given.mentions


def test_rows_are_one_per_target_in_order_with_first_line_and_count(store: Store) -> None:
    number = store.begin_run([article("b", "a", "b")], START)
    rows = list(store.rows(number, "list"))
    assert [(each["target"], each["first_line"], each["mentions"]) for each in rows] == [
        ("web:https://a.example/", 2, 1),
        ("web:https://b.example/", 1, 2),
    ]
    assert [each["health"] for each in rows] == ["unverified", "unverified"]
    assert [each["reason"] for each in rows] == ["deadline", "deadline"]


def test_an_article_that_the_run_does_not_know_is_told(store: Store) -> None:
    number = run(store, outcome("a"))
    with pytest.raises(StoreError, match="knows no article 'nothing'"):
        list(store.rows(number, "nothing"))


def test_history_over_runs(store: Store) -> None:
    first = run(store, outcome("a"))
    for day in range(1, 4):
        last = run(store, failed("a"), at=START + day * DAY)
    assert row(store, last) | {} == row(store, last)
    assert row(store, last)["first_seen"] == "2026-11-23T07:00:00Z"
    assert row(store, last)["last_alive"] == "2026-11-23T07:00:00Z"
    assert row(store, last)["failing_since"] == "2026-11-24T07:00:00Z"
    assert row(store, last)["confirmed_dead"] is False
    assert row(store, last, rule=Rule(3, 2))["confirmed_dead"] is True
    dead = run(store, failed("a"), at=START + 4 * DAY)
    assert row(store, dead)["confirmed_dead"] is True
    alive = run(store, outcome("a"), at=START + 5 * DAY)
    after = row(store, alive)
    assert (after["confirmed_dead"], after["last_alive"], after["failing_since"]) == (False, None, None)
    assert [visit.health for visit in store.history(target("a").key)] == [
        Health.ALIVE,
        *[Health.BROKEN] * 4,
        Health.ALIVE,
    ]
    assert row(store, first)["health"] == "alive"


def test_an_unverified_run_keeps_the_series_and_the_record(store: Store) -> None:
    run(store, failed("a", record={"title": "T"}, metadata_source="page"))
    number = run(store, outcome("a", Health.UNVERIFIED, "rate_limited"), at=START + DAY)
    now = row(store, number)
    assert (now["health"], now["failing_since"]) == ("unverified", "2026-11-23T07:00:00Z")
    assert (now["title"], now["metadata_stale"], now["metadata_as_of"]) == ("T", True, "2026-11-23T07:00:00Z")


def test_a_record_has_the_date_of_its_present_form(store: Store) -> None:
    def read(title: str, day: int, **more: Any) -> dict[str, Any]:
        given = outcome("a", record={"title": title}, metadata_source="page", **more)
        return row(store, run(store, given, at=START + day * DAY))

    assert read("T", 0)["metadata_as_of"] == "2026-11-23T07:00:00Z"
    assert read("T", 1)["metadata_as_of"] == "2026-11-23T07:00:00Z"
    assert read("U", 2)["metadata_as_of"] == "2026-11-25T07:00:00Z"
    confirmed = row(store, run(store, outcome("a", unchanged=True), at=START + 3 * DAY))
    assert (confirmed["metadata_as_of"], confirmed["metadata_stale"]) == ("2026-11-25T07:00:00Z", False)
    assert store.last_read(target("a").key) == START + 3 * DAY
    failed_read = row(store, run(store, outcome("a"), at=START + 4 * DAY))
    assert (failed_read["title"], failed_read["metadata_stale"]) == ("U", True)
    assert store.last_read(target("a").key) == START + 3 * DAY
    assert store.record(target("a").key) == {"title": "U"}


def test_a_memento_never_overwrites_the_living_source(store: Store) -> None:
    run(store, outcome("a", record={"title": "Edited"}, metadata_source="openreview-api-v2"))
    archived = outcome("a", record={"title": "First", "venue": "ICLR"}, metadata_source="memento")
    now = row(store, run(store, archived, at=START + DAY))
    assert (now["title"], now["venue"]) == ("Edited", "ICLR")
    assert (now["metadata_source"], now["metadata_stale"]) == ("openreview-api-v2", True)
    living = outcome("a", record={"title": "Again"}, metadata_source="openreview-page")
    later = row(store, run(store, living, at=START + 2 * DAY))
    assert (later["title"], later["metadata_source"], later["metadata_stale"]) == (
        "Again",
        "openreview-page",
        False,
    )


def test_a_memento_found_once_is_remembered(store: Store) -> None:
    copy = "https://web.archive.org/web/20220926095407/https://a.example/"
    found = failed("a")
    found = replace(found, verdict=replace(found.verdict, archived_url=copy, archived_at="20220926095407"))
    run(store, found)
    now = row(store, run(store, failed("a"), at=START + DAY))
    assert (now["archived_url"], now["archived_at"]) == (copy, "2022-09-26T09:54:07Z")


def test_validators_and_memory_of_the_unknown(store: Store) -> None:
    run(store, outcome("a", validators=(("https://api.example/a", 'W/"1"'),)))
    assert store.validator("https://api.example/a") == 'W/"1"'
    assert store.validator("https://api.example/b") == ""
    assert store.record("web:nothing") == {}
    assert store.last_read("web:nothing") is None
    assert store.history("web:nothing") == []


def test_the_plan_shrinks_as_outcomes_come(store: Store) -> None:
    number = store.begin_run([article("a", "b", "c")], START)
    entries = [(target("b"), "two"), (target("c"), "two"), (target("a"), "one")]
    store.plan(number, entries)
    store.plan(number, entries)
    assert store.remaining(number) == {"one": 1, "two": 2}
    assert store.planned(number, "two", 10) == [target("b"), target("c")]
    assert store.planned(number, "two", 1) == [target("b")]
    assert store.planned(number, "two", 10, after=target("b").key) == [target("c")]
    store.commit(number, outcome("b"), START)
    assert store.remaining(number) == {"one": 1, "two": 1}
    assert store.planned(number, "two", 10) == [target("c")]


def test_the_first_final_outcome_of_a_run_stays(store: Store) -> None:
    number = store.begin_run([article("a")], START)
    assert store.commit(number, failed("a"), START) is True
    assert store.commit(number, outcome("a"), START) is False
    assert row(store, number)["health"] == "broken"
    assert len(store.history(target("a").key)) == 1


def test_an_outcome_that_is_not_final_is_asked_again_when_the_run_is_resumed(store: Store) -> None:
    number = store.begin_run([article("a")], START)
    store.plan(number, [(target("a"), "host")])
    store.commit(number, outcome("a", Health.UNVERIFIED, "deadline"), START)
    store.finish_run(number, START, "incomplete")
    assert store.resumable([article("a")], START + timedelta(minutes=5)) == number
    assert store.planned(number, "host", 10) == [target("a")]
    assert store.commit(number, failed("a"), START) is True
    assert row(store, number)["failing_since"] == "2026-11-23T07:00:00Z"
    assert store.remaining(number) == {}


def test_of_several_outcomes_in_a_group_the_first_final_one_stays(store: Store) -> None:
    number = store.begin_run([article("a", "b")], START)
    unasked = outcome("a", Health.UNVERIFIED, "deadline")
    titled = outcome("b", record={"title": "T"}, metadata_source="page")
    given = [unasked, failed("a"), titled, outcome("a"), outcome("b")]
    assert store.commit_group(number, given, START) == [failed("a"), titled]
    assert (row(store, number, "a")["health"], row(store, number, "b")["title"]) == ("broken", "T")
    assert store.commit_group(number, [outcome("a"), outcome("b")], START) == []


def test_of_many_targets_those_are_told_that_something_is_known_of(store: Store) -> None:
    run(store, failed("a", record={"title": "T"}, metadata_source="page"), outcome("b"))
    number = store.begin_run([article("a", "b", "c", *["d"] * 30)], START + DAY)
    store.plan(number, [(target("c"), "host")])
    keys = [target(name).key for name in "dcba"]
    assert store.states(keys) == {key: store.state(key) for key in keys[2:]}
    assert store.state(keys[3]).failures == 1
    assert store.records(keys) == {keys[3]: (START, {"title": "T"})}
    assert store.names(keys[:2]) == {keys[0]: store.called(keys[0]), keys[1]: store.called(keys[1])}
    assert store.called(keys[0]) == Called(("d",), ("Links", "A list"))


def test_what_can_be_resumed(store: Store) -> None:
    number = store.begin_run([article("a")], START)
    soon = START + timedelta(minutes=59)
    assert store.resumable([article("a")], soon) == number
    assert store.resumable([article("a", "b")], soon) is None
    assert store.resumable([article("a")], START + timedelta(hours=2)) is None
    assert store.resumable([article("a")], START - timedelta(hours=2)) is None, "the clock went back"
    late = replace(outcome("a"), checked_at=START + timedelta(hours=5))
    store.commit(number, late, START)
    assert store.resumable([article("a")], START + timedelta(hours=5, minutes=30)) == number
    assert store.started(number) == START
    store.finish_run(number, soon, "published")
    assert store.resumable([article("a")], soon) is None
    assert store.last_success() == soon


def test_an_offline_run_takes_its_failures_back(store: Store) -> None:
    run(store, failed("a"), outcome("b"))
    offline = run(store, failed("a"), failed("b"), at=START + DAY, status="offline")
    assert (row(store, offline, "a")["health"], row(store, offline, "a")["reason"]) == (
        "unverified",
        "offline",
    )
    number = run(store, failed("a"), failed("b"), at=START + 5 * DAY)
    assert row(store, number, "a")["failing_since"] == "2026-11-23T07:00:00Z"
    assert row(store, number, "b")["failing_since"] == "2026-11-28T07:00:00Z"
    assert row(store, number, "b")["last_alive"] == "2026-11-23T07:00:00Z"
    assert row(store, number, "a")["confirmed_dead"] is False, "two runs, not three"


def test_a_run_that_was_cut_off_counts_only_where_somebody_answered(store: Store) -> None:
    silent = store.begin_run([article("a")], START)
    unanswered = Outcome(target("a"), Verdict(Health.FAILING, "timeout"), START)
    store.commit(silent, unanswered, START)
    answered = store.begin_run([article("a", "b")], START + DAY)
    store.commit_many(answered, [unanswered, outcome("b")], START + DAY)
    last = run(store, unanswered, at=START + 2 * DAY)
    assert row(store, last)["failing_since"] == "2026-11-24T07:00:00Z"


def test_links_alive_lately_are_fresh_and_others_never(store: Store) -> None:
    moved = outcome("moved", Health.MOVED, "redirected_permanently")
    blocked = outcome("blocked", Health.BLOCKED, "forbidden")
    run(store, outcome("alive"), moved, failed("broken"), blocked)
    week, now = timedelta(days=7), START + 6 * DAY
    fresh = {
        name: store.fresh(target(name).key, now, week) for name in ("alive", "moved", "broken", "blocked")
    }
    assert fresh == {"alive": True, "moved": True, "broken": False, "blocked": False}
    assert not store.fresh(target("alive").key, START + 8 * DAY, week)
    assert not store.fresh(target("alive").key, START, timedelta())
    assert not store.fresh(target("alive").key, START - DAY, week), "seen in the future: the clock went back"
    assert not store.fresh(target("unknown").key, now, week)


def test_a_steady_link_is_left_alone_for_longer_and_an_unsteady_one_not_so_long(store: Store) -> None:
    for day in range(10):
        run = store.begin_run([], START + day * DAY)
        steady = Outcome(target("steady"), Verdict(Health.ALIVE, "ok"), START + day * DAY)
        shaky = Outcome(target("shaky"), Verdict(*_SHAKY.get(day, (Health.ALIVE, "ok"))), START + day * DAY)
        store.commit_many(run, [steady, shaky], START + day * DAY)
    last = START + 9 * DAY
    found = {
        (name, days): store.fresh(target(name).key, last + timedelta(days=days), timedelta(days=8))
        for name in ("steady", "shaky")
        for days in (3, 5, 15, 17)
    }
    assert [days for (name, days), fresh in found.items() if name == "steady" and fresh] == [3, 5, 15]
    assert [days for (name, days), fresh in found.items() if name == "shaky" and fresh] == [3]


_SHAKY = {4: (Health.FAILING, "timeout")}


def test_a_link_left_alone_keeps_its_verdict_and_is_not_among_the_checks(store: Store) -> None:
    run(store, outcome("a", record={"title": "T"}, metadata_source="page"), outcome("b"))
    number = store.begin_run([article("a", "b")], START + DAY)
    store.commit(number, outcome("b", attempts=2, requests=1 / 3, elapsed_ms=5), START + DAY)
    assert (row(store, number)["health"], row(store, number)["metadata_stale"]) == ("alive", False)
    assert list(store.checks(number, "list")) == [
        {
            "target": "web:https://b.example/",
            "checked_at": "2026-11-23T07:00:00Z",
            "health": "alive",
            "reason": "ok",
            "http_status": 200,
            "attempts": 2,
            "elapsed_ms": 5,
            "requests": 0.3333,
        }
    ]


def test_the_trend_counts_published_runs(store: Store) -> None:
    run(store, outcome("a"), outcome("b"))
    run(store, outcome("a"), failed("b"), at=START + DAY)
    run(store, failed("a"), failed("b"), at=START + 2 * DAY, status="failed")
    assert store.trend("list") == [(START, {"alive": 2}), (START + DAY, {"alive": 1, "broken": 1})]
    assert store.trend("list", last=1) == [(START + DAY, {"alive": 1, "broken": 1})]


def test_pruning_keeps_state_records_and_the_trend(store: Store) -> None:
    run(store, outcome("gone", record={"title": "T"}, metadata_source="page"))
    for day in range(1, 6):
        last = run(store, failed("a"), at=START + day * DAY)
    before = row(store, last)
    assert store.prune(keep_runs=2) == 2
    assert row(store, last) == before
    assert len(store.history(target("a").key)) == 3, "the first of the state, and those of the last two runs"
    assert len(store.history(target("gone").key)) == 1, "the latest visit of a target is always kept"
    assert store.record(target("gone").key) == {"title": "T"}
    assert len(store.trend("list")) == 6
    assert store.check() == []
    assert store.prune(older_than=START + 5 * DAY) == 1
    assert store.prune(keep_runs=1) == 0
    following = run(store, failed("a"), at=START + 6 * DAY)
    assert row(store, following)["failing_since"] == "2026-11-24T07:00:00Z"


def test_hostile_text_is_kept_clean(store: Store) -> None:
    verdict = Verdict(
        Health.BROKEN, "not_found", detail="\ud800\0", notes=("\udfff",), final_url="https://a/\ud800"
    )
    given = Outcome(target("a"), verdict, START, {"title": "x\ud800\0y", "stars": "12"}, "page\ud800"[:4])
    number = run(store, given)
    now = row(store, number)
    assert (now["title"], now["stars"], now["detail"], now["notes"]) == ("x�y", None, "�", ["�"])


def test_many_outcomes_are_one_transaction(store: Store) -> None:
    number = store.begin_run([article("a", "b")], START)

    def failing() -> Iterator[Outcome]:
        yield outcome("a")
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError):
        store.commit_many(number, failing(), START)
    assert list(store.checks(number, "list")) == []
    assert store.commit_many(number, [outcome("a"), outcome("b")], START) == 2


def test_healths_are_those_of_the_last_visits_of_each_target_oldest_first(store: Store) -> None:
    for day in range(4):
        number = run(store, outcome("a"), failed("b"), at=START + day * DAY)
    assert store.healths(number, "list", last=2) == {
        target("a").key: [("2026-11-25T07:00:00Z", "alive"), ("2026-11-26T07:00:00Z", "alive")],
        target("b").key: [("2026-11-25T07:00:00Z", "broken"), ("2026-11-26T07:00:00Z", "broken")],
    }


def test_only_known_ways_to_end_a_run(store: Store) -> None:
    number = store.begin_run([article("a")], START)
    with pytest.raises(ValueError, match="no such status"):
        store.finish_run(number, START, "done")
    with pytest.raises(StoreError, match="knows no run 99"):
        store.started(99)


def test_what_says_nothing_of_an_unknown_target_leaves_no_record(store: Store) -> None:
    run(store, outcome("a", unchanged=True), outcome("b", record={"title": "B"}))
    assert (store.last_read("web:https://a.example/"), store.record("web:https://a.example/")) == (None, {})
    assert store.last_read("web:https://b.example/") == START


def test_an_empty_store_tells_that_nothing_was_published(store: Store) -> None:
    assert (store.last_success(), store.last_run("list"), store.last_shown("list")) == (None, None, None)
    number = run(store, outcome("a"))
    assert store.last_success() == START
    assert store.lost_hosts(number) == (0, 0)


def test_hosts_that_answered_the_last_time_and_do_no_more_are_counted(store: Store) -> None:
    run(store, outcome("a"), outcome("b"), outcome("c"))
    number = store.begin_run([article("a", "b", "c", "d")], START + DAY)
    store.plan(number, [(target(name), f"{name}.example") for name in "abcd"])
    silent = Verdict(Health.FAILING, "connection_refused")
    for name, verdict in (("a", silent), ("b", outcome("b").verdict), ("c", silent), ("d", silent)):
        store.commit(number, Outcome(target(name), verdict, START + DAY), START + DAY)
    assert store.lost_hosts(number) == (2, 3), "the last one never answered"


@pytest.mark.parametrize(("minutes", "again"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_run_can_be_resumed_for_an_hour(minutes: int, again: bool, store: Store) -> None:
    number = store.begin_run([article("a")], START)
    found = store.resumable([article("a")], START + timedelta(minutes=minutes))
    assert found == (number if again else None)
