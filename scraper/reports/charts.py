"""The charts of an edition as numbers, and their titles as sentences; `charts.html` draws them. Pure.

A chart is laid out in shares of its width, so that its bars stretch with the page while its words stay as
large as all others; it is drawn in the page's own colours, and its numbers are in the words beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scraper.model import Health
from scraper.reports.items import PRESSING
from scraper.reports.model import Edition
from scraper.reports.text import count, date_words, plain, shorten

MOST = 10
"""Bars in one chart; the rest is left to the tables."""
RUNS = 52
"""Columns in the trend."""


class Part(NamedTuple):
    """A piece of a bar or a column, in shares of 100."""

    start: float
    length: float
    paint: str
    """A health, or `fill`, `warn`, `muted`."""


class Bar(NamedTuple):
    label: str
    parts: tuple[Part, ...]
    value: str


class Bars(NamedTuple):
    name: str
    title: str
    bars: tuple[Bar, ...]
    note: str = ""


class Column(NamedTuple):
    told: str
    """`16 Nov 2026: 3 broken, 1 failing`."""
    parts: tuple[Part, ...]


class Trend(NamedTuple):
    title: str
    columns: tuple[Column, ...]
    top: int
    """Links that the height stands for."""
    first: str
    last: str
    layers: tuple[tuple[str, int], ...]
    """(health, links now), as they are piled up, the top one first."""


def trend(edition: Edition) -> Trend | None:
    """The links that are not alive, complete run by complete run; nothing before there are two."""
    runs = edition.trend[-RUNS:]
    if len(runs) < 2:
        return None
    layers = [health for health in PRESSING if health != Health.ALIVE]
    used = [health for health in layers if any(counts.get(health) for _, counts in runs)]
    totals = [sum(counts.get(health, 0) for health in used) for _, counts in runs]
    top = max(totals) or 1
    columns = tuple(_column(at, counts, used, top) for at, counts in runs)
    first, last = date_words(runs[0][0]), date_words(runs[-1][0])
    now = tuple((health, runs[-1][1].get(health, 0)) for health in reversed(used))
    until = "" if _moment(runs[-1][0]) == edition.made_at else last
    return Trend(_turn(totals, first, until), columns, top, first, last, now)


def _turn(totals: Sequence[int], since: str, until: str) -> str:
    """`until`: when the last complete run was, where that is not the run that is told of."""
    before, now = totals[0], totals[-1]
    if not any(totals):
        return f"All links alive from {since} to {until}" if until else f"All links alive since {since}"
    turn = "as many as" if before == now else f"{'up' if now > before else 'down'} from {before:,}"
    return f"{count(now, 'link')} not alive{until and f' on {until}'}, {turn} on {since}"


def _column(at: str, counts: Mapping[str, int], used: Sequence[str], top: int) -> Column:
    told = ", ".join(f"{counts[health]:,} {health}" for health in used if counts.get(health))
    parts, ground = [], 100.0
    for health in used:
        height = 100 * counts.get(health, 0) / top
        ground -= height
        if height:
            parts.append(Part(round(ground, 2), round(height, 2), health))
    return Column(f"{date_words(at)}: {told or 'all alive'}", tuple(parts))


def shares(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """All links as one bar, divided by health."""
    total = sum(counts.values()) or 1
    return tuple(_pile((100 * counts[health] / total, health) for health in reversed(PRESSING)))


def charts(edition: Edition) -> list[Bars]:
    """The bars that have something to show, in the order of the page."""
    drawn = (sites(edition), licences(edition), commits(edition))
    return [chart for chart in drawn if chart]


def sites(edition: Edition) -> Bars | None:
    """Links by site, divided by health."""
    totals = Counter(str(row["site"]) for row in edition.links)
    if not totals:
        return None
    cells = Counter((str(row["site"]), str(row["health"])) for row in edition.links)
    longest = max(totals.values())
    bars = []
    for site, total in totals.most_common(MOST):
        found = [(cells[site, health], health) for health in reversed(PRESSING) if cells[site, health]]
        alive = cells[site, Health.ALIVE]
        value = f"{total:,}" if alive == total else f"{alive:,} of {total:,} alive"
        bars.append(
            Bar(site, tuple(_pile((100 * number / longest, paint) for number, paint in found)), value)
        )
    return Bars("sites", "Links by site", tuple(bars))


def _pile(lengths: Iterator[tuple[float, str]]) -> Iterator[Part]:
    start = 0.0
    for length, paint in lengths:
        if length:
            yield Part(round(start, 2), round(length, 2), paint)
        start += length


def licences(edition: Edition) -> Bars | None:
    """Repositories by licence."""
    names = Counter(
        str(row.get("license_spdx")) if row.get("license_state") == "spdx" else str(row["license_state"])
        for row in edition.links
        if row.get("license_state")
    )
    if not names:
        return None
    labels = {"none": ("no licence", "warn"), "unrecognised": ("not recognised", "muted")}
    order = sorted(names.items(), key=lambda pair: (pair[0] in labels, -pair[1], pair[0]))
    known = sum(number for name, number in names.items() if name not in labels)
    title = f"{known:,} of {count(names.total(), 'repository', 'repositories')} have a recognised licence"
    bars = [(*labels.get(name, (name, "fill")), number, f"{number:,}") for name, number in order]
    return _plain_bars("licences", title, bars)


_AGES = (
    *((1, "under 1 year"), (2, "1 to 2 years"), (3, "2 to 3 years")),
    *((5, "3 to 5 years"), (999, "over 5 years")),
)


def commits(edition: Edition) -> Bars | None:
    """Repositories by the age of their last commit, counted back from the run."""
    dates = [_moment(row["last_commit_at"]) for row in edition.links if row.get("last_commit_at")]
    if not dates:
        return None
    years = [(edition.made_at - date).days / 365.25 for date in dates]
    ages = Counter(next(label for most, label in _AGES if age < most) for age in years)
    recent, all_of_them = ages["under 1 year"], count(len(dates), "repository", "repositories")
    title = f"{recent:,} of {all_of_them} had a commit within a year"
    bars = [(label, "fill", ages[label], f"{ages[label]:,}") for _, label in _AGES]
    return _plain_bars("commits", title, bars, "By the last commit on the default branch")


def _plain_bars(name: str, title: str, bars: Sequence[tuple[str, str, int, str]], note: str = "") -> Bars:
    longest = max(number for _, _, number, _ in bars) or 1
    drawn = tuple(
        Bar(shorten(plain(label), 70), tuple(_pile(iter([(100 * number / longest, paint)]))), value)
        for label, paint, number, value in bars[:MOST]
    )
    return Bars(name, title, drawn, note)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
