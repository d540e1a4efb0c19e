"""Is it still what the article meant? Puts the witnesses of `verdicts.identity` together for a page.

Most links need none of this: their page is served by their own domain and is in no trade. Only a suspicious
one is looked at more closely, and where that does not decide, its archived copy is asked for: one request.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.addresses import address, hostname
from scraper.model import Answer, Finding, Health, Question, Reading, Record, Request, Target
from scraper.sites.captures import KEY, Capture, capture_of
from scraper.sites.pages import signs, trades
from scraper.verdicts import domains, suggesting
from scraper.verdicts.identity import Known, Likeness, Opinion, Shown, alike, compare, drifted
from scraper.verdicts.reasons import PRESENT, REASONS
from scraper.verdicts.words import hits, joined, keywords, words

if TYPE_CHECKING:
    from scraper.sites.ports import Memory

FINGERPRINT = "fingerprint"
"""Name, in the record of a page, of the words that its text used most; kept, and not published."""
_FINGERS = 12
_FIRST = 2_000
"""Characters of text that the fingerprint is taken of."""

_HEAD = 32_768
_MOST = 1_500
"""Characters of title, headings and description that are looked through."""
_BRIEF = 400
"""Characters of text that a page introduces itself with, where its title and headings say little."""
_META = re.compile(r"<meta\b[^>]*>", re.I)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_INTRODUCES = re.compile(r":title|_name|on-name|description|keywords")
_NAMES = ("og:title", "og:site_name", "application-name", "twitter:title")
_FACES = ("description", "og:description", "keywords")


class Seen(NamedTuple):
    """What is to be recognised: a page that was found well, and the finding that says so."""

    target: Target
    answer: Answer
    view: signs.PageView
    finding: Finding

    @property
    def moved(self) -> bool:
        """Whether it was sent on for good: what a temporary redirect leads to is not asked to be the same."""
        return self.finding.health is Health.MOVED


class Recogniser:
    """Looks at what a site found, before it is told, and remembers by what it can be known again."""

    def __init__(self, memory: Memory, site: str, *, archive: bool) -> None:
        self._memory = memory
        self._site = site
        self._archive = archive
        self._looked: dict[str, tuple[Target, Answer, signs.PageView]] = {}
        self._doubted: dict[str, Seen] = {}

    def saw(self, target: Target, answer: Answer, view: signs.PageView) -> None:
        self._looked[target.key] = target, answer, view

    def look_at(self, reading: Reading) -> Reading:
        """The reading with every finding that says "there" looked at; a doubtful one waits for its copy."""
        findings: list[Finding] = []
        questions = list(reading.questions)
        for found in reading.findings:
            looked = self._looked.pop(found.target, None)
            if looked is None:
                findings.append(found)
                continue
            seen = Seen(*looked, found)
            if found.health not in PRESENT:
                findings.append(name_owner(seen, self._memory))
                continue
            named = recognise(seen, self._memory, None if self._archive else Known(memento=""))
            if named is None:
                self._doubted[found.target] = seen
                questions.append(memento_question(self._site, seen.target, self._memory, seen.answer.at))
            else:
                findings.append(named)
        return Reading(findings, questions, reading.held)

    def read(self, question: Question, answer: Answer) -> Reading:
        """The findings that waited for an archived copy; without one they are judged by what is known."""
        (target,) = question.targets
        named = recognise(self._doubted.pop(target.key), self._memory, read_memento(answer))
        return Reading([named] if named else [])


def meta(markup: str) -> dict[str, str]:
    """Contents of those of a page's `meta` elements in which it introduces itself, by their names."""
    found: dict[str, str] = {}
    for tag in _META.findall(markup[:_HEAD].lower()):
        if not _INTRODUCES.search(tag):
            continue
        pairs = {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(tag)}
        name = (pairs.get("name") or pairs.get("property") or "").lower()
        if name and (content := html.unescape(pairs.get("content", ""))):
            found.setdefault(name, content)
    return found


def shown(answer: Answer, view: signs.PageView) -> Shown:
    """What a page says of itself, and the trade that it is loud about."""
    said = meta(view.markup)
    names = tuple(said[name] for name in _NAMES if name in said)
    trade = trades.trade_of(_face(view, said), view.text)
    page = bool(view.title or view.headings or view.text)
    return Shown(view.title, view.headings, names, view.text, trade.name if trade else "", page)


