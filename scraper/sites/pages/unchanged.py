"""Pages that are asked whether they changed: whose validators are kept, and what a 304 means. Pure.

A validator stands for bytes that were judged: a page that was read whole at the very address, spoke for
itself (no made-up sibling was heard) and was found alive. When the server says that they are the same bytes,
they would be judged the same. So that this is never taken on trust for long, every tenth visit reads the
page again; so does a new version of the program, which may know better.
"""

from __future__ import annotations

from dataclasses import replace

from scraper import __version__
from scraper.model import Answer, Finding, Question, Reading
from scraper.sites.ports import Memory
from scraper.verdicts.health import PAGE, Claim, finding

MOST = 9
"""Times in a row that a 304 is believed."""

_KEPT = "kept"
"""Name in the context of a question: the validator that goes with it, and how often it was believed."""


def conditionally(question: Question, memory: Memory) -> Question:
    """The question whether the page changed, where one is known well enough; else as it is."""
    url = question.request.url
    times, _, validator = memory.validator(_name(url)).partition(" ")
    if not (validator and times.isdigit() and int(times) < MOST):
        return question
    name = "If-None-Match" if validator.endswith('"') else "If-Modified-Since"
    request = replace(question.request, headers=(*question.request.headers, (name, validator)))
    return replace(question, request=request, context={**question.context, _KEPT: (int(times), validator)})


def confirmed(question: Question, answer: Answer) -> Finding | None:
    """What is found where the page is what it was; None where that is not what the answer says."""
    if answer.status != 304 or _KEPT not in question.context or answer.hops:
        return None
    times, validator = question.context[_KEPT]
    claim = Claim("ok", "unchanged since it was read (HTTP 304)")
    as_it_was = replace(answer, status=200)
    known = ((_name(answer.url), f"{times + 1} {validator}"),)
    (target,) = question.targets
    return finding(target, "page", PAGE, claim, as_it_was, unchanged=True, validators=known)


def unconditionally(question: Question, answer: Answer) -> Question | None:
    """The question once more, where a 304 came by a redirect: of which page it speaks nobody knows."""
    if answer.status != 304 or _KEPT not in question.context:
        return None
    headers = tuple(one for one in question.request.headers if not one[0].startswith("If-"))
    context = {name: value for name, value in question.context.items() if name != _KEPT}
    return replace(question, request=replace(question.request, headers=headers), context=context)


def remembered(found: Finding, answer: Answer) -> Finding:
    """The finding with the page's validator, where what was read of it will do for the next visit too."""
    validator = answer.headers.get("etag", "") or answer.headers.get("last-modified", "")
    whole = answer.status == 200 and not (answer.hops or answer.truncated or found.notes)
    if not validator or len(validator) > 200 or not whole or found.reason != "ok":
        return found
    return replace(found, validators=((_name(answer.url), f"0 {validator}"),))


def forgotten(reading: Reading, but: str = "") -> Reading:
    """The reading without validators of pages that were recognised, or not, by more than their bytes."""
    findings = [one if one.reason == but else replace(one, validators=()) for one in reading.findings]
    return Reading(findings, reading.questions, reading.held)


def _name(url: str) -> str:
    """Under which a page's validator is kept: apart from those of APIs, and from other versions'."""
    return f"page {__version__} {url}"
