"""How the pages of the set are built: four ways for those who took over, three for those who did not."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Landing(NamedTuple):
    """A page of a trade: how it introduces itself, what it says and what its menu offers.

    Put together after landing pages in public repositories and pages found on taken-over domains, reworded;
    none of it was made from the words that the rules know.
    """

    language: str
    trade: str
    title: str
    description: str
    heading: str
    text: str
    menu: list[str]


class Thing(NamedTuple):
    """Something that a list links: what the list calls it, and how its own page speaks. Invented."""

    text: str
    section: str
    host: str
    path: str
    title: str
    heading: str
    prose: str
    language: str


class About(NamedTuple):
    """A living page that writes about what others sell; what the list calls it says little."""

    text: str
    url: str
    title: str
    prose: str


ABOUT = [About(**row) for row in json.loads((_HERE / "about.json").read_text("utf-8"))]
LANDINGS = [Landing(**row) for row in json.loads((_HERE / "landings.json").read_text("utf-8"))]
THINGS = [Thing(**row) for row in json.loads((_HERE / "things.json").read_text("utf-8"))]
FOR_SALE: dict[str, list[str]] = json.loads((_HERE / "for_sale.json").read_text("utf-8"))
"""By language: title, heading and text of a domain that waits for a buyer."""


def landing(sold: Landing, brand: str, way: int) -> str:
    """The page, built in one of four ways."""
    title, description, heading, text = (
        part.replace("{brand}", brand) for part in (sold.title, sold.description, sold.heading, sold.text)
    )
    links = [f'<a href="/{number}">{escape(label)}</a>' for number, label in enumerate(sold.menu)]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    about = f'<meta name="description" content="{escape(description)}">' if description else ""
    if way == 0:  # an accelerated page with all the tags that search engines read
        tags = "".join(
            f'<meta property="og:{name}" content="{escape(value)}">'
            for name, value in (("title", title), ("site_name", brand), ("description", description))
        )
        body = f"<header>{''.join(links)}</header><h1>{escape(heading)}</h1><p>{escape(text)}</p>"
        start = f"<!doctype html><html amp lang={sold.language}>"
        return f"{start}<head>{head}{about}{tags}</head><body>{body}</body></html>"
    if way == 1:  # a theme for blogs, the text in sentences of their own
        said = "".join(f"<p>{escape(part)}</p>" for part in text.split(". "))
        side = "".join(f"<li>{link}</li>" for link in links)
        return (
            f"<html lang='{sold.language}'><head>{head}{about}</head><body class='home blog'><div id=page>"
            f"<h2 class=entry-title>{escape(heading)}</h2><article>{said}</article>"
            f"<aside><ul>{side}</ul></aside>"
            f"<footer>Copyright 2026 {escape(brand)}. All rights reserved.</footer></div></body></html>"
        )
    if way == 2:  # a table of offers
        rows = "".join(f"<tr><td>{number}</td><td>{link}</td></tr>" for number, link in enumerate(links))
        return (
            f"<html><head>{head}{about}<script>var dataLayer=[];</script></head><body>"
            f"<nav>{' | '.join(links)}</nav><div class=hero><h1>{escape(heading)}</h1>"
            f"<div>{escape(text)}</div></div><table>{rows}</table></body></html>"
        )
    return (  # nothing but boxes, and no heading
        f"<html><head>{head}</head><body><div class=top>{' '.join(links)}</div>"
        f"<div class=big>{escape(heading)}</div><div>{escape(text)} {escape(description)}</div></body></html>"
    )


def own(thing: Thing, title: str = "", heading: str = "", more: str = "", way: int = 0) -> str:
    """The thing's own page, here or elsewhere, built in one of three ways."""
    title, heading = title or thing.title, heading or thing.heading
    menu = "".join(f"<a href=/{word}>{word}</a> " for word in ("about", "people", "papers", "contact"))
    prose = f"<p>{escape(thing.prose)}</p><p>{escape(more)}</p>"
    if way == 0:
        return (
            f"<!doctype html><html lang={thing.language}><head><meta charset=utf-8>"
            f"<title>{escape(title)}</title></head>"
            f"<body><nav>{menu}</nav><main><h1>{escape(heading)}</h1>{prose}</main></body></html>"
        )
    if way == 1:
        return (
            f"<html><head><meta charset=utf-8><meta property='og:title' content='{escape(title)}'>"
            f"<title>{escape(title)}</title></head><body>{menu}<h2>{escape(heading)}</h2>{prose}"
            f"<footer>Impressum {menu}</footer></body></html>"
        )
    return (
        f"<html><head><meta charset=utf-8><title>{escape(title)}</title></head>"
        f"<body><table><tr><td>{menu}<td><font size=5>{escape(heading)}</font>{prose}</table></body></html>"
    )


def plain(title: str, heading: str, text: str) -> str:
    """A page with nothing but a title, a heading and a text."""
    head = f"<meta charset=utf-8><title>{escape(title)}</title>"
    return f"<html><head>{head}</head><body><h1>{escape(heading)}</h1><p>{escape(text)}</p></body></html>"
