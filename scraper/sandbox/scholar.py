"""export.arxiv.org, arxiv.org, doi.org, api.crossref.org and api.datacite.org, for the made-up records.

arXiv answers in Atom, tells versions in the entry's id and a withdrawal in its comment, and answers an
unknown id with no entry; Crossref answers an unknown DOI with plain text, DataCite with a list of errors.
"""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import unquote

from scraper.sandbox import records
from scraper.sandbox.messages import BANNER, Ask, Reply, as_json, as_text, page, redirect
from scraper.sandbox.world import World

Json = dict[str, Any]

_FEED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
)


# arXiv


def export_arxiv(world: World, ask: Ask) -> Reply:
    if world.faults.on("arxiv_down"):
        return Reply(503, b"Rate exceeded.", {"retry-after": "5", "content-type": "text/plain"})
    if ask.path != "/api/query":
        return page("arXiv.org", "<h1>Not found</h1>", 404)
    wanted = [one.strip() for one in ask.value("id_list").split(",") if one.strip()]
    malformed = [
        one for one in wanted if not re.fullmatch(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?", one)
    ]
    if malformed:
        return as_text(_feed([_arxiv_error(malformed[0])]), 400, "application/atom+xml; charset=utf-8")
    found = [entry for one in wanted if (entry := _arxiv(world, one))]
    limit = int(ask.value("max_results", "10"))
    return as_text(_feed(found[:limit], len(found)), 200, "application/atom+xml; charset=utf-8")


def _feed(entries: list[str], total: int = 1) -> str:
    head = f"<title>arXiv Query (sandbox)</title><subtitle>{html.escape(BANNER)}</subtitle>"
    counts = f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    return f"{_FEED}<id>http://arxiv.org/api/sandbox</id>{head}{counts}{''.join(entries)}</feed>"


def _arxiv_error(identifier: str) -> str:
    words = f"incorrect id format for {html.escape(identifier)}"
    where = f"http://arxiv.org/api/errors#incorrect_id_format_for_{html.escape(identifier)}"
    return f"<entry><id>{where}</id><title>Error</title><summary>{words}</summary></entry>"


def _arxiv(world: World, identifier: str) -> str:
    """The entry for an id with or without a version; empty for what does not exist."""
    plain, _, version = identifier.partition("v")
    record = next((one for one in records.table("arxiv") if one["id"] == plain), None)
    dead = world.death(f"https://arxiv.org/abs/{plain}") is not None
    if record is None or dead or (version and int(version) > record["versions"]):
        return ""
    where = f"{plain}v{version or record['versions']}"
    authors = "".join(f"<author><name>{html.escape(one)}</name></author>" for one in record["authors"])
    optional = {"comment": record["comment"], "doi": record["doi"]}
    extra = "".join(
        f"<arxiv:{key}>{html.escape(value)}</arxiv:{key}>" for key, value in optional.items() if value
    )
    return (
        f"<entry><id>http://arxiv.org/abs/{where}</id><title>{html.escape(record['title'])}</title>"
        f"<published>{record['published']}</published><updated>{record['updated']}</updated>"
        f"<summary>\n  {html.escape(record['summary'])}\n</summary>{authors}{extra}"
        f'<link href="https://arxiv.org/abs/{where}" rel="alternate" type="text/html"/>'
        f'<link title="pdf" href="https://arxiv.org/pdf/{where}" rel="related" type="application/pdf"/>'
        f'<arxiv:primary_category term="{record["category"]}"/></entry>'
    )


def arxiv(world: World, ask: Ask) -> Reply:
    """arxiv.org: abstract pages and PDFs."""
    kind, _, rest = ask.path.strip("/").partition("/")
    plain = rest.removesuffix(".pdf").partition("v")[0]
    record = next((one for one in records.table("arxiv") if one["id"] == plain), None)
    if kind not in {"abs", "pdf"} or not record or world.death(f"https://arxiv.org/abs/{plain}") is not None:
        return page("Article not found | arXiv", "<h1>Article identifier not recognized</h1>", 404)
    if kind == "pdf":
        return Reply(200, b"%PDF-1.4\n% sandbox\n%%EOF\n", {"content-type": "application/pdf"})
    title = html.escape(record["title"])
    head = f'<meta name="citation_title" content="{title}"><meta name="citation_arxiv_id" content="{plain}">'
    return page(f"[{plain}] {record['title']}", f"<h1>{title}</h1><p>{record['summary']}</p>", head=head)


# DOI


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


def crossref(world: World, ask: Ask) -> Reply:
    record = _doi(world, unquote(ask.path.removeprefix("/works/")), "Crossref")
    if not record:
        return as_text("Resource not found.", 404)
    dated = {"date-parts": [record["date"]]}
    license_url = record["license"]
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
    if license_url:
        message["license"] = [
            {"URL": license_url, "start": dated, "delay-in-days": 0, "content-version": "vor"}
        ]
    if record.get("retracted"):
        message["updated-by"] = [{"DOI": f"{record['doi']}.r", "type": "retraction", "label": "Retraction"}]
    envelope = {"status": "ok", "message-type": "work", "message-version": "1.0.0"}
    return as_json(envelope | {"message": message})


def datacite(world: World, ask: Ask) -> Reply:
    record = _doi(world, unquote(ask.path.removeprefix("/dois/")), "DataCite")
    if not record:
        error = {"status": "404", "title": "The resource you are looking for doesn't exist."}
        return as_json({"errors": [error]}, 404)
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
    return as_json({"data": {"id": record["doi"], "type": "dois", "attributes": attributes}})
