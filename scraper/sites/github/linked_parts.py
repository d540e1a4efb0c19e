"""Parts of repositories, from their first question to their verdict.

    GraphQL shows it            alive, moved
    GraphQL denies a file       commits?path=… ─► commits/SHA        removed (with its permalink), moved
    GraphQL denies an issue     issues/7 ─► where it was transferred
    without GraphQL             raw.githubusercontent.com for files, REST for what the budget bears,
                                the page itself for the rest

GitHub says 404 to strangers whom it throttles, so its pages prove that something is there and never that it
is not. At most two requests are spent on a part that is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scraper.model import Answer, Question, Reading, Record, Target
from scraper.sites.github import deep_verdicts, part_paths, rest
from scraper.sites.github.completeness import Files
from scraper.sites.github.deep_links import OLD_DEFAULTS, DeepLink
from scraper.sites.github.deep_verdicts import Ground, Ruling, there
from scraper.sites.github.findings import say
from scraper.sites.github.lookups import Seen
from scraper.sites.github.lost_paths import LostPaths
from scraper.sites.github.part_questions import (
    BYTES,
    PAGE,
    Afford,
    api_question,
    ground_of,
    link_of,
    page_question,
    raw_question,
    said,
    wiki_question,
)
from scraper.sites.github.records import get
from scraper.sites.values import date_time, items, mapping, no_word, text
from scraper.verdicts.health import Claim


class LinkedParts:
    """Reads and asks about parts for `GitHub`; keeps the file lists of repositories with broken parts."""

    def __init__(self, afford: Afford) -> None:
        self._afford = afford
        self._lost = LostPaths(afford)
        self._readers: dict[str, Callable[[Question, Answer], Reading]] = {
            "deep_api": self._read_api,
            "deep_issue": self._read_issue,
            "deep_tag": self._read_tag,
            "deep_raw": self._read_raw,
            "deep_head": self._read_head,
            "deep_wiki": self._read_wiki,
            "deep_page": self._read_page,
            **self._lost.readers,
        }

    def reads(self, step: str) -> bool:
        return step in self._readers

    def read(self, question: Question, answer: Answer) -> Reading:
        return self._readers[question.step](question, answer)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def judge(
        self, target: Target, seen: Seen, ground: Ground, files: Files | None, answer: Answer, source: str
    ) -> Reading:
        """What GraphQL's answer says of a part, or the question that tells more."""
        link = link_of(target)
        ruling = deep_verdicts.judge(target, link, seen, ground)
        if ruling.more == "history" and files is not None:
            self._lost.trees[ground.full_name] = files
        question = self._more(target, link, ground, ruling)
        if question is not None:
            return Reading(questions=[question])
        return Reading([say(target, ruling.claim, answer, source, notes=ruling.notes)])

    def first(self, target: Target, ground: Ground) -> Question:
        """The first question about a part where GraphQL does not serve."""
        link = link_of(target)
        if link.kind == "file":
            return raw_question("deep_raw", target, ground, target.id.split("/", 3)[3])
        if link.kind == "wiki":
            return wiki_question(target, ground)
        api = None if link.kind in ("discussion", "page") else self._afford(1)
        if api is None:
            return page_question(target, ground)
        return api_question(api, "deep_api", target, ground, part_paths.part_path(link, ground.full_name))

    def spared(self, question: Question) -> Reading:
        """What is read instead of a question that GitHub's API is to be spared."""
        (target,) = question.targets
        if question.context["claim"]:
            unasked = Answer(question.request.url, "", attempts=0, requests=0)
            return Reading([say(target, Claim(*question.context["claim"]), unasked)])
        return Reading(questions=[page_question(target, ground_of(question))])

    def _more(self, target: Target, link: DeepLink, ground: Ground, ruling: Ruling) -> Question | None:
        if ruling.more == "history":
            return self._lost.ask(target, ground, ruling)
        if ruling.more in ("wiki", "page"):
            return wiki_question(target, ground) if ruling.more == "wiki" else page_question(target, ground)
        if ruling.more == "issue" and (api := self._afford(2)):
            path = part_paths.part_path(link, ground.full_name)
            return api_question(api, "deep_issue", target, ground, path, ruling.claim)
        return None

    # ── reading what REST says ───────────────────────────────────────────────────────────────────────────

    def _read_api(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        link, ground, word = link_of(target), ground_of(question), rest.read_part(answer)
        if word.kind == "elsewhere":
            return self._elsewhere(question, word.body)
        if word.kind == "body" and "default" in question.context:
            first = link.readings[0]
            claim = deep_verdicts.default_branch_renamed(target, ground, first.revision, first.path)
            return said(target, claim, answer)
        if word.kind == "body":
            return self._shown(target, link, ground, word.body, answer)
        if word.kind != "denied":
            return said(target, word.claim, answer)
        if link.kind in ("comparison", "milestone"):
            return said(target, deep_verdicts.denied(link), answer)
        if link.kind in ("issue", "pull"):
            return Reading(questions=[page_question(target, ground, deep_verdicts.denied(link))])
        if link.kind == "release" and link.tag and (api := self._afford(1)):
            path = part_paths.tag_path(link, ground.full_name)
            return Reading(questions=[api_question(api, "deep_tag", target, ground, path)])
        if not link.readings:
            claim = deep_verdicts.denied(link) if link.kind == "gist" else deep_verdicts.no_release(link)
            return said(target, claim, answer)
        return self._another_reading(question, link, answer)

    def _another_reading(self, question: Question, link: DeepLink, answer: Answer) -> Reading:
        """The revision may be longer by a step; when none of them is there, the default branch is."""
        (target,) = question.targets
        ground, number = ground_of(question), question.context.get("reading", 0) + 1
        if number < min(3, len(link.readings)):
            if (api := self._afford(1)) is None:
                return Reading(questions=[page_question(target, ground)])
            path = part_paths.part_path(link, ground.full_name, number)
            return Reading(questions=[api_question(api, "deep_api", target, ground, path, reading=number)])
        first = link.readings[0]
        old = first.revision in OLD_DEFAULTS and ground.default_branch not in ("", first.revision)
        if old and not first.path:
            claim = deep_verdicts.default_branch_renamed(target, ground, first.revision, "")
            return said(target, claim, answer)
        if old and "default" not in question.context and (api := self._afford(1)):
            path = part_paths.contents_path(ground.full_name, first.path, ground.default_branch)
            return Reading(questions=[api_question(api, "deep_api", target, ground, path, default=True)])
        if not first.path:
            return said(
                target, Claim("revision_not_found", f"the repository has no {first.revision}"), answer
            )
        return self._look_back(target, link, ground, answer)

    def _look_back(self, target: Target, link: DeepLink, ground: Ground, answer: Answer) -> Reading:
        """A path that is not where its address says: its history tells what became of it."""
        first = link.readings[0]
        old = first.revision in OLD_DEFAULTS and ground.default_branch not in ("", first.revision)
        claim = Claim("path_not_found", f"no {link.kind} {first.path} on {first.revision}")
        question = self._lost.ask(
            target, ground, Ruling(claim, "history", "" if old else first.revision, first.path)
        )
        return Reading(questions=[question]) if question else said(target, claim, answer)

    def _shown(self, target: Target, link: DeepLink, ground: Ground, body: Any, answer: Answer) -> Reading:
        if link.kind == "gist":
            return Reading([say(target, Claim("ok"), answer, record=_gist(body))])
        if link.kind in ("issue", "pull") and not isinstance(number := get(body, "number"), int):
            return said(target, no_word(answer), answer)
        if link.kind in ("issue", "pull") and number != link.number:
            return said(target, _transferred(body), answer)
        if link.kind == "asset" and link.name:
            files = [mapping(file).get("name") for file in items(mapping(body).get("assets"))]
            if link.name not in files:
                return said(target, deep_verdicts.no_file(link), answer)
        return said(target, there(target, ground), answer)

    def _elsewhere(self, question: Question, path: str) -> Reading:
        (target,) = question.targets
        hops = question.context.get("hops", 0) + 1
        if hops > 2 or (api := self._afford(1)) is None:
            said_before = question.context["claim"]
            claim = Claim(*said_before) if said_before else deep_verdicts.LOST
            return said(target, claim, Answer(question.request.url, ""))
        kept = Claim(*question.context["claim"]) if question.context["claim"] else None
        return Reading(
            questions=[api_question(api, question.step, target, ground_of(question), path, kept, hops=hops)]
        )

    def _read_issue(self, question: Question, answer: Answer) -> Reading:
        """GraphQL denied the issue: REST knows whether it was transferred (301) or deleted (410)."""
        (target,) = question.targets
        word, link, ground = rest.read_part(answer), link_of(target), ground_of(question)
        if word.kind == "elsewhere":
            return self._elsewhere(question, word.body)
        if word.kind == "body":
            return self._shown(target, link, ground, word.body, answer)
        if word.kind == "denied":
            gone = answer.status == 410
            claim = Claim("gone", "the issue was deleted") if gone else deep_verdicts.denied(link)
            return said(target, claim, answer)
        return said(target, Claim(*question.context["claim"]), answer)

    def _read_tag(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        word = rest.read_part(answer)
        if word.kind == "body" and isinstance(word.body, dict):
            return said(target, there(target, ground_of(question)), answer)
        return said(
            target, deep_verdicts.no_release(link_of(target)) if word.kind == "denied" else word.claim, answer
        )

    # ── reading what the bytes and the pages say ─────────────────────────────────────────────────────────

    def _read_raw(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        link, ground = link_of(target), ground_of(question)
        if answer.status == 200:
            lines = "" if answer.truncated else answer.body.decode("utf-8", "replace")
            notes = deep_verdicts.line_note(target, lines) if lines else ()
            return Reading([say(target, there(target, ground), answer, BYTES, notes=notes)])
        if answer.status != 404:
            return Reading([say(target, no_word(answer), answer, BYTES)])
        first = link.readings[0]
        if first.revision in OLD_DEFAULTS and ground.default_branch != first.revision:
            place = "/".join(["HEAD", *target.id.split("/")[4:]])
            return Reading(questions=[raw_question("deep_head", target, ground, place)])
        return self._look_back(target, link, ground, answer)

    def _read_head(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        link, ground = link_of(target), ground_of(question)
        first = link.readings[0]
        if answer.status == 200:
            claim = deep_verdicts.default_branch_renamed(target, ground, first.revision, first.path)
            return Reading([say(target, claim, answer, BYTES)])
        return self._look_back(target, link, ground, answer)

    def _read_wiki(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        if answer.status == 200:
            return Reading([say(target, there(target, ground_of(question)), answer, BYTES)])
        if answer.status != 404:
            return Reading([say(target, no_word(answer), answer, BYTES)])
        # A page may be written in another markup than Markdown, so its page is looked at.
        claim = Claim("not_found", "the wiki has no such page")
        return Reading(questions=[page_question(target, ground_of(question), claim)])

    def _read_page(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        link, final = link_of(target), answer.final_url.partition("?")[0]
        if (
            answer.status == 200
            and (match := re.search(r"/discussions/(\d+)/?\Z", final))
            and link.kind in ("issue", "pull")
        ):
            claim = deep_verdicts.became_discussion({"number": match[1], "url": final})
            return Reading([say(target, claim, answer, PAGE)])
        led_away = link.kind == "wiki" and "/wiki/" not in final
        if answer.status == 200 and not led_away:
            return Reading([say(target, there(target, ground_of(question)), answer, PAGE)])
        if question.context["claim"]:
            return Reading([say(target, Claim(*question.context["claim"]), answer, PAGE)])
        throttled = Claim("rate_limited", f"GitHub's page says HTTP {answer.status}, as it does to strangers")
        return Reading(
            [say(target, throttled if answer.status in (404, 429) else no_word(answer), answer, PAGE)]
        )


def _transferred(body: Any) -> Claim:
    url = get(body, "html_url")
    proven = isinstance(url, str) and re.fullmatch(r"https://github\.com/([\w./-]+)/(?:issues|pull)/\d+", url)
    detail = (
        f"it is {url.removeprefix('https://github.com/')} now"
        if isinstance(url, str)
        else "it was transferred"
    )
    return Claim("issue_transferred", detail, str(url) if proven else "")


def _gist(body: Any) -> Record:
    record = {
        "description": text(get(body, "description")),
        "created_at": date_time(get(body, "created_at")),
        "pushed_at": date_time(get(body, "updated_at")),
    }
    return {name: value for name, value in record.items() if value}
