"""Which snapshots stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scraper.snapshots.retention import DAYS, WEEKS, Keep, superfluous

FIRST = date(2024, 1, 1)
THINNED = Keep(thinned=True)


def name(day: int, hour: int = 7) -> str:
    return f"{FIRST + timedelta(days=day)}T{hour:02}-00-00Z"


def staying(names: list[str], keep: Keep = THINNED) -> list[str]:
    """After each of these snapshots was published in turn."""
    kept: list[str] = []
    for new in names:
        kept, previous = sorted([*kept, new]), kept[-1] if kept else None
        gone = superfluous(kept, new, previous, keep)
        kept = [each for each in kept if each not in gone]
    return kept


def test_a_year_of_daily_snapshots_thins_out_towards_its_beginning() -> None:
    kept = staying([name(day) for day in range(500)])
    assert kept[-DAYS:] == [name(day) for day in range(500 - DAYS, 500)]
    assert DAYS + WEEKS - 2 <= len(kept) - 500 // 31 + 3 <= DAYS + WEEKS + 5
    months = {each[:7] for each in (name(day) for day in range(500))}
    assert {each[:7] for each in kept} == months


def test_of_many_runs_a_day_the_last_stays_and_of_the_newest_day_all() -> None:
    kept = staying([name(day, hour) for day in range(5) for hour in range(24)])
    assert kept == [*(name(day, 23) for day in range(4)), *(name(4, hour) for hour in range(24))]


@pytest.mark.parametrize("every", [7, 31, 100])
def test_a_list_that_is_seldom_refreshed_keeps_what_it_has(every: int) -> None:
    names = [name(day) for day in range(0, 12 * every, every)]
    assert staying(names) == names


def test_a_clock_that_was_wrong_costs_nothing_else() -> None:
    names = [name(day) for day in range(10)]
    assert staying([*names[:5], "2099-01-01T07-00-00Z", *names[5:]]) == [*names, "2099-01-01T07-00-00Z"]


def test_the_new_one_stays_though_its_time_is_the_oldest() -> None:
    names = [name(day) for day in range(4)]
    assert superfluous(names, name(0), name(3), Keep(most=1)) == names[1:]
    assert superfluous(names, name(0), name(3), Keep(most=2)) == names[1:3]


def test_all_are_kept_where_nothing_else_is_said() -> None:
    assert superfluous([name(day) for day in range(400)], name(399), name(398), Keep()) == []


def test_fourteen_days_thirteen_weeks_and_every_month_stay() -> None:
    """Written out, for one who reads the documentation to count by."""
    kept = staying([name(day) for day in range(367)])
    days = [name(day) for day in range(353, 367)]
    sundays = [name(day) for day in range(6, 367, 7)]
    last_days = [day for day in range(366) if (FIRST + timedelta(days=day + 1)).day == 1]
    assert kept == sorted({*days, *sundays[-12:], name(366), *map(name, last_days)})
