"""OpenReview: forums, asked for in the order that costs least and says most.

    API v1 ─► API v2 for what v1 has not ─► the forum page ─► its archived copy
    (batches, with the replies)             (one each)         (openreview_mementos)

The two APIs are disjoint per venue and an id does not tell which has it. Notes are read with
`GET /notes?ids=A&ids=B&details=replies` and not with `POST /notes/search {"ids": […]}`: it is in both
specifications, is safe to repeat, brings decision and reviews along, and is the read that the guest gate is
meant to guard; the search is not used as a way round the gate. Fifty ids of 10 characters keep the address
under 1 kB.

A batch leaves out what it does not have, for whatever reason. So an id that neither API gave is asked for
alone, which is answered by NotFoundError or ForbiddenError; the page is looked at before such a denial is
believed, because the id of a blind paper's original leads to the right forum there.

The first batch goes ahead of the others: behind the gate, or beyond the rate limit, the API is left alone for
the rest of the run and the pages are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper.model import Answer, Finding, Question, Reading, Request, Target
from scraper.sites.openreview import BATCH, HOSTS, PAGES
from scraper.sites.openreview.answers import Refusal, claim_of, read_notes
from scraper.sites.openreview.mementos import STEPS as ARCHIVE_STEPS
from scraper.sites.openreview.mementos import ForumMementos
from scraper.sites.openreview.notes import is_deleted, is_public, note_record
from scraper.sites.openreview.pages import read_forum_page
from scraper.verdicts.health import API, PAGE, Claim, finding

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_BATCH_LIMIT = 33_554_432
"""Fifty papers with all their discussions: about 4 MB for ICLR 2020, more in later years."""
_PAGE_LIMIT = 131_072
"""The head, and enough of the body for an error page's message: the title of every error page is the same."""

_LEFT_OUT, _NOT_FOUND, _FAILED = "left_out", "not_found", "failed"
_DENIALS = {
    "not_found": (404, Claim("not_found", "both of OpenReview's APIs say that there is no such note")),
    "private": (403, Claim("private", "OpenReview's API says that the note is there and not public")),
}
_ASK_NOTHING_MORE = frozenset(("policy", "deadline", "offline"))

Said = Mapping[str, str]
"""API version -> what it said of the ids in question: left_out (of a batch), not_found or failed."""


class OpenReview:
    """See the module's docstring. Keeps one note of the run in itself: whether the API is closed to us."""

    name = "openreview"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._mementos = ForumMementos(settings, memory)
        login = settings.openreview_token or (settings.openreview_username and settings.openreview_password)
        # An account that is challenged met a blip; a second time it is the gate after all.
        self._challenges_left = 2 if login else 1
        self._closed = False

    def key(self, target: Target) -> str:
        return HOSTS["v1"]

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        """One question about all targets: it asks for the first batch, and its reader sends the others."""
        if not targets:
            return []
        if self._closed:
            return [_page(target) for target in targets]
        return [_api("v1", targets[:BATCH], waiting=targets[BATCH:])]

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step in ARCHIVE_STEPS:
            return self._mementos.read(question, answer)
        if question.step == "page":
            return self._read_page(question, answer)
        return self._read_api(question, answer)

    # ── the API ──────────────────────────────────────────────────────────────────────────────────────────

    def _read_api(self, question: Question, answer: Answer) -> Reading:
        notes = read_notes(answer)
        if notes is Refusal.LOGIN and not question.renews_login:
            return Reading(questions=[replace(question, renews_login=True)], held=question.waiting)
        if isinstance(notes, Refusal):
            self._remember(notes)
            reading = self._read_refusal(notes, question, question.targets, answer)
        else:
            reading = self._read_notes(notes, question, question.targets, answer)
        return _together([reading, self._first_questions(question.waiting)])

    def _remember(self, refusal: Refusal) -> None:
        if refusal is Refusal.CHALLENGE:
            self._challenges_left -= 1
        if refusal in (Refusal.RATE_LIMITED, Refusal.LOGIN) or self._challenges_left <= 0:
            self._closed = True

    def _first_questions(self, targets: Sequence[Target]) -> Reading:
        if self._closed:
            return Reading(questions=[_page(target) for target in targets])
        return Reading(questions=[_api("v1", batch) for batch in _batches(targets)])

    def _read_refusal(
        self, refusal: Refusal, question: Question, asked: Sequence[Target], answer: Answer
    ) -> Reading:
        version, ids = question.context["version"], question.context["ids"]
        said: Said = question.context["said"]
        if refusal in (Refusal.FORBIDDEN, Refusal.NOT_FOUND, Refusal.TOO_MUCH) and len(asked) > 1:
            # One id spoils the batch, or the batch is too long: its halves say which.
            half = len(asked) // 2
            halves = (asked[:half], asked[half:])
            return Reading(questions=[_api(version, part, said, ids) for part in halves])
        if refusal is Refusal.NOT_FOUND:
            return self._ask_further(asked, ids, {**said, version: _NOT_FOUND})
        if refusal is Refusal.FORBIDDEN:
            return Reading(questions=[_page(target, "private", version) for target in asked])
        claim = claim_of(refusal, answer)
        findings = [finding(target, _source(version), API, claim, answer) for target in asked]
        return _together([Reading(findings), self._ask_further(asked, ids, {**said, version: _FAILED})])

    def _read_notes(
        self,
        notes: Mapping[str, Mapping[str, Any]],
        question: Question,
        asked: Sequence[Target],
        answer: Answer,
    ) -> Reading:
        version, ids = question.context["version"], question.context["ids"]
        found = {t: notes[_id(t, ids)] for t in asked if _id(t, ids) in notes}
        missing = [target for target in asked if target not in found]
        # `forum` of a reply names the paper's note; a forum that names another is not followed further.
        forums = {
            t.key: note["forum"]
            for t, note in found.items()
            if t.key not in ids
            and isinstance(note.get("forum"), str)
            and note["forum"] not in ("", note["id"])
        }
        own = {t: note for t, note in found.items() if t.key not in forums}
        findings = [_note_finding(t, note, version, answer) for t, note in own.items()]
        deleted = [target for target, note in own.items() if is_deleted(note)]
        replies = [target for target in found if target.key in forums]
        # A single id that is answered with an empty list is denied; in a batch it is only left out.
        denied = len(asked) == 1 and not notes
        said = {**question.context["said"], version: _NOT_FOUND if denied else _LEFT_OUT}
        if len(asked) == 1 and notes:
            said[version] = _FAILED
        return _together(
            [
                Reading(findings, [_api(version, batch, ids=forums) for batch in _batches(replies)]),
                self._ask_further(missing, ids, said),
                *map(self._mementos.start, deleted),
            ]
        )

    def _ask_further(self, targets: Sequence[Target], ids: Mapping[str, str], said: Said) -> Reading:
        """What to ask about notes that an API did not give."""
        if self._closed:
            return Reading(questions=[_page(target) for target in targets])
        if unasked := [version for version in HOSTS if version not in said]:
            return Reading(questions=[_api(unasked[0], batch, said, ids) for batch in _batches(targets)])
        if _FAILED in said.values():
            return Reading(questions=[_page(target) for target in targets])
        if unsure := [version for version in HOSTS if said[version] == _LEFT_OUT]:
            return Reading(questions=[_api(unsure[0], [target], said, ids) for target in targets])
        return Reading(questions=[_page(target, "not_found", "v2") for target in targets])

    # ── the page ─────────────────────────────────────────────────────────────────────────────────────────

    def _read_page(self, question: Question, answer: Answer) -> Reading:
        target = question.targets[0]
        page = read_forum_page(answer)
        if page.claim.reason == "ok":
            code = tuple(page.record.get("code_urls") or ())
            source = "openreview-page"
            return Reading([finding(target, source, PAGE, page.claim, answer, record=page.record, code=code)])
        if denial := question.context["denial"]:
            status, claim = _DENIALS[denial]
            said = Finding(
                target.key,
                _source(question.context["version"]),
                API,
                claim.health,
                claim.reason,
                claim.detail,
                http_status=status,
            )
        else:
            said = finding(target, "openreview-page", PAGE, page.claim, answer)
        if said.reason in _ASK_NOTHING_MORE:
            return Reading([said])
        return _together([Reading([said]), self._mementos.start(target)])


