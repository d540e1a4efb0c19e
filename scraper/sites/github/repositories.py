"""GitHub repositories: GraphQL in batches with a token, REST within the guest's budget without.

    with a token      batch ─┬─ found                                        alive or moved, record
                             ├─ NOT_FOUND ──────► repository (REST, token)   gone, blocked, renamed
                             ├─ too much ───────► halves, down to one, then repository (REST, token)
                             └─ 401, FORBIDDEN ─► repository (REST, guest)
    without           repository ─► commits, tree ─► readme, release         as deep as the budget allows

The API knows the repository, so its page is never visited (rule 1). Whatever the API suffers from itself is
not the link's trouble: `unverified`, and what was known stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.sites.github import BATCH, completeness, findings, graphql, parts, records, rest
from scraper.sites.github.findings import GRAPHQL, REST, say
from scraper.sites.github.rest import BUDGET, STEPS
from scraper.sites.values import no_word
from scraper.verdicts.health import Claim

if TYPE_CHECKING:
    from scraper.model import Memory
    from scraper.settings import Settings

_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_HOPS = 3


class GitHub:
    """Repositories; `ask` wants all of a run at once when there is no token, to spread the budget well.

    It keeps notes of its run: the guest's budget, limits that were reached, whether the token was refused.
    """

    name = "github"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        token = settings.github_token.get_secret_value() if settings.github_token else ""
        self.complaints: list[str] = []
        """One line each, for the user: a token that was refused, or that expires soon."""
        self._memory = memory
        self._bearable = settings.max_wait
        self._guest = rest.api(settings.github_api)
        self._member = rest.api(settings.github_api, token) if token else None
        self._graphql_url = graphql.address(settings.github_api)
        self._graphql_serves = True
        self._budget = BUDGET
        self._spent: set[str] = set()

    def key(self, target: Target) -> str:
        """`api.github.com/graphql` with a token, `api.github.com` without."""
        return self._graphql_key if self._member else self._guest.key

    @property
    def _graphql_key(self) -> str:
        return f"{self._guest.key}/graphql"

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        oldest_first = sorted(targets, key=lambda target: self._memory.last_read(target.key) or _NEVER)
        if self._member is None:
            return self._as_guest(oldest_first)
        return self._batches(oldest_first, BATCH)

    def withhold(self, question: Question) -> Reading | None:
        """To be asked before a question is sent: its reading, when GitHub is to be spared.

        A question of a run that has more repositories than a guest has requests, and any question to a
        budget that an answer has shown to be spent.
        """
        if question.requests and question.key not in self._spent:
            return None
        claim = Claim("rate_limited", "beyond this hour's requests to GitHub's API; record kept")
        unasked = Answer(question.request.url, "", attempts=0, requests=0)
        about_health = question.step in ("batch", "repository")
        unheard = (*question.targets, *question.waiting)
        return Reading([say(target, claim if about_health else None, unasked) for target in unheard])

    def read(self, question: Question, answer: Answer) -> Reading:
        if rest.is_spent(answer, self._bearable):
            self._spent.add(question.key)
        if expiry := rest.token_expiry(answer):
            self._complain(f"GITHUB_TOKEN expires on {expiry}: renew it")
        if question.step == "batch":
            return self._read_batch(question, answer)
        if question.step == "repository":
            return self._read_repository(question, answer)
        return self._read_part(question, answer)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def _batch(self, targets: Sequence[Target], waiting: Sequence[Target] = ()) -> Question:
        request = Request(
            self._graphql_url,
            "POST",
            headers=(("Accept", "application/json"),),
            json=graphql.query([target.id for target in targets]),
            body_limit=graphql.BODY_LIMIT,
            credential="github",
            follow=False,
        )
        return Question(
            self._graphql_key, self.name, "batch", tuple(targets), request, waiting=tuple(waiting)
        )

    def _as_guest(self, targets: Sequence[Target]) -> list[Question]:
        """One question each, as deep as the guest's budget allows; those beyond it are not sent."""
        depth = rest.depth(len(targets), self._budget)
        reached = len(targets) if depth else self._budget
        self._budget -= max(depth, 1) * reached
        deep = max(depth, 1)
        return [
            self._repository(self._guest, target, {"depth": deep}, requests=deep if number < reached else 0)
            for number, target in enumerate(targets)
        ]

    def _by_rest(self, targets: Sequence[Target]) -> list[Question]:
        """One question each with the token, whose hour has thousands; as a guest once it was refused."""
        if self._member is None:
            return self._as_guest(targets)
        deep = len(STEPS)
        return [self._repository(self._member, target, {"depth": deep}, requests=deep) for target in targets]

    def _repository(
        self,
        api: rest.Api,
        target: Target,
        context: Mapping[str, Any],
        path: str = "",
        requests: int = 1,
    ) -> Question:
        path = path or rest.path_of("repository", target.id)
        # Without the record a 304 would tell nothing, so it must not be asked for.
        etag = self._etag(api, path) if "full_name" in self._memory.record(target.key) else ""
        return replace(api.question("repository", target, path, etag, context), requests=requests)

    def _etag(self, api: rest.Api, path: str) -> str:
        return self._memory.validator(api.validator_key(api.base + path))

    def _batches(self, targets: Sequence[Target], size: int) -> list[Question]:
        return [self._batch(targets[start : start + size]) for start in range(0, len(targets), size)]

    def _fewer(self, targets: Sequence[Target], asked: int, waiting: Sequence[Target]) -> Reading:
        """Half of what was too much at once; the others wait until a size is found that GitHub bears.

        So an outage is noticed after seven queries, not after a hundred; then REST is asked for all.
        """
        if asked == 1:
            self._graphql_serves = False
        if not self._graphql_serves:
            return Reading(questions=self._by_rest([*targets, *waiting]))
        middle = (len(targets) + 1) // 2
        rest = (*targets[middle:], *waiting)
        return Reading(questions=[self._batch(targets[:middle], rest)], held=rest)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────

    def _read_batch(self, question: Question, answer: Answer) -> Reading:
        targets, waiting = question.targets, question.waiting
        if answer.status == 401:
            return Reading(questions=self._refused([*targets, *waiting]))
        if limit := rest.rate_limit(answer):
            claim = Claim("rate_limited", limit.detail)
            return Reading([say(target, claim, answer, GRAPHQL) for target in (*targets, *waiting)])
        words = graphql.read(answer, len(targets))
        by_kind: dict[str, list[Target]] = {}
        found: list[Finding] = []
        for target, word in zip(targets, words, strict=True):
            by_kind.setdefault(word.kind, []).append(target)
            if word.kind in ("found", "limited", "lost"):
                found.append(self._of_word(target, word, answer))
        if too_much := by_kind.get("again"):
            more = self._fewer(too_much, len(targets), waiting)
        else:
            more = Reading(questions=self._batches(waiting, len(targets)))
        questions = [
            *self._by_rest([*by_kind.get("missing", ()), *by_kind.get("unserved", ())]),
            *self._as_guest(by_kind.get("forbidden", ())),
            *more.questions,
        ]
        return Reading(found, questions, more.held)

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
        return findings.there(target, record, known, answer, GRAPHQL, notes=notes)

    def _read_repository(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        word = rest.read(answer, question.context["etag"])
        if word.kind == "body" and records.is_private(word.body):
            return Reading([findings.private(target, answer, REST)])
        if word.kind == "body":
            record = records.repository(word.body)
            known = self._memory.record(target.key)
            found = findings.there(
                target, record, known, answer, REST, validators=_validators(question, answer)
            )
            return Reading([found], self._parts(question, answer, record))
        if word.kind == "unchanged":
            return self._unchanged(question, answer)
        if word.kind == "elsewhere" and question.context.get("hops", 0) < _MOST_HOPS:
            hops = {**question.context, "hops": question.context.get("hops", 0) + 1}
            return Reading(
                questions=[self._repository(self._api(question), target, hops, f"/repositories/{word.body}")]
            )
        if word.kind == "elsewhere":
            word = rest.Word("claim", Claim("no_answer", "GitHub's API redirects without end"))
        guest = question.context["guest"]
        if word.kind == "refused" and guest:
            return Reading([say(target, Claim("credentials", "GitHub's API wants a token"), answer)])
        if word.kind == "refused":
            return Reading(questions=self._refused([target]))
        if word.kind == "forbidden" and not guest:
            return Reading(questions=self._as_guest([target]))
        return Reading([say(target, word.claim, answer)])

    def _unchanged(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        known = self._memory.record(target.key)
        found = findings.unchanged(target, known, answer, _validators(question, answer))
        return Reading([found], self._parts(question, answer, known, unchanged=True))

    def _parts(
        self, question: Question, answer: Answer, record: Record, unchanged: bool = False
    ) -> list[Question]:
        """Questions for the parts that are not known yet, or may have changed."""
        (target,) = question.targets
        if question.key in self._spent:
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
            self._part(self._api(question), step, target, known, context)
            for step in steps
            if branch or step not in ("commits", "tree")
        ]

    def _part(
        self, api: rest.Api, step: str, target: Target, known: Record, context: Mapping[str, Any]
    ) -> Question:
        path = rest.path_of(step, context["full_name"], context["branch"] or "")
        return api.question(step, target, path, self._etag(api, path) if known else "", context)

    def _read_part(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
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
            or question.key in self._spent
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
        return [self._part(self._api(question), "readme", question.targets[0], known, context)]

    def _known(self, target: Target, record: Record) -> Record:
        """What is known of this repository; nothing when another one stands under its name now."""
        known = self._memory.record(target.key)
        return {} if findings.note_on_id(record, known) else known

    def _api(self, question: Question) -> rest.Api:
        return self._guest if question.context["guest"] or self._member is None else self._member

    def _refused(self, targets: Sequence[Target]) -> list[Question]:
        """The run goes on as a guest; one clear message."""
        self._member = None
        self._complain("GITHUB_TOKEN was refused by GitHub (401 Bad credentials): going on without it")
        return self._as_guest(targets)

    def _complain(self, line: str) -> None:
        if line not in self.complaints:
            self.complaints.append(line)


def _validators(question: Question, answer: Answer) -> tuple[tuple[str, str], ...]:
    """The ETag to remember. GitHub's are weak on a 200 and strong on the 304: compared weakly, one and the
    same (RFC 9110, 8.8.3.2), so the first is kept."""
    etag = question.context["etag"] if answer.status == 304 else answer.headers.get("etag", "")
    if not re.fullmatch(r'(W/)?"[\x21\x23-\x7e]{1,200}"', etag):
        return ()
    return ((question.context["validator"], etag),)
