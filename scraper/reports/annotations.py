"""What `scraper check` found, for a terminal, a program, an editor or a pull request.

- json: our own form, with a version.
- sarif: SARIF 2.1.0 (OASIS), for code scanning.
- rdjson: the Reviewdog Diagnostic Format.
- github: workflow commands of GitHub Actions (`::error file=…,line=…::`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from scraper.model import Health
from scraper.reports.checked import HOME, Checked, Report, message, relative
from scraper.reports.findings import finding
from scraper.reports.sarif import sarif
from scraper.reports.text import count, document, json_text, plain


def text(report: Report) -> str:
    lines = [_line(one) for one in (*report.told, *report.untold)]
    lines += [plain(line) for line in report.complaints]
    return "\n".join([*lines, *([""] if lines else []), _summary(report)])


def _line(one: Checked) -> str:
    link = one.link
    where = f"{plain(link.source)}:{link.mention.line}  " if link.mention else ""
    by = f"  (by {plain(one.author)})" if one.author else ""
    return f"{link.health.upper():<8} {where}{plain(link.url)}  {message(link)}{by}"


def _summary(report: Report) -> str:
    counts = Counter(one.link.health for one in report.checked)
    told = ", ".join(f"{counts[health]} {health}" for health in Health if counts[health])
    what = "new or changed link" if report.since else "link"
    total = f"{count(len(report.checked), what)}{f': {told}' if told else ''}."
    if not report.rest:
        return total
    dead = sum(row["health"] in (Health.BROKEN, Health.FAILING) for row in report.rest)
    return f"{total} {count(len(report.rest), 'other link')} as of the last run: {dead} broken or failing."


def as_json(report: Report) -> str:
    return document(
        since=report.since or None,
        links=[_entry(one) for one in report.checked],
        others={row["target"]: row["health"] for row in report.rest},
        messages=list(report.complaints),
    )


def _entry(one: Checked) -> dict[str, Any]:
    link = one.link
    return {
        "url": link.url,
        "target": link.target,
        "site": link.site,
        "kind": link.kind,
        "health": link.health,
        "reason": link.reason,
        "finding": finding(link.reason, link.detail, link.http_status),
        "http_status": link.http_status,
        "final_url": link.final_url or None,
        "suggested_url": link.suggested_url or None,
        "archived_url": link.archived_url or None,
        "notes": list(link.notes),
        "file": link.source or None,
        "line": link.mention.line if link.mention else None,
        "author": one.author or None,
        "record": link.record,
    }


def github(report: Report) -> str:
    """https://docs.github.com/actions/reference/workflow-commands: values are percent-encoded."""
    lines = [_command(one) for one in report.told]
    lines += [f"::warning::{_data(plain(line))}" for line in report.complaints]
    return "\n".join([*lines, _summary(report)])


def _command(one: Checked) -> str:
    link = one.link
    level = "error" if link.dead else "warning"
    line = one.fix.line if one.fix else link.mention.line if link.mention else 1
    place = f" file={_value(link.source)},line={line}" if link.mention else ""
    title = f"{',' if place else ' '}title={_value(f'{link.health}: {link.reason}')}"
    return f"::{level}{place}{title}::{_data(f'{plain(link.url)}: {message(link)}')}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(value: str) -> str:
    return _data(plain(value)).replace(":", "%3A").replace(",", "%2C")


def rdjson(report: Report) -> str:
    """https://github.com/reviewdog/reviewdog/tree/master/proto/rdf"""
    body = {
        "source": {"name": "scraper", "url": HOME},
        "diagnostics": [_diagnostic(one) for one in report.told if one.link.mention],
    }
    return json_text(body)


def _diagnostic(one: Checked) -> dict[str, Any]:
    link = one.link
    line = link.mention.line if link.mention else 1
    made: dict[str, Any] = {
        "message": f"{plain(link.url)}: {message(link)}",
        "location": {"path": relative(link.source), "range": {"start": {"line": line}}},
        "severity": "ERROR" if link.dead else "WARNING",
        "code": {"value": link.reason},
    }
    if one.fix:
        start = {"line": one.fix.line, "column": one.fix.column}
        where = {"start": start, "end": {"line": one.fix.end_line, "column": one.fix.end_column}}
        made["location"]["range"] = where
        made["suggestions"] = [{"range": where, "text": one.fix.text}]
    return made


PLAIN_RESULTS = frozenset(("sarif", "rdjson"))
"""Formats of findings and nothing else: what is to be said of the run has no place in them."""

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "rdjson": rdjson,
    "github": github,
}
