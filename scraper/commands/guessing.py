"""What somebody may have meant who typed no command."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from scraper.commands.inputs import looks_like_address

_ALSO = {
    "help": "scraper --help",
    "version": "scraper --version",
    "run": "scraper refresh",
    "update": "scraper refresh",
    "stats": "scraper report",
    "diff": "scraper changes",
    "show": "scraper history",
    "init": "scraper doctor",
    "test": "scraper check",
    "completion": "scraper completions",
}


def meant(word: str, commands: Iterable[str]) -> str:
    """One line: what the word is, and what to type."""
    if looks_like_address(word):
        return (
            f"{word!r} is an address: did you mean `scraper check {word}`, or `scraper refresh` for a list?"
        )
    if Path(word).is_file():
        return f"{word!r} is a file: did you mean `scraper check {word}`, or `scraper refresh {word}`?"
    if other := _ALSO.get(word.lower()):
        return f"There is no command {word!r}: did you mean `{other}`?"
    if near := difflib.get_close_matches(word, list(commands), n=1):
        return f"There is no command {word!r}: did you mean `scraper {near[0]}`?"
    return f"There is no command {word!r}: `scraper --help` lists them."
