"""Repositories and their parts on a forge with a REST API of its own: the way, which all of them share. Pure.

    repository ─ 404 ─► group or user of this name
    part ─ 404 ─► another reading of its branch ─► the default branch ─► history ─► what removed it

A `Dialect` says where each thing stands in the API, and what its bodies mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.addresses import address
from scraper.model import Answer, Question, Reading, Record, Request, Target
from scraper.sites.github.deep_links import OLD_DEFAULTS, DeepLink
from scraper.sites.github.findings import note_on_id, renamed
from scraper.sites.github.rescue import Fate, Removal
from scraper.sites.homes import Home
from scraper.sites.values import items, mapping, no_word, one_line, own_word, parse_json
from scraper.verdicts.health import API, Claim, finding

if TYPE_CHECKING:
    from scraper.sites.ports import Memory

_MOST_READINGS = 3
_BODY_LIMIT = 4 * 2**20


class Dialect(NamedTuple):
    """One kind of forge: its API as it is written and read."""

    name: str
    home_of: Callable[[str], Home]
    """Of a target's identifier."""
    link_of: Callable[[str], DeepLink | None]
    """The part that an identifier names; None for a repository itself."""
    api: str
    """What stands before every path of the API."""
    repository: Callable[[Home], str]
    owners: Callable[[Home], Sequence[str]]
    """Where a group or a user of this name would stand."""
    part: Callable[[Home, DeepLink, int], str]
    """A part, files and folders by one reading of their address."""
    history: Callable[[Home, str, str], str]
    """The newest commit that touched a path (at a revision, or the default branch)."""
    commit: Callable[[Home, str], str]
    record: Callable[[Any], Record]
    """Of a repository; empty when the body does not describe one. `full_name` is its present name."""
    removal: Callable[[Any], Removal | None]
    fate: Callable[[Any, str], Fate]
    page: Callable[[Target, str, str], str]
    """The address of a path at a revision (empty: HEAD), as the target's own is written."""


