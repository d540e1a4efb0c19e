"""The rest of the web: the article's other hosts, Google Drive, GitHub's pages, and any host at all.

How these hosts behave is invented; `records.json` has a label for each address that the article links to.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

from scraper.sandbox import behaviours, github_parts, records
from scraper.sandbox.messages import Ask, Reply, page, redirect
from scraper.sandbox.world import World

Json = dict[str, Any]


def answer(world: World, ask: Ask) -> Reply:
    """A page that a test has put there, a host of the article, or the named behaviours of `behaviours.py`."""
    death = world.death(ask.url)
    if death is not None:
        return page(f"Error {death}", f"<h1>Error {death}</h1>", death)
    if ask.url in world.pages:
        return _unless_known(world.pages[ask.url], ask)
    own: list[Json] = [one for one in records.table("web") if one["url"].split("/")[2] == ask.host]
    if not own:
        return behaviours.answer(world, ask)
    missing: Json = {"status": 404, "title": "Page not found"}
    known = next((one for one in own if one["url"] == ask.url), missing)
    if "location" in known:
        return redirect(known["location"], known["status"])
    if known.get("cloudflare"):
        return behaviours.cloudflare(known["status"])
    if known["status"] != 200:
        return page(known.get("title", "Request denied"), "<h1>No</h1>", known["status"])
    return behaviours.article(known["title"])


def _unless_known(found: Reply, ask: Ask) -> Reply:
    """304 where the visitor has it already (RFC 9110, 13.1.2 and 13.1.3)."""
    for condition, validator in (("if-none-match", "etag"), ("if-modified-since", "last-modified")):
        if validator in found.headers and ask.headers.get(condition) == found.headers[validator]:
            return Reply(304, headers={validator: found.headers[validator]})
    return found


def github_pages(world: World, ask: Ask) -> Reply:
    """github.com: repositories and what is in them, owners, and the 404 page."""
    owner, _, rest = ask.path.strip("/").partition("/")
    name, _, below = rest.partition("/")
    name = name.removesuffix(".git")
    found, former = world.repository(f"{owner}/{name}"), world.follow(f"{owner}/{name}")
    if found and found["blocked"] and found["blocked"]["status"] == 451:
        return page("Repository unavailable due to DMCA takedown.", "<h1>Unavailable</h1>", 451)
    open_to_all = found and not found["private"] and not found["blocked"]
    if found and open_to_all and below:
        return github_parts.shown(world, found, below, ask) or _github_404()
    if found and open_to_all:
        title = f"GitHub - {found['full_name']}: {found['description'] or ''}"
        return page(title, f"<h1>{html.escape(found['full_name'])}</h1>")
    if former and not found:
        return redirect("/".join(filter(None, (f"https://github.com/{former['full_name']}", below))), 301)
    if not rest and any(key.startswith(f"{owner.lower()}/") for key in world.repositories):
        return page(f"{owner} · GitHub", f"<h1>{html.escape(owner)}</h1>")
    return _github_404()


def _github_404() -> Reply:
    return page(
        "Page not found · GitHub · GitHub",
        "<h1>404</h1><p>This is not the web page you are looking for.</p>",
        404,
    )


def google(world: World, ask: Ask) -> Reply:
    """drive.google.com and docs.google.com: a file that is open, one that needs a login, or none."""
    steps = ask.path.strip("/").split("/")
    identifier = ask.value("id") or (steps[2] if len(steps) > 2 else "")
    if steps[0] in {"open", "uc"} and identifier:
        return redirect(f"https://drive.google.com/file/d/{quote(identifier)}/view", 303)
    gone = world.death(f"https://drive.google.com/file/d/{identifier}/view") is not None
    state = "gone" if gone else world.drive.get(identifier, "gone")
    if state == "login":
        asked = quote(ask.url, safe="")
        return redirect(
            f"https://accounts.google.com/ServiceLogin?service=wise&continue={asked}&followup={asked}", 302
        )
    if state == "open":
        head = '<meta property="og:title" content="sandbox.zip">'
        return page("sandbox.zip - Google Drive", "<h1>sandbox.zip</h1>", head=head)
    words = "<p>Sorry, the file you have requested does not exist.</p>"
    return page("Page Not Found", f"<h1>Google Drive</h1>{words}", 404)


def google_accounts(world: World, ask: Ask) -> Reply:
    return page(
        "Google Drive: Sign-in", "<h1>Sign in</h1><form><input type='email' name='identifier'></form>"
    )
