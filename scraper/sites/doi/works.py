"""DOIs: Crossref, then DataCite, then doi.org itself, which knows the other agencies' names too.

    a list at Crossref ─► a list at DataCite ─► one by one: Crossref ─► DataCite ─► doi.org
    (a hundred names each)                      (what both lists leave out)

A DOI is alive when its agency knows it: it is a name, and what it leads to is the publisher's business, whose
pages turn programs away. So doi.org is asked without following: 302 is registered, 404 is not.
https://www.doi.org/doi-handbook/HTML/resolution.html

A list leaves out what it does not have, and sometimes an alias or what is new, so nothing is denied by it. An
agency that asks for a longer pause than we may wait is: what only it could tell is `rate_limited`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from scraper.model import Answer, Finding, Question, Reading, Record, Request, Target
from scraper.sites.doi import BATCH, HOSTS
from scraper.sites.doi.records import CROSSREF_FIELDS, crossref_record, datacite_record
from scraper.sites.values import is_challenge, items, mapping, no_word, one_line, parse_json
from scraper.verdicts.health import API, PAGE, Claim, finding, judge_answer

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.sites.ports import Memory

_PATHS = {"crossref": "works/", "datacite": "dois/", "registry": ""}
_BODY_LIMIT = 8_388_608
"""Crossref sends the whole list of references."""
_LIST_LIMIT = 33_554_432
_LONGEST_LIST = 5_000
"""Characters of the names in an address; servers take 8,000 in all."""
_TOO_MUCH = frozenset((400, 404, 413, 414, 422))
"""What is answered to a list that is too long, or has a name in it that the service cannot read."""
_ASK_NOTHING_MORE = frozenset(("policy", "deadline", "offline"))

_LEFT_OUT, _DENIED, _FAILED, _LIMITED = "left_out", "denied", "failed", "limited"
"""What an agency said of a name: nothing in a list, no when it was asked alone, or nothing at all."""


class Doi:
    """See the module's docstring."""

    name = "doi"

    def __init__(self, settings: Settings, memory: Memory) -> None:
        pass

    def key(self, target: Target) -> str:
        return HOSTS["crossref"]

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return list(_questions("crossref", targets))

    def read(self, question: Question, answer: Answer) -> Reading:
        if question.step == "registry":
            return Reading([_registered(question, answer)])
        works = _works(question, answer)
        if works is None:
            return _read_refusal(question, answer)
        found = {t: works[name] for t in question.targets if (name := _name(t)) in works}
        missing = [target for target in question.targets if target not in found]
        findings = [_found(target, question.step, record, answer) for target, record in found.items()]
        said = {**question.context, question.step: _LEFT_OUT if len(question.targets) > 1 else _DENIED}
        return Reading(findings, list(_ask_further(missing, said)))


# Questions


def _questions(
    step: str, targets: Sequence[Target], said: Mapping[str, str] | None = None
) -> Iterator[Question]:
    """Lists of those that can stand in one, and the others alone: a list is divided at its commas."""
    listed = [target for target in targets if "," not in target.id]
    for batch in _batches(listed if len(listed) > 1 else []):
        yield _list(step, batch, said or {})
    for target in targets:
        if len(listed) <= 1 or "," in target.id:
            yield _one(step, target, said or {})


def _batches(targets: Sequence[Target]) -> Iterator[list[Target]]:
    batch: list[Target] = []
    length = 0
    for target in targets:
        more = len(_quoted(target)) + len("doi:,")
        if batch and (len(batch) == BATCH or length + more > _LONGEST_LIST):
            yield batch
            batch, length = [], 0
        batch.append(target)
        length += more
    if batch:
        yield batch


def _list(step: str, targets: Sequence[Target], said: Mapping[str, str]) -> Question:
    names = [_quoted(target) for target in targets]
    if step == "crossref":
        query = f"filter={','.join(f'doi:{name}' for name in names)}&rows={len(names)}"
        url = f"https://{HOSTS[step]}/works?{query}&select={','.join(CROSSREF_FIELDS)}"
    else:
        url = f"https://{HOSTS[step]}/dois?ids={','.join(names)}&page[size]={len(names)}"
    return Question(HOSTS[step], "doi", step, tuple(targets), Request(url, body_limit=_LIST_LIMIT), said)


