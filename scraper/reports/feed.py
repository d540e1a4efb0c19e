"""`changes.atom`: what changed, for feed readers (RFC 4287).

An entry's id is made of the article, the run and the change, so rendering again gives the same entry.
Entries of earlier runs are kept, because a reader may look in less often than we run.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from lxml import etree

from scraper.reports.model import Edition
from scraper.reports.story import Item, tell
from scraper.reports.text import iso, plain, shorten, web_address

ENTRIES = 200
"""Kept at most, newest first."""
_ATOM = "{http://www.w3.org/2005/Atom}"


def changes_atom(edition: Edition, earlier: bytes = b"") -> bytes:
    """The feed with this run's changes on top of the entries of `earlier`, the feed as it was."""
    feed = etree.Element(_ATOM + "feed", nsmap={None: _ATOM.strip("{}")})  # type: ignore[dict-item]
    mine = _new_entries(edition)
    kept = {entry.findtext(_ATOM + "id") or "": entry for entry in (*_old_entries(earlier), *mine)}
    entries = sorted(kept.values(), key=_updated, reverse=True)[:ENTRIES]
    _add(feed, "id", _urn(edition.name))
    where = " (sandbox)" if edition.sandbox else ""
    _add(feed, "title", f"Links of {plain(edition.title or edition.name)}{where}")
    _add(feed, "updated", max([iso(edition.made_at), *(_updated(entry)[0] for entry in entries)]))
    _add(etree.SubElement(feed, _ATOM + "author"), "name", "scraper")
    _add(feed, "generator", "scraper").set("version", plain(edition.version))
    feed.extend(entries)
    etree.indent(feed)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("scraper", *map(plain, parts)))).urn


def _add(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _ATOM + tag)
    element.text = text
    return element


def _updated(entry: etree._Element) -> tuple[str, str]:
    return entry.findtext(_ATOM + "updated") or "", entry.findtext(_ATOM + "id") or ""


def _new_entries(edition: Edition) -> list[etree._Element]:
    story = tell(edition)
    groups = [*((group.heading, item) for group in story.news for item in group.items)]
    groups += [("Changed", item) for item in story.other]
    return [_entry(edition, heading, item) for heading, item in groups]


def _entry(edition: Edition, heading: str, item: Item) -> etree._Element:
    made = iso(edition.made_at)
    entry = etree.Element(_ATOM + "entry")
    _add(entry, "id", _urn(edition.name, made, heading, item.reason, item.target))
    _add(entry, "title", shorten(plain(f"{heading}: {item.name}"), 300))
    _add(entry, "updated", made)
    if address := web_address(item.url):
        etree.SubElement(entry, _ATOM + "link", rel="alternate", href=address)
    _add(entry, "content", "\n".join(_told(edition, item))).set("type", "text")
    return entry


def _told(edition: Edition, item: Item) -> Iterator[str]:
    yield shorten(plain(item.why), 500)
    if item.before or item.after:
        yield " → ".join(shorten(plain(state), 300) or "nothing" for state in (item.before, item.after))
    yield shorten(plain(item.url), 1_000)
    if item.replacement:
        yield f"{item.replacement_is}: {shorten(plain(item.replacement), 1_000)}"
    if item.line is not None:
        yield f"line {item.line} of {plain(edition.source)}"


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
