"""The same story for a terminal: at most 25 lines, at most `width` columns, with or without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from scraper.model import Health
from scraper.reports.model import Edition
from scraper.reports.story import PRESSING, Item, Story, tell
from scraper.reports.text import command_safe, count, plain

LINES = 25
_COLOURS: dict[str, str] = {
    Health.BROKEN: "31",
    Health.FAILING: "33",
    Health.MOVED: "34",
    Health.BLOCKED: "35",
    Health.UNVERIFIED: "2",
    Health.ALIVE: "32",
}


def terminal_summary(edition: Edition, width: int, color: bool, folder: str = "") -> str:
    """What needs a hand and where the files are (`folder`); no line ends in a line break but the last.

    Every line begins with a word or a blank of ours and is safe in the log of GitHub Actions.
    """
    story = tell(edition)
    top = list(_top(edition, story, width, color))
    bottom = list(_bottom(edition, story, width, folder))
    middle = _middle(story, width, color, LINES - len(top) - len(bottom))
    return "\n".join((*top, *middle, *bottom)) + "\n"


def fit(text: str, width: int) -> str:
    """The text on one line within `width` columns, wide characters counted as two; what was cut is `…`."""
    text = command_safe(plain(text))
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color and code else text


def _top(edition: Edition, story: Story, width: int, color: bool) -> Iterator[str]:
    if edition.sandbox:
        loud = fit("SANDBOX: every answer was made up; nothing here is about the real web", width)
        yield _paint(loud, "7", color)
    yield _paint(fit(f"Links of {edition.title or edition.name}", width), "1", color)
    yield from (fit(part[:1].upper() + part[1:], width) for part in story.headline.split("; ", 1))
    counts = [(health, f"{story.counts[health]:,} {health}") for health in PRESSING if story.counts[health]]
    if sum(len(told) + 3 for _, told in counts) <= width:
        yield "   ".join(_paint(told, _COLOURS[health], color) for health, told in counts)
    else:
        yield fit("   ".join(told for _, told in counts), width)


def _middle(story: Story, width: int, color: bool, room: int) -> Sequence[str]:
    """What needs a hand, as much of it as fits `room` lines; the rest is counted."""
    blocks = [_block(item, width, color) for item in story.hand]
    blocks += [
        [fit(f"  code     {_line(gap.line)} {gap.name}", width), fit(f"           add {gap.code_url}", width)]
        for gap in story.gaps
    ]
    if not blocks:
        return ["", fit("Nothing needs a hand.", width)]
    shown: list[str] = []
    taken = 0
    for block in blocks:
        more = 1 if taken + 1 < len(blocks) else 0
        if len(shown) + len(block) + more > room - 2:
            break
        shown += block
        taken += 1
    left = len(blocks) - taken
    rest = [fit(f"  and {left:,} more: see report.html", width)] if left else []
    return ["", _paint(fit("Needs a hand", width), "1", color), *shown, *rest]


def _block(item: Item, width: int, color: bool) -> list[str]:
    line = fit(f"  {item.health:<8} {_line(item.line)} {item.url}", width)
    verb = "archived copy" if item.replacement_is == "archived copy" else "write"
    advice = f"{verb} {item.replacement}" if item.replacement else item.why
    painted = line.replace(item.health, _paint(item.health, _COLOURS[item.health], color), 1)
    return [painted, fit(f"           {advice}", width)]


def _line(number: int | None) -> str:
    return f"line {number:<5}" if number is not None else " " * 10


def _bottom(edition: Edition, story: Story, width: int, folder: str) -> Iterator[str]:
    yield ""
    if story.other:
        yield fit(f"{count(len(story.other), 'other change')}: stars, licences and the like", width)
    each = edition.requests / (story.total or 1)
    cost = f"{edition.requests:,.0f} requests, {each:.1f} for each link"
    yield fit(f"{cost}, in {edition.elapsed:,.0f} s", width)
    if any(item.replacement for item in story.hand):
        yield fit(f"To write these addresses into the article: scraper fix {edition.source}", width)
    if folder:
        yield fit(f"Report: {folder}/report.html", width)