class Forge:
    """One question per target; repositories and parts are told apart by what their identifiers name."""

    def __init__(self, dialect: Dialect, memory: Memory) -> None:
        self.name = dialect.name
        self._dialect = dialect
        self._memory = memory

    def key(self, target: Target) -> str:
        return self._dialect.home_of(target.id).host

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        return [self._first(target) for target in targets]

    def read(self, question: Question, answer: Answer) -> Reading:
        readers = {
            "repository": self._read_repository,
            "owner": self._read_owner,
            "part": self._read_part,
            "default": self._read_default,
            "history": self._read_history,
            "commit": self._read_commit,
        }
        return readers[question.step](question, answer)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def _first(self, target: Target) -> Question:
        home, link = self._dialect.home_of(target.id), self._dialect.link_of(target.id)
        if "/" not in home.path:
            return self._question("owner", target, self._dialect.owners(home)[0], number=0)
        if link is None:
            return self._question("repository", target, self._dialect.repository(home))
        return self._question("part", target, self._dialect.part(home, link, 0), reading=0)

    def _question(self, step: str, target: Target, path: str, **context: Any) -> Question:
        host = self._dialect.home_of(target.id).host
        request = Request(f"https://{host}{self._dialect.api}{path}", body_limit=_BODY_LIMIT)
        return Question(host, self.name, step, (target,), request, context)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, target: Target, claim: Claim, answer: Answer) -> Reading:
        return Reading([finding(target, f"{self.name}-api", API, claim, answer)])

    def _read_repository(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        record = self._dialect.record(_body(answer))
        if record:
            return self._there(target, record, answer)
        if not _denies(answer):
            return self._said(target, _closed(answer), answer)
        return self._ask_owner(target, 0, answer)

    def _there(self, target: Target, record: Record, answer: Answer) -> Reading:
        home, name = self._dialect.home_of(target.id), record["full_name"]
        claim, notes = Claim("ok"), note_on_id(record, self._memory.record(target.key))
        if name.lower() != home.path.lower():
            claim = renamed(name, f"https://{home.host}/{name}", another=bool(notes))
            record = {**record, "previous_name": [home.path]}
        return Reading([finding(target, f"{self.name}-api", API, claim, answer, record=record, notes=notes)])

    def _ask_owner(self, target: Target, number: int, answer: Answer) -> Reading:
        places = self._dialect.owners(self._dialect.home_of(target.id))
        if number < len(places):
            asked = self._question("owner", target, places[number], number=number)
            return Reading(questions=[asked])
        words = "knows no such public repository or group: deleted, or private"
        return self._said(target, Claim("not_found", f"the API {words}"), answer)

    def _read_owner(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        body = _body(answer)
        if _shows(answer, body):
            return self._said(target, Claim("ok"), answer)
        if body != [] and not _denies(answer):  # a search among the users may find nobody
            return self._said(target, _closed(answer), answer)
        return self._ask_owner(target, question.context["number"] + 1, answer)

    def _read_part(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        home, link = self._dialect.home_of(target.id), self._dialect.link_of(target.id)
        body = _body(answer)
        # An empty list is a folder that git does not have.
        if link is None or not (_shows(answer, body) or body == [] or _denies(answer)):
            return self._said(target, _closed(answer), answer)
        if body and link.name and link.tag and link.kind == "asset":
            return self._said(target, _file_of_release(link, body), answer)
        if _shows(answer, body):
            return self._said(target, Claim("ok"), answer)
        if b"Project Not Found" in answer.body:
            return self._said(target, Claim("not_found", "the API knows no such public repository"), answer)
        number = question.context["reading"] + 1
        if number < min(_MOST_READINGS, len(link.readings)):
            path = self._dialect.part(home, link, number)
            return Reading(questions=[self._question("part", target, path, reading=number)])
        return self._missing(target, home, link, answer)

    def _missing(self, target: Target, home: Home, link: DeepLink, answer: Answer) -> Reading:
        if not link.readings:
            return self._said(target, Claim("not_found", f"the repository has no such {link.kind}"), answer)
        first = link.readings[0]
        if first.revision in OLD_DEFAULTS:
            on_default = DeepLink(link.kind, (first._replace(revision="HEAD"),))
            return Reading(
                questions=[self._question("default", target, self._dialect.part(home, on_default, 0))]
            )
        return self._look_back(target, home, link, answer)

    def _read_default(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        home, link = self._dialect.home_of(target.id), self._dialect.link_of(target.id)
        if link is None:
            return self._said(target, _closed(answer), answer)
        if not _body(answer):
            return self._look_back(target, home, link, answer)
        first = link.readings[0]
        moved = self._dialect.page(target, "", first.path)
        words = f"the default branch has another name now, no longer {first.revision}"
        return self._said(target, Claim("branch_renamed", words, moved), answer)

    def _look_back(self, target: Target, home: Home, link: DeepLink, answer: Answer) -> Reading:
        first = link.readings[0]
        if not first.path:
            words = f"the repository has no branch, tag or commit {first.revision}"
            return self._said(target, Claim("revision_not_found", words), answer)
        revision = "" if first.revision in OLD_DEFAULTS else first.revision
        claim = Claim("path_not_found", f"no {link.kind} {first.path} on {first.revision}")
        path = self._dialect.history(home, first.path, revision)
        asked = self._question(
            "history", target, path, claim=tuple(claim), lost=first.path, revision=revision
        )
        return Reading(questions=[asked])

    def _read_history(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        found = self._dialect.removal(_body(answer))
        if found is None:
            return self._said(target, Claim(*question.context["claim"]), answer)
        path = self._dialect.commit(self._dialect.home_of(target.id), found.commit)
        kept = {**question.context, "removal": tuple(found)}
        return Reading(questions=[self._question("commit", target, path, **kept)])

    def _read_commit(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        context, found = question.context, Removal(*question.context["removal"])
        fate = self._dialect.fate(_body(answer), context["lost"])
        if fate.kind == "there":
            alive = Claim("ok") if context["revision"] else Claim(*context["claim"])
            return self._said(target, alive, answer)
        if not found.parent:
            return self._said(target, Claim(*context["claim"]), answer)
        permalink = self._dialect.page(target, found.parent, context["lost"])
        how = f"moved it to {fate.path}" if fate.kind == "moved" else "removed it"
        return self._said(target, Claim("file_removed", f"{found.told} {how}", permalink), answer)


def _body(answer: Answer) -> Any:
    return parse_json(answer.body) if answer.status == 200 and not answer.failure else None


_NAMES = (
    *("id", "iid", "number", "sha", "name", "file_name", "file_path", "path", "slug", "title", "tag_name"),
    *("full_path", "username", "login"),
)
"""One of them is in whatever describes a part, a group or a user."""


def _shows(answer: Answer, body: Any) -> bool:
    """Whether the API shows the thing. A page is no word of it: walls answer 200 too.

    A large file is more than is read of it, and begins as what it is.
    """
    if answer.status == 200 and answer.truncated:
        return answer.body.lstrip()[:1] in (b"{", b"[")
    return any(mapping(one).get(name) for one in [body, *items(body)[:1]] for name in _NAMES)


def _denies(answer: Answer) -> bool:
    return answer.status == 404 and own_word(answer)


def _file_of_release(link: DeepLink, release: Any) -> Claim:
    names = {one_line(mapping(asset).get("name")) for asset in items(mapping(release).get("assets"))}
    there = link.name in names
    return Claim("ok") if there else Claim("not_found", f"release {link.tag} has no file {link.name}")


def _closed(answer: Answer) -> Claim:
    """Neither there nor denied: the API fails, or wants an account."""
    if answer.status in (401, 403) and own_word(answer):
        host = address(answer.url).hostname
        return Claim("login_required", f"{host} shows it only to its members")
    return no_word(answer)
