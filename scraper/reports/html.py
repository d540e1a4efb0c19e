"""`report.html` and `index.html`: each one file that asks for nothing else and needs no scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scraper.model import Health
from scraper.reports.model import Edition, Summary
from scraper.reports.pictures import pictures
from scraper.reports.rows import link_rows, paper_rows, strip_width
from scraper.reports.story import MEANINGS, PRESSING, tell
from scraper.reports.text import count, day, iso, plain, shorten, shown_address, slug, web_address, words
from scraper.verdicts.reasons import REASONS

WHOLE = 1_000
"""Rows up to which a table is in the page whole; of a longer one, the first `DRAWN` are."""
DRAWN = 300
"""The rows after these wait in a `<template>`, which is not laid out, and are drawn as they are needed."""
LISTED = 15
"""Links in one list of the story; the table has them all."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def report_html(edition: Edition) -> str:
    """The page of one article."""
    story = tell(edition)
    links = link_rows(edition)
    papers = paper_rows(edition)
    strips = list(dict.fromkeys(row.strip for row in links if row.strip))
    return _render(
        "report.html",
        edition=edition,
        story=story,
        links=links,
        papers=papers,
        strips=strips,
        numbers={strip: number for number, strip in enumerate(strips)},
        strip_width=strip_width(edition),
        # Built by etree, which escapes, like the files of this package below: the only text taken as markup.
        pictures=[(picture, Markup(picture.svg)) for picture in pictures(edition)],
        sites=sorted({row.site for row in links}),
        reasons={
            name: REASONS[name] for name in sorted({row["reason"] for row in edition.links} & REASONS.keys())
        },
        fresh=sum(1 for row in edition.links if row.get("metadata_as_of") and not row.get("metadata_stale")),
        stale=sum(1 for row in edition.links if row.get("metadata_stale")),
        drawn=len(links) if len(links) <= WHOLE else DRAWN,
        papers_drawn=len(papers) if len(papers) <= WHOLE else DRAWN,
        listed=LISTED,
    )


def index_html(summaries: Sequence[Summary]) -> str:
    """The page over all articles, by name."""
    ordered = sorted(summaries, key=lambda summary: summary.name)
    return _render("index.html", summaries=ordered)


def _render(template: str, **values: Any) -> str:
    environment = _environment()
    assets = environment.globals
    style, script = str(assets["style"]), str(assets["script"])
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return environment.get_template(template).render(policy=policy, **values)


def _digest(text: str) -> str:
    """The source expression of an inline style or script (CSP Level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    loader = PackageLoader("scraper.reports", "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in _FILTERS:
        environment.filters[function.__name__] = function
    environment.globals |= {"healths": PRESSING, "meanings": MEANINGS}
    for name, file in (("style", "style.css"), ("script", "script.js")):
        environment.globals[name] = Markup(loader.get_source(environment, file)[0])
    return environment


def _finalize(value: Any) -> Any:
    """Whatever a template prints loses what steers or hides, before it is escaped. Markup is our own."""
    return plain(value) if type(value) is str else value


def moment(value: datetime) -> str:
    """A time as people write it: `23 November 2026, 05:17 UTC`."""
    # The C library's month names are those of the machine's language; calendar.month_name too.
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}, {value:%H:%M} UTC"


def sparkline(summary: Summary) -> tuple[str, str]:
    """The share of links that are alive, over the last 30 runs.

    Returns the points of a line in a box of 100 by 20, and the same in words; both empty for a first run.
    """
    shares = [counts.get(Health.ALIVE, 0) / max(1, sum(counts.values())) for _, counts in summary.trend[-30:]]
    if len(shares) < 2:
        return "", ""
    low, high = min(shares), max(shares)
    spread = max(high - low, 0.02)  # less than 2 % up and down is drawn as the calm it is
    step = 96 / (len(shares) - 1)
    points = (
        f"{2 + at * step:.1f},{18 - (share - low) / spread * 16:.1f}" for at, share in enumerate(shares)
    )
    return " ".join(points), f"alive: {shares[0]:.0%} {len(shares) - 1} runs ago, {shares[-1]:.0%} now"


_FILTERS: tuple[Callable[..., Any], ...] = (
    *(count, day, iso, shorten, shown_address, slug, web_address, words, quote),
    *(moment, sparkline),
)
