"""The Wayback Machine: archived copies (mementos) for links that are broken or gated.

What the archive says is about the past: its findings have no health, and its own failures are told in
`detail` and change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scraper.model import Answer, Finding, Question, Reading, Target
from scraper.sites.captures import KEY, Capture, availability_url, capture_of, captures, lookup, silent
from scraper.sites.pages.copies import copy_request, flaw
from scraper.verdicts.health import ARCHIVE, finding, judge_answer
from scraper.verdicts.history import confirmed_dead

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

MEMENTO = "memento"
"""Kind of a target of this site whose own copy is to be visited."""
_CONFIRMED = 2**40
"""Added to the rank of the confirmed dead: more seconds than any time stamp has."""


COPIES = 3
"""Copies of one link that are looked at, at most, before it is said to have none."""


class Wayback:
    """Suggests a copy for a link, and, when asked, visits the copy that the article points to.

    `suggest` and `ask` take targets that need a copy. `ask_mementos` takes those whose article already names
    one (setting `check_mementos`): that it is gone becomes a line in `notes`, and another is looked for.
    No copy is suggested unseen: each is judged as its page would be.
    """

    name = "wayback"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._memory = memory
        self._rule = settings.rule
        self._wanted = settings.archive
        self._visits_named = settings.check_mementos
        """Then they were visited already."""

    def key(self, target: Target) -> str:
        return KEY

    def suggest(self, target: Target) -> list[Question]:
        """Look for a copy of a dead link; of a forum OpenReview's own reader has looked for one already."""
        return self.ask([target]) if self._wanted and target.site != "openreview" else []

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        named = [target for target in targets if target.kind == MEMENTO]
        others = [target for target in targets if target.kind != MEMENTO]
        return self.ask_mementos(named) + [self._first(target) for target in others]

    def _first(self, target: Target) -> Question:
        """The article's own memento is tried before anybody is asked where one is."""
        if (own := _named(target)) and not self._visits_named:
            return _visit(self.name, target, own)
        return self._look_up("availability", target, {})

    def ask_mementos(self, targets: Sequence[Target]) -> list[Question]:
        return [_visit(self.name, target, capture) for target in targets if (capture := _named(target))]

    def recall(self, target: Target) -> Finding | None:
        """The copy that was found in an earlier run: captures do not change, so it is not asked for again."""
        capture = capture_of(self._memory.validator(self._remembered_by(target)))
        return self._found(target, capture, None) if capture else None

    def read(self, question: Question, answer: Answer) -> Reading:
        target = question.targets[0]
        if question.step == MEMENTO:
            return self._read_memento(target, answer)
        if question.step == "copy":
            return self._read_copy(question, answer)
        seen = question.context.get("seen", ())
        found = [c for c in captures(question.step, answer, target.url) if c.timestamp not in seen]
        if found:
            return Reading(questions=[self._look_at(question, found)])
        # A wish to be left alone holds for the index as well.
        if question.step == "availability" and judge_answer(answer).reason != "rate_limited":
            return Reading(questions=[self._look_up("cdx", target, question.context)])
        return Reading([self._silent(question, answer)])

    def _look_at(self, question: Question, found: Sequence[Capture]) -> Question:
        """Look at the best of the copies; the others are for when it shows something else."""
        context = {**question.context, "capture": tuple(found[0]), "others": [*map(tuple, found[1:])]}
        return Question(KEY, self.name, "copy", question.targets, copy_request(found[0]), context)

    def _read_copy(self, question: Question, answer: Answer) -> Reading:
        (target,), context = question.targets, question.context
        asked = Capture(*context["capture"])
        capture = capture_of(answer.final_url) or asked
        if answer.status is None or not (answer.is_memento or answer.status == 200):
            return Reading([self._silent(question, answer)])
        if not (why := flaw(target, capture, answer, self._memory)):
            return Reading([replace(self._found(target, capture, answer), **_notes(question))])
        seen = (*context.get("seen", ()), asked.timestamp, capture.timestamp)
        others = [Capture(*other) for other in context["others"] if other[0] not in seen]
        onward = replace(question, context={**context, "seen": seen, "flaw": why})
        if len(seen) >= 2 * COPIES:
            return Reading([self._silent(onward, answer)])
        if others:
            return Reading(questions=[self._look_at(onward, others)])
        if "until" in context:
            return Reading([self._silent(onward, answer)])
        # Later copies are of the ruins as well.
        earlier = {**onward.context, "until": capture.timestamp}
        return Reading(questions=[lookup(self.name, "cdx", target, earlier, until=capture.timestamp)])

    def _silent(self, question: Question, answer: Answer) -> Finding:
        why = judge_answer(answer)
        if said := question.context.get("flaw"):
            detail = f"no archived copy that shows it: {said}"
        elif why.reason == "ok":
            detail = "no archived copy"
        elif why.reason == "deadline":
            detail = "an archived copy is looked for in the next run: the archive's time was up"
        else:
            detail = f"the archive did not answer: {why.detail or why.reason}"
        return replace(silent(question.targets[0], self.name, answer, detail), **_notes(question))

    def _read_memento(self, target: Target, answer: Answer) -> Reading:
        claim = judge_answer(answer)
        capture = capture_of(answer.final_url) or _named(target)
        if capture and answer.status == 200 and not (why := flaw(target, capture, answer, self._memory)):
            return Reading([self._found(target, capture, answer)])
        if capture and answer.status == 200:
            what = f"does not show what was there ({why})"
        elif answer.is_memento:
            what = f"shows an error page (HTTP {answer.status}), not what was there"
        elif claim.reason in ("not_found", "gone"):
            what = f"is gone ({claim.detail})"
        else:
            return Reading([silent(target, self.name, answer, f"the archive did not answer: {claim.detail}")])
        seen = (target.archived_at, *((capture.timestamp,) if capture else ()))
        context = {"notes": [f"the archived copy of {target.archived_at} {what}"], "seen": seen}
        return Reading(questions=[self._look_up("availability", target, context)])

    def _found(self, target: Target, capture: Capture, answer: Answer | None) -> Finding:
        seen = answer or Answer("", "")
        return finding(
            target,
            self.name,
            ARCHIVE,
            None,
            seen,
            archived_url=capture.view,
            archived_at=capture.timestamp,
            validators=((self._remembered_by(target), capture.view),),
        )

    def _remembered_by(self, target: Target) -> str:
        """The name of the copy that was looked at, among the validators."""
        return f"{availability_url(target.url, self._closest_to(target))}#seen"

    def _look_up(self, step: str, target: Target, context: Mapping[str, Any]) -> Question:
        question = lookup(self.name, step, target, context, self._closest_to(target))
        return replace(question, rank=self._rank(target))

    def _rank(self, target: Target) -> int:
        """Confirmed dead first, and of these what died last: when the archive's time is over, the others wait
        for the next run."""
        last = self._memory.last_read(target.key)
        died = max(0, int(last.timestamp())) if last else 0
        return died + (_CONFIRMED if confirmed_dead(self._memory.state(target.key), self._rule) else 0)

    def _closest_to(self, target: Target) -> str:
        """The article's own time stamp, else when it was last read well: later copies may be of the ruins."""
        if target.archived_at:
            return target.archived_at
        last = self._memory.last_read(target.key)
        return f"{last:%Y%m%d%H%M%S}" if last else ""


def _visit(site: str, target: Target, capture: Capture) -> Question:
    return Question(KEY, site, MEMENTO, (target,), copy_request(capture))


def _named(target: Target) -> Capture | None:
    return Capture(target.archived_at, target.url) if target.archived_at else None


def _notes(question: Question) -> dict[str, Any]:
    return {"notes": tuple(question.context.get("notes", ()))}
