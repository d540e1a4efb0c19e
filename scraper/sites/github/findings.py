"""What is said of a repository: there, renamed, private; and what is worth telling the user. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scraper.model import Answer, Finding, Record, Target
from scraper.records import stamp
from scraper.sites.github import anchors, rest
from scraper.sites.github.completeness import Readme
from scraper.verdicts.health import API, Claim, finding

GRAPHQL, REST = "github-graphql", "github-rest"
"""Sources."""


def say(target: Target, claim: Claim | None, answer: Answer, source: str = REST, **more: Any) -> Finding:
    """A finding with the claim; `more` are further fields of it."""
    return finding(target, source, API, claim, answer, **more)


def there(target: Target, record: Record, known: Record, answer: Answer, source: str, **more: Any) -> Finding:
    """It exists, under this name or another. A difference in case is no other name."""
    name, place = record["full_name"], target.url
    claim, other = Claim("ok"), note_on_id(record, known)
    if name.lower() != target.id.lower():
        parts = urlsplit(target.url)
        place = f"{parts.scheme}://{parts.netloc}/{name}"
        claim = renamed(name, place, another=bool(other))
        record = {**record, "previous_name": [target.id]}
    record = {**record, **_archived_since(record, known, rest.sent_at(answer))}
    notes = (*more.pop("notes", ()), *other)
    found = say(target, claim, answer, source, record=record, notes=notes, **more)
    return replace(found, final_url=place)


def renamed(name: str, place: str, *, another: bool) -> Claim:
    """It answers under another name. Where that is another repository than the one known before (its name was
    freed, taken, and freed once more), its address is nothing to write in the old one's place."""
    if another:
        return Claim("repository_renamed", f"another repository, {name}, answers in its place")
    return Claim("repository_renamed", f"its name is {name} now", place)


def _archived_since(record: Record, known: Record, now: datetime | None) -> Record:
    """REST does not say since when, and GraphQL not of old ones: then it is since we first saw it so.

    Nothing is made up of one that was archived already when we first looked.
    """
    if record.get("archived") is False:
        return {"archived_since": None}
    if record.get("archived_since") or record.get("archived") is None or note_on_id(record, known):
        return {}
    if known.get("archived") is False and now is not None:
        return {"archived_since": stamp(now)}
    return {"archived_since": known.get("archived_since")}


def unchanged(
    target: Target, known: Record, answer: Answer, validators: tuple[tuple[str, str], ...]
) -> Finding:
    """304: the record that is known is still right. The status is 200, as it was when the record was read:
    304 speaks of our request, not of the link."""
    found = there(target, known, known, answer, REST, validators=validators, unchanged=True)
    return replace(found, record={}, http_status=200)


def private(target: Target, answer: Answer, source: str) -> Finding:
    """Only the token sees it: readers of the article get a 404, and its metadata is not to be published."""
    return say(target, Claim("private", "only the holder of the token can see it"), answer, source)


def note_on_id(record: Record, known: Record) -> tuple[str, ...]:
    """A name that was freed by a rename can be taken by somebody else."""
    before, now = known.get("repository_id"), record.get("repository_id")
    if None in (before, now) or before == now:
        return ()
    return (f"repository id changed from {before} to {now}: another repository may have taken the name",)


def lock_note(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """GraphQL's `isLocked`: GitHub keeps it from being used (billing, migration, a transfer)."""
    reason = fields.get("lockReason")
    if fields.get("isLocked") is not True:
        return ()
    return (f"locked by GitHub ({reason.lower()})" if isinstance(reason, str) else "locked by GitHub",)


def future_note(record: Record, answer: Answer) -> tuple[str, ...]:
    """Commit dates are set by their authors, and some are wrong."""
    written, now = record.get("last_commit_at"), rest.sent_at(answer)
    if written is None or now is None or datetime.fromisoformat(written) <= now + timedelta(days=1):
        return ()
    return (f"its last commit is dated in the future: {written}",)


def section_note(target: Target, readme: Readme | None) -> tuple[str, ...]:
    """Sections of the README that are linked, and that it has no longer."""
    if readme is None or not readme.whole or not target.fragments:
        return ()
    gone = anchors.missing(readme.text, target.fragments)
    return tuple(f"the README has no section #{name}" for name in gone)
