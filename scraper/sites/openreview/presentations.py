"""How an accepted paper is presented: one vocabulary for the words that venues made up. Pure.

A venue's text is its short name, then its decision without `Accept` and, since 2023, without spaces and
signs: `Accept (spotlight poster)` became `ICML 2025 spotlightposter` (openreview-py, `decision_to_venue`).
So a word counts when it is made of known parts and nothing else: `ConditionalOral` is an oral, `temporal` and
`Behavioral` are not. Of several the highest counts, for an oral has a poster beside it: `OralPoster`.

| written | is |
|---|---|
| `Oral`, `Talk`, `OralPoster`, `ConditionalOral`, `conferenceOral`, `notable-top-5%` | oral |
| `Spotlight`, `spotlightposter`, `Lightning Talk`, `notable top 25%` | spotlight |
| `Poster`, `ConditionalPoster` | poster |
| `regular`, `Findings`, `Main`, `Archive` | nothing: the venue does not say how |
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TIERS = {
    "oral": re.compile(r"oral|(?<!lightning)talk|notabletop5(?!\d)"),
    "spotlight": re.compile(r"spotlight|lightning|notabletop25"),
    "poster": re.compile("poster"),
}
"""What names each tier, the highest first; in text without spaces and signs."""
_PARTS = (
    *("oral", "talk", "spotlight", "poster", "presentation", "lightning", "conditional", "conference"),
    *("workshop", "accepted", "accept", "invited", "contributed", "plenary", "short", "long", "full", "best"),
    *("paper", "and", "as", "an", "a", "for", "with", "notable", "top", "25", "5", "%"),
)
_WORD = re.compile(rf"(?:(?:{'|'.join(_PARTS)})s?-?)+", re.IGNORECASE)
_SIGNS = re.compile(r"[^a-z0-9]+")
_SENTENCE = re.compile(r"accept(?:ed)?\b(?:\s+(?:as|for)\b(?:\s+an?\b)?)?", re.IGNORECASE)
_THROUGH_YEAR = re.compile(r".*20\d\d", re.DOTALL)
_LABELS = frozenset(("regular", "main", "findings", "archive", "present", "notable", "conditional"))
"""Words behind a venue's year that are a decision and name no presentation."""


class Presentation(NamedTuple):
    """`tier` is oral, spotlight or poster; `written` is what the venue called it."""

    tier: str | None
    written: str | None


def of_decision(decision: str) -> Presentation:
    """What an acceptance says: `Accept (Talk)` is an oral, written `Talk`."""
    return _named(decision, _SENTENCE.sub("", decision, count=1))


def of_venue(venue: str) -> Presentation:
    """What a venue's text says behind its name: `ICML 2025 Position Paper Track spotlightposter`."""
    tail = _THROUGH_YEAR.sub("", venue)
    words = [word for word in tail.split() if _WORD.fullmatch(word) and _SENTENCE.fullmatch(word) is None]
    while words and not _tier(words[0]) and words[0].lower() != "notable":
        words.pop(0)
    return _named(" ".join(words), " ".join(words) or tail)


def _named(text: str, label: str) -> Presentation:
    tier, label = _tier(text), label.strip(" ()[]:,-–")
    return Presentation(tier, label if label and (tier or label.lower() in _LABELS) else None)


def _tier(text: str) -> str | None:
    words = (_WORD.fullmatch(word) for word in re.split(r"[\s()\[\]:,+/&]+|-(?=iclr)", text))
    known = "".join(_SIGNS.sub("", word[0].lower()) for word in words if word)
    return next((tier for tier, named in _TIERS.items() if named.search(known)), None)
