"""Suggested replacements for links, written into the article at their exact places and nowhere else.

    decoded = decode(data, path)
    proposal = propose(decoded.text, read_article(data, path), rows, DEFAULT_RULES)
    after = apply(decoded.text, proposal.edits)
    write(path, decoded.encode(after))

All is pure but `write`. Every link that a rule speaks of ends in an edit or in `left`, with the reason.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from scraper.articles.outline import Link
from scraper.articles.patch import unified_diff
from scraper.articles.places import Alignment, href_span
from scraper.articles.reading import Reading, meant, parse, understand
from scraper.articles.replacing import Row, Wish, decide, row_of
from scraper.articles.writing import reads_as, written
from scraper.errors import ArticleError
from scraper.files import atomic, atomic_new, published_or_told
from scraper.model import Article, Mention
from scraper.sites.local.address import Ground

__all__ = ["DEFAULT_RULES", "RULES", "Edit", "Left", "Proposal", "apply", "propose", "unified_diff", "write"]

RULES = {
    "moved": "links that moved for good get their new address",
    "https": "http becomes https where the same address was seen to answer there",
    "permalink": "files that were removed from their repository get the permalink at which they still are",
    "dead": "links that are confirmed dead get an archived copy",
    "unwrap": "archive links and redirect wrappers whose original is alive get the original",
}
DEFAULT_RULES = frozenset({"moved", "https", "permalink"})


class Edit(NamedTuple):
    """One replacement: `text[start:end] == old` in the article's text as decoded, before any repair."""

    start: int
    end: int
    line: int
    """Of the address itself, which for `[x][label]` stands in the definition."""
    old: str
    new: str
    """As it is written there: in HTML with `&amp;`."""
    url: str
    """What a second reading finds there: the new address, or `owner/name` where only that is written."""
    rule: str
    target: str


class Left(NamedTuple):
    """A link that a rule speaks of and that stays as it is."""

    line: int
    href: str
    target: str
    reason: str


class Proposal(NamedTuple):
    edits: tuple[Edit, ...]
    left: tuple[Left, ...]


def propose(
    text: str,
    article: Article,
    rows: Mapping[str, Row],
    rules: Collection[str] = DEFAULT_RULES,
    ground: Ground | None = None,
) -> Proposal:
    """What the rules would change. `text` is the file as `articles.decoding.decode` gives it."""
    reading = understand(text, article.source)
    pairs = list(meant(parse(reading, article.source), article.source, ground))
    if tuple(mention for _, mention in pairs if mention) != article.mentions:
        raise ArticleError(f"{article.source}: has changed since it was read; run the command again")
    alignment = Alignment(reading.text, text)
    plan: list[_Planned] = []
    for link, mention in pairs:
        wish = decide(mention, row_of(mention, rows), rules) if mention else None
        made = _edit(reading, link, mention, wish, alignment) if mention and isinstance(wish, Wish) else wish
        plan.append(_Planned(link, mention, made if isinstance(made, Edit | str) else None))
    return _told_apart(plan, _kept(text, article.source, plan))


class _Planned(NamedTuple):
    link: Link
    mention: Mention | None
    outcome: Edit | str | None
    """An edit, the reason against one, or nothing to say."""


def _told_apart(plan: list[_Planned], kept: frozenset[Edit]) -> Proposal:
    left = []
    for _, mention, outcome in plan:
        if mention and outcome and outcome not in kept:
            around = "a new address there would change what is read around it"
            reason = outcome if isinstance(outcome, str) else around
            left.append(Left(mention.line, mention.href, mention.target, reason))
    return Proposal(tuple(sorted(kept, key=lambda edit: edit.start)), tuple(left))


def _kept(text: str, source: str, plan: list[_Planned]) -> frozenset[Edit]:
    """The edits after which a second reading finds every link, the edited ones at their new address.

    Markup can be very odd (`<a href='…` without an end, a quote within an address): so each proposal
    is tried before it is made, and where it does not hold, its halves are.
    """
    # Several mentions by one definition are one edit; of two that overlap, the first one counts.
    edits: list[Edit] = []
    for edit in sorted({planned.outcome for planned in plan if isinstance(planned.outcome, Edit)}):
        if not edits or edit.start >= edits[-1].end:
            edits.append(edit)

    def holding(some: list[Edit]) -> list[Edit]:
        if not some or _holds(text, source, plan, frozenset(some)):
            return some
        middle = len(some) // 2
        both = holding(some[:middle]) + holding(some[middle:]) if middle else []
        return both if _holds(text, source, plan, frozenset(both)) else []

    return frozenset(holding(edits))


