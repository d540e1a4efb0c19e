"""A list may come in an archive, with a `.git` whose settings and hooks somebody else wrote."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scraper.commands.since import History


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.test")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *words], capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def test_nothing_that_a_repository_brings_along_is_run(tmp_path: Path) -> None:
    folder, mark = tmp_path / "list", tmp_path / "was-run"
    folder.mkdir()
    article = folder / "list.md"
    article.write_text("[a](https://a.test/)\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\nexec cat\n")
    program.chmod(0o755)
    for name in (
        "filter.x=y.clean",
        "filter.z.process",
        "diff.x.textconv",
        "diff.external",
        "core.fsmonitor",
    ):
        git(folder, "config", name, str(program))
    (folder / ".git/info/attributes").write_text("* filter=x=y diff=x\n")
    hook = folder / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(program)
    article.write_text("[a](https://a.test/)\n[b](https://b.test/)\n")
    mark.unlink(missing_ok=True)

    history = History(article, "HEAD")
    assert history.before() == b"[a](https://a.test/)\n"
    assert (history.author(1), history.author(2)) == ("a", "")
    other = folder / "other.md"  # looked for under an earlier name
    other.write_text("x")
    assert History(other, "HEAD").before() is None
    assert not mark.exists()
