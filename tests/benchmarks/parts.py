"""Parts of repositories of every kind, planted by the dice: verdicts, permalinks and requests."""

from __future__ import annotations

import random
from collections import Counter
from urllib.parse import unquote

from github_worlds import TOKEN, Run, exists, run
from planted_parts import Planted, world

from benchmarks.report import table
from scraper.model import Verdict
from scraper.sites.identity import identify

SEEDS = range(101, 111)
REPOSITORIES = 30


def is_exact(one: Planted, verdict: Verdict) -> bool:
    goes_right = not one.goes_to or unquote(verdict.suggested_url) == unquote(one.goes_to)
    return verdict.health == one.health and goes_right and (not one.noted or bool(verdict.notes))


def is_false(one: Planted, verdict: Verdict) -> bool:
    """Whether what is there is called dead, or what is not there alive."""
    if verdict.health == "unverified" or is_exact(one, verdict):
        return False
    moved_on = one.kind == "issue" and one.health == "moved"  # REST shows an issue that became a discussion
    return not moved_on and (one.health == "alive" or verdict.health == "alive")


def main() -> str:
    rows: list[tuple[str, ...]] = []
    kinds: Counter[str] = Counter()
    for who, token in (("token", TOKEN), ("guest", None)):
        for seed in SEEDS:
            made, planted = world(REPOSITORIES, random.Random(seed))
            done = run(made, [one.url for one in planted], token)
            kinds.update(one.kind for one in planted if token)
            verdicts = [(one, done.verdicts[identify(one.url).key]) for one in planted]
            saved = [exists(made, verdict.suggested_url) for one, verdict in verdicts if one.rescued]
            rows.append((who, str(seed), *_figures(verdicts, done), f"{sum(saved)} of {len(saved)}"))
    head = (
        "asked by",
        "seed",
        "planted",
        "exact",
        "unverified",
        "false",
        "bad",
        "API",
        "others",
        "permalinks",
    )
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    return f"""# Parts of repositories

`python -m tests.benchmarks parts`: {REPOSITORIES} repositories of the sandbox for each seed, with parts
planted in them alive, moved, removed and never there: {told}.
*exact*: health, the address that it moved to, and the note on a line or section that is not there.
*false*: what is there called dead, or what is not there alive. *bad*: planted moved or broken.
*API*: requests to api.github.com, of which a guest has 60 an hour; *others*: those to
raw.githubusercontent.com and for pages.
*permalinks*: removed files and folders for which the suggested address exists.

{table(head, rows)}
"""


def _figures(verdicts: list[tuple[Planted, Verdict]], done: Run) -> tuple[str, ...]:
    asked = done.asked["api.github.com"]
    figures = (
        len(verdicts),
        sum(is_exact(*each) for each in verdicts),
        sum(verdict.health == "unverified" for _, verdict in verdicts),
        sum(is_false(*each) for each in verdicts),
        sum(one.health != "alive" for one, _ in verdicts),
        asked,
        done.asked.total() - asked,
    )
    return tuple(map(str, figures))
