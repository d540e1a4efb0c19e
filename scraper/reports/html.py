"""`report.html` and `index.html`: each one file that asks for nothing else and needs no scripts."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scraper.model import Health
from scraper.reports.actions import actions
from scraper.reports.charts import charts, shares, trend
from scraper.reports.items import COPY, PRESSING
from scraper.reports.model import Edition, Summary
from scraper.reports.news import NEWS, told
from scraper.reports.papers import PaperRow, paper_rows
from scraper.reports.rows import link_rows, strip_width
from scraper.reports.story import MEANINGS, tell
from scraper.reports.text import (
    count,
    date_words,
    day,
    iso,
    moment,
    plain,
    shorten,
    shown_address,
    slug,
    web_address,
    words,
)

WHOLE = 1_000
"""Rows up to which a table is in the page whole; of a longer one, the first `DRAWN` are."""
DRAWN = 300
"""The rows after these wait as text, of which no nodes are made, and are drawn as they are needed."""
LISTED = 12
"""Links in one group of what needs attention; the table has them all."""


def report_html(edition: Edition) -> str:
    """The page of one article."""
    story = tell(edition)
    links = link_rows(edition, story)
    papers = paper_rows(edition)
    strips = list(dict.fromkeys(row.strip for row in links if row.strip))
    return _render(
        "report.html",
        edition=edition,
        story=story,
        links=links,
        papers=papers,
        actions=actions(story, edition),
        shares=shares(story.counts),
        trend=trend(edition),
        charts=charts(edition),
        strips=strips,
        numbers={strip: number for number, strip in enumerate(strips)},
        strip_width=strip_width(edition),
        choices=_choices(links, papers),
        fresh=sum(1 for row in edition.links if row.get("metadata_as_of") and not row.get("metadata_stale")),
        stale=sum(1 for row in edition.links if row.get("metadata_stale")),
        drawn=len(links) if len(links) <= WHOLE else DRAWN,
        papers_drawn=len(papers) if len(papers) <= WHOLE else DRAWN,
        listed=LISTED,
    )


def _choices(links: Sequence[Any], papers: Sequence[PaperRow]) -> dict[str, list[str]]:
    """What each filter can be set to: what there is, and nothing else."""
    return {
        "site": sorted({row.site for row in links}),
        "finding": sorted({row.phrase for row in links} - {""}),
        "news": list(dict.fromkeys(heading for row in links for heading in row.news)),
        "decision": sorted({row.decision for row in papers} - {""}),
        "presentation": sorted({row.presentation for row in papers} - {""}),
        "code": sorted({row.code for row in papers}),
        "licence": sorted({row.licence for row in papers} - {""}),
        "notice": sorted({notice for row in papers for notice in row.notices}),
    }


def index_html(summaries: Sequence[Summary]) -> str:
    """The page over all articles, by name."""
    ordered = sorted(summaries, key=lambda summary: summary.name)
    totals = {health: sum(one.counts.get(health, 0) for one in ordered) for health in PRESSING}
    new: Counter[str] = Counter()
    for one in ordered:
        new.update(dict(one.news))
    order = [told(kind).heading for kind in NEWS]
    headings = sorted(new.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return _render("index.html", summaries=ordered, totals=totals, shares=shares(totals), headings=headings)


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
    environment.globals |= {"healths": PRESSING, "meanings": MEANINGS, "copy": COPY}
    for name, file in (("style", "style.css"), ("script", "script.js")):
        environment.globals[name] = Markup(loader.get_source(environment, file)[0])
    return environment


def _finalize(value: Any) -> Any:
    """Whatever a template prints loses what steers or hides, before it is escaped. Markup is our own."""
    return plain(value) if type(value) is str else value


def sparkline(summary: Summary) -> tuple[str, str]:
    """The share of links that are alive, over the last 30 complete runs.

    Returns the points of a line in a box of 100 by 20, and the same in words; both empty before the second.
    """
    runs = summary.trend[-30:]
    shares = [counts.get(Health.ALIVE, 0) / max(1, sum(counts.values())) for _, counts in runs]
    if len(shares) < 2:
        return "", ""
    low, high = min(shares), max(shares)
    spread = max(high - low, 0.02)  # less than 2 % up and down is drawn as the calm it is
    step = 96 / (len(shares) - 1)
    points = (
        f"{2 + at * step:.1f},{18 - (share - low) / spread * 16:.1f}" for at, share in enumerate(shares)
    )
    (began, first), (ended, last) = runs[0], runs[-1]
    now = f"on {date_words(ended)}" if summary.incomplete else "now"
    return " ".join(points), f"{_alive(first)} alive on {date_words(began)}, {_alive(last)} {now}"


def _alive(counts: Mapping[str, int]) -> str:
    return percent(counts.get(Health.ALIVE, 0), sum(counts.values())) or "none"


def percent(part: int, whole: int) -> str:
    """A share, rounded down, so that 100 % means all."""
    return f"{100 * part // whole} %" if whole else ""


def shell(text: str) -> str:
    """An argument as a shell takes it."""
    return shlex.quote(plain(text))


_FILTERS: tuple[Callable[..., Any], ...] = (
    *(count, date_words, day, iso, moment, shorten, shown_address, slug, web_address, words, quote),
    *(percent, shell, sparkline),
)
