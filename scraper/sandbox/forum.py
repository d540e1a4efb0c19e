"""openreview.net as people see it: forum pages of today and of 2022, error pages, the challenge, the login.

Today's pages have the metadata in `<head>` as `citation_*` tags and no `__NEXT_DATA__`; pages before June
2023 had `__NEXT_DATA__` and no `citation_abstract`; those between had both. A wrong link answers **200** with
an error page, and a visitor who must be challenged is sent to `/challenge` (307): 200, the same for every id.
"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from scraper.sandbox import openreview
from scraper.sandbox.messages import BANNER, Ask, Reply, as_json, as_text, document, page, redirect
from scraper.sandbox.world import Note, World


def answer(world: World, ask: Ask) -> Reply:
    if ask.scheme == "http":
        return redirect(f"https://openreview.net{ask.target}", 301)
    if ask.path == "/forum":
        return _forum(world, ask)
    if ask.path in {"/pdf", "/attachment"}:
        return _file(world, ask)
    fixed = {
        "/": page("Venues | OpenReview", "<h1>OpenReview.net</h1><h2>Active Venues</h2>"),
        "/group": page(f"{ask.value('id')} | OpenReview", f"<h1>{html.escape(ask.value('id'))}</h1>"),
        "/login": page("Login | OpenReview", "<h1>Log in</h1><form><input type='password'></form>"),
        "/challenge": challenge_page(),
        "/robots.txt": as_text("User-agent: *\nDisallow: /*?*email=\n"),
        "/healthcheck": as_json({"healthy": True}),
    }
    return fixed.get(ask.path) or page("Error | OpenReview", _next_404(), 404)


def _next_404() -> str:
    words = "Please check that the URL is spelled correctly and try again."
    return f'<div class="error-display"><h1>Error 404</h1><p>{words}</p></div>'


def challenge_page() -> Reply:
    """The same bytes whatever was asked for."""
    body = "<h1>Verifying your browser</h1><div class='cf-turnstile'></div><p>One moment, please.</p>"
    headers = {"x-robots-tag": "noindex, nofollow"}
    return page("Verifying your browser | OpenReview", body, headers=headers)


def _to(path: str, ask: Ask) -> Reply:
    return redirect(f"{path}?redirect={quote(ask.target, safe='/' if path == '/login' else '')}", 307)


def _forum(world: World, ask: Ask) -> Reply:
    if openreview.gated(world, ask):
        return _to("/challenge", ask)
    if world.mode == "limited":
        body: dict[str, Any] = json.loads(openreview.rate_limited(openreview.LIMITED_FOR).body)
        return _error_page(body["message"])
    identifier = ask.value("id")
    if not identifier:
        return _error_page("Forum or note ID is required")
    note = openreview.find(world, identifier)
    if note is None:
        return _error_page(f"The Note {identifier} was not found")
    if openreview.private(note):
        return _to("/login", ask)
    right = _right_forum(world, note)
    if right != identifier:
        return redirect(f"/forum?id={right}&noteId={identifier}", 307)
    if note.get("ddate"):
        return _error_page("Not Found")
    return Reply(200, forum_page(note).encode(), {"content-type": "text/html; charset=utf-8"})


def _right_forum(world: World, note: Note) -> str:
    """The forum of a reply, and the blind paper's forum for the id of its original."""
    blind = next((one for one in world.notes.values() if one.get("original") == note["id"]), note)
    return str(blind["forum"])


def _error_page(message: str) -> Reply:
    shown = f'<h1>Error</h1><pre class="error-message">{html.escape(message)}</pre>'
    body = f'<div class="error-display">{shown}</div>'
    return page("Forum | OpenReview", body)


def _file(world: World, ask: Ask) -> Reply:
    if openreview.gated(world, ask):
        return page("Verifying your browser | OpenReview", "<h1>Challenge verification required</h1>", 403)
    api = Ask("https", openreview.V1, "GET", "/pdf", f"id={quote(ask.value('id'))}", ask.headers)
    return openreview.answer(world, api)


# Pages


def plain(note: Note) -> dict[str, Any]:
    """The note's content without the wrapping of v2."""
    return {
        key: value["value"] if isinstance(value, dict) and "value" in value else value
        for key, value in note["content"].items()
    }


def names(content: dict[str, Any]) -> list[str]:
    """Authors' names; v2 may give objects with `fullname`."""
    return [one["fullname"] if isinstance(one, dict) else one for one in content.get("authors") or []]


def forum_page(note: Note, *, citations: bool = True, next_data: bool = False, banner: str = BANNER) -> str:
    content = plain(note)
    title, authors, abstract = content.get("title", ""), names(content), content.get("abstract", "")
    summary = content.get("TL;DR") or content.get("TLDR") or content.get("one-sentence_summary") or abstract
    head = _meta("name", "description", summary) + (_citations(note, content) if citations else "")
    head += _meta("property", "og:title", title[:70]) + _meta("property", "og:description", summary[:200])
    body = (
        f'<h2 class="note_content_title citation_title"><a>{html.escape(title)}</a> '
        f'<a class="note_content_pdf citation_pdf_url" href="/pdf?id={note["id"]}">PDF</a></h2>'
        f'<h3 class="signatures author">{html.escape(", ".join(authors))}</h3>'
        f'<span class="date item">Published: {_day(note):%d %b %Y}</span>'
        f'<div><strong class="note-content-field">Abstract:</strong> '
        f'<span class="note-content-value">{html.escape(abstract)}</span></div>'
        f'<div id="reply_count">{len(note["details"]["replies"])} Replies</div><p>Loading</p>'
    )
    if next_data:
        forum_note = {key: value for key, value in note.items() if key != "details"}
        data = {
            "props": {"pageProps": {"forumNote": forum_note, "query": {"id": note["id"]}}},
            "page": "/forum",
        }
        # As Next.js does it: no `<` inside the script
        text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        body += f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'
    return document(f"{title} | OpenReview", body, head, banner)


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(content)}">'


def _day(note: Note) -> datetime:
    stamp = note.get("pdate") or note.get("cdate") or note.get("tcdate") or 0
    return datetime.fromtimestamp(stamp / 1000, UTC)


def _citations(note: Note, content: dict[str, Any]) -> str:
    dated = ("citation_online_date", note["odate"] / 1000) if note.get("odate") else None
    name, moment = dated or ("citation_publication_date", _day(note).timestamp())
    booktitle = content.get("_bibtex", "").partition("booktitle={")[2].partition("}")[0]
    doi = next((one[4:] for one in note.get("externalIds", []) if one.startswith("doi:")), "")
    tags = [
        ("citation_title", content.get("title", "")),
        *(("citation_author", author) for author in names(content)),
        (name, f"{datetime.fromtimestamp(moment, UTC):%Y/%m/%d}"),
        ("citation_pdf_url", f"https://openreview.net/pdf?id={note['id']}" if content.get("pdf") else ""),
        ("citation_abstract", content.get("abstract", "")),
        ("citation_conference_title", booktitle),
        ("citation_doi", doi),
    ]
    return "".join(_meta("name", key, value) for key, value in tags if value)
