"""api.openreview.net and api2.openreview.net: the two disjoint generations of OpenReview's API.

Shapes: notes as of 2020 (v1) and `{"value": …}` (v2), errors `{name, message, status, details}`, the guest
gate of June 2026 (403 ChallengeRequiredError), rate limits with `details.resetTime`, and the login of v2,
whose token both take. v2 knows nothing of v1's notes and answers 404 for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from scraper.sandbox.messages import Ask, Reply, as_json, page
from scraper.sandbox.world import Note, World

Json = dict[str, Any]

V1, V2 = "api.openreview.net", "api2.openreview.net"
REQUEST_ID = "2026-11-23-1000001"
LIMITED_FOR = timedelta(minutes=60, seconds=13)


def answer(world: World, ask: Ask) -> Reply:
    """Both APIs; they differ in which notes they know, in `count`, and in that v2 has the login."""
    disturbed = _disturbed(world, ask)
    if disturbed:
        return disturbed
    route = (ask.method, ask.path.rstrip("/"))
    if route == ("POST", "/login"):
        return _login(world, ask) if ask.host == V2 else _error("NotFoundError", "Not Found", 404)
    if route == ("GET", "/groups"):
        return as_json({"groups": [{"id": ask.value("id"), "members": []}], "count": 1})
    if route not in {("GET", "/notes"), ("GET", "/notes/search"), ("POST", "/notes/search"), ("GET", "/pdf")}:
        return _error("NotFoundError", f"The resource {ask.path} was not found", 404)
    refusal = _refusal(world, ask)
    reply = refusal or (_pdf(world, ask) if route[1] == "/pdf" else _read(world, ask))
    if world.faults.on("openreview_truncated_json") and reply.status == 200:
        return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
    return reply


def _disturbed(world: World, ask: Ask) -> Reply | None:
    if world.faults.on("openreview_502_html"):
        return page(
            "502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>", 502
        )
    if world.faults.on("openreview_v1_down") and ask.host == V1:
        return page("503 Service Temporarily Unavailable", "<center><h1>503</h1></center>", 503)
    # nginx refuses request lines of more than 8 kB
    return page("414 Request-URI Too Large", "<h1>414</h1>", 414) if len(ask.target) > 8_000 else None


# Who may read


def guest(world: World, ask: Ask) -> bool:
    return not world.openreview_tokens.get(ask.bearer, False)


def gated(world: World, ask: Ask) -> bool:
    return world.mode in {"gated", "login"} and guest(world, ask)


def _refusal(world: World, ask: Ask) -> Reply | None:
    if ask.bearer and guest(world, ask):
        return _error("TokenExpiredError", "Token has expired", 401)
    if world.first("openreview_burst", 1):
        return rate_limited(timedelta(seconds=1))
    if world.mode == "limited":
        return rate_limited(LIMITED_FOR)
    # /groups and v2's search stayed open to guests when the gate came
    if ask.host == V2 and ask.path == "/notes/search":
        return None
    shut = gated(world, ask) or (world.faults.on("openreview_api_gated_only") and guest(world, ask))
    if shut and world.faults.on("openreview_gate_page"):
        return page("Verifying your browser | OpenReview", "<h1>Verifying your browser</h1>")
    if shut:
        challenge = f"https://openreview.net/challenge?redirect={quote(ask.target, safe='')}"
        message = f"Challenge verification required ({REQUEST_ID})"
        return _error("ChallengeRequiredError", message, 403, challengeUrl=challenge, reqId=REQUEST_ID)
    return None


def rate_limited(wait: timedelta) -> Reply:
    minutes, seconds = divmod(int(wait.total_seconds()), 60)
    words = f"{minutes} minutes and {seconds} seconds" if minutes else f"{seconds} seconds"
    reset = (datetime.now(UTC) + wait).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = "Too many requests: You have made 37 requests, surpassing the limit of 36 requests. "
    reply = _error(
        "RateLimitError",
        f"{message}Please try again in {words} ({REQUEST_ID})",
        429,
        limit=36,
        remaining=0,
        resetTime=reset,
        used=37,
        current=37,
        reqId=REQUEST_ID,
    )
    limits = {"retry-after": str(int(wait.total_seconds())), "ratelimit-policy": "180;w=60"}
    return Reply(reply.status, reply.body, {**reply.headers, **limits})


def _error(name: str, message: str, status: int, **details: Any) -> Reply:
    body = {"name": name, "message": message, "status": status, "details": details}
    return as_json(body | {"errors": [{"type": name, "message": message}]}, status)


def _login(world: World, ask: Ask) -> Reply:
    given = ask.json() or {}
    account = given.get("id", "")
    if world.faults.on("openreview_login_limited"):
        return rate_limited(timedelta(seconds=54))
    if not given.get("password"):
        return _error("Error", "password cannot be empty or missing", 400)
    if world.openreview_users.get(account) != given["password"]:
        return _error("Error", "Invalid username or password", 400)
    if account.startswith("mfa"):
        pending = {"mfaPending": True, "mfaPendingToken": "sandbox-pending"}
        return as_json(pending | {"mfaMethods": ["totp", "emailOtp"], "preferredMethod": "totp"})
    number = world.tick("openreview_logins")
    token = f"sandbox-openreview-login-{number}"
    world.openreview_tokens[token] = not (world.faults.on("openreview_token_expired") and number == 1)
    user = {"id": account, "profile": {"id": "~Sandbox_Reader1", "preferredName": "Sandbox Reader"}}
    return as_json(
        {"token": token, "user": user}, headers={"set-cookie": f"openreview.accessToken={token}; Secure"}
    )


# What is read


def find(world: World, identifier: str) -> Note | None:
    """The note with this id: a paper, its original, or a reply; killed ones are None."""
    direct = world.notes.get(identifier)
    for note in [direct] if direct else world.notes.values():
        if world.death(f"https://openreview.net/forum?id={note['forum']}") is not None:
            continue
        if note is direct:
            return note
        if identifier == note.get("original"):
            own: Json = {"id": identifier, "forum": identifier, "original": None, "details": {"replies": []}}
            return {**note, **own, "invitation": f"{note['signatures'][0]}/-/Submission"}
        for reply in note["details"]["replies"]:
            if identifier == reply["id"]:
                return {**reply, "details": {"replies": []}}
    return None


def private(note: Note) -> bool:
    return "everyone" not in note.get("readers", ["everyone"])


def _here(note: Note, host: str) -> bool:
    return (note.get("version") == 2) == (host == V2)


def _read(world: World, ask: Ask) -> Reply:
    if ask.path == "/notes/search":
        return _search(world, ask)
    if ask.values("id"):
        return _one(world, ask, ask.value("id"))
    if ask.values("ids") or ask.values("ids[]"):
        wanted = [one for value in ask.values("ids") + ask.values("ids[]") for one in value.split(",")]
        return _listed(ask, _known(world, ask, wanted))
    if ask.values("forum"):
        found = _known(world, ask, [ask.value("forum")])
        # In no useful order: the replies may well come before the paper
        return _listed(ask, [reply for note in found for reply in note["details"]["replies"]] + found)
    if not ask.values("invitation"):
        return _error("Error", "Query parameters are missing or not allowed", 400)
    wanted_invitation = ask.value("invitation")
    invited = [note for note in world.notes.values() if wanted_invitation == note.get("invitation")]
    return _listed(ask, [note for note in invited if _here(note, ask.host) and not private(note)])


def _one(world: World, ask: Ask, identifier: str) -> Reply:
    note = find(world, identifier)
    if note is None or not _here(note, ask.host):
        return _error("NotFoundError", f"The Note {identifier} was not found", 404, reqId=REQUEST_ID)
    if private(note):
        who = "User Guest" if guest(world, ask) else "User Sandbox Reader"
        return _error("ForbiddenError", f"{who} does not have permission to see Note {identifier}", 403)
    return _listed(ask, [note])


def _known(world: World, ask: Ask, wanted: Iterable[str]) -> list[Note]:
    """Unknown ids are left out without a word, and so are notes that the asker may not see."""
    index = {
        key: note
        for note in world.notes.values()
        for key in (note["id"], note.get("original"))
        if key is not None
    }
    candidates = (find(world, one) for one in dict.fromkeys(wanted) if one in index)
    return [note for note in candidates if note and _here(note, ask.host) and not private(note)]


def _search(world: World, ask: Ask) -> Reply:
    if world.faults.on("openreview_search_unavailable"):
        return as_json({"notes": [], "count": 0, "searchUnavailable": True})
    given = ask.json() if ask.method == "POST" else None
    if isinstance(given, dict) and isinstance(given.get("ids"), list):
        found = _known(world, ask, [str(one) for one in given["ids"]])
        return as_json({"notes": [_shown(note, "") for note in found], "count": len(found)})
    term = ask.value("term").lower()
    titles = [(note, note["content"].get("title")) for note in world.notes.values() if _here(note, ask.host)]
    readable = [
        note for note, title in titles if term and term in _plain(title).lower() and not private(note)
    ]
    return as_json({"notes": [_shown(note, "") for note in readable], "count": len(readable)})


def _plain(value: Any) -> str:
    return str(value.get("value") if isinstance(value, dict) else value)


def _listed(ask: Ask, found: list[Note]) -> Reply:
    limit, offset = min(int(ask.value("limit", "1000")), 1000), int(ask.value("offset", "0"))
    shown = [_shown(note, ask.value("details")) for note in found[offset : offset + limit]]
    # v1 counts always, v2 only when asked to
    counted = ask.host == V1 or ask.value("count") == "true"
    return as_json({"notes": shown} | ({"count": len(found)} if counted else {}))


def _shown(note: Note, details: str) -> Json:
    """The note with the details that were asked for (comma-separated), and no others."""
    asked = set(details.split(",")) if details else set()
    below = note.get("details", {}).get("replies", [])
    direct = [reply for reply in below if reply.get("replyto") == note["id"]]
    available = {
        "replyCount": len(below),
        "directReplyCount": len(direct),
        "replies": below,
        "directReplies": direct,
    }
    shown = {key: value for key, value in note.items() if key != "details"}
    return shown | (
        {"details": {key: value for key, value in available.items() if key in asked}} if asked else {}
    )


def _pdf(world: World, ask: Ask) -> Reply:
    note = find(world, ask.value("id"))
    if note is None:
        return _error("NotFoundError", "The file was not found", 404)
    return Reply(200, b"%PDF-1.4\n% sandbox\n%%EOF\n", {"content-type": "application/pdf"})
