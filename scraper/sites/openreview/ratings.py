"""Reviewers' overall ratings, under whichever name a venue gave the field. Pure.

| name | who |
|---|---|
| `rating` | ICLR, NeurIPS, COLM, most workshops |
| `recommendation` | ICLR 2022 and 2023, ICML 2023 |
| `overall_recommendation`, `overall_assessment`, `overall` | ICML 2025, ARR, Agents4Science |
| `evaluation`, `Q6 Overall Score`, `final_rating`, … | others |

A name is read in one form (`Overall Recommendation` is `overall_recommendation`, a `Q6_` before it is left
out). Soundness, confidence, excitement and the like are ratings of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scraper.sites.values import one_line

_WHOLE = ("rating", "recommendation", "score", "evaluation", "assessment", "merit", "quality", "impression")
_LAST = ("final", "post_rebuttal", "updated", "revised")
_FIRST = ("preliminary", "initial", "pre_rebuttal")
_NAMES = (
    *(f"{when}_{name}" for when in _LAST for name in _WHOLE[:3]),
    *("rating", "recommendation"),
    *(f"overall_{name}" for name in _WHOLE),
    *("overall", "review_rating", "paper_rating", "score", "review_score", "evaluation"),
    *(f"{when}_{name}" for when in _FIRST for name in _WHOLE[:3]),
)
"""Names of the overall rating: the one after the discussion before the one before it."""
_NOT_THE_PAPER = re.compile(r"confidence|reviewer|text|comment|justif|reason|explan|descri|detail|summary")
_LEADING_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d{1,4})?(?![\w.])", re.ASCII)
_LONGEST = 80
"""Characters of a rating in words; what is longer under such a name is the review."""


def rating(content: Mapping[str, Any]) -> str | None:
    """The overall rating of one review: its number (`6: Weak Accept` is `6`), else its words."""
    fields = {_plain(name): value for name, value in content.items()}
    written = (_written(fields.get(name)) for name in (*_NAMES, *_others(fields)))
    return next((found for found in written if found), None)


def numbers(ratings: Iterable[str]) -> list[float]:
    """Those ratings that are numbers."""
    return [float(given) for given in ratings if _LEADING_NUMBER.fullmatch(given)]


def _others(fields: Iterable[str]) -> list[str]:
    """Names that nobody listed and that can hardly mean anything else (`overall_rating_of_the_paper`)."""
    return [
        name
        for name in fields
        if name.startswith(tuple(f"overall_{part}" for part in _WHOLE)) and not _NOT_THE_PAPER.search(name)
    ]


def _plain(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return re.sub(r"^(?:q?\d{1,2}[a-z]?_)+", "", plain)


def _written(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    written = one_line(value)
    number = _LEADING_NUMBER.match(written or "")
    if number:
        return number[0]
    return written if written and len(written) <= _LONGEST else None
