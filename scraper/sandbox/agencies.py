"""api.crossref.org, api.datacite.org and doi.org, for the made-up records.

Crossref answers an unknown DOI with plain text, DataCite with a list of errors. Both give lists too
(`/works?filter=doi:…,doi:…`, `/dois?ids=…`), which leave out what they do not have. Crossref says in the
headers of every answer how often it bears to be asked.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import unquote

from scraper.sandbox import records
from scraper.sandbox.messages import Ask, Reply, as_json, as_text, page, redirect
from scraper.sandbox.world import World

Json = dict[str, Any]

_POOL = {
    "x-rate-limit-limit": "5",
    "x-rate-limit-interval": "1s",
    "x-concurrency-limit": "1",
    "x-api-pool": "public",
}
_ROWS, _MOST_ROWS, _PAGE_SIZE = 20, 1_000, 25
_LONGEST = 8_000
"""Characters of a request line that the servers take."""


def _doi(world: World, doi: str, agency: str = "") -> Json | None:
    if world.death(f"https://doi.org/{doi}") is not None:
        return None
    matching = (one for one in records.table("dois") if one["doi"] == doi.lower())
    return next((one for one in matching if agency in ("", one["agency"])), None)


def doi_org(world: World, ask: Ask) -> Reply:
    """The resolver, and `/ra/DOI`, which tells the registration agency."""
    doi = unquote(ask.path.strip("/"))
    if doi.startswith("ra/"):
        asked = doi.removeprefix("ra/")
        known = _doi(world, asked)
        told = {"RA": known["agency"]} if known else {"status": "DOI does not exist"}
        return as_json([{"DOI": asked, **told}])
    record = _doi(world, doi)
    if record is None:
        return page("DOI Not Found", f"<h1>DOI Not Found</h1><p>{html.escape(doi)}</p>", 404)
    return redirect(record["url"], 302)


# Crossref


def crossref(world: World, ask: Ask) -> Reply:
    if len(ask.target) > _LONGEST:
        return page("414 Request-URI Too Large", "<h1>414</h1>", 414)
    if ask.path.rstrip("/") == "/works":
        return _crossref_list(world, ask)
    record = _doi(world, unquote(ask.path.removeprefix("/works/")), "Crossref")
    if not record:
        return as_text("Resource not found.", 404)
    return _enveloped("work", _work(record))


def _crossref_list(world: World, ask: Ask) -> Reply:
    filters = [one.partition(":")[::2] for one in ask.value("filter").split(",") if one]
    wrong = [name for name, _ in filters if name != "doi"]
    if wrong or not filters:
        failure = {"type": "filter-not-available", "value": wrong[:1], "message": "Filter is not available"}
        body = {"status": "failed", "message-type": "validation-failure", "message": [failure]}
        return as_json(body, 400, headers=_POOL)
    found = [record for _, doi in filters if (record := _doi(world, doi, "Crossref"))]
    rows = min(int(ask.value("rows") or _ROWS), _MOST_ROWS)
    selected = [name for name in ask.value("select").split(",") if name]
    works = [_selected(_work(record), selected) for record in found[:rows]]
    message = {"facets": {}, "total-results": len(found), "items": works, "items-per-page": rows}
    return _enveloped("work-list", message)


def _selected(work: Json, names: list[str]) -> Json:
    return {name: value for name, value in work.items() if not names or name in names}


def _enveloped(kind: str, message: Json) -> Reply:
    envelope = {"status": "ok", "message-type": kind, "message-version": "1.0.0"}
    return as_json(envelope | {"message": message}, headers=_POOL)


def _work(record: Json) -> Json:
    dated = {"date-parts": [record["date"]]}
    message: Json = {
        "DOI": record["doi"],
        "type": "journal-article",
        "title": [record["title"]],
        "author": [
            {
                "given": given,
                "family": family,
                "sequence": "additional" if index else "first",
                "affiliation": [],
            }
            for index, (given, family) in enumerate(record["authors"])
        ],
        "container-title": [record["container"]],
        "publisher": "Sandbox",
        "issued": dated,
        "published": dated,
        "created": {"date-time": "2021-01-01T00:00:00Z"},
        "URL": f"https://doi.org/{record['doi']}",
        "resource": {"primary": {"URL": record["url"]}},
    }
    if record["abstract"]:
        message["abstract"] = f"<jats:title>Abstract</jats:title><jats:p>{record['abstract']}</jats:p>"
    if license_url := record["license"]:
        message["license"] = [
            {"URL": license_url, "start": dated, "delay-in-days": 0, "content-version": "vor"}
        ]
    if record.get("notices"):
        message["updated-by"] = [_update(notice) for notice in record["notices"]]
    return message


def _update(notice: Json) -> Json:
    year, month, day = notice["date"]
    moment = f"{year}-{month:02}-{day:02}T00:00:00Z"
    return {
        "DOI": notice["doi"],
        "type": notice["type"],
        "label": notice["type"].replace("_", " ").capitalize(),
        "source": notice["source"],
        "updated": {"date-parts": [notice["date"]], "date-time": moment},
    }


# DataCite


def datacite(world: World, ask: Ask) -> Reply:
    if len(ask.target) > _LONGEST:
        return page("414 Request-URI Too Large", "<h1>414</h1>", 414)
    if ask.path.rstrip("/") == "/dois":
        return _datacite_list(world, ask)
    record = _doi(world, unquote(ask.path.removeprefix("/dois/")), "DataCite")
    if not record:
        error = {"status": "404", "title": "The resource you are looking for doesn't exist."}
        return as_json({"errors": [error]}, 404)
    return as_json({"data": _data(record)})


def _datacite_list(world: World, ask: Ask) -> Reply:
    found = [record for doi in ask.value("ids").split(",") if (record := _doi(world, doi, "DataCite"))]
    size = min(int(ask.value("page[size]") or _PAGE_SIZE), _MOST_ROWS)
    meta = {"total": len(found), "totalPages": -(-len(found) // size) if found else 0, "page": 1}
    return as_json({"data": [_data(record) for record in found[:size]], "meta": meta})


def _data(record: Json) -> Json:
    year, month, day = record["date"]
    attributes = {
        "doi": record["doi"],
        "titles": [{"title": record["title"]}],
        "creators": [
            {"name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family}
            for given, family in record["authors"]
        ],
        "publisher": record["container"],
        "publicationYear": year,
        "dates": [{"date": f"{year}-{month:02}-{day:02}", "dateType": "Issued"}],
        "descriptions": [{"description": record["abstract"], "descriptionType": "Abstract"}],
        "rightsList": [{"rights": "Sandbox", "rightsIdentifier": record["license"].lower()}],
        "types": {"resourceTypeGeneral": "Dataset"},
        "url": record["url"],
        "version": "1.0",
        "state": "findable",
    }
    return {"id": record["doi"], "type": "dois", "attributes": attributes}
