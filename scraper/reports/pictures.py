"""The pictures of an edition: what each shows, its title as a sentence, and its numbers in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from scraper.model import Health
from scraper.reports.drawing import (
    COLOURS,
    FILL,
    INK,
    LETTERS,
    MUTED,
    PAGE,
    RULE,
    WARN,
    Bar,
    Picture,
    draw_bars,
    draw_picture,
)
from scraper.reports.model import Edition
from scraper.reports.story import PRESSING
from scraper.reports.text import count, day, plain, shorten

MOST = 16
"""Bars in one picture; the rest is left to the tables."""


def pictures(edition: Edition) -> list[Picture]:
    """The pictures that have something to show, in the order of the page."""
    drawn = (health_by_site(edition), history(edition), licences(edition), stars(edition), commits(edition))
    return [picture for picture in drawn if picture]


def health_by_site(edition: Edition) -> Picture | None:
    """Bars of links by site, divided by health."""
    sites = Counter(str(row["site"]) for row in edition.links)
    if not sites:
        return None
    cells = Counter((str(row["site"]), str(row["health"])) for row in edition.links)
    bars = []
    for site, total in sites.most_common():
        found = {health: cells[site, health] for health in PRESSING if cells[site, health]}
        told = ", ".join(f"{number:,} {health}" for health, number in found.items())
        parts = tuple((number, health) for health, number in reversed(found.items()))
        bars.append(Bar(f"{site}: {'all ' if len(found) == 1 and total > 1 else ''}{told}", parts, ""))
    alive = sum(1 for row in edition.links if row["health"] == Health.ALIVE)
    title = f"{alive:,} of {count(len(edition.links), 'link')} are alive"
    return draw_bars("sites", title, "Links by site and health", bars, thin=True)


def history(edition: Edition) -> Picture | None:
    """Columns of the links that are not alive, one for each run."""
    runs = edition.trend[-52:]
    layers = {
        health: [counts.get(health, 0) for _, counts in runs] for health in PRESSING if health != Health.ALIVE
    }
    layers = {health: values for health, values in layers.items() if any(values)}
    if len(runs) < 2 or not layers:
        return None
    totals = [sum(values) for values in zip(*layers.values(), strict=True)]
    first, last = totals[0], totals[-1]
    turn = "still" if first == last else f"{'up' if last > first else 'down'} from {first:,} to"
    title = f"Links that are not alive: {turn} {last:,} over {count(len(runs), 'run')}"
    told = "; ".join(f"{health}: {', '.join(map(str, values))}" for health, values in layers.items())

    def draw(axes: Axes) -> None:
        ground = [0] * len(runs)
        for health, values in layers.items():
            axes.bar(
                range(len(runs)), values, bottom=ground, color=COLOURS[health], edgecolor=PAGE, linewidth=0.8
            )
            ground = [low + value for low, value in zip(ground, values, strict=True)]
        axes.set_ylim(0, max(totals) * 1.05)
        axes.set_xlim(-0.6, len(runs) - 0.4)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
        axes.set_axisbelow(True)
        axes.grid(axis="y", color=RULE, linewidth=0.8)
        axes.tick_params(length=0, pad=5)
        axes.set_xticks([0, len(runs) - 1], [day(runs[0][0]), day(runs[-1][0])])
        axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        _name_layers(axes, {health: values[-1] for health, values in layers.items()})

    box = (0.06, 0.11, 0.70, 0.84)
    note = f"Links by run and health; {runs[-1][1].get(Health.ALIVE, 0):,} more are alive now"
    return draw_picture("runs", title, note, f"Runs, oldest first. {told}.", draw, 2.4, box)


def _name_layers(axes: Axes, last: Mapping[str, int]) -> None:
    """Names at the right of the last column, in the order of its layers, apart enough to be read."""
    ground, low = 0, -1.0
    top = axes.get_ylim()[1]
    for health, value in last.items():
        low = max(ground + value / 2, low + top / 9)
        axes.annotate(f"{value:,} {health}", (1.02, low), xycoords=("axes fraction", "data"), color=INK,
                      fontsize=LETTERS, va="center", annotation_clip=False)  # fmt: skip
        axes.annotate("", (1.0, ground + value / 2), (1.02, low), xycoords=("axes fraction", "data"),
                      textcoords=("axes fraction", "data"), annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": COLOURS[health], "linewidth": 1.6})  # fmt: skip
        ground += value


def stars(edition: Edition) -> Picture | None:
    """Bars of the stars of each paper's repository."""
    known = [row for row in edition.papers if row.get("stars") is not None]
    if not known:
        return None
    known.sort(key=lambda row: (-row["stars"], str(row.get("title"))))
    bars = []
    for row in known[:MOST]:
        label = str(row.get("title") or row.get("section_title") or row.get("code_url"))
        note = " (archived)" if row.get("archived") else ""
        colour = MUTED if row.get("archived") else FILL
        bars.append(Bar(label, ((row["stars"], colour),), f"{row['stars']:,}{note}"))
    best = shorten(plain(bars[0].label), 60)
    title = f"Most stars: {best}" if len(known) > 1 else f"Stars of {best}"
    note = f"Stars of the papers' repositories, {'the first ' + str(MOST) if len(known) > MOST else 'all'}"
    return draw_bars("stars", title, f"{note} of {len(known):,}", bars, thin=True)


def licences(edition: Edition) -> Picture | None:
    """Bars of the licences of the repositories."""
    states = [
        (row.get("license_state"), row.get("license_spdx"))
        for row in edition.links
        if row.get("license_state")
    ]
    if not states:
        return None
    names = Counter(str(spdx) if state == "spdx" else str(state) for state, spdx in states)
    open_ones = sum(number for name, number in names.items() if name not in {"none", "unrecognised"})
    colours = {"none": WARN, "unrecognised": MUTED}
    labels = {"none": "no licence", "unrecognised": "not recognised"}
    bars = [
        Bar(labels.get(name, name), ((number, colours.get(name, FILL)),), f"{number:,}")
        for name, number in sorted(names.items(), key=lambda item: (item[0] in labels, -item[1], item[0]))[
            :MOST
        ]
    ]
    title = f"{open_ones:,} of {count(len(states), 'repository', 'repositories')} have a recognised licence"
    return draw_bars("licences", title, "Repositories by licence", bars)


_AGES = (
    (1, "under 1 year"),
    (2, "1 to 2 years"),
    (3, "2 to 3 years"),
    (5, "3 to 5 years"),
    (999, "over 5 years"),
)


def commits(edition: Edition) -> Picture | None:
    """Bars of the repositories by the age of their last commit, counted back from the run."""
    dates = [_moment(row["last_commit_at"]) for row in edition.links if row.get("last_commit_at")]
    if not dates:
        return None
    years = [(edition.made_at - date).days / 365.25 for date in dates]
    ages = Counter(next(label for most, label in _AGES if age < most) for age in years)
    bars = [Bar(label, ((ages[label], FILL),), f"{ages[label]:,}") for _, label in _AGES]
    recent = ages["under 1 year"]
    title = f"{recent:,} of {count(len(dates), 'repository', 'repositories')} had a commit within a year"
    return draw_bars(
        "commits", title, "Repositories by the age of the last commit on their default branch", bars
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
