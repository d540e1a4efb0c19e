"""The set: links that were taken over, links that moved honestly, and living pages that look guilty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from servers import Route, redirect, response

from takeovers.pages import ABOUT, FOR_SALE, LANDINGS, THINGS, Landing, Thing, landing, own, plain

Routes = dict[str, Route]
"""By host and path (`a.org/x`); `a.org*` is whatever else is asked there."""


@dataclass(frozen=True)
class Case:
    """One link, what stood there and what stands there now."""

    name: str
    kind: str
    """takeover, move or living."""
    text: str
    section: str
    url: str
    then: Routes = field(default_factory=dict)
    now: Routes = field(default_factory=dict)
    goal: str = ""
    """The address that has to be suggested."""


def ok(markup: str) -> bytes:
    return response(markup.encode(), kind="text/html; charset=utf-8")


def good(url: str) -> bytes:
    return redirect(url, "301 Moved Permanently")


def at(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path or '/'}"


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


# Taken over -----------------------------------------------------------------------------------------

_BRANDS = (
    "SALJU88",
    "Kumar Yeri",
    "Go.win",
    "Winmore",
    "LuckyPix",
    "Vegatop",
    "MerlinX",
    "Rivalo9",
    "Nova77",
)


def takeovers() -> Iterator[Case]:
    """Every landing twice: at the same address, and behind a redirect to another domain."""
    for number, sold in enumerate(LANDINGS):
        for form in (number % 3, 3 + number % 5):
            yield _taken(number, sold, THINGS[(number * 5 + form) % len(THINGS)], form)
    for number, (language, (title, heading, text)) in enumerate(FOR_SALE.items()):
        thing = THINGS[number * 3 % len(THINGS)]
        host = f"sale{number}.{thing.host}".replace(".", "-", 1)
        said = (part.replace("{domain}", host) for part in (title, heading, text))
        page = ok(plain(*said))
        url = f"http://{host}{thing.path}"
        now: Routes = {f"{host}*": page}
        yield Case(
            f"for sale, {language}",
            "takeover",
            thing.text,
            thing.section,
            url,
            {at(url): ok(own(thing))},
            now,
        )


def _taken(number: int, sold: Landing, thing: Thing, form: int) -> Case:
    host = f"t{number}{'abcdefgh'[form]}-{thing.host}"
    url = f"http://{host}{thing.path}"
    brand = _BRANDS[number % len(_BRANDS)]
    named = thing.text if form in (2, 6) else brand  # some keep the old name for its visitors
    page = ok(landing(sold, named, (number + form) % 4))
    shop = f"{slug(brand)}{number}{form}.{('com', 'xyz', 'vip', 'net', 'top')[number % 5]}"
    forms: dict[int, Routes] = {
        0: {f"{host}*": page},
        1: {at(url): page, f"{host}/": page},
        2: {at(url): page},
        3: {f"{host}*": good(f"http://{shop}/"), f"{shop}/": page},
        4: {f"{host}*": good(f"http://{shop}/id/promo"), f"{shop}/id/promo": page},
        5: {at(url): redirect(f"http://{shop}/"), f"{shop}/": page},
        6: {at(url): good(f"http://{shop}{thing.path}"), f"{shop}*": page},
        7: {
            f"{host}*": ok(
                f'<html><head><meta http-equiv=refresh content="0;url=http://{shop}/r"></head></html>'
            ),
            f"{shop}/r": good(f"http://{shop}/home.html"),
            f"{shop}/home.html": page,
        },
    }
    name = f"{sold.trade}, {sold.language}, form {form} ({number})"
    return Case(name, "takeover", thing.text, thing.section, url, {at(url): ok(own(thing))}, forms[form])


# Honest moves -----------------------------------------------------------------------------------------


def moves() -> Iterator[Case]:
    """Each thing moves in every way that suits it."""
    for number, thing in enumerate(THINGS):
        for name, url, goal, page in _ways(number, thing):
            now: Routes = {at(url): good(goal), at(goal): page}
            then: Routes = {at(url): ok(own(thing, way=number % 3))}
            yield Case(f"{name} ({number})", "move", thing.text, thing.section, url, then, now, goal)


def _ways(number: int, thing: Thing) -> Iterator[tuple[str, str, str, bytes]]:
    """Name, old address, new address and the page that is served there."""
    name = thing.host.partition(".")[0]
    short = name.split("-")[0]
    path = thing.path if thing.path != "/" else f"/{slug(thing.title)[:20].strip('-') or 'start'}"
    way = (number + 1) % 3
    same = ok(own(thing, way=way))
    post = slug(f"{thing.title}")[:40].strip("-") or f"post{number}"
    n = count()

    def old(host: str) -> str:
        return host.replace("{n}", str(next(n)))

    yield "custom domain", f"http://{name}.github.io{path}", f"http://{name}.ai{path}", same
    yield "project page", f"http://{short}lab.github.io/{name}/", f"http://{name}.run/", same
    yield (
        "blog from Medium",
        f"http://medium.com/@{short}{number}/{post}-3f2a9c81d0b4",
        f"http://blog.{short}.page/{post}",
        same,
    )
    yield (
        "blog from Blogspot",
        f"http://{name}.blogspot.com/2014/03/{post}.html",
        f"http://www.{name}.co.uk/2014/03/{post}/",
        same,
    )
    yield "docs", f"http://{name}.readthedocs.io/en/latest{path}", f"http://docs.{name}.tech{path}", same
    yield (
        "university home page",
        f"http://www.cs.uni-alt{number}.edu/~{short}/{name}.html",
        f"http://{short}.people.neu{number}.ac.uk/{name}",
        same,
    )
    yield (
        "group to another university",
        f"http://www.alt{number}.fr/labs/{name}{path}",
        f"http://{name}.univ-neu{number}.fr{path}",
        same,
    )
    yield "other ending", f"http://{name}.es{path}", f"http://{name}.io{path}", same
    yield "www", f"http://{name}.at{path}", f"http://www.{name}.at{path}", same
    yield "language", f"http://{name}.press{path}", f"http://{name}.press/en{path}", same
    yield "new folders", f"http://{name}.rocks{path}", f"http://{name}.rocks/v2{path}", same
    brand = ("Halcyon", "Juniper Works", "Meridian", "Talus", "Quillon", "Ostara")[number % 6]
    renamed = ok(
        own(thing, f"{brand} — {thing.heading}", thing.heading, f"{brand} was formerly {thing.text}.", way)
    )
    yield "rebranding", f"http://{name}.tools{path}", f"http://{slug(brand)}{number}.com/{post}", renamed
    quiet = ok(
        own(
            thing,
            f"{brand} {number}",
            "Welcome",
            f"In spring {thing.text} became {brand}. The team is the same.",
            way,
        )
    )
    yield (
        "rebranding, told in the text",
        f"http://{name}.software{path}",
        f"http://{slug(brand)}-hq{number}.org/product",
        quiet,
    )
    bought = ok(own(thing, f"{thing.text} | Globex Research", thing.text, "", way))
    yield (
        "bought by a company",
        f"http://{name}.co{path}",
        f"http://research{number}.globex.com/products/{name}",
        bought,
    )


def odd_moves() -> Iterator[Case]:
    """Files, renamed hosts of files, and redirects that add what is nobody's business."""
    for number, thing in enumerate(THINGS[:12]):
        name = thing.host.partition(".")[0]
        paper = response(b"%PDF-1.5\n%\xd0\xd4\xc5\xd8\n1 0 obj\n<<>>\n" * 60, kind="application/pdf")
        pdf = f"http://old-{name}.edu/pubs/{slug(thing.text) or name}-2019.pdf"
        there = f"http://files{number}.archive-{name}.eu/2019/{slug(thing.text) or name}-2019.pdf"
        yield Case(
            f"a file ({number})",
            "move",
            thing.text,
            thing.section,
            pdf,
            {},
            {at(pdf): good(there), at(there): paper},
            there,
        )
        asked, goal = f"http://{name}.wiki{thing.path or '/'}", f"http://www.{name}.wiki/k/{number}"
        campaign = f"{goal}?utm_source=old&utm_medium=redirect&fbclid=IwAR0x"
        now: Routes = {at(asked): good(campaign), at(goal): ok(own(thing))}
        yield Case(f"campaign ({number})", "move", thing.text, thing.section, asked, {}, now, goal)


