"""`summary.md`: the story in GitHub Flavored Markdown, for pull requests, issues and step summaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scraper.reports.model import Edition
from scraper.reports.story import PRESSING, Item, Story, tell
from scraper.reports.text import count, iso, plain, shorten, shown_address, web_address

ISSUE_LIMIT = 65_000
"""Characters: an issue or a comment holds 65,536."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
# What is special only at the start of a line (`-`, `>`, `1.`) never stands there.
# A mention or a reference is made by GitHub after the Markdown is read, so no escape keeps it off:
# a zero-width space inside it does. The same for addresses that GFM links by itself (section 6.9).
_LINKED = re.compile(r"([@#])(?=\w)|(://)|(?i:\b(www\.))")
_REFERENCE = re.compile(r"^https://github\.com/[^/]+/[^/]+/(issues|pull|discussions|commit)/")


def summary_markdown(edition: Edition, limit: int = ISSUE_LIMIT) -> str:
    """The summary in at most `limit` bytes of UTF-8 (so characters too), and how many rows it leaves out."""
    story = tell(edition)
    head = _head(edition, story)
    foot = _foot(edition)
    left = limit - len((head + foot).encode()) - 200  # room for the line that counts what was left out
    body, omitted = [], 0
    for heading, header, rows in _tables(edition, story):
        block = [f"\n## {heading}\n\n{header}\n{'|'.join(['', *['---'] * (header.count('|') - 1), ''])}\n"]
        for row in rows:
            size = len(row.encode()) + (len(block[0].encode()) if len(block) == 1 else 0)
            if left < size:
                omitted += 1
                continue
            left -= size
            block.append(row)
        body += block if len(block) > 1 else []
    if omitted:
        more = count(omitted, "more row was", "more rows were")
        body.append(f"\n**{more} left out here**; report.html and links.csv have all.\n")
    return head + "".join(body) + foot


def escape(text: str, limit: int = 200) -> str:
    """Text that GFM shows as it is: no markup, no HTML, no mention, no reference, no link."""
    text = shorten(plain(text), limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINKED.sub(lambda match: _broken(match[0]), text)


def _broken(text: str) -> str:
    return f":&#8203;{text[1:]}" if text.startswith(":") else f"{text}&#8203;"


def link(url: str, text: str) -> str:
    """A link, or just the text when the address may not be one.

    An address of an issue or a commit becomes code: linking it would leave a reference on a stranger's page.
    """
    address = re.sub(r"[()\[\]*~$!]", lambda match: f"%{ord(match[0]):02X}", web_address(url))
    if not address:
        return escape(text)
    return f"`{address}`" if _REFERENCE.match(address) else f"[{escape(text)}]({address})"


def _head(edition: Edition, story: Story) -> str:
    lines = [f"# Links of {escape(edition.title or edition.name)}", ""]
    if edition.sandbox:
        lines += ["> **SANDBOX**: every answer was made up; this says nothing about the real web.", ""]
    lines += [f"**{escape(story.headline)}**", ""]
    used = [health for health in PRESSING if story.counts[health]]
    if used:
        lines += [f"| {' | '.join(used)} |", f"|{'---:|' * len(used)}"]
        lines += [f"| {' | '.join(f'{story.counts[health]:,}' for health in used)} |"]
    return "\n".join(lines) + "\n"


def _foot(edition: Edition) -> str:
    each = edition.requests / (len(edition.links) or 1)
    source = shorten(plain(edition.source), 200).replace("`", "'")
    made = f"Made {iso(edition.made_at)} from `{source}` by scraper {escape(edition.version)}"
    return f"\n{made}; {each:.1f} requests for each link.\n"


def _tables(edition: Edition, story: Story) -> Iterable[tuple[str, str, Sequence[str]]]:
    links = "| Line | Link | What | Write instead |"
    for group in story.news:
        yield group.heading, links, [_row(item) for item in group.items]
    yield "Still broken or failing", links, [_row(item) for item in story.still]
    yield "At another address for good", links, [_row(item) for item in story.replace]
    gaps = [
        f"| {gap.line or ''} | {escape(gap.name)} | {link(gap.code_url, shown_address(gap.code_url))} |\n"
        for gap in story.gaps
    ]
    yield "Code that the article lacks", "| Line | Paper | Code in its record |", gaps
    yield "Other changes", links, [_row(item) for item in story.other]


def _row(item: Item) -> str:
    states = (escape(state, 80) or "nothing" for state in (item.before, item.after))
    change = f" ({' → '.join(states)})" if item.before or item.after else ""
    instead = link(item.replacement, shown_address(item.replacement)) if item.replacement else ""
    health = f"**{item.health}**: " if item.health else ""
    name = shown_address(item.url) if item.name == item.url else item.name
    return (
        f"| {item.line or ''} | {link(item.url, name)} | {health}{escape(item.why)}{change} | {instead} |\n"
    )
