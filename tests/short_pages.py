"""Short pages, judged by themselves: no other address of their site is asked."""

from __future__ import annotations

from scraper.model import Answer
from scraper.sites.pages import signs
from scraper.sites.pages.judging import Judged, judge

URL = "https://lab.test/data/kx7291"


def judged(title: str, body: str) -> Judged:
    html = f"<!doctype html><title>{title}</title><body>{body}".encode()
    answer = Answer(URL, URL, 200, {"content-type": "text/html; charset=utf-8"}, html)
    return judge(answer, signs.look(answer))
