"""Editions to render: the sixteen papers of the first article, hostile ones and large ones.

Ids, titles, decisions and addresses are facts; healths, stars, histories and abstracts are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from report_facts import HOSTILE_URLS, NASTY, PAGES, PAPERS, TROUBLE

from scraper import columns
from scraper.model import Change, Problem
from scraper.reports.model import Edition, Summary
from scraper.reports.overview import summarise

MADE_AT = datetime(2026, 11, 23, 5, 17, 3, tzinfo=UTC)
SOURCE = "data/articles/iclr-2020-deep-learning.md"
_MEMENTO = "https://web.archive.org/web/20220926095407/"

_ABSTRACT = (
    "This abstract stands in for the one of the paper: it has about the length of a real one, so that "
    "the page can be judged with it. It says what was asked, why it mattered, how it was tried and what"
    " came of it. The first experiment was small and told us where to look; the second was larger and "
    "told us that we had looked in the right place. On three public data sets the method needs a third "
    "fewer steps than the one it is compared with, and it never does worse. We describe one case in "
    "which it does not help, and why. Code, configurations and the logs of every run are available, so "
    "that each number can be made again."
)


def link(target: str, url: str, site: str, kind: str, line: int, **known: Any) -> dict[str, Any]:
    """A row of links.csv with every column; what is not given is empty."""
    row: dict[str, Any] = {column.name: None for column in columns.LINKS.columns}
    row |= {"target": target, "url": url, "site": site, "kind": kind, "health": "alive", "reason": "ok"}
    row |= {"confirmed_dead": False, "http_status": 200, "first_line": line, "mentions": 1}
    row |= {"first_seen": "2026-06-01T05:17:00Z", "metadata_stale": False} | known
    return row


def small() -> Edition:
    """The first article: 36 links in all healths, 16 papers, 12 weekly runs."""
    links = sorted((*_paper_links(), *_page_links()), key=lambda row: str(row["target"]))
    by_target = {row["target"]: row for row in links}
    return Edition(
        name="iclr-2020-deep-learning",
        title="ICLR 2020: best deep learning papers",
        source=SOURCE,
        made_at=MADE_AT,
        version="0.1.0",
        sandbox=False,
        links=links,
        papers=[_paper(entry, by_target) for entry in PAPERS],
        mentions=[_mention(row) for row in links],
        checks=[_check(row) for row in links],
        changes=_changes(),
        histories={row["target"]: _history(row) for row in links},
        trend=_trend(),
        requests=43.5,
        elapsed=38.2,
        problems=(Problem(283, "Continue reading ->", "the link has no address"),),
        repaired=5204,
        lost=306,
    )


def _paper_links() -> Sequence[dict[str, Any]]:
    rows = []
    for number, forum, title, decision, rating, code, stars, licence, commit, archived, line in PAPERS:
        rows.append(
            link(
                f"openreview:{forum}",
                f"https://openreview.net/forum?id={forum}",
                "openreview",
                "forum",
                line,
                reason="confirmed_by_api",
                title=title,
                abstract=_ABSTRACT,
                decision=decision,
                rating_mean=rating,
                code_url="https://github.com/namhoonlee/spp-public" if number == 11 else None,
                metadata_source="openreview-api-v1",
                metadata_as_of="2026-06-01T05:17:00Z",
            )
        )
        if code.startswith("drive:"):
            identity = code.removeprefix("drive:")
            rows.append(
                _row(
                    f"gdrive:{identity}",
                    f"https://drive.google.com/file/d/{identity}/view",
                    "gdrive",
                    "file",
                    line,
                )
            )
        elif code:
            state = "spdx" if licence else "none"
            rows.append(
                _row(
                    f"github:{code.lower()}",
                    f"https://github.com/{code}",
                    "github",
                    "repository",
                    line,
                    title=code,
                    full_name=code,
                    stars=stars,
                    license_state=state,
                    license_spdx=licence or None,
                    archived=archived,
                    last_commit_at=f"{commit}T12:00:00Z",
                    code_completeness=number % 6,
                    metadata_source="github-graphql",
                    metadata_as_of="2026-11-23T05:17:03Z",
                )
            )
    return rows


def _page_links() -> Sequence[dict[str, Any]]:
    return [
        _row(f"web:{url}", url, site, "page", line, mentions=mentions, title=None)
        for url, site, line, mentions in PAGES
    ]


def _row(target: str, url: str, site: str, kind: str, line: int, **known: Any) -> dict[str, Any]:
    return link(target, url, site, kind, line, **(known | TROUBLE.get(target, {})))


def _paper(entry: tuple[Any, ...], links: dict[str, dict[str, Any]]) -> dict[str, Any]:
    number, forum, title, decision, rating, code, *_, line = entry
    paper = links[f"openreview:{forum}"]
    target = f"gdrive:{code[6:]}" if code.startswith("drive:") else f"github:{code.lower()}" if code else None
    repository = links[target] if target else dict.fromkeys(paper)
    return {
        "number": number,
        "section_title": title,
        "title": title,
        "abstract": paper["abstract"],
        "decision": decision,
        "rating_mean": rating,
        "paper_url": paper["url"],
        "paper_health": paper["health"],
        "code_url": repository["url"] or paper["code_url"],
        "code_source": "article" if target else "record" if paper["code_url"] else None,
        "code_health": repository["health"],
        "stars": repository["stars"],
        "license_state": repository["license_state"],
        "license_spdx": repository["license_spdx"],
        "archived": repository["archived"],
        "last_commit_at": repository["last_commit_at"],
        "paper_target": paper["target"],
        "code_target": target,
        "code_completeness": repository["code_completeness"],
        "first_line": line,
    }


def _mention(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "line": row["first_line"],
        "section_number": None,
        "section_title": "",
        "text": "paper",
        "href": _MEMENTO + row["url"],
        "url": row["url"],
        "archived_at": "2022-09-26T09:54:07Z",
        "site": row["site"],
        "target": row["target"],
    }


def _check(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "target": row["target"],
        "checked_at": "2026-11-23T05:17:21Z",
        "health": row["health"],
        "reason": row["reason"],
        "http_status": row["http_status"],
        "attempts": 1,
        "elapsed_ms": 412,
        "requests": 1.2,
    }


def _changes() -> list[Change]:
    lost = "github:lottery-ticket/rewinding-iclr20-public"
    return [
        Change(
            "newly_broken",
            lost,
            "lottery-ticket/rewinding-iclr20-public",
            "alive",
            "broken",
            "https://github.com/lottery-ticket/rewinding-iclr20-public",
            73,
        ),
        Change(
            "newly_broken",
            "web:https://neptune.ai/blog/iclr-2020-nlp-nlu",
            "",
            "alive",
            "broken",
            "https://neptune.ai/blog/iclr-2020-nlp-nlu",
            240,
        ),
        Change(
            "recovered",
            "web:https://neptune.ai/blog/iclr-2020-generative-models",
            "",
            "failing",
            "alive",
            "https://neptune.ai/blog/iclr-2020-generative-models",
            239,
        ),
        Change(
            "renamed",
            "github:gengchenmai/space2vec",
            "gengchenmai/space2vec",
            "gengchenmai/space2vec",
            "gengchenmai/Space2Vec-ICLR",
            "https://github.com/gengchenmai/space2vec",
            183,
        ),
        Change(
            "archived",
            "github:automl/robustdarts",
            "automl/RobustDARTS",
            "active",
            "archived",
            "https://github.com/automl/RobustDARTS",
            59,
        ),
        Change(
            "license_changed",
            "github:ibm/fedma",
            "IBM/FedMA",
            "none",
            "MIT",
            "https://github.com/IBM/FedMA",
            197,
        ),
        Change(
            "stars_changed",
            "github:lukasruff/deep-sad-pytorch",
            "lukasruff/Deep-SAD-PyTorch",
            "341",
            "382",
            "https://github.com/lukasruff/Deep-SAD-PyTorch",
            169,
        ),
    ]


def _history(row: dict[str, Any]) -> list[tuple[str, str]]:
    runs = [MADE_AT - timedelta(weeks=weeks) for weeks in range(11, -1, -1)]
    since = row.get("failing_since") or ""
    settled = row["health"] if row["health"] in {"moved", "blocked"} else "alive"
    told = [
        (f"{run:%Y-%m-%dT%H:%M:%SZ}", row["health"] if since and f"{run:%Y-%m-%d}" >= since[:10] else settled)
        for run in runs
    ]
    if row["target"].endswith("generative-models"):
        told[-4:-1] = [(at, "failing") for at, _ in told[-4:-1]]
    return [*told[:-1], (told[-1][0], row["health"])]


def _trend() -> list[tuple[str, dict[str, int]]]:
    broken = (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3)
    failing = (0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 2, 1)
    moved = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2)
    blocked = (1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2)
    unverified = (0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    runs = []
    for weeks, (b, f, m, k, u) in enumerate(zip(broken, failing, moved, blocked, unverified, strict=True)):
        at = MADE_AT - timedelta(weeks=11 - weeks)
        counts = {
            "alive": 36 - b - f - m - k - u,
            "moved": m,
            "blocked": k,
            "broken": b,
            "failing": f,
            "unverified": u,
        }
        runs.append((f"{at:%Y-%m-%dT%H:%M:%SZ}", counts))
    return runs


def first_run() -> Edition:
    """The same, with nothing before it."""
    edition = small()
    last = {row["target"]: list(edition.histories[row["target"]])[-1:] for row in edition.links}
    return replace(edition, changes=(), histories=last, trend=edition.trend[-1:])


def summary(each: Edition) -> Summary:
    """The line that the index has of an edition."""
    return summarise(each)


def empty() -> Edition:
    """An article without links."""
    return Edition("empty", "Nothing here", "empty.md", MADE_AT, "0.1.0", False, (), (), (), (), ())


def hostile() -> Edition:
    """Every field that a stranger writes holds something meant to do harm."""
    links, papers, changes = [], [], []
    kinds = ("newly_broken", "recovered", "renamed", "archived", "stars_changed", "removed")
    healths = (
        ("broken", "not_found"),
        ("failing", "timeout"),
        ("moved", "repository_renamed"),
        ("alive", "ok"),
    )
    for place, nasty in enumerate(NASTY):
        url = HOSTILE_URLS[place % len(HOSTILE_URLS)]
        health, reason = healths[place % len(healths)]
        target = f"github:{nasty}"
        row = link(
            target,
            url,
            "github",
            "repository",
            place,
            health=health,
            reason=reason,
            title=nasty,
            abstract=nasty,
            detail=nasty,
            redirects=f"301 {nasty}",
            suggested_url=url,
            archived_url=url,
            archived_at="2022-09-26T09:54:07Z",
            full_name=nasty,
            license_state="spdx",
            license_spdx=nasty,
            stars=place,
            last_commit_at="2020-01-01T00:00:00Z",
            metadata_source=nasty,
            notes=[nasty],
        )
        links.append(row)
        papers.append(
            {
                **_paper(PAPERS[0], {"openreview:B1e9Y2NYvS": row}),
                "title": nasty,
                "section_title": nasty,
                "abstract": nasty * 400 if place else "<b>" + "x" * 5_000_000,
                "decision": nasty,
                "stars": 1,
                "code_url": url,
                "code_source": "record",
                "license_state": "spdx",
                "license_spdx": nasty,
            }
        )
        changes.append(Change(kinds[place % len(kinds)], target, nasty, nasty, nasty, url, place))
    changes.append(Change("removed", "web:gone", NASTY[0], NASTY[6], NASTY[8], "javascript:alert(1)", None))
    histories = {row["target"]: [("2026-11-23T05:17:03Z", row["health"])] for row in links}
    return replace(
        small(),
        title=NASTY[8] + NASTY[0],
        source=NASTY[1] + NASTY[6],
        version=NASTY[10],
        links=links,
        papers=papers,
        changes=changes,
        histories=histories,
        problems=[Problem(1, nasty, nasty) for nasty in NASTY],
    )


def large(number: int) -> Edition:
    """An article with `number` links: two papers in five, as many repositories, and pages."""
    edition = small()
    kinds = [row for row in edition.links if row["site"] != "web"] + list(edition.links)
    links, papers, histories = [], [], {}
    for place in range(number):
        model = kinds[place % len(kinds)]
        row = {
            **model,
            "target": f"{model['target']}-{place}",
            "url": f"{model['url']}-{place}",
            "first_line": place + 1,
        }
        links.append(row)
        histories[row["target"]] = list(edition.histories[model["target"]]) * 3
        if row["site"] == "openreview":
            paper = next(paper for paper in edition.papers if paper["paper_target"] == model["target"])
            papers.append({**paper, "number": place, "paper_target": row["target"], "first_line": place + 1})
    return replace(
        edition,
        links=links,
        papers=papers,
        histories=histories,
        mentions=[_mention(row) for row in links],
        checks=[_check(row) for row in links],
        changes=(),
        requests=number * 1.1,
    )
