"""What git knows of a path: committed, ignored, renamed, removed. Nothing of the repository is run.

Where git is not installed, or will not look into the folder, it knows nothing.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path

_NOTHING_RUN = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_UNSET = (("core.fsmonitor", "false"), ("core.hooksPath", os.devnull), ("log.showSignature", "false"))
_PATIENCE = 20.0
_MOST_RENAMES = 20


def call(
    folder: Path, *words: str, emptied: Iterable[str] = (), patience: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder that may have come in an archive with a `.git` of its own.

    No hook and no file-system monitor is run, and nothing fetched that is not there; the caller leaves out
    commands that compare or check out files, or says which of the repository's settings to empty.

    Args:
        emptied: names of settings, filters for instance.
        patience: seconds.

    Raises:
        OSError: git is not installed.
        subprocess.TimeoutExpired: it took longer than `patience`.
    """
    settings = (*_UNSET, *((name, "") for name in emptied))
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True,
        check=False,
        timeout=patience,
        env={**os.environ, **_NOTHING_RUN, **_told(settings)},
    )


def _told(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Settings as git takes them from the environment: a name may hold any character there."""
    told: dict[str, str] = {}
    for number, (name, value) in enumerate(settings):
        told |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**told, "GIT_CONFIG_COUNT": str(len(told) // 2)}


class Git:
    def __init__(self, root: Path) -> None:
        self._root = root
        self.removal = cache(self._removal)
        self.ignores = cache(self._ignores)

    @cached_property
    def files(self) -> frozenset[str]:
        """Paths of all files that are tracked; a submodule is one."""
        return frozenset(self._run("ls-files", "-z").split("\0")) - {""} if self._is_there else frozenset()

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        rows = self._run("ls-files", "-z", "--stage").split("\0") if self._is_there else []
        return tuple(f"{row.partition(chr(9))[2]}/" for row in rows if row.startswith("160000 "))

    @cached_property
    def _is_there(self) -> bool:
        return (self._root / ".git").exists()

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(parent.as_posix() for file in self.files for parent in Path(file).parents)

    def in_submodule(self, path: str) -> bool:
        return any(f"{path.rstrip('/')}/".startswith(module) for module in self._submodules)

    def leaves_out(self, path: str) -> bool:
        """Whether the path is here and will be in no clone, for a pattern says so."""
        path = path.rstrip("/")
        known = not self.files or path in self.files or path in self._folders or self.in_submodule(path)
        return not known and self.ignores(path)

    def _ignores(self, path: str) -> bool:
        return bool(self._run("check-ignore", "--", f"./{path}"))

    def new_name(self, path: str) -> str:
        """Where a file or folder that was renamed is now, by the commits that renamed it; or empty."""
        path = path.rstrip("/")
        for _ in range(_MOST_RENAMES):
            commit = self.removal(path)
            path = self._renamed(commit, path) if commit else ""
            if not path or path in self.files or path in self._folders:
                return path
        return ""

    def _removal(self, path: str) -> str:
        """The last commit that took the path away; empty when it was never there."""
        if not self.files:
            return ""
        found = self._run(
            "log", "-n1", "--diff-filter=D", "--no-renames", "--format=%H", "--", f":(literal){path}"
        )
        return found.strip()

    def _renamed(self, commit: str, path: str) -> str:
        words = self._run("show", "--format=", "--name-status", "-M", "-z", commit).split("\0")
        pairs = [(words[at + 1], words[at + 2]) for at, word in enumerate(words[:-2]) if word.startswith("R")]
        for old, new in pairs:
            if old == path:
                return new
        moved = {
            new.removesuffix(old.removeprefix(path))
            for old, new in pairs
            if old.startswith(f"{path}/") and new.endswith(old.removeprefix(path))
        }
        return moved.pop() if len(moved) == 1 else ""

    def _run(self, *words: str) -> str:
        extra = ("--no-ext-diff", "--no-textconv") if words[0] in ("log", "show") else ()
        try:
            done = call(self._root, words[0], *extra, *words[1:], patience=_PATIENCE)
        except (OSError, subprocess.TimeoutExpired):  # no git, or a history too long to look through
            return ""
        return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
