"""The parts of a repository that REST gives one by one: last commit, files, latest release, README. Pure.

A part says nothing on health. One that fails is simply not known: what was known of it before stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scraper.model import Answer, Record
from scraper.sites.github import completeness, records
from scraper.sites.github.rest import KNOWN_BY, STEPS
from scraper.sites.values import parse_json

_NOTHING = completeness.Files((), top=True, whole=True)
_NO_README = completeness.Readme("", whole=True)


def wanted(depth: int, record: Record, known: Record, unchanged: bool) -> Sequence[str]:
    """The parts to ask for after the repository itself, within `depth` steps.

    What is known needs no second look while GitHub says that nothing changed (304). Commits, files and README
    cannot have changed either while nothing was pushed; a release can be made without a push.
    """
    same_push = all(
        record.get(name) is not None and record.get(name) == known.get(name)
        for name in ("repository_id", "pushed_at", "default_branch")
    )
    parts = [
        part
        for part in STEPS[1:depth]
        if not (KNOWN_BY[part] in known and (unchanged or (same_push and part != "release")))
    ]
    # The README's question comes with the answer to the files: they tell whether there is one to ask for.
    return [part for part in parts if part != "readme" or "tree" not in parts]


def read(step: str, answer: Answer, known: Record, context: Mapping[str, Any]) -> Record:
    """What the answer to a part adds to the record; nothing when it cannot be read."""
    body = parse_json(answer.body) if answer.status == 200 and not answer.truncated else None
    denied = answer.status in (404, 409) and bool(records.message(answer.body))
    if step == "commits":
        return records.last_commit([] if denied and answer.status == 409 else body)
    if step == "release":
        return {"latest_release": None} if denied else records.latest_release(body)
    if step == "tree":
        return _summed(known, completeness.completeness(*_files(body, denied and answer.status == 409)))
    readme = _NO_README if denied else records.rest_readme(body)
    if readme is None:
        return {}
    ticks = context.get("ticks") or {name: known[name] for name in completeness.COLUMNS if name in known}
    return completeness.with_readme(ticks, readme, whole=context.get("whole") is True)


def readme_context(answer: Answer) -> Mapping[str, Any] | None:
    """What the README's reader must know of the files; None when they show that there is no README."""
    files, readme = _files(parse_json(answer.body), answer.status == 409)
    if readme is not None:
        return None
    return {"ticks": completeness.of_files(files), "whole": files.whole} if files else {}


def _files(body: Any, empty: bool) -> tuple[completeness.Files | None, completeness.Readme | None]:
    """The file list, and the README when the list shows that there is none. 409: the repository is empty."""
    files = _NOTHING if empty else records.rest_files(body)
    return files, records.no_readme(files)


def _summed(known: Record, ticks: Record) -> Record:
    """The ticks, with a sum over them and over what was known of the others."""
    before = {name: known[name] for name in completeness.TICKS if name in known}
    told = completeness.total({**before, **ticks})
    return ticks | {name: told[name] for name in told if name == "code_completeness"} if ticks else {}
