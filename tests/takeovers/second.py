"""A second set, written after the rules and held out from them: other forms, other languages, other trades.

Four takeovers to a line of it would have made the first set again; these are single ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from servers import redirect

from takeovers.cases import Case, Routes, at, good, ok
from takeovers.pages import THINGS, own

_SAID = json.loads((Path(__file__).parent / "second.json").read_text("utf-8"))
"""What stands there now, by kind."""


def takeovers() -> Iterator[Case]:
    """In turn: the same address, a front page elsewhere behind a redirect, a deep page elsewhere."""
    for number, page in enumerate(_SAID["taken"]):
        thing = THINGS[(number * 7 + 3) % len(THINGS)]
        host, shop = f"second{number}-{thing.host}", f"brand{number}-offers.shop"
        url = f"http://{host}{thing.path}"
        said = ok(
            f"<title>{page['title']}</title><h1>{page['heading']}</h1><p>{page['text']}</p>"
            "<a href=/a>1</a><a href=/b>2</a>"
        )
        ways: tuple[Routes, ...] = (
            {f"{host}*": said},
            {f"{host}*": good(f"http://{shop}/"), f"{shop}/": said},
            {at(url): redirect(f"http://{shop}/go/offer"), f"{shop}/go/offer": said},
        )
        yield Case(
            f"second, {page['name']}",
            "takeover",
            thing.text,
            thing.section,
            url,
            {at(url): ok(own(thing))},
            ways[number % 3],
        )
    for number, page in enumerate(_SAID["for_sale"]):
        thing = THINGS[(number * 5 + 1) % len(THINGS)]
        host, seller = f"sold{number}-{thing.host}", f"lander{number}.example-parking.com"
        url = f"http://{host}{thing.path}"
        title, text = (page[key].replace("{domain}", host) for key in ("title", "text"))
        said = ok(f"<title>{title}</title><h1>{title}</h1><p>{text}</p>")
        sold: Routes = (
            {f"{host}*": said}
            if number % 2
            else {f"{host}*": redirect(f"http://{seller}/"), f"{seller}/": said}
        )
        yield Case(
            f"second, for sale, {page['name']}",
            "takeover",
            thing.text,
            thing.section,
            url,
            {at(url): ok(own(thing))},
            sold,
        )


def moves() -> Iterator[Case]:
    """A faculty renamed, a lab at a host for pages, a journal on another platform, a domain of its own."""
    homes = (
        "http://eng{n}.newuniversity.edu/research{path}",
        "http://lab{n}.github.io{path}",
        "http://journals{n}.press.org/index.php/j/article/view/{n}",
        "http://{word}{n}.org{path}",
        "http://docs{n}.readthedocs.io/en/latest{path}",
        "http://archive{n}.college.ac.uk{path}",
    )
    for number, thing in enumerate(THINGS):
        url = f"http://old{number}-{thing.host}{thing.path}"
        word = "".join(filter(str.isalpha, thing.host.partition(".")[0]))
        goal = homes[number % len(homes)].format(n=number, path=thing.path, word=word)
        page = ok(own(thing))
        yield Case(
            "second, moved",
            "move",
            thing.text,
            thing.section,
            url,
            {at(url): page},
            {at(url): good(goal), at(goal): page},
            goal,
        )