def _face(view: signs.PageView, said: Mapping[str, str]) -> str:
    """Where a page introduces itself; one that says nothing there is taken at its first words."""
    parts = (view.title, *view.headings[:8], *(said[name] for name in (*_NAMES, *_FACES) if name in said))
    # ASCII between them, so that what is all ASCII stays so: it is taken apart in a third of the time.
    face = " | ".join(dict.fromkeys(parts))[:_MOST]
    speaks = len(words(face)) > (6 if view.headings else 12)
    return face if speaks and len(view.text) > _BRIEF else f"{face} | {view.text[:_BRIEF]}"


def known(target: Target, memory: Memory) -> Known:
    record = memory.record(target.key)
    said = memory.called(target.key)
    texts = tuple(text for text in said.texts if "://" not in text and words(text))
    prints = record.get(FINGERPRINT) or ()
    title = str(record.get("title") or "")
    return Known(texts, said.around, title, tuple(map(str, prints)))


def record_of(view: signs.PageView) -> Record:
    """What is remembered of a page that was seen well, to know it again by."""
    prints = keywords(view.text[:_FIRST], _FINGERS)
    return ({"title": view.title} if view.title else {}) | ({FINGERPRINT: list(prints)} if prints else {})


def recognise(seen: Seen, memory: Memory, memento: Known | None = None) -> Finding | None:
    """What the page is called in the end; None when its archived copy should be heard first."""
    asked, final = seen.target.url, seen.answer.final_url
    elsewhere = not domains.same_owner(asked, final)
    if seen.view.blank and not elsewhere:
        return seen.finding
    now = shown(seen.answer, seen.view)
    if not elsewhere and not now.trade:
        return _at_home(seen, memory, now)
    meant = known(seen.target, memory)
    if now.trade and means_the_trade(asked, meant, now.trade):
        now = now._replace(trade="")
    if memento is not None:
        fingerprint = meant.fingerprint or memento.fingerprint
        meant = memento._replace(
            called=meant.called, around=meant.around, title=meant.title, fingerprint=fingerprint
        )
    opinion = compare(meant, now, asked, final)
    if meant.memento is None and _open(opinion, meant):
        return None
    if elsewhere:
        return _elsewhere(seen, meant, now, opinion)
    return _well(seen) if opinion.likeness is Likeness.KEPT else _replaced(seen, now)


def name_owner(seen: Seen, memory: Memory) -> Finding:
    """What is not a page of its own, or the same for everybody, may still say who lives there now."""
    if seen.finding.reason not in ("soft_404", "challenge"):
        return seen.finding
    now, meant = shown(seen.answer, seen.view), known(seen.target, memory)
    if not now.trade or means_the_trade(seen.target.url, meant, now.trade):
        return seen.finding
    kept = compare(meant, now, seen.target.url, seen.answer.final_url).likeness is Likeness.KEPT
    return seen.finding if kept else _replaced(seen, now)


def _open(opinion: Opinion, meant: Known) -> bool:
    """Whether an archived copy could still change the opinion."""
    return opinion.likeness is not Likeness.KEPT and not meant.fingerprint


def means_the_trade(asked: str, meant: Known, trade: str) -> bool:
    """Whether the list itself, or what was there before, speaks of the trade: then it is no surprise."""
    said = " · ".join((*meant.called, *meant.around, meant.title, asked))
    return trades.speaks_of(re.sub(r"[/._?=&-]", " ", said), trade)


def _at_home(seen: Seen, memory: Memory, now: Shown) -> Finding:
    found, title = seen.finding, memory.record(seen.target.key).get("title")
    if found.health is not Health.ALIVE or title in (None, now.title):  # what it is called, it still is
        return _well(seen)
    meant = known(seen.target, memory)
    if not drifted(meant, now, seen.target.url):
        return _well(seen)
    said = f"it was {_quote(meant.title)} when it was last seen well, and is {_quote(now.title)} now"
    # What it was is kept: a page that drifted is told from what it was until the list says otherwise.
    return replace(found, reason="drifted", detail=said, notes=(*found.notes, said), record={})


def _well(seen: Seen, *notes: str, **changes: Any) -> Finding:
    record = {**seen.finding.record, **record_of(seen.view)}
    return replace(seen.finding, record=record, notes=(*seen.finding.notes, *notes), **changes)


