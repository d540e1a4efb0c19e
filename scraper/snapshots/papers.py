"""The rows of papers.csv: each entry of the article, its paper joined with its code. Pure.

In an article whose headings are numbered an entry is a numbered section with a paper in it. In any other one
it is each paper that is linked: its code is on the same line, or before the next paper of its section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile
from typing import NamedTuple

from scraper.model import LinkRow, Mention
from scraper.sites import of_role
from scraper.sites.code_links import on_code_host
from scraper.sites.identity import identify, may_be_a_part, repository_key
from scraper.snapshots.tables import JOINER, Row

Find = Callable[[str], LinkRow | None]
"""The row of links.csv for a target, or None when the article does not link to it."""

PAPERS = of_role("paper")
"""Targets that are papers, the richest record first."""

_CODE = of_role("code")


class Entry(NamedTuple):
    """Which paper and which code belong together."""

    number: int | None
    section_title: str
    paper: Mention
    code: Mention | None


def paper_rows(mentions: Iterable[Mention], find: Find) -> Iterator[Row]:
    """The rows of papers.csv, sorted by number, line and paper; of the mentions only entries are held."""
    for entry in sorted(entries(mentions), key=_order):
        yield _row(entry, find)


def _order(entry: Entry) -> tuple[bool, int, int, str]:
    return (entry.number is None, entry.number or 0, entry.paper.line, entry.paper.target)


def entries(mentions: Iterable[Mention]) -> list[Entry]:
    """The article's entries, in reading order."""
    numbered: list[Entry] = []
    unnumbered: list[Entry] = []
    any_number = False
    for number, section in groupby(mentions, key=lambda mention: mention.section_number):
        if number is None:
            for _, part in groupby(section, key=lambda mention: mention.section_title):
                unnumbered += _unnumbered(_relevant(part))
        else:
            any_number = True
            numbered += _numbered(number, section)
    return numbered if any_number else unnumbered


def _relevant(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if _is_paper(mention) or _is_code(mention)]


def _numbered(number: int, section: Iterator[Mention]) -> Iterator[Entry]:
    first = next(section)
    relevant = _relevant(chain((first,), section))
    papers = [mention for mention in relevant if _is_paper(mention)]
    if papers:
        # `min` takes the first of equals: of several papers of a kind the first one linked is the entry's.
        paper = min(papers, key=lambda mention: _rank(mention.target, PAPERS))
        yield Entry(number, first.section_title, paper, _code(relevant))


def _unnumbered(section: Sequence[Mention]) -> Iterator[Entry]:
    seen: set[str] = set()
    lines: dict[int, list[Mention]] = {}
    for mention in section:
        lines.setdefault(mention.line, []).append(mention)
    for position, paper in enumerate(section):
        if not _is_paper(paper) or paper.target in seen:
            continue
        seen.add(paper.target)
        code = _code(lines[paper.line]) or _code(_until_next(section, position))
        yield Entry(None, paper.section_title, paper, code)


def _until_next(section: Sequence[Mention], position: int) -> list[Mention]:
    after = (section[place] for place in range(position + 1, len(section)))
    return list(takewhile(lambda mention: not _is_paper(mention), after))


def _is_paper(mention: Mention) -> bool:
    return mention.target.startswith(PAPERS)


def _code(mentions: Sequence[Mention]) -> Mention | None:
    """In the order of the kinds of site, then other hosts of code; of each the first one linked."""
    candidates = [mention for mention in mentions if _is_code(mention)]
    return min(candidates, key=lambda mention: _rank(mention.target, _CODE), default=None)


def _is_code(mention: Mention) -> bool:
    if mention.target.startswith(_CODE):
        return True
    return mention.target.startswith("web:") and on_code_host(mention.url)


def _rank(target: str, kinds: Sequence[str]) -> int:
    return next((rank for rank, kind in enumerate(kinds) if target.startswith(kind)), len(kinds))


def _row(entry: Entry, find: Find) -> Row:
    paper = find(entry.paper.target) or {}
    named = _named_code(paper)
    named_homes = [_home(identify(url).key, url) for url in named]
    if entry.code:
        target, url = entry.code.target, entry.code.url
        source = "both" if _home(target, url) in named_homes else "article"
    else:
        source = "record" if named else ""
        target, url = (identify(named[0]).key, named[0]) if named else ("", "")
    # What is known of code is known of its repository; its link's health is the link's own.
    home_target = _home(target, url)
    home = find(home_target) if target else None
    code = home if home_target == target else find(target)
    return {
        **_entry_columns(entry, paper),
        "code_url": (code or {}).get("url") or url,
        "code_source": source,
        "code_target": home_target if home else "",
        "code_health": (code or home or {}).get("health"),
        **{name: (home or {}).get(name) for name in _OF_CODE},
    }


def _home(target: str, url: str) -> str:
    """Key of the repository that the target is a part of, or of the target itself."""
    return (repository_key(url) if may_be_a_part(target) else None) or target


_OF_CODE = (
    *("stars", "license_state", "license_spdx", "archived", "last_commit_at", "code_completeness"),
    "archived_since",
)
_OF_PAPER = (
    *("title", "abstract", "decision", "rating_mean", "presentation", "presentation_as_written"),
    *("withdrawn", "notice_type"),
)


def _entry_columns(entry: Entry, paper: LinkRow) -> LinkRow:
    return {
        "number": entry.number,
        "section_title": entry.section_title,
        **{name: paper.get(name) for name in _OF_PAPER},
        "paper_url": paper.get("url") or entry.paper.url,
        "paper_health": paper.get("health"),
        "paper_target": entry.paper.target,
        "first_line": entry.paper.line,
    }


def _named_code(paper: LinkRow) -> list[str]:
    """Addresses of code in the paper's record, `code_url` first; lists may have become cells."""
    more = paper.get("code_urls") or []
    every = [paper.get("code_url"), *(more.split(JOINER) if isinstance(more, str) else more)]
    return list(dict.fromkeys(url for url in every if url))
