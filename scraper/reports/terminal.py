"""The same story for a terminal and for a mail: news first and all of it, then what is as before, counted.

In a mail each piece of news is one line, and nothing is cut but names without end. On a terminal titles are
cut to its width and the list to its height; addresses and commands never are: half of one is of no use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from scraper.model import Health
from scraper.reports import news
from scraper.reports.items import COPY, PRESSING, Item
from scraper.reports.model import Edition
from scraper.reports.overview import FEW, Cost, Told, overview, tell_all
from scraper.reports.story import aside
from scraper.reports.text import NAMES, command_safe, count, plain, shorten

INDENT = "      "
_ENOUGH = 12
"""Columns with which the beginning of a name still tells one link from another."""
_COLOURS: dict[str, str] = {
    Health.BROKEN: "31",
    Health.FAILING: "33",
    Health.MOVED: "34",
    Health.BLOCKED: "35",
    Health.UNVERIFIED: "2",
    Health.ALIVE: "32",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the summary is read. The default is a mail, or a file: as wide and as long as it needs."""

    width: int | None = None
    lines: int | None = None
    color: bool = False

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code else text

    def fit(self, text: str) -> str:
        """One line, cut to the width where there is one."""
        return safe(text) if self.width is None else fit(text, self.width)

    def wrap(self, text: str) -> list[str]:
        """The text on as many lines as it takes, broken between words."""
        return [safe(text)] if self.width is None else _wrapped(safe(text), self.width)


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands below the news: where the reports are, what could not be read, what to type next."""

    reports: str = ""
    failed: Sequence[str] = ()
    hints: Sequence[str] = ()
    """Commands, each with a word on what it is for; never cut."""
    cost: Cost | None = None
    """Of all that the run did; without it the articles' own are added up."""


MAIL = Screen()
NOTHING = Ending()


def terminal_summary(editions: Sequence[Edition], screen: Screen = MAIL, ending: Ending = NOTHING) -> str:
    """What is new, what is as before, and where the files are. No line ends in a line break but the last.

    Every line begins with a word or a blank of ours and is safe in the log of GitHub Actions.
    """
    stories = tell_all(editions)
    top = list(_top(stories, screen, ending))
    bottom = list(_bottom(stories, screen, ending))
    room = None if screen.lines is None else max(4, screen.lines - len(top) - len(bottom) - 1)
    return "\n".join((*top, *_news(stories, screen, room), *bottom)) + "\n"


def safe(text: str) -> str:
    return command_safe(plain(text))


def fit(text: str, width: int) -> str:
    """The text on one line within `width` columns, wide characters counted as two; what was cut is `…`."""
    text = safe(text)
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _top(stories: Sequence[Told], screen: Screen, ending: Ending) -> Iterator[str]:
    if any(one.edition.sandbox for one in stories):
        loud = screen.fit("SANDBOX: every answer was made up; nothing here is about the real web")
        yield screen.paint(loud, "7")
    seen = overview(stories, len(ending.failed))
    first, *rest = screen.wrap(seen.headline)
    yield screen.paint(first, "1")
    yield from (screen.paint(line, "1") for line in rest)
    counts = [f"{seen.counts[health]:,} {health}" for health in PRESSING if seen.counts[health]]
    if counts:
        painted = dict(zip(counts, (_COLOURS[h] for h in PRESSING if seen.counts[h]), strict=True))
        line = "   ".join(counts)
        if screen.width is None or cell_len(line) <= screen.width:
            yield "   ".join(screen.paint(each, colour) for each, colour in painted.items())
        else:
            yield from screen.wrap(", ".join(counts))
    for line in (*seen.incomplete, seen.compared):
        yield from screen.wrap(line) if line else ()


def _news(stories: Sequence[Told], screen: Screen, room: int | None) -> Iterator[str]:
    items = sorted(
        ((one, item) for one in stories for item in one.listed), key=lambda pair: _pressing(pair[1])
    )
    if items:
        yield ""
        yield from news_lines(items, screen, alone=len(stories) == 1, room=room)


def news_lines(
    items: Sequence[tuple[Told, Item]], screen: Screen, *, alone: bool, room: int | None = None
) -> Iterator[str]:
    """One line a piece of news, or a block of lines on a terminal; what finds no `room` is counted.

    `alone`: all are of one article, which need not be named.
    """
    where = [_where(one, item, alone=alone) for one, item in items]
    widths = (max((len(item.tag) for _, item in items), default=0), max(map(cell_len, where), default=0))
    shown = 0
    for taken, ((_, item), place) in enumerate(zip(items, where, strict=True)):
        block = _block(item, place, widths, screen)
        more = 1 if taken + 1 < len(items) else 0
        if room is not None and shown + len(block) + more > room:
            yield screen.fit(f"and {len(items) - taken:,} more: see the report")
            return
        yield from block
        shown += len(block)


def _pressing(item: Item) -> tuple[int, int]:
    """News by its kind; what a first run finds by its health, after all news."""
    return (news.rank(item.kind), 0) if item.kind else (len(news.NEWS) + 1, PRESSING.index(item.health))


def _where(one: Told, item: Item, *, alone: bool) -> str:
    if item.line is None:
        return "" if alone else one.edition.source
    return f"line {item.line}" if alone else f"{one.edition.source}:{item.line}"