def _one(step: str, target: Target, said: Mapping[str, str]) -> Question:
    url = f"https://{HOSTS[step]}/{_PATHS[step]}{quote(target.id, safe='/' if step == 'registry' else '')}"
    request = Request(url, body_limit=_BODY_LIMIT) if step != "registry" else Request(url, follow=False)
    return Question(HOSTS[step], "doi", step, (target,), request, said)


def _quoted(target: Target) -> str:
    return quote(target.id, safe="/:;()")


def _name(target: Target) -> str:
    return target.id.lower()


# Answers


def _ask_further(targets: Sequence[Target], said: Mapping[str, str]) -> Iterator[Question]:
    """Whom to ask of names that were not given; nobody, where only an agency that is limited could tell."""
    if "datacite" not in said:
        yield from _questions("datacite", targets, said)
        return
    if _LIMITED in said.values():
        return
    unsure = [step for step in ("crossref", "datacite") if said[step] == _LEFT_OUT]
    step = unsure[0] if unsure and _FAILED not in said.values() else "registry"
    yield from (_one(step, target, said) for target in targets)


def _read_refusal(question: Question, answer: Answer) -> Reading:
    """No works: the list was too much, or the agency is unwell, which says nothing of the names."""
    targets = question.targets
    if len(targets) > 1 and (answer.truncated or (not answer.failure and answer.status in _TOO_MUCH)):
        half = len(targets) // 2
        parts = (targets[:half], targets[half:])
        return Reading(
            questions=[q for part in parts for q in _questions(question.step, part, question.context)]
        )
    claim = no_word(answer)
    findings = [finding(target, question.step, API, claim, answer) for target in targets]
    if claim.reason in _ASK_NOTHING_MORE:
        return Reading(findings)
    said = {**question.context, question.step: _LIMITED if claim.reason == "rate_limited" else _FAILED}
    return Reading(findings, list(_ask_further(targets, said)))


def _works(question: Question, answer: Answer) -> dict[str, Record] | None:
    """The records by their names; empty for a name that is denied, None when there is no answer to read."""
    alone = len(question.targets) == 1
    if answer.failure or answer.truncated:
        return None
    if alone and answer.status == 404:
        return {}
    document = mapping(parse_json(answer.body)) if answer.status == 200 else {}
    if question.step == "crossref":
        message = mapping(document.get("message"))
        works, name, read = ([message] if alone else items(message.get("items"))), "DOI", crossref_record
        sent = alone or isinstance(message.get("items"), list)
    else:
        data = document.get("data")
        works = [mapping(mapping(work).get("attributes")) for work in ([data] if alone else items(data))]
        name, read, sent = "doi", datacite_record, alone or isinstance(data, list)
    named = [work for work in map(mapping, works) if one_line(work.get(name))]
    if not sent or (alone and not named):
        return None
    if alone:  # an alias is answered under its other name
        return {_name(question.targets[0]): read(named[0])}
    return {str(one_line(work[name])).lower(): read(work) for work in named}


def _found(target: Target, step: str, record: Record, answer: Answer) -> Finding:
    return finding(target, step, API, Claim("confirmed_by_api"), answer, record=record)


def _registered(question: Question, answer: Answer) -> Finding:
    if not answer.failure and answer.status in (301, 302, 303, 307, 308):
        unwell = _FAILED in question.context.values()
        how = "; its agency did not answer" if unwell else " with an agency whose records are not open"
        claim = Claim("ok", f"registered{how}")
    elif answer.status == 404 and not answer.failure:
        claim = Claim("not_found", "Crossref, DataCite and doi.org do not know it")
    elif is_challenge(answer):
        claim = Claim("challenge", "doi.org asks for proof of a human")
    elif not answer.failure and answer.status is not None and answer.status < 400:
        claim = Claim("no_answer", f"doi.org neither redirects nor denies (HTTP {answer.status})")
    else:
        claim = judge_answer(answer)
    return finding(question.targets[0], "doi.org", PAGE, claim, answer)
