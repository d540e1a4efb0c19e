"""`changes.atom`: what changed, for feed readers (RFC 4287).

An entry's id is made of the article, the run and the change, so rendering again gives the same entry.
Entries of earlier runs are kept, because a reader may look in less often than we run.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from lxml import etree

from scraper.reports.items import COPY, Item
from scraper.reports.model import Edition
from scraper.reports.news import told
from scraper.reports.story import Story, tell
from scraper.reports.text import NAMES, date_words, iso, plain, shorten, slug, web_address

ENTRIES = 200
"""Kept at most, newest first."""
FEED = "changes.atom"
_ATOM = "{http://www.w3.org/2005/Atom}"


def changes_atom(edition: Edition, earlier: bytes = b"") -> bytes:
    """The feed with this run's changes on top of the entries of `earlier`, the feed as it was."""
    feed = etree.Element(_ATOM + "feed", nsmap={None: _ATOM.strip("{}")})  # type: ignore[dict-item]  # None is the default namespace
    story = tell(edition)
    mine = _new_entries(edition, story)
    kept = {entry.findtext(_ATOM + "id") or "": entry for entry in (*_old_entries(earlier), *mine)}
    entries = sorted(kept.values(), key=_updated, reverse=True)[:ENTRIES]
    _add(feed, "id", _urn(edition.name))
    _add(feed, "title", f"Links of {_title(edition)}{' (sandbox)' if edition.sandbox else ''}")
    _add(feed, "subtitle", " ".join((story.incomplete or story.headline, *story.remarks)))
    _add(feed, "updated", max([iso(edition.made_at), *(_updated(entry)[0] for entry in entries)]))
    _links(feed, edition)
    _add(etree.SubElement(feed, _ATOM + "author"), "name", "scraper")
    _add(feed, "generator", "scraper").set("version", plain(edition.version))
    feed.extend(entries)
    etree.indent(feed)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _title(edition: Edition) -> str:
    return shorten(plain(edition.title or edition.name), NAMES)


def _links(feed: etree._Element, edition: Edition) -> None:
    """RFC 4287, 4.1.1: a feed should say where it is, and which page it is a feed of."""
    page = web_address(edition.report_url)
    if page:
        etree.SubElement(feed, _ATOM + "link", rel="self", href=f"{page.rpartition('/')[0]}/{FEED}")
        etree.SubElement(feed, _ATOM + "link", rel="alternate", type="text/html", href=page)


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("scraper", *map(plain, parts)))).urn


def _add(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _ATOM + tag)
    element.text = plain(text)
    return element


def _updated(entry: etree._Element) -> tuple[str, str]:
    return entry.findtext(_ATOM + "updated") or "", entry.findtext(_ATOM + "id") or ""


def _new_entries(edition: Edition, story: Story) -> list[etree._Element]:
    return [_entry(edition, item) for item in (*story.told, *story.other)]


def _entry(edition: Edition, item: Item) -> etree._Element:
    made, heading = iso(edition.made_at), told(item.kind).heading
    entry = etree.Element(_ATOM + "entry")
    _add(entry, "id", _urn(edition.name, made, item.kind, item.reason, item.target))
    _add(entry, "title", shorten(f"{_title(edition)}: {heading.lower()}: {plain(item.name)}", 300))
    _add(entry, "updated", made)
    thing, page = web_address(item.url), web_address(edition.report_url)
    if page:  # the row tells the story; the thing itself may be dead
        etree.SubElement(entry, _ATOM + "link", rel="alternate", href=f"{page}#{slug(item.target)}")
    if thing:
        etree.SubElement(entry, _ATOM + "link", rel="related" if page else "alternate", href=thing)
    content = etree.SubElement(entry, _ATOM + "content", type="text")
    content.text = "\n".join(_told(edition, item))
    return entry


def _told(edition: Edition, item: Item) -> Iterator[str]:
    yield shorten(plain(item.why), 500)
    if item.change:
        yield " → ".join(shorten(plain(state), 300) for state in item.change)
    yield shorten(plain(item.url), 1_000)
    if item.replacement:
        yield f"{advice(item)}: {shorten(plain(item.replacement), 1_000)}"
    if item.line is not None:
        yield f"line {item.line} of {plain(edition.source)}"


def advice(item: Item) -> str:
    """What to do with the address that follows."""
    if item.replacement_is != COPY:
        return "Replace with"
    return ", ".join(("Use the archived copy", *filter(None, [date_words(item.archived_at)])))


def _old_entries(feed: bytes) -> list[etree._Element]:
    """Entries of the feed as it was; none of one that cannot be read, for it is about to be replaced."""
    if not feed:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(feed, parser)
    except etree.XMLSyntaxError:
        return []
    return [entry for entry in root.findall(_ATOM + "entry") if entry.findtext(_ATOM + "id")]
