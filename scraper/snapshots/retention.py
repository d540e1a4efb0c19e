"""Which snapshots stay, of many. Pure.

Counted, not measured by a clock: all of the newest day, the last snapshot of each of the newest 14 days
that have one, of the newest 13 weeks, and of every month. So a list that is refreshed once a month keeps all
of its snapshots, and a clock that was wrong for a day costs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

DAYS, WEEKS = 14, 13


class Keep(NamedTuple):
    """Settings `keep_snapshots` and `thin_snapshots`."""

    most: int = 0
    """How many snapshots stay, the new one among them; 0 sets no limit."""
    thinned: bool = False


ALL = Keep()


def superfluous(names: Sequence[str], new: str, previous: str | None, keep: Keep) -> list[str]:
    """The snapshots that need not stay.

    Args:
        names: their times, as the folders are called, the oldest first.
        new: stays whatever its time, for a clock may have been set back.
        previous: the one to compare it with; only `most` lets go of it.
    """
    newest_first = names[::-1]
    wanted = {previous, *(_thinned(newest_first) if keep.thinned else names)}
    others = [name for name in newest_first if name in wanted and name != new]
    staying = {new, *(others[: keep.most - 1] if keep.most else others)}
    return [name for name in names if name not in staying]


def _thinned(newest_first: Sequence[str]) -> set[str]:
    weeks = islice(_last_of(newest_first, _week), WEEKS)
    days = islice(_last_of(newest_first, lambda name: name[:10]), DAYS)
    # Of the day under way all stay: an issue tells what is new since the snapshot that it told of.
    today = [name for name in newest_first if name[:10] == newest_first[0][:10]]
    return {*today, *days, *weeks, *_last_of(newest_first, lambda name: name[:7])}


def _last_of(newest_first: Iterable[str], period: Callable[[str], str]) -> list[str]:
    """The last snapshot of each period, the newest first."""
    found: dict[str, str] = {}
    for name in newest_first:
        found.setdefault(period(name), name)
    return list(found.values())


def _week(name: str) -> str:
    year, week, _ = date.fromisoformat(name[:10]).isocalendar()
    return f"{year}-{week:02}"
