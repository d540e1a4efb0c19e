"""Fifty small lists over the sandbox, to which things happen on planted days; what is to be said of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from running import article_of

from scraper.model import Article

LISTS = 50
GOLDEN = Path(__file__).with_name("reports") / "golden"


def page(number: int, place: int) -> str:
    return f"https://site{number:02d}.test/page/{place}"


def lists(folder: Path, added: dict[int, list[str]] | None = None) -> list[Article]:
    """Two resources in each, code in one, a link that was never alive in every tenth; and what was added."""
    made = []
    for number in range(LISTS):
        links = [f"- [Resource {place} of area {number}]({page(number, place)})" for place in (1, 2)]
        code = ["- [Code](https://github.com/automl/RobustDARTS)"] if number == 12 else []
        dead = [f"- [Gone for years](https://old{number:02d}.test/404)"] if number % 10 == 0 else []
        lines = [f"# Area {number}", "", *links, *code, *dead, *(added or {}).get(number, [])]
        made.append(
            replace(article_of(folder, *lines, name=f"area{number:02d}"), source=f"area{number:02d}.md")
        )
    return made


def golden(name: str, text: str) -> None:
    """Compare with the file; with WRITE_GOLDEN=1 in the environment it is written and not compared."""
    path = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
