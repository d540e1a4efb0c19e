"""RIS: tagged references as databases and managers export them, each under its title."""

from __future__ import annotations

import re

from scraper.articles.fields import link, whole
from scraper.articles.identifiers import Found, value
from scraper.articles.outline import Document, Lines, Section

_TAG = re.compile(r"^[ \t\ufeff]*(?P<tag>[A-Z][A-Z0-9])[ ]{1,2}-(?:[ ](?P<value>[^\r\n]*))?", re.MULTILINE)
_TITLES = ("TI", "T1", "CT", "BT")
_KINDS = {"DO": "doi", "DI": "doi"}
# Paths on somebody's disk (L1 to L4 may be addresses as well and are read).
_SILENT = frozenset({"ER", "TY", "ID"})


def read(text: str, document: Document, source: str) -> None:
    lines = Lines(text)
    for number, record in enumerate(_records(text), 1):
        title = next((one["value"] for name in _TITLES for one in record if one["tag"] == name), None)
        section = Section(number, " ".join((title or "").split()))
        for match in record:
            _links(match, text, document, lines, section)


def _records(text: str) -> list[list[re.Match[str]]]:
    """The tags of each reference, from TY to ER; a reference whose ER is missing ends at the next TY."""
    records: list[list[re.Match[str]]] = [[]]
    for match in _TAG.finditer(text):
        if match["tag"] == "TY" and records[-1]:
            records.append([])
        records[-1].append(match)
        if match["tag"] == "ER":
            records.append([])
    return [record for record in records if record]


def _links(match: re.Match[str], text: str, document: Document, lines: Lines, section: Section) -> None:
    if match["tag"] in _SILENT or not match["value"]:
        return
    said = whole(text, *match.span("value"))
    found: list[Found] = value(said.text, _KINDS.get(match["tag"], ""))
    document.links += [link(one, said, lines, section, match["tag"], "value") for one in found if one.certain]
