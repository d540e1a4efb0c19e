"""`scraper refresh --profile`: where the requests and the time of a run went, per key and per stage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.files import published_or_told, write
from scraper.reports.text import document

if TYPE_CHECKING:
    from scraper.run import Result

PROFILE = "profile.json"
"""Its name in the folder of reports."""


def profile(result: Result) -> dict[str, Any]:
    """Seconds by stage; requests and seconds of waiting for answers by key, the costliest key first.

    Requests are made at the same time, so the seconds of the keys add up to more than the stage `visit`.
    What a key waited between the tries of its requests (back-off, Retry-After) stands beside them.
    """
    tally = result.tally
    by_cost = sorted(tally.requests, key=lambda key: (-tally.seconds[key], key))
    return {
        "elapsed_seconds": round(result.elapsed, 3),
        "stages": {name: round(seconds, 3) for name, seconds in result.stages.items()},
        "requests": tally.total,
        "keys": [
            {
                "key": key,
                "requests": tally.requests[key],
                "seconds": round(tally.seconds[key], 3),
                "waited_seconds": round(tally.waited.get(key, 0.0), 3),
            }
            for key in by_cost
        ],
    }


def write_profile(result: Result, reports: Path) -> Path:
    """Write `profile.json` into the folder of reports. Raises NotPublished."""
    path = reports / PROFILE
    with published_or_told("the profile"):
        reports.mkdir(parents=True, exist_ok=True)
        write(path, document(**profile(result)) + "\n")
    return path
