"""`badge.json`: an endpoint for shields.io (schema version 1)."""

from __future__ import annotations

import json

from scraper.model import Health
from scraper.reports.model import Edition
from scraper.reports.story import tell


def badge_json(edition: Edition) -> str:
    """How many links are there (alive, moved, or blocked: somebody is home) of those that could be judged."""
    story = tell(edition)
    judged = story.total - story.counts[Health.UNVERIFIED]
    if not judged:
        message, color = ("no links" if not story.total else "not verified"), "lightgrey"
    else:
        message = f"{judged - story.dead:,} of {judged:,} there"
        color = _color(story.dead / judged)
    label = "links (sandbox)" if edition.sandbox else "links"
    return json.dumps({"schemaVersion": 1, "label": label, "message": message, "color": color}) + "\n"


def _color(dead: float) -> str:
    if not dead:
        return "brightgreen"
    return "yellow" if dead < 0.05 else "orange" if dead < 0.2 else "red"
