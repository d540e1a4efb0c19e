"""Repositories one by one, by REST: as deep as the budget allows, and then what is linked in them. Pure.

repository ─► commits, tree ─► readme, release
           └► the parts that wait for it
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scraper.model import Answer, Finding, Question, Reading, Record, Target
from scraper.sites.github import findings, parts, records, rest, sections
from scraper.sites.github.access import Access
from scraper.sites.github.deep_verdicts import Ground
from scraper.sites.github.findings import REST, say
from scraper.sites.github.groups import costs_a_request, full_name_of, grouped
from scraper.sites.github.linked_parts import LinkedParts
from scraper.sites.github.rest import STEPS
from scraper.verdicts.health import Claim

if TYPE_CHECKING:
    from scraper.sites.ports import Memory

_MOST_HOPS = 3


class OneByOne:
    """Questions about repositories to the REST API, and the readings of its answers."""

    def __init__(self, access: Access, memory: Memory, linked: LinkedParts) -> None:
        self._access = access
        self._memory = memory
        self._linked = linked

    def as_guest(self, targets: Sequence[Target]) -> list[Question]:
        """One question a repository, as deep as the guest's budget allows; those beyond it are not sent.

        Parts wait for their repository. Half of the budget is theirs, where it is needed.
        """
        groups = grouped(targets)
        alone = [part for group in groups if group.repository is None for part in group.parts]
        whole = [group for group in groups if group.repository is not None]
        needed = sum(costs_a_request(target) for target in targets)
        budget = self._access.budget - min(needed, self._access.budget // 2)
        depth = rest.depth(len(whole), budget)
        reached = len(whole) if depth else budget
        self._access.budget -= max(depth, 1) * reached
        deep = max(depth, 1)
        return [
            self._repository(
                self._access.guest, group.targets, {"depth": deep}, requests=deep if number < reached else 0
            )
            for number, group in enumerate(whole)
        ] + [self._linked.first(part, self.presumed(part)) for part in alone]

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        """One question a repository: with the token, whose hour has thousands; as a guest once it is bad."""
        if self._access.member is None:
            return self.as_guest(targets)
        member, deep = self._access.member, len(STEPS)
        return [
            self._repository(member, group.targets, {"depth": deep}, requests=deep)
            for group in grouped(targets)
        ]

    def refused(self, targets: Sequence[Target]) -> list[Question]:
        """Continue as a guest; one clear message."""
        self._access.drop_token()
        return self.as_guest(targets)

    def presumed(self, part: Target) -> Ground:
        """The repository of a part as it was last read: it is not asked about before its part."""
        name = full_name_of(part)
        known = self._memory.record(f"github:{name.lower()}")
        return Ground(name, known.get("full_name") or name, known.get("default_branch") or "")

    def _repository(
        self,
        api: rest.Api,
        targets: Sequence[Target],
        context: Mapping[str, Any],
        path: str = "",
        requests: int = 1,
    ) -> Question:
        """The question about the repository that is the first of the targets, or has it; the others wait."""
        target, *parts = targets
        path = path or rest.path_of("repository", full_name_of(target))
        # Without the record a 304 would tell nothing, so it must not be asked for.
        etag = self._etag(api, path) if "full_name" in self._memory.record(target.key) else ""
        asked = api.question("repository", target, path, etag, context)
        return replace(asked, waiting=tuple(parts), requests=requests and requests + len(parts))

    def _etag(self, api: rest.Api, path: str) -> str:
        return self._memory.validator(api.validator_key(api.base + path))

    def read_repository(self, question: Question, answer: Answer) -> Reading:
        word = rest.read(answer, question.context["etag"])
        every = (*question.targets, *question.waiting)
        if word.kind == "body" and records.is_private(word.body):
            return Reading([findings.private(target, answer, REST) for target in every])
        if word.kind == "body":
            return self._there(question, answer, records.repository(word.body))
        if word.kind == "unchanged":
            return self._there(question, answer, self._memory.record(question.targets[0].key), unchanged=True)
        if word.kind == "elsewhere" and question.context.get("hops", 0) < _MOST_HOPS:
            hops = {**question.context, "hops": question.context.get("hops", 0) + 1}
            path = f"/repositories/{word.body}"
            return waiting([self._repository(self._access.of(question), every, hops, path)])
        if word.kind == "elsewhere":
            word = rest.Word("claim", Claim("no_answer", "GitHub's API redirects without end"))
        guest = question.context["guest"]
        if word.kind == "refused" and guest:
            claim = Claim("credentials", "GitHub's API wants a token")
            return Reading([say(target, claim, answer) for target in every])
        if word.kind == "refused":
            return waiting(self.refused(every))
        if word.kind == "forbidden" and not guest:
            return waiting(self.as_guest(every))
        return Reading([say(target, word.claim, answer) for target in every])

    def _there(self, question: Question, answer: Answer, record: Record, unchanged: bool = False) -> Reading:
        """The repository's finding, if it is a target itself, and questions about what is in it."""
        (target,) = question.targets
        ground = Ground(full_name_of(target), record["full_name"], record.get("default_branch") or "")
        if target.kind != "repository":
            parts = (target, *question.waiting)
            return Reading(questions=[self._linked.first(part, ground) for part in parts])
        known, validators = self._memory.record(target.key), _validators(question, answer)
        if unchanged:
            found = findings.unchanged(target, known, answer, validators)
        else:
            found = findings.there(target, record, known, answer, REST, validators=validators)
        linked = [self._linked.first(part, ground) for part in question.waiting]
        about = self._parts(question, answer, record, unchanged)
        return Reading([found], [*about, *sections.ask(target, ground), *linked])

    def _parts(
        self, question: Question, answer: Answer, record: Record, unchanged: bool = False
    ) -> list[Question]:
        """Questions for the parts that are not known yet, or may have changed."""
        (target,) = question.targets
        if question.key in self._access.spent:
            return []
        known = self._known(target, record)
        steps = parts.wanted(question.context["depth"], record, known, unchanged)
        branch = record.get("default_branch")
        context = {
            "depth": question.context["depth"],
            "full_name": record["full_name"],
            "branch": branch,
            "id": record.get("repository_id"),
        }
        return [
            self._part(self._access.of(question), step, target, known, context)
            for step in steps
            if branch or step not in ("commits", "tree")
        ]

    def _part(
        self, api: rest.Api, step: str, target: Target, known: Record, context: Mapping[str, Any]
    ) -> Question:
        path = rest.path_of(step, context["full_name"], context["branch"] or "")
        return api.question(step, target, path, self._etag(api, path) if known else "", context)

    def read_part(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        if question.step == sections.STEP:
            return sections.read(question, answer)
        known = self._known(target, {"repository_id": question.context["id"]})
        unchanged = answer.status == 304 and bool(question.context["etag"])
        record = {} if unchanged else parts.read(question.step, answer, known, question.context)
        notes = findings.future_note(record, answer)
        validators = _validators(question, answer) if record or unchanged else ()
        silent = say(
            target, None, answer, record=record, unchanged=unchanged, validators=validators, notes=notes
        )
        return Reading([silent], self._readme(question, answer, known) if question.step == "tree" else [])

    def _readme(self, question: Question, answer: Answer, known: Record) -> list[Question]:
        if (
            question.context["depth"] < len(STEPS)
            or question.key in self._access.spent
            or answer.status not in (200, 304)
        ):
            return []
        if answer.status == 304:
            files: Mapping[str, Any] | None = {} if "has_results_table" not in known else None
        else:
            files = parts.readme_context(answer)
        if files is None:
            return []
        context = {**question.context, **files}
        return [self._part(self._access.of(question), "readme", question.targets[0], known, context)]

    def _known(self, target: Target, record: Record) -> Record:
        """What is known of this repository; nothing when another one stands under its name now."""
        known = self._memory.record(target.key)
        return {} if findings.note_on_id(record, known) else known


def waiting(questions: Sequence[Question], found: Sequence[Finding] = ()) -> Reading:
    """A reading that holds the targets which wait for the answers to its questions."""
    return Reading(found, questions, [target for question in questions for target in question.waiting])


def _validators(question: Question, answer: Answer) -> tuple[tuple[str, str], ...]:
    """The ETag to remember. GitHub's are weak on a 200 and strong on the 304: compared weakly, one and the
    same (RFC 9110, 8.8.3.2), so the first is kept."""
    etag = question.context["etag"] if answer.status == 304 else answer.headers.get("etag", "")
    if not re.fullmatch(r'(W/)?"[\x21\x23-\x7e]{1,200}"', etag):
        return ()
    return ((question.context["validator"], etag),)
