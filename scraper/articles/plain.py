"""Plain text: every address and named identifier, wherever it stands; no markup hides one."""

from __future__ import annotations

from scraper.articles.fields import add_prose
from scraper.articles.outline import Document, Lines


def read(text: str, document: Document, source: str) -> None:
    add_prose(text, 0, len(text), document, Lines(text))