def _holds(text: str, source: str, plan: list[_Planned], edits: frozenset[Edit]) -> bool:
    wanted = [outcome.url if outcome in edits else link.href for link, _, outcome in plan]
    again = parse(understand(apply(text, edits), source), source)
    return [link.href for link in again.links] == wanted


def wishes(mentions: Iterable[Mention], rows: Mapping[str, Row], rules: Collection[str]) -> dict[str, int]:
    """How many mentions each rule would change; whether their places can be written is not looked into."""
    made = [decide(mention, row_of(mention, rows), rules) for mention in mentions]
    return Counter(wish.rule for wish in made if isinstance(wish, Wish))


def spoken_of(mentions: Iterable[Mention], rows: Mapping[str, Row]) -> list[Mention]:
    """The mentions that some rule speaks of: most links are fine as they are."""
    return [mention for mention in mentions if decide(mention, row_of(mention, rows), RULES) is not None]


def further(mentions: Sequence[Mention], rows: Mapping[str, Row], rules: Collection[str]) -> dict[str, int]:
    """How many more mentions each further rule would change; one rule may free what another writes."""
    mentions = spoken_of(mentions, rows)
    made = sum(wishes(mentions, rows, rules).values())
    more = {rule: sum(wishes(mentions, rows, {*rules, rule}).values()) for rule in RULES if rule not in rules}
    return {rule: number - made for rule, number in more.items() if number > made}


# Where and how it is written ----------------------------------------------------------------------


def _edit(reading: Reading, link: Link, mention: Mention, wish: Wish, alignment: Alignment) -> Edit | str:
    if not reading.form.editable:
        return f"not edited: {reading.form.title}; the address would be {wish.url}"
    if link.place and link.place.form == "identifier":
        return f"is an identifier, not an address; the address would be {wish.url}"
    span = href_span(reading.text, link)
    exact = alignment.span(*span) if span else None
    if exact is None or span is None or link.place is None:
        return f"its exact place was not found; the address would be {wish.url}"
    old = reading.text[slice(*span)]
    if len(old.splitlines()) != 1:
        return f"is written over several lines: put it on one; the address would be {wish.url}"
    new = written(wish.url, link.place.form)
    if not new:
        return f"the new address cannot be written there safely: {wish.url}"
    line = alignment.line(span[0])
    return Edit(*exact, line, old, new, reads_as(wish.url, link.place.form), wish.rule, mention.target)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; all else is as it was. Raises ArticleError when it is another text."""
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda one: one.start):
        if edit.start < done or text[edit.start : edit.end] != edit.old:
            raise ArticleError(
                f"line {edit.line}: has changed since the edit was proposed; run the command again"
            )
        pieces += [text[done : edit.start], edit.new]
        done = edit.end
    return "".join([*pieces, text[done:]])


def write(path: Path, data: bytes) -> Path:
    """Replace the file as a whole; returns its backup: `name.bak`, or `.bak1` and so on, never an old one.

    A crash leaves the old file or the new one. Through a symbolic link, the file it points to is replaced.
    Raises NotPublished where the disk does not let it; the file is then as it was.
    """
    with published_or_told(f"{path} with its backup"):
        path = path.resolve(strict=True)
        backup = _backup(path)
        with atomic(path) as file:
            file.write(data)
            shutil.copymode(path, file.name)
    return backup


def _backup(path: Path) -> Path:
    for number in count():
        backup = path.with_name(f"{path.name}.bak{number or ''}")
        try:
            with atomic_new(backup) as file:
                file.write(path.read_bytes())
                file.flush()
                shutil.copystat(path, file.name)
        except FileExistsError:
            continue
        return backup
    raise AssertionError("count() does not end")