def _broken(seen: Seen, reason: str, detail: str) -> Finding:
    health = REASONS[reason].health
    return replace(seen.finding, health=health, reason=reason, detail=detail, suggested_url="", record={})


def _replaced(seen: Seen, now: Shown) -> Finding:
    host = domains.domain_of(seen.answer.final_url)
    trade = trades.trade_of(_face(seen.view, meta(seen.view.markup)), now.text) if now.trade else None
    said = f"in the trade of {trade.name} ({', '.join(trade.words)})" if trade else ""
    why = said or f"and nothing of the old page is on {host}"
    return _broken(seen, "replaced", f"{_quote(now.title or host)} answers, {why}")


def _elsewhere(seen: Seen, meant: Known, now: Shown, opinion: Opinion) -> Finding:
    asked, final = seen.target.url, seen.answer.final_url
    domain = domains.domain_of(final)
    if opinion.likeness is Likeness.GONE and (now.trade or seen.moved):
        return _replaced(seen, now)
    if _front_for_a_thing(asked, final) and not _lives_at_the_front(meant, now, asked, final):
        return _broken(seen, "soft_404", f"the deep link ends at the front page of {domain}")
    if opinion.likeness is Likeness.KEPT and seen.moved:
        suggested = suggesting.suggestion(asked, final, recognised=True)
        note = f"on {domain} now, recognised by {opinion.witness}"
        found = _well(seen, note, suggested_url=suggested)
        return replace(found, record={**found.record, "recognised_on": domain})
    if opinion.likeness is Likeness.KEPT or domains.resolves(asked):
        return _well(seen)
    note = f"another site answers ({domain}), and nothing shows that it is the same thing"
    return replace(seen.finding, suggested_url="", record={}, notes=(*seen.finding.notes, note))


def _front_for_a_thing(asked: str, final: str) -> bool:
    whole = domains.resolves(asked) or domains.is_project_page(asked) or _short(asked)
    return suggesting.front_for_a_thing(asked, final) and not whole


def _short(url: str) -> bool:
    """A short link's whole path is a code; it names nothing that a front page could not be."""
    path = address(url).path.strip("/")
    return bool(re.fullmatch(r"(?=.*[0-9A-Z])[\w-]{1,10}|[b-df-hj-np-tv-xz]{1,6}", path))


def _lives_at_the_front(meant: Known, now: Shown, asked: str, final: str) -> bool:
    """Whether a front page is the thing itself: a project that got a domain of its own."""
    label = joined(domains.label(hostname(final)))
    named = {joined(part.lstrip("~@")) for part in address(asked).path.split("/")}
    named |= {joined(hostname(asked).removesuffix(domains.domain_of(asked)))}
    named |= {joined(domains.label(hostname(asked)))} if suggesting.is_top(asked) else set()
    if any(alike(name, label) for name in named):
        return True
    host, face = joined(hostname(asked)), set(words(now.face))
    for phrase in (*meant.called, meant.title, *(meant.memento or "").split("\n")):
        wanted = {word for word in words(phrase) if word not in host}
        if wanted and len(got := hits(wanted, face)) == len(wanted) and sum(map(len, got)) >= 5:
            return True
    return False


def _quote(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")


# The archived copy ----------------------------------------------------------------------------------

THREE_YEARS = timedelta(days=3 * 365)


def memento_question(site: str, target: Target, memory: Memory, now: datetime | None) -> Question:
    """Ask for the archived copy nearest to when the link was good: the article's own time, the last good
    visit, else three years ago."""
    last = memory.last_read(target.key)
    when = target.archived_at or f"{last or (now or datetime.now(UTC)) - THREE_YEARS:%Y%m%d%H%M%S}"
    capture = Capture(when, target.url)
    return Question(KEY, site, "memento", (target,), Request(capture.raw, body_limit=65_536))


def read_memento(answer: Answer) -> Known:
    """What an archived copy was called; nothing where there is none that shows a page."""
    if answer.failure or answer.status != 200 or capture_of(answer.final_url) is None:
        return Known(memento="")
    view = signs.look(answer)
    if signs.says_missing(view).why:
        return Known(memento="")
    then = shown(answer, view)
    title = "\n".join((view.title, *view.headings[:1]))
    prints = keywords(view.text[:_FIRST], _FINGERS)
    return Known(fingerprint=prints, memento=title, memento_trade=then.trade)
