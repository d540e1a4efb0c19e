"""export.arxiv.org and arxiv.org, for the made-up records.

arXiv answers in Atom, tells versions in the entry's id and a withdrawal in its comment, and answers an
unknown id with no entry. Its page says the same in `citation_*` tags, two cells and the history of versions.
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from scraper.sandbox import records
from scraper.sandbox.messages import BANNER, Ask, Reply, as_text, page
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
    return page(f"[{plain}] {record['title']}", _abstract_page(record), head=_tags(record))


def _tags(record: Json) -> str:
    """`citation_date` is the first version's day, `citation_online_date` the last one's; names are turned."""
    days = [datetime.fromisoformat(record[name]).strftime("%Y/%m/%d") for name in ("published", "updated")]
    turned = (one.rpartition(" ")[::2] for one in record["authors"])
    tags = [
        ("citation_title", record["title"]),
        *(("citation_author", f"{family}, {given}" if given else family) for given, family in turned),
        *zip(("citation_date", "citation_online_date"), days, strict=True),
        ("citation_pdf_url", f"https://arxiv.org/pdf/{record['id']}"),
        ("citation_arxiv_id", record["id"]),
        ("citation_abstract", record["summary"]),
    ]
    return "".join(f'<meta name="{name}" content="{html.escape(value)}" />' for name, value in tags)


def _abstract_page(record: Json) -> str:
    comment = html.escape(record["comment"] or "")
    linked = re.sub(r"(https?://[^\s<]+)", r'<a href="\1" rel="external">this https URL</a>', comment)
    cell = f'<td class="tablecell comments mathjax">{linked}</td>' if comment else ""
    return (
        f'<h1 class="title mathjax">{html.escape(record["title"])}</h1><table><tr>{cell}</tr></table>'
        f'<div class="submission-history"><h2>Submission history</h2>{"<br/>".join(_history(record))}</div>'
    )


def _history(record: Json) -> list[str]:
    """Of the versions between the first and the last the records know no date; they are given the first's."""
    last = record["versions"]
    lines = []
    for number in range(1, last + 1):
        day = datetime.fromisoformat(record["updated" if number == last else "published"])
        shown = (
            f"[v{number}]" if number == last else f'<a href="/abs/{record["id"]}v{number}">[v{number}]</a>'
        )
        lines.append(f"<strong>{shown}</strong> {day:%a, %-d %b %Y %H:%M:%S} UTC (12 KB)")
    return lines
