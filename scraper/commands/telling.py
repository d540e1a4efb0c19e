"""What a run says when it is done: the summary on stderr, JSON on stdout.

Nothing of it is needed before the last link was visited, and its imports take a tenth of what a run takes to
send its first request.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from scraper.commands.console import Options, use_colour
from scraper.records import stamp
from scraper.reports.model import Edition, counts_of
from scraper.reports.news import is_news
from scraper.reports.overview import Cost
from scraper.reports.story import kind_of
from scraper.reports.story import tell as tell_story
from scraper.reports.terminal import MAIL, Ending, Screen, terminal_summary
from scraper.reports.text import document

if TYPE_CHECKING:
    from scraper.run import Result
    from scraper.settings import Settings

log = logging.getLogger("scraper")


def tell(
    result: Result,
    editions: Sequence[Edition],
    settings: Settings,
    options: Options,
    failed: Sequence[str] = (),
) -> str:
    """The summary on stderr, the JSON on stdout; `--quiet` says nothing when there is nothing new.

    `failed` are the articles that could not be read, each with the reason. Returns the summary for whoever is
    told elsewhere (a health ping).
    """
    trouble = [*result.complaints, *([f"Incomplete: {result.incomplete}."] if result.incomplete else [])]
    for line in trouble:
        log.warning("%s", line)
    hints = list(_hints(editions, settings, options))
    ending = Ending(str(settings.reports), failed, hints, _cost(result, editions))
    told = terminal_summary(editions, MAIL, ending)
    news = any(is_news(kind_of(change)) for each in editions for change in each.changes)
    if news or not options.quiet or trouble or failed:
        sys.stderr.write(terminal_summary(editions, screen(sys.stderr), ending))
    if options.as_json:
        sys.stdout.write(document(articles=[as_json(each) for each in editions]) + "\n")
        sys.stdout.flush()
    return told


def _cost(result: Result, editions: Sequence[Edition]) -> Cost:
    """What the run cost; an article too large for a report has links that nobody counted here."""
    known = len(editions) == len(result.published)
    links = sum(len(each.links) for each in editions) if known else 0
    return Cost(result.tally.total, links, result.elapsed)


def screen(stream: TextIO) -> Screen:
    """What the stream shows: a terminal's columns and rows, or all there is to say."""
    if not stream.isatty():
        return replace(MAIL, color=use_colour())
    columns, rows = shutil.get_terminal_size((80, 24))
    return Screen(max(columns, 20), max(rows - 1, 24), use_colour())


def _hints(editions: Sequence[Edition], settings: Settings, options: Options) -> Iterator[str]:
    """What to type next; of several articles, for those that have news or were never seen before."""
    from scraper.reports.offering import offer

    # The demo keeps its data in a place of its own, which no option said.
    places = options.places or (("--data", str(settings.data)) if settings.sandbox else ())
    for each in editions:
        if not (each.changes or each.compared is None or len(editions) == 1):
            continue
        if (offered := offer(each)) is not None:
            yield offered.text
            yield f"  {command('fix', *offered.options, *places, each.source)}"


def command(*arguments: str) -> str:
    """A command as it works when it is pasted into this shell."""
    own = Path(sys.argv[0])
    if shutil.which("scraper") or own.name != "scraper":
        return shlex.join(("scraper", *arguments))
    near = os.path.relpath(own)
    return shlex.join((str(own) if near.startswith("..") else near, *arguments))


def as_json(each: Edition) -> dict[str, Any]:
    """One article's result for other programs; the links are rows of links.csv."""
    return {
        "article": each.name,
        "made_at": stamp(each.made_at),
        "sandbox": each.sandbox,
        "incomplete": tell_story(each).incomplete,
        "counts": counts_of(each.links),
        "links": list(each.links),
        "papers": list(each.papers),
        "changes": [asdict(change) for change in each.changes],
        "notices": list(each.notices),
        "problems": [asdict(problem) for problem in each.problems],
        "characters_lost": each.lost,
    }
