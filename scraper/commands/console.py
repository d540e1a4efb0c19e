"""What a run shows: progress on a terminal, the log, the summary on stderr, JSON on stdout."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scraper.model import Article, Outcome
from scraper.records import stamp
from scraper.reports.model import Edition, counts_of
from scraper.reports.terminal import terminal_summary
from scraper.reports.text import command_safe, plain

if TYPE_CHECKING:
    from scraper.run import Result
    from scraper.settings import Settings

log = logging.getLogger("scraper")


@dataclass(frozen=True, slots=True)
class Options:
    """How `scraper refresh` shows itself, and what it leaves besides the reports."""

    dry_run: bool = False
    cluster: str | None = None
    profile: bool = False
    as_json: bool = False
    quiet: bool = False


class _Lines(logging.Formatter):
    """One line per event; strangers' text in it neither steers a terminal nor commands a workflow."""

    def format(self, record: logging.LogRecord) -> str:
        trace = f" [{self.formatException(record.exc_info)}]" if record.exc_info else ""
        return command_safe(f"{record.levelname.lower()}: {plain(record.getMessage() + trace)}")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {"time": record.created, "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event)


def set_up_logging(style: str, verbosity: int) -> None:
    """Warnings and worse go to stderr; `-v` adds what a run does, `-vv` every request."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if style == "json" else _Lines())
    log.handlers[:] = [handler]
    log.setLevel((logging.WARNING, logging.INFO, logging.DEBUG)[min(verbosity, 2)])
    log.propagate = False


@contextmanager
def progress(articles: Sequence[Article], options: Options) -> Iterator[Callable[[Outcome], None]]:
    """A bar on a terminal, nothing elsewhere: the mail of a cron job stays short."""
    if options.quiet or options.as_json or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    total = len({mention.target for article in articles for mention in article.mentions})
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Console(stderr=True, no_color=not use_colour())
    with Progress(*columns, console=shown, transient=True) as bar:
        task = bar.add_task("Visiting", total=total)
        yield lambda _: bar.advance(task)


def tell(result: Result, editions: Sequence[Edition], settings: Settings, options: Options) -> str:
    """The summary on stderr, the JSON on stdout; `--quiet` says nothing when there is nothing new.

    Returns the summary for whoever is told elsewhere (a health ping).
    """
    trouble = [*result.complaints, *([f"Incomplete: {result.incomplete}."] if result.incomplete else [])]
    for line in trouble:
        log.warning("%s", line)
    width, told = min(shutil.get_terminal_size((80, 24)).columns, 100), ""
    for each in editions:
        folder = str(settings.reports / each.name)
        told += terminal_summary(each, 80, color=False, folder=folder)
        if not options.quiet or trouble or each.changes:
            sys.stderr.write(terminal_summary(each, width, color=use_colour(), folder=folder))
    if options.as_json:
        json.dump([as_json(each) for each in editions], sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        sys.stdout.flush()
    return told


def as_json(each: Edition) -> dict[str, Any]:
    """One article's result for other programs; the links are rows of links.csv."""
    return {
        "article": each.name,
        "made_at": stamp(each.made_at),
        "sandbox": each.sandbox,
        "counts": counts_of(each.links),
        "links": list(each.links),
        "papers": list(each.papers),
        "changes": [asdict(change) for change in each.changes],
    }


def use_colour() -> bool:
    """https://no-color.org: any value but an empty one; FORCE_COLOR turns it on where it is no terminal."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()