def _block(item: Item, where: str, widths: tuple[int, int], screen: Screen) -> list[str]:
    tag = f"{item.tag:<{widths[0]}}"
    facts = [fact for fact in (_brief(item), _change(item)) if fact]
    name = shorten(plain(item.name), NAMES) if item.name != item.url else ""
    if screen.width is None:
        parts = [tag, f"{where:<{widths[1]}}", name, *facts, item.url, _past(item), _instead(item)]
        return [safe("  ".join(part for part in parts if part))]
    first, *more = _heading(where, name, "  ".join(facts), screen.width, len(tag))
    lines = [screen.paint(tag, _COLOURS.get(item.health, "")) + first, *more]
    lines += _below(safe(item.url), item, screen)
    return [*lines, *([INDENT + safe(instead)] if (instead := _instead(item)) else [])]


def _heading(where: str, name: str, said: str, width: int, taken: int) -> list[str]:
    """Where it is, what it is called and what is said of it; the name has a line of its own where it finds
    no room between the two, and of a long path the end is kept."""
    room = width - taken - 2 - sum(2 + cell_len(safe(part)) for part in (where, said) if part)
    if not name or room >= min(_ENOUGH, cell_len(safe(name))):
        name, own = fit(name, room) if name else "", []
    else:
        name, own = "", [INDENT + fit(name, width - len(INDENT))]
        where = _end_of(where, max(8, width - taken - cell_len(safe(f"    {said}"))))
    return [fit("  ".join(("", *filter(None, (where, name, said)))), max(8, width - taken)), *own]


def _end_of(text: str, width: int) -> str:
    text = safe(text)
    if cell_len(text) <= width:
        return text
    while cell_len(text) >= width:
        text = text[1:]
    return f"…{text}"


def _below(url: str, item: Item, screen: Screen) -> list[str]:
    """The address, never cut, and its past beside it where both find room."""
    line, past = INDENT + url, _past(item)
    if not past:
        return [line] if url else []
    beside = f"{line}  {past}"
    return [beside] if cell_len(beside) <= (screen.width or 0) else [line, screen.fit(INDENT + past)]


def _brief(item: Item) -> str:
    return (
        ""
        if item.kind in ("recovered", "moved", "renamed", "archived", "unarchived") or not item.health
        else item.brief
    )


def _change(item: Item) -> str:
    return "" if item.kind in ("moved", "renamed") and item.replacement else " -> ".join(item.change)


def _past(item: Item) -> str:
    if item.confirmed and item.since:
        return f"dead since {item.since}"
    if item.last_alive:
        return f"was alive until {item.last_alive}"
    return f"since {item.since}" if item.since else ""


def _instead(item: Item) -> str:
    if not item.replacement:
        return ""
    if item.kind == "moved" or item.replacement_is != COPY:
        return f"-> {item.replacement}"
    return f"archived copy: {item.replacement}"


def _bottom(stories: Sequence[Told], screen: Screen, ending: Ending) -> Iterator[str]:
    yield ""
    for line in (*_standing(stories), *_remarks(stories)):
        yield from screen.wrap(line)
    yield from screen.wrap((ending.cost or Cost.of([one.edition for one in stories])).told)
    for line in ending.failed:
        yield from screen.wrap(f"Not read: {line}")
    yield from (safe(hint) for hint in ending.hints)
    yield from (safe(line) for line in _reports(stories, ending.reports, short=screen.lines is not None))


def _standing(stories: Sequence[Told]) -> Iterator[str]:
    later = [one for one in stories if not one.story.first_run]
    old = [item for one in later for item in one.story.still]
    moved = sum(one.moved(before=True) for one in later)
    if old or moved:
        dead = sum(item.confirmed for item in old)
        confirmed = f" ({dead:,} confirmed dead)" if dead else ""
        parts = [f"{len(old):,} broken or failing{confirmed}"] if old else []
        parts += [f"{moved:,} moved"] if moved else []
        yield f"As before: {', '.join(parts)}."
    if first := sum(one.moved(before=False) for one in later):
        yield f"Seen for the first time: {first:,} moved."
    if other := aside(item for one in stories for item in one.story.other):
        yield f"{other}."
    if missing := sum(len(one.story.gaps) for one in stories):
        yield f"{count(missing, 'paper names', 'papers name')} code that the article does not link."


def _remarks(stories: Sequence[Told]) -> Iterator[str]:
    """What is to be known of the articles themselves; of several, only of those that changed."""
    if len(stories) == 1:
        yield from stories[0].story.remarks
        return
    some = [
        f"{one.edition.name}: {' '.join(one.story.remarks or ('The article has no links.',))}"
        for one in stories
        if (one.edition.changes or one.story.first_run) and (one.story.remarks or not one.story.total)
    ]
    yield from some[:FEW]
    if len(some) > FEW:
        more = count(len(some) - FEW, "more article has remarks", "more articles have remarks")
        yield f"{more} of this kind: see the reports."


def _reports(stories: Sequence[Told], reports: str, *, short: bool) -> Iterable[str]:
    """The page of the one article; of several, the pages of those with news, and the index.

    `short`: of many there is only the index, for a terminal has better use for its lines.
    """
    chosen = [one for one in stories if len(stories) == 1 or one.changed]
    if short and len(chosen) > FEW:
        chosen = []
    for one in chosen:
        address = one.edition.report_url or (f"{reports}/{one.edition.name}/report.html" if reports else "")
        if address:
            label = "Report" if len(stories) == 1 else one.edition.name
            yield f"{label}: {address}"
    if len(stories) > 1 and reports:
        yield f"All articles: {reports}/index.html"
