"""`scraper demo`: the main job against the sandbox, over real sockets and real TLS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scraper.commands.console import Options
from scraper.commands.refresh import run
from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.settings import Settings


def demo(folder: Path, settings: Settings, mode: str) -> int:
    """The main job against the sandbox, over real sockets and real TLS."""
    from scraper.sandbox import Sandbox

    sources = [str(path) for path in sorted(folder.glob("*.md")) if not path.is_symlink()]
    if not sources:
        raise UsageError(f"{folder} has no article (*.md): name another folder with --articles.")
    with Sandbox(mode=mode) as sandbox:
        login = (
            sandbox.credentials if mode == "login" else {"github_token": sandbox.credentials["github_token"]}
        )
        inside = type(settings)(**{**settings.model_dump(exclude_unset=True), **sandbox.settings, **login})
        return run(sources, inside, Options())
