"""What is forgotten of old visits and old stars, and what never is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scraper.model import Article, Health, Mention, Outcome, Target, Verdict
from scraper.store.pruning import first_kept
from scraper.store.store import Store

START = datetime(2025, 1, 6, 7, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
HOME = Target("github:o/a", "github", "repository", "o/a", "https://github.com/o/a")
ALIVE, DEAD = (Health.ALIVE, "ok"), (Health.BROKEN, "not_found")


def run(
    store: Store,
    day: int,
    verdict: tuple[Health, str] = ALIVE,
    stars: int | None = None,
    name: str = "list",
    thin: bool = True,
    archived: bool = False,
) -> int:
    at = START + day * DAY
    mention = Mention(1, None, "", "a", "", HOME.url, "", "github", HOME.key)
    number = store.begin_run([Article(name, f"{name}.md", "A list", (mention,))], at)
    record = {"archived": archived} | ({} if stars is None else {"stars": stars})
    store.commit(number, Outcome(HOME, Verdict(*verdict), at, record, "github-rest"), at)
    store.note_changes(number, at if thin else None)
    store.finish_run(number, at, "published")
    return number


def visits(store: Store) -> list[tuple[int, str]]:
    return [((visit.started - START).days, visit.health) for visit in store.history(HOME.key)]


def told(store: Store, number: int) -> list[tuple[int, int]]:
    rows = store.past(number, "list")
    return [((datetime.fromisoformat(row["as_of"]) - START).days, row["stars"]) for row in rows]


def test_of_each_state_the_first_and_the_last_visit_stay(store: Store) -> None:
    states = [ALIVE] * 4 + [DEAD] * 3 + [(Health.FAILING, "timeout")] + [ALIVE] * 4
    for day, state in enumerate(states):
        run(store, day, state)
    assert store.forget(START + 10 * DAY) == 2 + 1 + 1
    ends = [(0, "alive"), (3, "alive"), (4, "broken"), (6, "broken"), (7, "failing"), (8, "alive")]
    assert visits(store) == [*ends, (10, "alive"), (11, "alive")]
    assert store.forget(START + 10 * DAY) == 0, "and twice forgets no more"
    assert store.check() == []


def test_forgotten_bit_by_bit_or_at_once_the_same_is_left(tmp_path: Path) -> None:
    left = []
    for step in (1, 5, 40):
        with Store.open(tmp_path / f"{step}.db") as store:
            for day in range(40):
                run(store, day, DEAD if day % 11 in (3, 4, 5, 6) else ALIVE)
                if day % step == step - 1:
                    store.forget(START + (day - 6) * DAY)
            store.forget(START + 33 * DAY)
            left.append(visits(store))
    assert left[0] == left[1] == left[2]
    assert len(left[0]) < 30


def test_an_article_that_rests_for_long_can_still_be_reported(store: Store) -> None:
    resting = run(store, 0, name="resting")
    for day in range(1, 5):
        run(store, day)
    store.forget(START + 4 * DAY)
    assert store.last_run("resting") == resting
    assert store.article(resting, "resting").mentions
    assert len(list(store.rows(resting, "resting"))) == 1


def test_stars_are_told_by_the_day_the_week_and_the_month(store: Store) -> None:
    for day in range(420):
        last = run(store, day, stars=day)
    days = [day for day, _ in told(store, last)]
    assert days[-31:] == list(range(389, 420))
    assert len(days) == pytest.approx(31 + (366 - 31) / 7 + 2, abs=4)
    assert all(stars == day for day, stars in told(store, last))


def test_what_weighs_more_than_stars_is_never_thinned(store: Store) -> None:
    changes: Sequence[int] = (3, 4, 5, 60, 61)
    for day in range(100):
        switched = sum(day >= change for change in changes) % 2 == 1
        last = run(store, day, DEAD if day in (20, 21) else ALIVE, stars=day, archived=switched)
    days = [day for day, _ in told(store, last)]
    assert {0, *changes, 20, 22} <= set(days)


def test_without_a_change_nothing_is_thinned(store: Store) -> None:
    for day in range(20):
        run(store, day, stars=day)
    before = told(store, run(store, 20, stars=19))
    assert told(store, run(store, 300, stars=19)) == before


def test_whoever_keeps_all_visits_keeps_all_stars(store: Store) -> None:
    for day in range(80):
        last = run(store, day, stars=day, thin=False)
    assert len(told(store, last)) == 80


def test_which_run_is_the_first_that_is_kept_whole(store: Store) -> None:
    database = store._database
    assert first_kept(database, None, None) == first_kept(database, 3, START) == 0, "nothing ran yet"
    for day in range(6):
        run(store, day)
    assert [first_kept(database, keep, None) for keep in (None, -1, 0, 1, 3, 99)] == [6, 6, 6, 6, 4, 1]
    assert first_kept(database, None, START + 2 * DAY) == 3
    assert first_kept(database, 1, START + 9 * DAY) == 6
    assert first_kept(database, 5, START + 4 * DAY) == 2, "what either keeps is kept"


@pytest.mark.parametrize(("age", "left"), [(32, [0, 1, 2]), (33, [0, 2])])
def test_stars_are_told_by_the_day_for_a_month(age: int, left: list[int], store: Store) -> None:
    """Of day 1, that is; the first of all stays."""
    for day in range(3):
        run(store, day, stars=day)
    newest = run(store, age, stars=9)
    assert [day for day, _ in told(store, newest) if day < 3] == left


@pytest.mark.parametrize(("age", "left"), [(380, [0, 7, 14]), (381, [0, 14])])
def test_stars_are_told_by_the_week_for_a_year(age: int, left: list[int], store: Store) -> None:
    """Until the last of the month is a year old."""
    for week in range(3):
        run(store, 7 * week, stars=week)
    newest = run(store, age, stars=9)
    assert [day for day, _ in told(store, newest) if day < 15] == left
