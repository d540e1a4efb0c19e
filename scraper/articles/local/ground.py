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
    repository = repository_of(here)
    root = repository or here.parent
    return Home(root, Ground(name, here.relative_to(root).as_posix(), pictures=repository is not None))


def repository_of(file: Path) -> Path | None:
    """The folder with a `.git` that a file stands in, however deep; `file` is resolved."""
    return next((folder for folder in file.parents if (folder / ".git").exists()), None)
