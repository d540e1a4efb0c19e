"""A work as Crossref or DataCite describes it, as a record. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scraper.model import Record
from scraper.sites.citation import given_first
from scraper.sites.doi.dates import crossref_date, datacite_date
from scraper.sites.doi.notices import Notice, crossref_notices, datacite_notices, notice_record
from scraper.sites.licences import creative_commons, spdx_of
from scraper.sites.markup import plain
from scraper.sites.values import items, mapping, one_line, texts

CROSSREF_FIELDS = (
    *("DOI", "title", "abstract", "author", "subject", "container-title", "event", "license", "link"),
    *("published", "published-online", "published-print", "posted", "issued", "updated-by", "update-to"),
)
"""What `crossref_record` reads of a work; a list of works is asked for no more."""


def crossref_record(work: Mapping[str, Any]) -> Record:
    """https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md"""
    people = [mapping(person) for person in items(work.get("author"))]
    names = [_full_name(p.get("given"), p.get("family")) or p.get("name") for p in people]
    links = sorted(map(mapping, items(work.get("link"))), key=_version)
    pdfs = (link.get("URL") for link in links if link.get("content-type") == "application/pdf")
    licenses = (
        creative_commons(license_.get("URL"))
        for license_ in sorted(map(mapping, items(work.get("license"))), key=_version)
        if license_.get("content-version") != "am"
    )
    title = _line(_first(work.get("title")))
    return _known(
        title=title,
        abstract=plain(work.get("abstract")),
        authors=_lines(names),
        keywords=_lines(items(work.get("subject"))),
        venue=_line(_first(work.get("container-title"))) or _line(mapping(work.get("event")).get("name")),
        published_at=crossref_date(work),
        license_spdx=next((name for name in licenses if name), None),
        pdf_url=next((address for address in map(one_line, pdfs) if address), None),
    ) | _since(crossref_notices(work), title)


def datacite_record(work: Mapping[str, Any]) -> Record:
    """https://support.datacite.org/docs/api-get-doi"""
    descriptions = [mapping(description) for description in items(work.get("descriptions"))]
    abstracts = [d.get("description") for d in descriptions if d.get("descriptionType") == "Abstract"]
    rights = [mapping(right) for right in items(work.get("rightsList"))]
    title = _main_title(work)
    return _known(
        title=title,
        abstract=next(filter(None, map(plain, abstracts)), None),
        authors=_lines([_creator(mapping(creator)) for creator in items(work.get("creators"))]),
        keywords=_lines([mapping(subject).get("subject") for subject in items(work.get("subjects"))]),
        venue=_line(mapping(work.get("container")).get("title")) or _published_in(work),
        published_at=datacite_date(work),
        license_spdx=next(filter(None, map(_license, rights)), None),
        version=one_line(work.get("version")),
    ) | _since(datacite_notices(work), title)


def _license(right: Mapping[str, Any]) -> str | None:
    """Software has an identifier of SPDX's (`mit`); where another list is named it may mean anything."""
    identifier, scheme = (
        right.get("rightsIdentifier"),
        one_line(right.get("rightsIdentifierScheme")) or "spdx",
    )
    known = creative_commons(identifier) or (spdx_of(identifier) if scheme.lower() == "spdx" else None)
    return known or creative_commons(right.get("rightsUri"))


def _main_title(work: Mapping[str, Any]) -> str | None:
    """A `titleType` is for all other titles (alternative, translated, subtitle), and some stand before it."""
    titles = [mapping(title) for title in items(work.get("titles"))]
    ordered = sorted(titles, key=lambda title: bool(title.get("titleType")))
    return next(filter(None, (_line(title.get("title")) for title in ordered)), None)


def _published_in(work: Mapping[str, Any]) -> str | None:
    """The journal or book of kernel 4.4 and later, which has no `container`."""
    whole = (mapping(item) for item in items(work.get("relatedItems")))
    return next(
        (
            title
            for item in whole
            if item.get("relationType") == "IsPublishedIn" and (title := _main_title(item))
        ),
        None,
    )


def _version(part: Mapping[str, Any]) -> int:
    """The version of record first, then what is of none, for miners, and an accepted manuscript last."""
    return {"vor": 0, "tdm": 2, "am": 3}.get(str(part.get("content-version")), 1)


def _since(notices: Sequence[Notice], title: str | None) -> Record:
    """What became of the work. Agencies do not say what the authors wished: `withdrawn` is left empty."""
    return {"withdrawn": None, **notice_record(notices, title)}


def _known(**fields: Any) -> Record:
    return {name: value for name, value in fields.items() if value is not None}


def _line(markup: object) -> str | None:
    return one_line(plain(markup))


def _lines(values: list[Any]) -> list[str] | None:
    return texts([plain(value) for value in values]) or None


def _first(value: object) -> object:
    listed = items(value)
    return listed[0] if listed else None


def _full_name(given: object, family: object) -> str | None:
    return " ".join(part for part in (one_line(given), one_line(family)) if part) or None


def _creator(creator: Mapping[str, Any]) -> str | None:
    """DataCite's `name` is `Family, Given` for people; most records of journals have no `nameType`."""
    if full := _full_name(creator.get("givenName"), creator.get("familyName")):
        return full
    name = one_line(creator.get("name"))
    return given_first(name) if name and creator.get("nameType") != "Organizational" else name
