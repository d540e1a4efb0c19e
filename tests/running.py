"""Running the main job in the sandbox, as the tests of the whole need it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scraper.articles.reading import load
from scraper.model import Article
from scraper.run import Result, refresh
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.store.store import Store

READING_LIST = Path(__file__).parents[1] / "data" / "articles" / "iclr-2020-deep-learning.md"

IMPATIENT = {
    key: {"interval": 0.0, "concurrency": 8}
    for key in (
        "api.github.com",
        "api.github.com/graphql",
        "api.openreview.net",
        "api2.openreview.net",
        "openreview.net",
        "export.arxiv.org",
        "web.archive.org",
        "web.archive.org/cdx",
        "archive.org",
    )
}
"""The sandbox bears what the real services would not."""


def settings_in(sandbox: Sandbox, folder: Path, **more: Any) -> Settings:
    """Settings for a run in the sandbox that keeps everything under `folder`."""
    values: dict[str, Any] = {
        "data": folder / "data",
        "reports": folder / "reports",
        "host_interval": 0.0,
        "host_concurrency": 8,
        "hosts": IMPATIENT,
        "timeout": 5.0,
        **sandbox.settings,
    }
    return Settings(**(values | more))


def run_in(
    sandbox: Sandbox, folder: Path, articles: Sequence[Article] | None = None, **more: Any
) -> tuple[Result, dict[str, dict[str, Any]]]:
    """One run; its result and the rows of links.csv by target (of the first article)."""
    settings = settings_in(sandbox, folder, **more)
    chosen = articles or [load(str(READING_LIST))]
    settings.data.mkdir(parents=True, exist_ok=True)
    with Store.open(settings.data / "scraper.db", sandbox=True) as store:
        result = refresh(chosen, settings, store)
        rows = {row["target"]: row for row in store.rows(result.run, chosen[0].name)}
    return result, rows


def article_of(folder: Path, *lines: str, name: str = "list") -> Article:
    """A Markdown article with these lines."""
    path = folder / f"{name}.md"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return load(str(path))
