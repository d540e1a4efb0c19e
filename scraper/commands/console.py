"""How a run shows itself: what was chosen, the log, and whether in colour."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import dataclass

from scraper.reports.text import command_safe, plain

log = logging.getLogger("scraper")


@dataclass(frozen=True, slots=True)
class Options:
    """How `scraper refresh` shows itself, and what it leaves besides the reports."""

    dry_run: bool = False
    cluster: str | None = None
    profile: bool = False
    as_json: bool = False
    quiet: bool = False
    places: tuple[str, ...] = ()
    """The options that said where things are, as a command that follows needs them again."""


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


def use_colour() -> bool:
    """https://no-color.org: any value but an empty one; FORCE_COLOR turns it on without a terminal."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()
