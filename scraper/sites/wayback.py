"""The Wayback Machine: archived copies (mementos) for links that are broken or gated.

Its availability API answers fast and often `{}` although there are captures; then its index (CDX) is asked.
https://archive.org/help/wayback_api.php
https://github.com/internetarchive/wayback/blob/master/wayback-cdx-server/README.md

What the archive says is about the past: its findings have no health, and its own failures are told in
`detail` and change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from scraper.model import Answer, Finding, Pace, Question, Reading, Request, Target
from scraper.sites.values import items, mapping, parse_json
from scraper.verdicts.health import ARCHIVE, finding, judge_answer

if TYPE_CHECKING:
    from scraper.model import Memory
    from scraper.settings import Settings

KEY = "web.archive.org"
"""One budget for the archive, whichever of its hosts is asked."""

PACE = Pace(2.5, 1)
"""24 requests a minute are what the Wayback Machine bears (release notes of EDGI's `wayback`)."""

MEMENTO = "memento"
"""Kind of a target of this site whose own copy is to be visited."""

_MEMENTO = re.compile(
    r"(?:https?:)?//(?:web\.)?archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.IGNORECASE | re.DOTALL
)
_TIMESTAMP = re.compile(r"[0-9]{4,14}\Z")


class Capture(NamedTuple):
    """One archived copy: when it was taken (`YYYYMMDDhhmmss`) and of what address."""

    timestamp: str
    url: str

    @property
    def view(self) -> str:
        """Where people see it."""
        return f"https://web.archive.org/web/{self.timestamp}/{self.url}"

    @property
    def raw(self) -> str:
        """The bytes as they were captured: `id_` leaves out the archive's banner and rewriting."""
        return f"https://web.archive.org/web/{self.timestamp}id_/{self.url}"


def capture_of(address: str) -> Capture | None:
    """The capture that a memento's address names, in any of its forms."""
    match = _MEMENTO.match(address)
    return Capture(match[1], match[2]) if match else None


def availability_url(url: str, wanted: str = "") -> str:
    """`wanted` is a time stamp: the capture closest to it is given, else the newest."""
    query = {"url": url} | ({"timestamp": wanted} if wanted else {})
    return f"https://archive.org/wayback/available?{urlencode(query, quote_via=quote)}"


def index_url(url: str, until: str = "") -> str:
    """The last three captures that answered 200, the newest last; taken before `until` if it is given."""
    query = {
        "url": url,
        "output": "json",
        "fl": "timestamp,original",
        "filter": "statuscode:200",
        "limit": "-3",
    }
    query |= {"to": until} if until else {}
    return f"https://web.archive.org/cdx/search/cdx?{urlencode(query, quote_via=quote)}"


def lookup(
    site: str, step: str, target: Target, context: Mapping[str, Any], wanted: str = "", until: str = ""
) -> Question:
    """Ask where copies are: `step` is `availability` or `cdx`."""
    url = availability_url(target.url, wanted) if step == "availability" else index_url(target.url, until)
    return Question(KEY, site, step, (target,), Request(url), context)


def captures(step: str, answer: Answer, url: str) -> list[Capture]:
    """The captures in the answer to a lookup, the best first; those that are known not to be 200 left out."""
    if answer.failure or answer.status != 200:
        return []
    document = parse_json(answer.body)
    if step == "availability":
        return _closest(mapping(document), url)
    rows = [row for row in items(document) if isinstance(row, list) and len(row) >= 2]
    found = [Capture(row[0], row[1]) for row in rows if _is_timestamp(row[0]) and isinstance(row[1], str)]
    return found[::-1]


def _closest(document: Mapping[str, Any], url: str) -> list[Capture]:
    closest = mapping(mapping(document.get("archived_snapshots")).get("closest"))
    timestamp, address = closest.get("timestamp"), closest.get("url")
    if not closest.get("available") or str(closest.get("status", "200")) != "200":
        return []
    if not _is_timestamp(timestamp):
        return []
    named = capture_of(address) if isinstance(address, str) else None
    return [Capture(str(timestamp), named.url if named else url)]


def _is_timestamp(value: object) -> bool:
    return isinstance(value, str) and bool(_TIMESTAMP.match(value))


def silent(target: Target, source: str, answer: Answer, detail: str) -> Finding:
    """The archive had nothing to say; that is no news about the link."""
    return replace(finding(target, source, ARCHIVE, None, answer), detail=detail)


class Wayback:
    """Suggests a copy for a link, and, when asked, visits the copy that the article points to.

    `suggest` and `ask` take targets that need a copy. `ask_mementos` takes those whose article already names
    one (setting `check_mementos`): that it is gone becomes a line in `notes`, and another is looked for.
    """

    name = "wayback"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._memory = memory
        self._wanted = settings.archive

    def key(self, target: Target) -> str:
        return KEY

    def suggest(self, target: Target) -> list[Question]:
        """Look for a copy of a dead link; of a forum OpenReview's own reader has looked for one already."""
        return self.ask([target]) if self._wanted and target.site != "openreview" else []

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        named = [target for target in targets if target.kind == MEMENTO]
        others = [target for target in targets if target.kind != MEMENTO]
        return self.ask_mementos(named) + [self._look_up("availability", target, {}) for target in others]

    def ask_mementos(self, targets: Sequence[Target]) -> list[Question]:
        return [
            Question(KEY, self.name, MEMENTO, (target,), Request(capture.view, body_limit=1))
            for target in targets
            if (capture := _named(target))
        ]

    def recall(self, target: Target) -> Finding | None:
        """The copy that was found in an earlier run: captures do not change, so it is not asked for again."""
        capture = capture_of(self._memory.validator(availability_url(target.url, self._closest_to(target))))
        return self._found(target, capture, None) if capture else None

    def read(self, question: Question, answer: Answer) -> Reading:
        target = question.targets[0]
        if question.step == MEMENTO:
            return self._read_memento(target, answer)
        found = captures(question.step, answer, target.url)
        if found:
            return Reading([replace(self._found(target, found[0], answer), **_notes(question))])
        # A wish to be left alone holds for the index as well.
        if question.step == "availability" and judge_answer(answer).reason != "rate_limited":
            return Reading(questions=[self._look_up("cdx", target, question.context)])
        why = judge_answer(answer)
        detail = (
            "no archived copy"
            if why.reason == "ok"
            else f"the archive did not answer: {why.detail or why.reason}"
        )
        return Reading([replace(silent(target, self.name, answer, detail), **_notes(question))])

    def _read_memento(self, target: Target, answer: Answer) -> Reading:
        claim = judge_answer(answer)
        capture = capture_of(answer.final_url) or _named(target)
        if capture and answer.status == 200:
            return Reading([self._found(target, capture, answer)])
        if answer.is_memento:
            what = f"shows an error page (HTTP {answer.status}), not what was there"
        elif claim.reason in ("not_found", "gone"):
            what = f"is gone ({claim.detail})"
        else:
            return Reading([silent(target, self.name, answer, f"the archive did not answer: {claim.detail}")])
        context = {"notes": [f"the archived copy of {target.archived_at} {what}"]}
        return Reading(questions=[self._look_up("availability", target, context)])

    def _found(self, target: Target, capture: Capture, answer: Answer | None) -> Finding:
        seen = answer or Answer("", "")
        lookup_url = availability_url(target.url, self._closest_to(target))
        return finding(
            target,
            self.name,
            ARCHIVE,
            None,
            seen,
            archived_url=capture.view,
            archived_at=capture.timestamp,
            validators=((lookup_url, capture.view),),
        )

    def _look_up(self, step: str, target: Target, context: Mapping[str, Any]) -> Question:
        return lookup(self.name, step, target, context, self._closest_to(target))

    def _closest_to(self, target: Target) -> str:
        """The article's own time stamp, else when it was last read well: later copies may be of the ruins."""
        if target.archived_at:
            return target.archived_at
        last = self._memory.last_read(target.key)
        return f"{last:%Y%m%d%H%M%S}" if last else ""


def _named(target: Target) -> Capture | None:
    return Capture(target.archived_at, target.url) if target.archived_at else None


def _notes(question: Question) -> dict[str, Any]:
    return {"notes": tuple(question.context.get("notes", ()))}
