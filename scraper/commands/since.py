"""What the working tree adds to an article since a revision, by git: new mentions, and who wrote them."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from scraper.errors import UsageError
from scraper.model import Mention


class History:
    """The git history of one article's file, from the merge base of a revision and HEAD on.

    Nothing of the repository is run: no textconv, no external diff, no file-system monitor.
    """

    def __init__(self, path: Path, revision: str) -> None:
        """Raises UsageError when the file is in no repository, or the revision is none of it."""
        self._path = path.resolve()
        self._folder = self._path.parent
        nowhere = f"--since: {path} is in no git repository"
        self._root = Path(self._git("rev-parse", "--show-toplevel", why=nowhere).strip())
        unknown = f"--since: git knows no revision {revision!r} here; in a CI job fetch the whole history"
        wanted = f"{revision}^{{commit}}"
        commit = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted, why=unknown)
        none = f"--since: {revision} and HEAD have no common ancestor here; fetch the whole history"
        self.base = self._git("merge-base", commit.strip(), "HEAD", why=none).strip()

    def before(self) -> bytes | None:
        """The file's content at the merge base, also under an earlier name; None when it was not there."""
        name = self._path.relative_to(self._root).as_posix()
        for old in (name, self._former(name)):
            done = self._run("cat-file", "blob", f"{self.base}:{old}") if old else None
            if done is not None and done.returncode == 0:
                return done.stdout
        return None

    def author(self, line: int) -> str:
        """Who wrote the line of the working tree last; empty for what is not committed."""
        done = self._run("blame", "--porcelain", "-L", f"{line},{line}", "--", str(self._path))
        fields = dict(row.partition(" ")[::2] for row in done.stdout.decode("utf-8", "replace").splitlines())
        return (
            "" if done.returncode or fields.get("author") == "Not Committed Yet" else fields.get("author", "")
        )

    def _former(self, name: str) -> str:
        done = self._run("diff", "--no-ext-diff", "--no-textconv", "-M", "--name-status", "-z", self.base)
        words = done.stdout.decode("utf-8", "surrogateescape").split("\0")
        renamed = {words[at + 2]: words[at + 1] for at, word in enumerate(words[:-2]) if word.startswith("R")}
        return renamed.get(name, "")

    def _git(self, *words: str, why: str) -> str:
        done = self._run(*words)
        if done.returncode != 0:
            raise UsageError(f"{why}.")
        return done.stdout.decode("utf-8", "surrogateescape")

    def _run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-c", "core.fsmonitor=false", "-C", str(self._folder), *words]
        try:
            return subprocess.run(command, capture_output=True, check=False)
        except FileNotFoundError:
            raise UsageError("--since needs git, which is not installed.") from None


def new_mentions(before: Iterable[Mention], after: Sequence[Mention]) -> list[Mention]:
    """The mentions that were not there before, whatever was moved around.

    Of an address that stands there more often than before, the last ones are new.
    """
    left = Counter(_identity(mention) for mention in before)
    new = []
    for mention in after:
        if left[_identity(mention)] > 0:
            left[_identity(mention)] -= 1
        else:
            new.append(mention)
    return new


def _identity(mention: Mention) -> tuple[str, str]:
    return mention.target, mention.href
