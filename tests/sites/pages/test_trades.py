"""Trades: those who are in one are told from those who write about it."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from takeovers.pages import ABOUT, LANDINGS, THINGS

from scraper.model import Answer
from scraper.sites.pages import signs
from scraper.sites.pages.recognising import shown
from scraper.sites.pages.trades import speaks_of, trade_of

PAGES = Path(__file__).parents[4] / "shared" / "data" / "pages"


def test_those_who_sell() -> None:
    told = [trade_of(f"{sold.title} {sold.description} {sold.heading}", sold.text) for sold in LANDINGS]
    missed = [sold.title for sold, trade in zip(LANDINGS, told, strict=True) if trade is None]
    assert len(missed) <= 0.05 * len(LANDINGS), missed


def test_those_who_write_about_it() -> None:
    assert [about.title for about in ABOUT if trade_of(about.title, about.prose)] == []
    assert [thing.title for thing in THINGS if trade_of(thing.title, thing.prose)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Online casinos: a survey", True), ("カジノ研究", True), ("Multi-armed bandits", False), ("", False)],
)
def test_a_list_that_means_the_trade(text: str, expected: bool) -> None:
    assert speaks_of(text, "gambling") is expected


@pytest.mark.skipif(not PAGES.exists(), reason="pages that strangers wrote are not here")
def test_no_living_page_of_strangers_is_in_a_trade(tmp_path: Path) -> None:
    with tarfile.open(PAGES / "pages.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    found = {}
    for page in json.loads((PAGES / "pages.json").read_text("utf-8")):
        if page["label"] == "living":
            (file,) = tmp_path.rglob(f"{page['id']}.html")
            answer = Answer(
                "http://a.org/", "http://a.org/", 200, {"content-type": "text/html"}, file.read_bytes()
            )
            if trade := shown(answer, signs.look(answer)).trade:
                found[page["id"]] = trade
    assert found == {}