def _api(
    version: str,
    asked: Sequence[Target],
    said: Said | None = None,
    ids: Mapping[str, str] | None = None,
    waiting: Sequence[Target] = (),
) -> Question:
    """`ids` names the note to ask for where it is not the target's own; `waiting` are asked after it."""
    wanted = [(target.key, _id(target, ids or {})) for target in asked]
    name = "id" if len(wanted) == 1 else "ids"
    query = "&".join(f"{name}={quote(note, safe='', errors='replace')}" for _, note in wanted)
    url = f"https://{HOSTS[version]}/notes?{query}&details=replies"
    request = Request(url, body_limit=_BATCH_LIMIT, credential="openreview", follow=False)
    context = {
        "version": version,
        "said": dict(said or {}),
        "ids": {key: (ids or {})[key] for key, _ in wanted if key in (ids or {})},
    }
    return Question(
        HOSTS[version],
        "openreview",
        "api",
        tuple(asked),
        request,
        context,
        waiting=tuple(waiting),
        requests=1 + math.ceil(len(waiting) / BATCH),
    )


def _page(target: Target, denial: str = "", version: str = "") -> Question:
    """`denial` is what the API said: not_found or private; it stands unless the page shows a paper."""
    context = {"denial": denial, "version": version}
    request = Request(target.url, body_limit=_PAGE_LIMIT)
    return Question(PAGES, "openreview", "page", (target,), request, context, polite=True)


def _id(target: Target, ids: Mapping[str, str]) -> str:
    return ids.get(target.key, target.id)


def _source(version: str) -> str:
    return f"openreview-api-{version}"


def _note_finding(target: Target, note: Mapping[str, Any], version: str, answer: Answer) -> Finding:
    """A deleted note is gone and one that only our account may read is private: their text is not taken."""
    if is_deleted(note):
        claim = Claim("note_deleted", "OpenReview's API gives the note as deleted")
        return finding(target, _source(version), API, claim, answer)
    if not is_public(note):
        claim = Claim("private", "only the configured account may read it, not everyone")
        return finding(target, _source(version), API, claim, answer)
    record = note_record(note)
    code = tuple(record.get("code_urls") or ())
    claim = Claim("confirmed_by_api")
    return finding(target, _source(version), API, claim, answer, record=record, code=code)


def _batches(targets: Sequence[Target]) -> Iterable[Sequence[Target]]:
    return (targets[start : start + BATCH] for start in range(0, len(targets), BATCH))


def _together(readings: Sequence[Reading]) -> Reading:
    return Reading(
        [finding for reading in readings for finding in reading.findings],
        [question for reading in readings for question in reading.questions],
    )
