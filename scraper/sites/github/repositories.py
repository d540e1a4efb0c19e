"""GitHub: repositories and their parts, by GraphQL in batches with a token, by REST without.

    with a token      batch ─┬─ found                                        alive or moved, record
                             ├─ NOT_FOUND ──────► repository (REST, token)   gone, blocked, renamed
                             ├─ too much ───────► halves, down to one, then repository (REST, token)
                             └─ 401, FORBIDDEN ─► repository (REST, guest)
    without           repository ─► commits, tree ─► readme, release         as deep as the budget allows

Parts are asked for in their repository's alias; what follows on them is in `linked_parts`. The API knows the
repository, so its page is never visited (docs/verdicts.md, rule 1). Whatever the API suffers from itself is
not the link's trouble: `unverified`, and what was known stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.model import Answer, Finding, Question, Reading, Request, Target
from scraper.sites.github import BATCH, completeness, findings, graphql, lookups, records, rest
from scraper.sites.github.access import Access
from scraper.sites.github.deep_verdicts import Ground
from scraper.sites.github.findings import GRAPHQL, say
from scraper.sites.github.groups import Group, batches, grouped
from scraper.sites.github.linked_parts import LinkedParts
from scraper.sites.github.one_by_one import OneByOne, waiting
from scraper.sites.values import no_word
from scraper.verdicts.health import Claim

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_HOPS = 3


class GitHub:
    """Repositories; `ask` wants all of a run at once when there is no token, to spread the budget well.

    It keeps notes of its run: the guest's budget, limits that were reached, whether the token was refused.
    """

    name = "github"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._access = Access(settings)
        self._memory = memory
        self._graphql_url = graphql.address(settings.github_api)
        self._graphql_serves = True
        self._linked = LinkedParts(self._access.afford)
        self._rest = OneByOne(self._access, memory, self._linked)

    @property
    def complaints(self) -> list[str]:
        """One line each, for the user: a token that was refused, or that expires soon."""
        return self._access.complaints

    def key(self, target: Target) -> str:
        """`api.github.com/graphql` with a token, `api.github.com` without."""
        return self._graphql_key if self._access.member else self._access.guest.key

    @property
    def _graphql_key(self) -> str:
        return f"{self._access.guest.key}/graphql"

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        oldest_first = sorted(targets, key=lambda target: self._memory.last_read(target.key) or _NEVER)
        gists = [target for target in oldest_first if target.kind == "gist"]
        others = [target for target in oldest_first if target.kind != "gist"]
        asked = self._rest.as_guest(others) if self._access.member is None else self._batches(others, BATCH)
        return asked + [self._linked.first(target, self._rest.presumed(target)) for target in gists]

    def withhold(self, question: Question) -> Reading | None:
        """To be asked before a question is sent: its reading, when GitHub is to be spared.

        A question of a run that has more repositories than a guest has requests, and any question to a
        budget that an answer has shown to be spent.
        """
        if question.requests and question.key not in self._access.spent:
            return None
        if self._linked.reads(question.step):
            return self._linked.spared(question)
        claim = Claim(
            "rate_limited", "this hour's requests to GitHub's API are used up; the old record is kept"
        )
        unasked = Answer(question.request.url, "", attempts=0, requests=0)
        about_health = question.step in ("batch", "repository")
        unheard = (*question.targets, *question.waiting)
        parts = [
            target for target in unheard if target.kind != "repository" and question.step == "repository"
        ]
        silent = [target for target in unheard if target not in parts]
        found = [say(target, claim if about_health else None, unasked) for target in silent]
        return Reading(found, [self._linked.first(part, self._rest.presumed(part)) for part in parts])

    def read(self, question: Question, answer: Answer) -> Reading:
        self._access.learn(question, answer)
        if self._linked.reads(question.step):
            return self._read_linked(question, answer)
        if question.step == "batch":
            return self._read_batch(question, answer)
        if question.step == "repository":
            return self._rest.read_repository(question, answer)
        return self._rest.read_part(question, answer)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def _batch(self, targets: Sequence[Target], waiting: Sequence[Target] = ()) -> Question:
        groups = grouped(targets)
        request = Request(
            self._graphql_url,
            "POST",
            headers=(("Accept", "application/json"),),
            json=graphql.query([group.full_name for group in groups], [group.share for group in groups]),
            body_limit=graphql.BODY_LIMIT,
            credential="github",
            follow=False,
        )
        return Question(
            self._graphql_key, self.name, "batch", tuple(targets), request, waiting=tuple(waiting)
        )

    def _batches(self, targets: Sequence[Target], size: int) -> list[Question]:
        return [self._batch(batch) for batch in batches(targets, size)]

    def _fewer(self, targets: Sequence[Target], asked: int, later: Sequence[Target]) -> Reading:
        """Half of what was too much at once; the others wait until a size is found that GitHub bears.

        So an outage is noticed after seven queries, not after a hundred; then REST is asked for all.
        """
        if asked == 1:
            self._graphql_serves = False
        if not self._graphql_serves:
            return waiting(self._rest.ask([*targets, *later]))
        middle = (len(targets) + 1) // 2
        rest = (*targets[middle:], *later)
        return Reading(questions=[self._batch(targets[:middle], rest)], held=rest)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────

    def _read_batch(self, question: Question, answer: Answer) -> Reading:
        targets, later = question.targets, question.waiting
        if answer.status == 401:
            return waiting(self._rest.refused([*targets, *later]))
        if limit := rest.rate_limit(answer):
            claim = Claim("rate_limited", limit.detail)
            return Reading([say(target, claim, answer, GRAPHQL) for target in (*targets, *later)])
        groups = grouped(targets)
        words = graphql.read(answer, len(groups))
        by_kind: dict[str, list[Target]] = {}
        found: list[Finding] = []
        questions: list[Question] = []
        for group, word in zip(groups, words, strict=True):
            by_kind.setdefault(word.kind, []).extend(group.targets)
            if word.kind in ("found", "limited", "lost"):
                reading = self._of_group(group, word, answer)
                found += reading.findings
                questions += reading.questions
        if too_much := by_kind.get("again"):
            more = self._fewer(too_much, len(targets), later)
        else:
            more = Reading(questions=self._batches(later, len(groups)))
        questions += [
            *self._rest.ask([*by_kind.get("missing", ()), *by_kind.get("unserved", ())]),
            *self._rest.as_guest(by_kind.get("forbidden", ())),
            *more.questions,
        ]
        return waiting(questions, found)

    def _of_group(self, group: Group, word: graphql.Word, answer: Answer) -> Reading:
        found = [self._of_word(group.repository, word, answer)] if group.repository else []
        if not records.is_name(word.fields.get("nameWithOwner")) or records.is_private(word.fields):
            return Reading([*found, *(self._of_word(part, word, answer) for part in group.parts)])
        branch = records.get(word.fields, "defaultBranchRef", "name")
        ground = Ground(
            group.full_name, word.fields["nameWithOwner"], branch if isinstance(branch, str) else ""
        )
        seen = lookups.seen(group.lookups, word.fields, word.denied)
        files = records.graphql_files(word.fields)
        readings = [self._linked.judge(part, seen, ground, files, answer, GRAPHQL) for part in group.parts]
        found += [finding for reading in readings for finding in reading.findings]
        return Reading(found, [question for reading in readings for question in reading.questions])

    def _of_word(self, target: Target, word: graphql.Word, answer: Answer) -> Finding:
        record = records.node(word.fields)
        if word.kind == "limited":
            return say(target, Claim("rate_limited", word.detail), answer, GRAPHQL)
        if not record:
            claim = no_word(answer) if answer.failure else Claim("no_answer", f"GitHub's API: {word.detail}")
            return say(target, claim, answer, GRAPHQL)
        if records.is_private(word.fields):
            return findings.private(target, answer, GRAPHQL)
        files = records.graphql_files(word.fields)
        readme = records.graphql_readme(word.fields, graphql.README_NAMES, files)
        record |= completeness.completeness(files, readme)
        known = self._memory.record(target.key)
        notes = (*findings.lock_note(word.fields), *findings.future_note(record, answer))
        notes += findings.section_note(target, readme)
        return findings.there(target, record, known, answer, GRAPHQL, notes=notes)

    def _read_linked(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        if answer.status == 401 and question.context.get("guest") is False:
            self._access.drop_token()
            return Reading(questions=[self._linked.first(target, self._rest.presumed(target))])
        return self._linked.read(question, answer)
