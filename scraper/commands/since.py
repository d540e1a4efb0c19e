"""What the working tree adds to an article since a revision, by git: new mentions, and who wrote them."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from scraper.articles.local import git
from scraper.errors import UsageError
from scraper.model import Mention


class History:
    """The git history of one article's file, from the merge base of a revision and HEAD on.

    Nothing of the repository is run, for it may have come in an archive with a `.git` of its own: no filter,
    no textconv, no external diff, no hook, no file-system monitor, and no fetch of what is not there.
    """

    def __init__(self, path: Path, revision: str) -> None:
        """Raises UsageError when the file is in no repository, or the revision is none of it."""
        self._path = path.resolve()
        self._folder = self._path.parent
        self._emptied: list[str] = []
        self._emptied = self._filters()
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
            if done is None:
                continue
            if done.returncode == 0:
                return done.stdout
            if self._run("rev-parse", "--verify", "--quiet", f"{self.base}:{old}").returncode == 0:
                raise UsageError(f"--since: {old} of {self.base[:12]} is not here; fetch the whole history.")
        return None

    def author(self, line: int) -> str:
        """Who wrote the line of the working tree last; empty for what is not committed."""
        done = self._run(
            "blame", "--no-textconv", "--porcelain", "-L", f"{line},{line}", "--", str(self._path)
        )
        fields = dict(row.partition(" ")[::2] for row in done.stdout.decode("utf-8", "replace").splitlines())
        return (
            "" if done.returncode or fields.get("author") == "Not Committed Yet" else fields.get("author", "")
        )

    def _former(self, name: str) -> str:
        # `--cached`: to compare the files themselves is to run filters over them.
        words = ("--cached", "--no-ext-diff", "--no-textconv", "-M", "--name-status", "-z")
        done = self._run("diff", *words, self.base)
        told = done.stdout.decode("utf-8", "surrogateescape").split("\0")
        renamed = {told[at + 2]: told[at + 1] for at, word in enumerate(told[:-2]) if word.startswith("R")}
        return renamed.get(name, "")

    def _filters(self) -> list[str]:
        """Settings that name a program which git would run over the files."""
        done = self._run("config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
        return [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]

    def _git(self, *words: str, why: str) -> str:
        done = self._run(*words)
        if done.returncode != 0:
            raise UsageError(f"{why}.")
        return done.stdout.decode("utf-8", "surrogateescape")

    def _run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return git.call(self._folder, *words, emptied=self._emptied)
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
