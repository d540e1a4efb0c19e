"""archive.org and web.archive.org: availability, CDX, and mementos of pages (the Wayback Machine).

A memento is raw with `id_` after its time stamp (the page to the letter) and dressed without it (toolbar,
links into the archive). A time stamp that is not one of a capture redirects (302) to the closest. Forums of
OpenReview are archived in each style of their page; see `forum.py`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, quote, urlsplit

from scraper.sandbox import forum, records
from scraper.sandbox.messages import Ask, Reply, as_json, as_text, document, page, redirect
from scraper.sandbox.world import World, surt

WEB = "https://web.archive.org/web"
_REPLAY = re.compile(r"/web/(?:(?P<stamp>\d{1,14})(?P<flag>[a-z]{2}_)?/)?(?P<url>[^/].*)")
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


def answer(world: World, ask: Ask) -> Reply:
    if world.faults.on("archive_down"):
        return page(
            "503 Service Unavailable", "<h1>Temporarily Offline</h1><p>Internet Archive services</p>", 503
        )
    if world.faults.on("archive_limited"):
        return page("429 Too Many Requests", "<h1>Too Many Requests</h1>", 429, headers={"retry-after": "60"})
    if ask.path == "/wayback/available":
        return _available(world, ask)
    if ask.path == "/cdx/search/cdx":
        return _cdx(world, ask)
    replay = _REPLAY.fullmatch(ask.target)
    if not replay:
        return page("Internet Archive", "<h1>Internet Archive</h1>", 200 if ask.path == "/" else 404)
    return _replay(world, replay["url"], replay["stamp"] or "", replay["flag"] or "")


# What is held


def forum_id(url: str) -> str:
    parts = urlsplit(url if "//" in url else f"//{url}")
    here = (parts.hostname or "").removeprefix("www.") == "openreview.net" and parts.path == "/forum"
    return parse_qs(parts.query).get("id", [""])[0] if here else ""


def captures(world: World, url: str) -> list[str]:
    """Time stamps of the captures of this address, oldest first; scheme and `www.` do not matter."""
    if world.faults.on("archive_without"):
        return []
    held = list(world.mementos.get(surt(url), []))
    note = world.notes.get(forum_id(url))
    if note and "everyone" in note["readers"]:
        held += records.FORUM_STAMPS
        held += [records.CHALLENGE_STAMP] * world.faults.on("archive_captured_challenge")
    return sorted(set(held))


def closest(held: list[str], wanted: str) -> str:
    """The capture nearest in time; the newest when no time is wanted."""
    if not wanted:
        return held[-1]
    return min(held, key=lambda stamp: abs(moment(stamp) - moment(wanted)))


def moment(stamp: str) -> datetime:
    """The time of a stamp; a short one means the start of its year, month, …"""
    stamp += "00000101000000"[len(stamp) :]
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _content(world: World, url: str, stamp: str) -> str:
    note = world.notes.get(forum_id(url))
    if note:
        return forum.forum_page(note, citations=stamp >= "202306", next_data=stamp < "20250609")
    if world.faults.on("archive_ruins") and stamp != captures(world, url)[0]:
        return document("Page not found", "<h1>Page not found</h1><p>There is no such page here.</p>")
    known = next((one for one in records.table("web") if surt(one["url"]) == surt(url)), {})
    title = known.get("title") or world.titles.get(url, url)
    return document(title, f"<h1>{title}</h1><p>What the archive holds of this page.</p>")


def _challenged(world: World, url: str, stamp: str) -> bool:
    return stamp == records.CHALLENGE_STAMP and bool(forum_id(url))


# Its interfaces


def _available(world: World, ask: Ask) -> Reply:
    url, wanted = ask.value("url"), ask.value("timestamp")
    held = captures(world, url)
    body: dict[str, object] = {"url": url, "archived_snapshots": {}}
    if held:
        stamp = closest(held, wanted)
        original = url if "//" in url else f"http://{url}"
        status = "307" if _challenged(world, url, stamp) else "200"
        snapshot = {"status": status, "available": True, "timestamp": stamp}
        where = f"http://web.archive.org/web/{stamp}/{original}"
        body["archived_snapshots"] = {"closest": snapshot | {"url": where}}
    return as_json(body | ({"timestamp": wanted} if wanted else {}))


def _cdx(world: World, ask: Ask) -> Reply:
    """Parameters: url, output, from, to, filter=FIELD:REGEX, fl, limit (negative: the last), sort=closest."""
    url = ask.value("url")
    rows = [_row(world, url, stamp) for stamp in captures(world, url)]
    lower, upper = ask.value("from"), ask.value("to")
    rows = [row for row in rows if lower <= row["timestamp"]]
    rows = [row for row in rows if not upper or row["timestamp"][: len(upper)] <= upper]
    for name, _, value in (one.partition(":") for one in ask.values("filter")):
        unwanted = name.startswith("!")
        rows = [row for row in rows if bool(re.fullmatch(value, row.get(name.lstrip("!"), ""))) != unwanted]
    if ask.value("sort") == "closest" and ask.value("closest"):
        near = moment(ask.value("closest"))
        rows.sort(key=lambda row: abs(moment(row["timestamp"]) - near))
    limit = int(ask.value("limit", "0"))
    rows = rows[limit:] if limit < 0 else rows[: limit or None]
    names = [name for name in ask.value("fl", ",".join(_FIELDS)).split(",") if name in _FIELDS]
    table = [[row[name] for name in names] for row in rows]
    if ask.value("output") == "json":
        return as_json([names, *table] if table else [])
    return as_text("".join(" ".join(row) + "\n" for row in table))


def _row(world: World, url: str, stamp: str) -> dict[str, str]:
    body = _content(world, url, stamp).encode()
    host, slash, rest = surt(url).partition("/")
    return {
        "urlkey": f"{','.join(reversed(host.split('.')))}){slash}{rest}".lower(),
        "timestamp": stamp,
        "original": url if "//" in url else f"http://{url}",
        "mimetype": "text/html",
        "statuscode": "307" if _challenged(world, url, stamp) else "200",
        "digest": base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode(),
        "length": str(len(body)),
    }


# Replay


def _replay(world: World, url: str, wanted: str, flag: str) -> Reply:
    if surt(url).startswith("openreview.net/challenge") and wanted == records.CHALLENGE_STAMP:
        return _memento([wanted], url, wanted, forum.challenge_page())
    held = captures(world, url)
    if not held:
        body = "<h1>Hrm.</h1><p>The Wayback Machine has not archived that URL.</p>"
        return page("Internet Archive Wayback Machine", body, 404)
    stamp = closest(held, wanted)
    if stamp != wanted:
        reason = {"x-archive-redirect-reason": f"found capture at {stamp}"}
        return redirect(f"{WEB}/{stamp}{flag}/{url}", 302, reason)
    if _challenged(world, url, stamp):
        challenge = "https://openreview.net/challenge?redirect=" + quote(
            f"/forum?id={forum_id(url)}", safe=""
        )
        return _memento(held, url, stamp, redirect(f"{WEB}/{stamp}{flag}/{challenge}", 307))
    text = _content(world, url, stamp)
    content = text if flag == "id_" else _dressed(text, stamp)
    return _memento(
        held, url, stamp, Reply(200, content.encode(), {"content-type": "text/html; charset=utf-8"})
    )


def _dressed(text: str, stamp: str) -> str:
    """With the archive's toolbar and with links that stay in the archive."""
    toolbar = (
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'></div><!-- END WAYBACK TOOLBAR INSERT -->"
    )
    inside = re.sub(r'href="(/[^"]*)"', rf'href="/web/{stamp}/https://openreview.net\1"', text)
    return inside.replace("<body>", f"<body>{toolbar}", 1)


def _memento(held: list[str], url: str, stamp: str, reply: Reply) -> Reply:
    when = format_datetime(moment(stamp), usegmt=True)
    links = [
        f'<{url}>; rel="original"',
        f'<{WEB}/timemap/link/{url}>; rel="timemap"; type="application/link-format"',
        f'<{WEB}/{url}>; rel="timegate"',
        f'<{WEB}/{held[0]}/{url}>; rel="first memento"; datetime="{_http_date(held[0])}"',
        f'<{WEB}/{stamp}/{url}>; rel="memento"; datetime="{when}"',
        f'<{WEB}/{held[-1]}/{url}>; rel="last memento"; datetime="{_http_date(held[-1])}"',
    ]
    added = {
        "memento-datetime": when,
        "link": ", ".join(links),
        "x-archive-orig-date": when,
        "x-archive-orig-content-type": reply.headers.get("content-type", "text/html"),
        "x-archive-orig-server": "sandbox",
    }
    return Reply(reply.status, reply.body, {**reply.headers, **added})


def _http_date(stamp: str) -> str:
    return format_datetime(moment(stamp), usegmt=True)
