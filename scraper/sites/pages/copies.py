"""Whether an archived copy shows the thing: there are captures of ruins and of later owners as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.addresses import address
from scraper.model import Answer, Hop, Request, Target
from scraper.sites.captures import Capture
from scraper.sites.pages import signs
from scraper.sites.pages.page import judge_page, page_request
from scraper.sites.pages.recognising import known, means_the_trade, shown
from scraper.verdicts import suggesting
from scraper.verdicts.reasons import PRESENT

if TYPE_CHECKING:
    from scraper.sites.ports import Memory


def copy_request(capture: Capture) -> Request:
    """As much of the capture as a page is judged by, as it was captured."""
    return replace(page_request(capture.url), url=capture.raw)


def flaw(target: Target, capture: Capture, answer: Answer, memory: Memory) -> str:
    """Why the copy does not show the thing, in words; empty when it does."""
    past = _as_then(target, capture, answer)
    view = signs.look(past)
    claim = judge_page(past, view)
    if claim.health not in PRESENT:
        return claim.detail or claim.reason
    if suggesting.front_for_a_thing(target.url, capture.url):
        return "it redirects to a front page"
    trade = shown(past, view).trade
    if trade and not means_the_trade(target.url, known(target, memory), trade):
        return f"it is in the trade of {trade}"
    return ""


def _as_then(target: Target, capture: Capture, answer: Answer) -> Answer:
    """The answer as the original server's: what the archive redirected to is where that one did."""
    led = _bare(capture.url) != _bare(target.url)
    hops = (Hop(302, capture.url),) if led else ()
    return replace(answer, url=target.url, final_url=capture.url, hops=hops)


def _bare(url: str) -> tuple[str, str, str]:
    """What of an address the archive tells captures apart by."""
    parts = address(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query
