"""`badge.json`: an endpoint for shields.io (schema version 1)."""

from __future__ import annotations

import json
import math

from scraper.model import Health
from scraper.reports.model import Edition
from scraper.reports.story import tell

UP = frozenset({Health.ALIVE, Health.MOVED, Health.BLOCKED})
"""What a badge calls reachable: a site that refuses automated visitors is there for people. It is not the
share that reports call alive."""


def badge_json(edition: Edition) -> str:
    """The share of links that are there, of those that could be checked; a run that ended early says so."""
    story = tell(edition)
    checked = story.total - story.counts[Health.UNVERIFIED]
    if not checked:
        message, color = ("no links" if not story.total else "not checked"), "lightgrey"
    else:
        # Rounded down, so that 100 % means all.
        share = math.floor(100 * sum(story.counts[health] for health in UP) / checked)
        message, color = f"{share} % reachable", _color(story.dead / checked)
    if story.incomplete:
        message, color = f"{message} (incomplete)", "lightgrey"
    label = "links (sandbox)" if edition.sandbox else "links"
    return json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": color}) + "\n"


def _color(dead: float) -> str:
    if not dead:
        return "brightgreen"
    return "yellow" if dead < 0.05 else "orange" if dead < 0.2 else "red"