# Alive ----------------------------------------------------------------------------------------------


def living() -> Iterator[Case]:
    """Pages that never moved, among them those that write about what others sell."""
    for about in ABOUT:
        page: Routes = {at(about.url): ok(plain(about.title, about.title, about.prose))}
        yield Case(about.title, "living", about.text, "Papers", about.url, page, page)
    for number, thing in enumerate(THINGS):
        here = f"http://stays.{thing.host}{thing.path}"
        stays: Routes = {at(here): ok(own(thing, way=number % 3))}
        yield Case(f"stays ({number})", "living", thing.text, thing.section, here, stays, stays)
        host = f"www.tags-{thing.host}"
        url = f"http://{host}{thing.path}"
        marked: Routes = {f"{host}{thing.path}": _marked(url, own(thing))}
        yield Case(f"tags itself ({number})", "living", thing.text, thing.section, url, marked, marked)


def _marked(url: str, markup: str) -> Route:
    """A server that redirects for good, once, to put a session and a campaign into the address."""
    page = ok(markup)

    async def answer(talk: object) -> None:
        target = talk.target  # type: ignore[attr-defined]  # a `servers.Talk`
        on = good(f"{url}?utm_source=direct&PHPSESSID=9f86d081884c7d659a2feaa0c55ad015")
        await talk.send(page if "utm_source" in target else on)  # type: ignore[attr-defined]

    return answer
