"""The files of a repository, letter for letter as they are called, and none that a link leads out to."""

from __future__ import annotations

import os
import posixpath
from enum import Enum
from functools import cache
from pathlib import Path

_MOST = 2_000_000
"""Bytes of a document whose places are looked up."""


class There(Enum):
    FILE = "file"
    FOLDER = "folder"
    OUTSIDE = "outside"
    """A symbolic link leads out of the repository; it is not followed."""
    NOTHING = "nothing"


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.names = cache(self._names)

    def find(self, path: str) -> There:
        """What is at a path from the root. Case counts, whatever the file system thinks of it."""
        here, parts = self.root, [part for part in path.split("/") if part not in ("", ".")]
        for number, part in enumerate(parts):
            if part not in self.names("/".join(parts[:number])):
                return There.NOTHING
            here = here / part
            if here.is_symlink() and not self._within(here):
                return There.OUTSIDE
        if here.is_dir():
            return There.FOLDER
        return There.FILE if here.is_file() and not path.endswith("/") else There.NOTHING

    def text(self, path: str) -> bytes | None:
        """The content of a file; None for a long one and for one that cannot be read."""
        file = self.root / path
        try:
            return file.read_bytes() if file.stat().st_size <= _MOST else None
        except OSError:
            return None

    def other_case(self, path: str) -> str:
        """The one path that differs in nothing but case; empty when there is none, or more than one."""
        found = ""
        for part in path.strip("/").split("/"):
            alike = [name for name in self.names(found) if name.casefold() == part.casefold()]
            if len(alike) != 1:
                return ""
            found = posixpath.join(found, alike[0])
        return found

    def _names(self, folder: str) -> frozenset[str]:
        try:
            return frozenset(os.listdir(self.root / folder)) - {".git"}  # noqa: PTH208 - names, not paths
        except OSError:
            return frozenset()

    def _within(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self.root)
        except (OSError, RuntimeError):  # a loop of links leads nowhere
            return True
