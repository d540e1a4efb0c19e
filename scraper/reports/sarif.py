"""What `scraper check` found as SARIF 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from scraper import __version__
from scraper.model import Health
from scraper.reports.checked import HOME, Checked, Fix, Report, message, relative
from scraper.reports.text import json_text, plain
from scraper.verdicts.reasons import REASONS

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report) -> str:
    told = [one for one in report.told if one.link.mention]
    reasons = sorted({one.link.reason for one in told})
    body = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "scraper",
                        "version": __version__,
                        "informationUri": HOME,
                        "rules": [_rule(reason) for reason in reasons],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, reasons) for one in told],
            }
        ],
    }
    return json_text(body)


def _rule(reason: str) -> dict[str, Any]:
    known = REASONS[reason]
    return {
        "id": reason,
        "shortDescription": {"text": f"{known.health}: {reason.replace('_', ' ')}"},
        "fullDescription": {"text": known.meaning},
        "help": {"text": f"{known.meaning}. {_ADVICE[known.health]}"},
        "defaultConfiguration": {"level": "error" if known.health is not Health.MOVED else "warning"},
    }


_ADVICE = {
    Health.MOVED: "Write the new address; `scraper fix` does.",
    Health.BROKEN: "Correct the address, or link to an archived copy.",
    Health.FAILING: "Look again later: `scraper refresh` confirms a death over several days.",
    Health.BLOCKED: "Look at it yourself: the site refuses programs.",
    Health.UNVERIFIED: "Look again later.",
    Health.ALIVE: "Nothing has to be done.",
}


def _result(one: Checked, reasons: Sequence[str]) -> dict[str, Any]:
    link = one.link
    region: dict[str, Any] = {"startLine": link.mention.line if link.mention else 1}
    if one.fix:
        region = _region(one.fix)
    artifact = {"uri": relative(link.source)}
    identity = hashlib.sha256(f"{relative(link.source)}\0{link.target}".encode()).hexdigest()
    made: dict[str, Any] = {
        "ruleId": link.reason,
        "ruleIndex": reasons.index(link.reason),
        "level": "error" if link.dead else "warning",
        "message": {"text": f"{plain(link.url)}: {message(link)}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"target/v1": identity},
    }
    if one.fix:
        change = {"deletedRegion": _region(one.fix), "insertedContent": {"text": one.fix.text}}
        made["fixes"] = [
            {
                "description": {"text": f"Write {one.fix.text}"},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": [change]}],
            }
        ]
    return made


def _region(fix: Fix) -> dict[str, int]:
    return {
        "startLine": fix.line,
        "startColumn": fix.column,
        "endLine": fix.end_line,
        "endColumn": fix.end_column,
    }
