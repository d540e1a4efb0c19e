"""`scraper fix`: a patch for the article from what its last run found. No network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.articles import fixing, replacing
from scraper.articles.decoding import decode
from scraper.articles.reading import read_article, read_bytes
from scraper.articles.replacing import row_of
from scraper.commands.accepted import without
from scraper.commands.inputs import ground_of, name_of
from scraper.model import Article
from scraper.reports.story import DEADLINE
from scraper.reports.text import count, plain
from scraper.snapshots import snapshot

if TYPE_CHECKING:
    from scraper.settings import Settings


def fix(source: str, settings: Settings, rules: set[str], write: bool) -> tuple[bytes, list[str]]:
    """The patch in the article's own encoding, and lines on what is left; with `write` it is applied.

    The patch names the file as the user did, so that `git apply` works from where the user stands.
    """
    path, data = Path(source), read_bytes(source)
    ground = ground_of(source, settings)
    article = read_article(data, source, ground=ground)
    rows = {row["target"]: row for row in snapshot.find(settings.data, name_of(source, settings)).rows()}
    text = decode(data, source)
    proposal = fixing.propose(text.text, article, rows, rules, ground)
    after = fixing.apply(text.text, proposal.edits)
    left = [f"line {one.line}: {plain(one.href)}: {plain(one.reason)}" for one in proposal.left]
    left += _unchecked(without(article, settings.exclude), rows)
    # All that can fail comes before the file is touched.
    patch = text.encode(fixing.unified_diff(text.text, after, header(source)))
    changed = text.encode(after)
    if write and proposal.edits:
        backup = fixing.write(path, changed)
        left.append(f"The old file is {backup.name}.")
    left.append(_count(len(proposal.edits), article, rows, rules, written=write))
    return patch, left


def _unchecked(article: Article, rows: Mapping[str, replacing.Row]) -> list[str]:
    """That there may be more to correct: what the last run had no time for has no verdict to go by."""
    found = {mention.target: row_of(mention, rows) for mention in article.mentions if mention.target}
    late = sum(row is not None and row["reason"] == DEADLINE for row in found.values())
    were = "was" if late == 1 else "were"
    told = f"The last run was incomplete: {late} of {count(len(found), 'link')} {were} not checked."
    new = sum(row is None for row in found.values())
    are = f"{new} of {count(len(found), 'link')} {'is' if new == 1 else 'are'}"
    unknown = f"{are} not in the tables of the last run."
    return [*([told] if late else []), *([unknown] if new else [])]


def header(source: str) -> str:
    """The path in a patch: as typed, seen from the current folder, which is where `git apply` looks."""
    path = Path(os.path.relpath(source) if Path(source).is_absolute() else source)
    return Path(os.path.normpath(path)).as_posix()


def _count(
    made: int, article: Article, rows: Mapping[str, replacing.Row], rules: set[str], *, written: bool
) -> str:
    """`0 edits; 14 more with --unwrap, 2 more with --dead once they are confirmed dead`."""
    further = fixing.further(article.mentions, rows, rules)
    more = [f"{number} more with --{rule}" for rule, number in further.items()]
    waiting = sum(_waits(row_of(mention, rows)) for mention in article.mentions)
    they = "it is" if waiting == 1 else "they are"
    later = [f"{waiting} more with --dead once {they} confirmed dead"] if waiting else []
    done = f"{count(made, 'edit')}{' written' if written else ''}"
    return f"{done}; {', '.join((*more, *later))}" if more or later else done


def _waits(row: replacing.Row | None) -> bool:
    """Whether the link is dead, has an archived copy, and is not confirmed dead yet."""
    if row is None or row["health"] not in ("broken", "failing"):
        return False
    return bool(row.get("archived_url")) and not row.get("confirmed_dead")
