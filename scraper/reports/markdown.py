"""`summary.md`: the story in GitHub Flavored Markdown, for pull requests, issues and step summaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.reports.items import COPY, PRESSING, Item
from scraper.reports.model import Edition
from scraper.reports.story import Story, tell
from scraper.reports.text import count, date_words, iso, moment, plain, shorten, shown_address, web_address

ISSUE_LIMIT = 60_000
"""Characters: an issue or a comment holds 65,536, and whoever posts it wants to add a line."""

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
# What is special only at the start of a line (`-`, `>`, `1.`) never stands there.
# A mention or a reference is made by GitHub after the Markdown is read, so no escape keeps it off:
# a zero-width space inside it does. The same for addresses that GFM links by itself (section 6.9).
_CALLING = r"[@#](?=\w)|(?i:\bgh-)(?=\d)"
_CALLED, _LINKED = re.compile(_CALLING), re.compile(rf"{_CALLING}|://|(?i:\bwww\.)")
_REFERENCE = re.compile(r"^https://github\.com/[^/]+/[^/]+/(issues|pull|discussions|commit)/")
_LINKS = "| Line | Link | Finding | What to do |"


def summary_markdown(edition: Edition, limit: int = ISSUE_LIMIT) -> str:
    """The summary in at most `limit` bytes of UTF-8 (so characters too), and how many rows it leaves out."""
    story = tell(edition)
    head = _head(edition, story)
    foot = _foot(edition)
    left = limit - len((head + foot).encode()) - 200  # room for the line that counts what was left out
    body, omitted = [], 0
    for heading, header, rows in _tables(story):
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
        where = link(edition.report_url, "the report") if edition.report_url else "report.html"
        body.append(f"\n**{more} left out here**; {where} and links.csv have all.\n")
    return head + "".join(body) + foot


def escape(text: str, limit: int = 200) -> str:
    """Text that GFM shows as it is: no markup, no HTML, no mention, no reference, no link."""
    text = shorten(plain(text), limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINKED.sub(lambda match: _broken(match[0]), text)


def uncalled(text: str) -> str:
    """Words for a title or a message of a commit, where GitHub looks for them too and shows no markup."""
    return _CALLED.sub("\\g<0>\u200b", text)


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


def without_scheme(url: str) -> str:
    """An address as the words of a link; with its scheme it would need a character to keep GitHub off it."""
    return shown_address(url).removeprefix("http://").removeprefix("www.")


def advice(item: Item) -> str:
    """What to do about it, with the address to use."""
    if not item.replacement:
        return ""
    if item.replacement_is == COPY:
        copy = ", ".join(("archived copy", *filter(None, [date_words(item.archived_at)])))
        return f"Use the {link(item.replacement, copy)}"
    return f"Replace with {link(item.replacement, without_scheme(item.replacement))}"


def change(item: Item) -> str:
    """What was before and what is after, as far as the change says."""
    return " → ".join(escape(state, 80) for state in item.change)


def _head(edition: Edition, story: Story) -> str:
    lines = [f"# Links of {escape(edition.title or edition.name)}", ""]
    if edition.sandbox:
        lines += ["> **SANDBOX**: every answer was made up; this says nothing about the real web.", ""]
    if story.incomplete:
        lines += [f"> **{escape(story.incomplete)}**", ""]
    for remark in story.remarks:
        lines += [f"> {escape(remark, 500)}", ""]
    lines += [f"**{escape(story.headline)}**", ""]
    if edition.compared:
        lines += [f"Compared with the run of {moment(edition.compared)}.", ""]
    used = [health for health in PRESSING if story.counts[health]]
    if used:
        lines += [f"| {' | '.join(used)} |", f"|{'---:|' * len(used)}"]
        lines += [f"| {' | '.join(f'{story.counts[health]:,}' for health in used)} |"]
    return "\n".join(lines) + "\n"


def _foot(edition: Edition) -> str:
    each = f"; {edition.requests / len(edition.links):.1f} requests per link" if edition.links else ""
    source = shorten(plain(edition.source), 200).replace("`", "'")
    made = f"Made {iso(edition.made_at)} from `{source}` by scraper {escape(edition.version)}"
    report = f"; {link(edition.report_url, 'full report')}" if edition.report_url else ""
    return f"\n{made}{each}{report}.\n"


def _tables(story: Story) -> Iterator[tuple[str, str, Iterable[str]]]:
    for group in story.news:
        yield group.heading, _LINKS, map(_row, group.items)
    still = "Broken or failing" if story.first_run else "Still broken or failing"
    yield still, _LINKS, map(_row, story.still)
    yield "Moved permanently", _LINKS, map(_row, story.replace)
    gaps = [
        f"| {gap.line or ''} | {escape(gap.name)} | {link(gap.code_url, without_scheme(gap.code_url))} |\n"
        for gap in story.gaps
    ]
    yield "Code that the article does not link", "| Line | Paper | Code in its record |", gaps
    yield "Other changes", _LINKS, map(_row, story.other)


def _row(item: Item) -> str:
    told = change(item)
    since = f", {'dead ' if item.confirmed else ''}since {item.since}" if item.since else ""
    why = f"{escape(item.why)}{since}{f' ({told})' if told else ''}"
    name = without_scheme(item.url) if item.name == item.url else item.name
    return f"| {item.line or ''} | {link(item.url, name)} | {why} | {advice(item)} |\n"
