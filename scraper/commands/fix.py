"""`scraper fix`: a patch for the article from what its last run found. No network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.reading import read_article, read_bytes
from scraper.commands.inputs import name_of
from scraper.reports.text import plain
from scraper.snapshots import snapshot

if TYPE_CHECKING:
    from scraper.settings import Settings


def fix(source: str, settings: Settings, rules: set[str], write: bool) -> tuple[bytes, list[str]]:
    """The patch in the article's own encoding, and lines on what is left; with `write` it is applied."""
    path, data = Path(source), read_bytes(source)
    article = read_article(data, source)
    rows = {row["target"]: row for row in snapshot.find(settings.data, name_of(source, settings)).rows()}
    text = decode(data, source)
    proposal = fixing.propose(text.text, article, rows, rules)
    after = fixing.apply(text.text, proposal.edits)
    left = [f"line {one.line}: {plain(one.href)}: {plain(one.reason)}" for one in proposal.left]
    if write and proposal.edits:
        backup = fixing.write(path, text.encode(after))
        left.append(f"{len(proposal.edits)} links replaced in {source}; the old file is {backup.name}")
    return text.encode(fixing.unified_diff(text.text, after, path.name)), left
