"""A third set, thought of before the rules were read again: trades, owners and moves that the first two lack.

New owners keep the old name beside their trade, are a dentist or a roofer, sit in a frame, hide in letters
that only look like letters, or stand behind a chain of counters. Things move to repositories and forges, into
another language, to an address without its name, behind a short link, or say so by markup and by 308.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

from servers import redirect

from takeovers.cases import Case, Routes, at, good, ok, slug
from takeovers.pages import THINGS, Thing, own

_SAID = json.loads((Path(__file__).parent / "third.json").read_text("utf-8"))


def takeovers() -> Iterator[Case]:
    for number, sold in enumerate(_SAID):
        thing = THINGS[(number * 11 + 2) % len(THINGS)]
        host = f"third{number}-{thing.host}"
        url = f"http://{host}{thing.path}"
        now = _taken(sold, thing, host, url, number)
        then: Routes = {at(url): ok(own(thing))}
        yield Case(f"third, {sold['name']}", "takeover", thing.text, thing.section, url, then, now)


def _taken(sold: dict[str, str], thing: Thing, host: str, url: str, number: int) -> Routes:
    shop = f"offers{number}.click"
    said = ok(_shop(sold, thing))
    if sold["form"] == "frame":
        frame = f"<iframe src='http://{shop}/' width=100% height=900></iframe>"
        about = f"<meta name=description content='{escape(sold['text'])}'>"
        return {f"{host}*": ok(f"<title>{escape(sold['title'])}</title>{about}<body>{frame}</body>")}
    if sold["form"] == "chain":
        first, second = f"count{number}.track.link", f"go{number}.affiliate.page"
        return {
            f"{host}*": redirect(f"http://{first}/r"),
            f"{first}/r": redirect(f"http://{second}/c"),
            f"{second}/c": good(f"http://{shop}/welcome"),
            f"{shop}/welcome": said,
        }
    if sold["form"] == "front":
        return {f"{host}*": good(f"http://{shop}/"), f"{shop}/": said}
    if sold["form"] == "deep":
        return {at(url): redirect(f"http://{shop}/lp/7"), f"{shop}/lp/7": said}
    if sold["form"] == "clinic":
        return {f"{host}*": good(f"http://{shop}/kontakt"), f"{shop}/kontakt": said}
    return {f"{host}*": said}


def _shop(sold: dict[str, str], thing: Thing) -> str:
    title, heading, text = (
        escape(sold[key].replace("{text}", thing.text)) for key in ("title", "heading", "text")
    )
    menu = "".join(f"<a href=/{number}>{number}</a> " for number in range(12))
    return f"<meta charset=utf-8><title>{title}</title><nav>{menu}</nav><h1>{heading}</h1><p>{text}</p>"


# Honest moves ---------------------------------------------------------------------------------------


def moves() -> Iterator[Case]:
    for number, thing in enumerate(THINGS):
        for name, goal, now in _ways(number, thing)[number % 2 :: 2]:
            url = f"http://was-{number}-{slug(name)}.{thing.host}{thing.path}"
            then: Routes = {at(url): ok(own(thing, way=number % 3))}
            served = {place.replace("{asked}", at(url)): route for place, route in now.items()}
            yield Case(
                f"third, {name} ({number})", "move", thing.text, thing.section, url, then, served, goal
            )


def _ways(number: int, thing: Thing) -> tuple[tuple[str, str, Routes], ...]:
    """Name, where it is now, and what is served; `{asked}` stands for the address that the list has."""
    title, page = thing.title, ok(own(thing, way=number % 3))
    archive = f"http://repository{number}.archive.science/records/{70_000 + number}"
    forge = f"http://pages{number}.codeforge.dev/{slug(thing.text) or number}/"
    german = f"http://www.institut{number}.de/projekte/{number}"
    notes = f"http://team{number}.notes.site/{'0123456789abcdef' * 2}"
    kept = f"http://new{number}.college.edu/groups/{number}"
    long = f"http://shelf{number}.reading.org/item/{number}"
    return (
        (
            "to a repository",
            archive,
            {
                "{asked}": good(archive),
                at(archive): ok(
                    own(thing, f"{title} | Archive of Science", thing.heading, "Version 1. 12 files.")
                ),
            },
        ),
        ("to a forge", forge, {"{asked}": redirect(forge, "308 Permanent Redirect"), at(forge): page}),
        (
            "into German",
            german,
            {
                "{asked}": good(german),
                at(german): ok(
                    own(thing, f"{thing.text}: Projektseite", thing.text, "Diese Seite ist umgezogen.")
                ),
            },
        ),
        ("to shared notes", notes, {"{asked}": good(notes), at(notes): ok(own(thing, thing.text, title))}),
        (
            "by markup",
            kept,
            {
                "{asked}": ok(
                    f"<title>{escape(title)}</title><meta http-equiv=refresh content='0; url={kept}'>"
                ),
                at(kept): page,
            },
        ),
        (
            "by three steps",
            long,
            {
                "{asked}": good(f"http://step{number}.college.edu/a"),
                f"step{number}.college.edu/a": good(f"http://step{number}.college.edu/b"),
                f"step{number}.college.edu/b": good(long),
                at(long): page,
            },
        ),
    )
