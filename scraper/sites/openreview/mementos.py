"""The archived copy of a forum page, for a forum that is gated or gone: the last source of its metadata.

    the copy the article points to ─► the closest by the availability API ─► two copies of the index (CDX)

A copy proves the past only: its findings have no health. It does not change either, so one that was read is
remembered (as a validator of the first address asked), and not asked for while its record is still known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.records import normal
from scraper.sites.captures import KEY, Capture, availability_url, capture_of, captures, lookup, silent
from scraper.sites.openreview.pages import read_archived_page
from scraper.verdicts.health import ARCHIVE, finding

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

SITE, SOURCE = "openreview", "memento"
STEPS = frozenset(("memento", "availability", "cdx"))

BEFORE_THE_GATE = "20260624235959"
"""The challenge for guests came on 2026-06-25; a later copy shows the gate, not the paper."""

_COPIES_OF_INDEX = 2
_BODY_LIMIT = 1_048_576
"""The note in `__NEXT_DATA__` stands at the end of the page."""


class ForumMementos:
    """Follow-up questions of `OpenReview` to the archive; off with the setting `archive`."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._wanted = settings.archive
        self._memory = memory

    def start(self, target: Target) -> Reading:
        """The first question about the target's copies, or what is remembered of them."""
        if not self._wanted:
            return Reading()
        first = self._first_address(target)
        capture, fresh = self._remembered(target, first)
        if capture and fresh:
            return Reading([self._unchanged(target, capture, first)])
        capture = capture or (Capture(target.archived_at, target.url) if target.archived_at else None)
        if capture:
            return Reading(
                questions=[_visit(target, {"tried": [], "left": ["availability", "cdx"]}, [capture])]
            )
        return Reading(questions=[_look_up(target, {"tried": [], "left": ["availability", "cdx"]})])

    def read(self, question: Question, answer: Answer) -> Reading:
        target = question.targets[0]
        if question.step == "memento":
            return self._read_copy(question, answer)
        tried = question.context["tried"]
        found = [c for c in captures(question.step, answer, target.url) if c.timestamp not in tried]
        if found:
            return Reading(questions=[_visit(target, question.context, found[:_COPIES_OF_INDEX])])
        return _next(target, question.context, answer, "no archived copy of the page")

    def _read_copy(self, question: Question, answer: Answer) -> Reading:
        target, context = question.targets[0], question.context
        record = read_archived_page(answer, target.id)
        if record:
            asked = Capture(context["tried"][-1], target.url)
            return Reading([self._found(target, capture_of(answer.final_url) or asked, record, answer)])
        others = [Capture(*other) for other in context["others"]]
        if others and not answer.failure:
            return Reading(questions=[_visit(target, context, others)])
        return _next(target, context, answer, "the archived copy does not show the paper")

    def _found(self, target: Target, capture: Capture, record: Record, answer: Answer) -> Finding:
        return finding(
            target,
            SOURCE,
            ARCHIVE,
            None,
            answer,
            record=record,
            archived_url=capture.view,
            archived_at=capture.timestamp,
            validators=((self._first_address(target), _remark(capture, record)),),
            code=tuple(record.get("code_urls") or ()),
        )

    def _unchanged(self, target: Target, capture: Capture, first: str) -> Finding:
        return Finding(
            target.key,
            SOURCE,
            ARCHIVE,
            unchanged=True,
            archived_url=capture.view,
            archived_at=capture.timestamp,
            validators=((first, self._memory.validator(first)),),
        )

    def _first_address(self, target: Target) -> str:
        if target.archived_at:
            return Capture(target.archived_at, target.url).raw
        return availability_url(target.url, BEFORE_THE_GATE)

    def _remembered(self, target: Target, first: str) -> tuple[Capture | None, bool]:
        """The copy that was read before, and whether what it said is still what is known."""
        timestamp, _, rest = self._memory.validator(first).partition(" ")
        names, _, digest = rest.partition(" ")
        if not digest:
            return None, False
        known = self._memory.record(target.key)
        same = digest == _digest({name: known.get(name) for name in names.split(",")})
        return Capture(timestamp, target.url), same


def _remark(capture: Capture, record: Record) -> str:
    """`20220926095407 abstract,authors,… DIGEST`: the copy, which columns it gave, and a digest of these."""
    return f"{capture.timestamp} {','.join(sorted(record))} {_digest(normal(record))}"


def _digest(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:32]


def _visit(target: Target, context: Mapping[str, Any], copies: Sequence[Capture]) -> Question:
    first, *others = copies
    known = {
        **context,
        "tried": [*context["tried"], first.timestamp],
        "others": [[*other] for other in others],
    }
    return Question(KEY, SITE, "memento", (target,), Request(first.raw, body_limit=_BODY_LIMIT), known)


def _look_up(target: Target, context: Mapping[str, Any]) -> Question:
    step, *left = context["left"]
    wanted = target.archived_at or BEFORE_THE_GATE
    return lookup(SITE, step, target, {**context, "left": left}, wanted, BEFORE_THE_GATE)


def _next(target: Target, context: Mapping[str, Any], answer: Answer, detail: str) -> Reading:
    """The next lookup, unless there is none or the archive itself asked to be left alone."""
    limited = answer.failure == "rate_limited" or (answer.status == 429 and not answer.is_memento)
    if context["left"] and not limited:
        return Reading(questions=[_look_up(target, context)])
    return Reading([silent(target, SOURCE, answer, detail)])
