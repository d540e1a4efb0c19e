"""Sections of a README that are linked, asked for by its bytes where GraphQL does not bring it. Pure.

raw.githubusercontent.com has no budget, so a guest learns as much as the holder of a token. What has another
name than README.md is not looked for: nothing is said then.
"""

from __future__ import annotations

from collections.abc import Sequence

from scraper.model import Answer, Question, Reading, Request, Target
from scraper.sites.github import anchors, findings
from scraper.sites.github.completeness import Readme
from scraper.sites.github.deep_verdicts import Ground
from scraper.sites.github.part_questions import BYTES, RAW

STEP = "sections"
_LIMIT = 2**20


def ask(target: Target, ground: Ground) -> Sequence[Question]:
    """The question for the README, if there is a section to be looked for in it."""
    if not anchors.missing("", target.fragments):
        return ()
    request = Request(f"https://{RAW}/{ground.full_name}/HEAD/README.md", body_limit=_LIMIT)
    return (Question(RAW, "github", STEP, (target,), request),)


def read(question: Question, answer: Answer) -> Reading:
    """A note on what is missing; nothing on the health of the repository."""
    (target,) = question.targets
    readme = Readme(answer.body.decode("utf-8", "replace"), whole=not answer.truncated)
    notes = findings.section_note(target, readme) if answer.status == 200 else ()
    return Reading([findings.say(target, None, answer, BYTES, notes=notes)])
