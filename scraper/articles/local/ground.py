"""The repository that an article stands in; the article's folder where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scraper.sites.local.address import Ground


class Home(NamedTuple):
    """The folder that relative links stay within, and the article's place in it."""

    root: Path
    ground: Ground


def home_of(source: str, name: str) -> Home | None:
    """Of an article that is a file; None for what came from the web or from standard input."""
    path = Path(source)
    if source == "-" or "://" in source or not path.is_file():
        return None
    here = path.resolve()
    root = next((folder for folder in here.parents if (folder / ".git").exists()), here.parent)
    return Home(root, Ground(name, here.relative_to(root).as_posix(), (root / ".git").exists()))
