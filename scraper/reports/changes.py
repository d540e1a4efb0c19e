"""`scraper changes`: what differs between two runs, as text, JSON and Markdown. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from scraper.records import stamp
from scraper.reports.items import Group, Item
from scraper.reports.markdown import ISSUE_LIMIT, advice, change, escape, link, without_scheme
from scraper.reports.model import Edition
from scraper.reports.news import rank, told
from scraper.reports.overview import Told, headings, tell_all
from scraper.reports.terminal import MAIL, Screen, news_lines
from scraper.reports.text import JSON_VERSION, count, moment


def as_json(editions: Sequence[Edition]) -> str:
    """What is compared, and objects with the names of `Change` and their article; all of it ASCII."""
    found = [{"article": each.name, **asdict(one)} for each in editions for one in each.changes]
    compared = [
        {
            "article": each.name,
            "before": stamp(each.compared) if each.compared else None,
            "after": stamp(each.made_at),
            "incomplete": story.incomplete,
        }
        for each, story in tell_all(editions)
    ]
    content = {"version": JSON_VERSION, "articles": compared, "changes": found}
    return json.dumps(content, indent=2) + "\n"


def as_text(editions: Sequence[Edition], screen: Screen = MAIL) -> str:
    """One line a change, the most pressing first."""
    stories = tell_all(editions)
    lines = [line for part in _head(stories) for line in screen.wrap(part)]
    pairs = ((one, item) for one in stories for item in (*one.story.told, *one.story.other))
    items = sorted(pairs, key=lambda pair: rank(pair[1].kind))
    return "\n".join([*lines, *news_lines(items, screen, alone=len(stories) == 1)]) + "\n"


def _head(stories: Sequence[Told]) -> Iterator[str]:
    """What changed, counted, and which two runs are compared."""
    if len(stories) == 1:
        yield _headline(stories[0])
        yield from filter(None, [stories[0].story.incomplete])
        return
    counted = ", ".join(f"{number:,} {heading.lower()}" for heading, number in headings(stories))
    changed = sum(bool(one.edition.changes) for one in stories)
    between = {_between(one.edition) for one in stories if one.edition.compared}
    same = f" {between.pop()}" if len(between) == 1 else ""
    yield f"{changed:,} of {count(len(stories), 'article')} changed{same}{f': {counted}' if counted else ''}."
    for one in stories:
        if one.edition.compared is None or (one.edition.changes and not same):
            yield _headline(one)
        if one.story.incomplete:
            yield f"{one.edition.name}: {one.story.incomplete}"


def _between(edition: Edition) -> str:
    before = moment(edition.compared) if edition.compared else ""
    return f"between {before} and {moment(edition.made_at)}"


def _headline(one: Told) -> str:
    edition = one.edition
    if edition.compared is None:
        made = moment(edition.made_at)
        return f"{edition.name}: no snapshot is older than that of {made}; there is nothing to compare yet."
    between = _between(edition)
    if not edition.changes:
        return f"{edition.name}: nothing changed {between}."
    groups = [*one.story.news, *other_groups(one.story.other)]
    counted = ", ".join(f"{len(group.items):,} {group.heading.lower()}" for group in groups)
    return f"{edition.name}: {counted} {between}."


def other_groups(items: Iterable[Item]) -> list[Group]:
    """The changes that are not news, by their headings."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(told(item.kind).heading, []).append(item)
    return [Group(heading, tuple(members)) for heading, members in groups.items()]


def as_markdown(editions: Sequence[Edition], limit: int = ISSUE_LIMIT) -> str:
    """Lists under headings, for a comment or a step summary, at most `limit` bytes; the rest is counted."""
    stories = tell_all(editions)
    head = "".join(f"**{escape(part, 500)}**\n\n" for part in _head(stories))
    parts, left, omitted = [head], limit - len(head.encode()) - 200, 0
    for before, item in _bullets(stories):
        line = before + _bullet(item)
        if len(line.encode()) > left:
            omitted += 1
            continue
        left -= len(line.encode())
        parts.append(line)
    if omitted:
        parts.append(f"\n**{count(omitted, 'more change was', 'more changes were')} left out here.**\n")
    return "".join(parts).rstrip("\n") + "\n"


def _bullets(stories: Sequence[Told]) -> Iterator[tuple[str, Item]]:
    """Every change, each with the headings that begin before it."""
    after = ""
    for edition, story in stories:
        name = edition.title or edition.name
        title = link(edition.report_url, name) if edition.report_url else escape(name)
        before = f"{after}## {title}\n\n" if len(stories) > 1 else ""
        for group in (*story.news, *other_groups(story.other)):
            before += f"### {group.heading} ({len(group.items):,})\n\n"
            for place, item in enumerate(group.items):
                yield before, item
                before = after = "\n" if place == len(group.items) - 1 else ""


def _bullet(item: Item) -> str:
    where = f" (line {item.line})" if item.line is not None else ""
    name = without_scheme(item.url) if item.name == item.url else item.name
    facts = [part for part in (escape(item.why), change(item), advice(item)) if part]
    return f"- {link(item.url, name)}{where}: {'; '.join(facts)}\n"
