"""zenodo.org: the records API and the pages of a few made-up records.

The number of all versions redirects to the newest; a removed record is answered with 410 and its tombstone, a
restricted one with 403.
"""

from __future__ import annotations

from typing import Any

from scraper.sandbox import records
from scraper.sandbox.messages import Ask, Reply, as_json, page, redirect
from scraper.sandbox.world import World

_TOMBSTONE = {
    "removal_reason": {"id": "retracted", "title": {"en": "Retracted"}},
    "note": "Removed at the request of its authors",
    "removal_date": "2025-01-02T03:04:05+00:00",
    "is_visible": True,
}


def answer(world: World, ask: Ask) -> Reply:
    steps = ask.path.strip("/").split("/")
    api, number = steps[0] == "api", steps[-1]
    found = _record(number)
    if found is None or world.death(f"https://zenodo.org/records/{number}") is not None:
        said = {"status": 404, "message": "The persistent identifier does not exist."}
        return as_json(said, 404) if api else page("Not found", "<h1>Record not found</h1>", 404)
    if found["conceptrecid"] == number:
        return redirect(f"{'/api' if api else ''}/records/{found['id']}", 302)
    if found["state"] == "removed":
        said = {"status": 410, "message": "The record has been deleted.", "tombstone": _TOMBSTONE}
        return as_json(said, 410) if api else page("Gone", "<h1>Gone</h1>", 410)
    if found["state"] == "restricted":
        said = {"status": 403, "message": "Permission denied."}
        return as_json(said, 403) if api else page("Permission required", "<h1>Permission required</h1>", 403)
    title = found["metadata"]["title"]
    return as_json(found) if api else page(title, f"<h1>{title}</h1>")


def _record(number: str) -> dict[str, Any] | None:
    """The record with this number, or the newest of those that it stands for."""
    every = records.table("zenodo")
    own = next((one for one in every if str(one["id"]) == number), None)
    return own or next((one for one in reversed(every) if one["conceptrecid"] == number), None)
