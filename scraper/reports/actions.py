"""What a maintainer does now: a few lines, each with the number of links it is about. Pure."""

from __future__ import annotations

from typing import NamedTuple

from scraper.reports.items import ADDRESS, COPY
from scraper.reports.model import Edition
from scraper.reports.offering import Offer, offer
from scraper.reports.story import Story
from scraper.reports.text import count
from scraper.verdicts.reasons import DEAD


class Action(NamedTuple):
    text: str
    leads: str
    """The fragment of the page that shows what it is about."""


class Actions(NamedTuple):
    steps: tuple[Action, ...]
    offered: Offer | None
    """What `scraper fix` has to write."""


def actions(story: Story, edition: Edition) -> Actions:
    """What is to be done about the story, the quickest first."""
    moved = sum(item.replacement_is == ADDRESS for item in story.hand)
    copies = sum(item.replacement_is == COPY for item in story.hand)
    lost = sum(item.health in DEAD and not item.replacement for item in story.hand)
    notices = sum(item.kind in ("retracted", "concern", "corrected", "withdrawn") for item in story.told)
    steps = [
        (moved, f"Replace {count(moved, 'moved address', 'moved addresses')}", "replacement=moved"),
        (copies, f"Use the archived {'copy' if copies == 1 else 'copies'} of {count(copies, 'dead link')}",
         "replacement=archived"),
        (lost, f"Find a replacement for {count(lost, 'dead link')}", "replacement=none"),
        (notices, f"Read {count(notices, 'new notice')} about papers", "papers"),
        (len(story.gaps), f"Add the code of {count(len(story.gaps), 'paper')}", "gaps"),
    ]  # fmt: skip
    chosen = tuple(Action(text, leads) for number, text, leads in steps if number)
    return Actions(chosen, offer(edition))
