"""What a careful visitor should find for each target of the article, in each mode of the sandbox."""

from __future__ import annotations

from scraper.sandbox import records


def expected(mode: str) -> dict[str, tuple[str, str]]:
    """The expected (health, reason) of each of the article's 36 targets, by its key, in this mode.

    For a guest; in the mode `login` for who has logged in.
    """
    forums = {
        "open": ("alive", "confirmed_by_api"),
        "gated": ("blocked", "challenge"),
        "limited": ("unverified", "rate_limited"),
        "login": ("alive", "confirmed_by_api"),
    }
    labels = {f"openreview:{one['id']}": forums[mode] for one in records.table("papers")}
    known = {f"github:{one['full_name'].lower()}" for one in records.table("repositories")}
    labels |= dict.fromkeys(known, ("alive", "ok"))
    labels |= {f"gdrive:{one['id']}": tuple(one["label"]) for one in records.table("drive") if "label" in one}
    return labels | {
        f"web:{one['url']}": tuple(one["label"]) for one in records.table("web") if "label" in one
    }
