"""The whole hostile web, checked once: not one wrong conviction, and hardly an inexact word."""

from __future__ import annotations

from collections import Counter

import pytest

from hostile.addresses import lookup
from hostile.checking import Judged, check, confusion, impatient
from hostile.everything import BEHAVIOURS, ODD_LINKS
from hostile.server import HostileWeb
from scraper.verdicts.reasons import REASONS

pytestmark = pytest.mark.long


def test_the_web_is_large_enough(web: HostileWeb) -> None:
    assert len(BEHAVIOURS) >= 45
    assert len(web.links()) + len(ODD_LINKS) >= 250


async def test_every_verdict(web: HostileWeb, ca_file: str) -> None:
    links = [*web.links(), *ODD_LINKS]
    settings = impatient(connect_to=web.connect_to, ca_file=ca_file)
    outcomes = await check(links, settings, lookup)
    judged = [Judged(link, outcomes[link.url]) for link in links]
    inexact = [one for one in judged if not one.exact]
    print(f"\n{len(judged)} links, {len(inexact)} inexact, {web.requests} requests\n{confusion(judged)}")
    print("\n".join(map(str, inexact)))

    assert not [f"{one}: {one.wrong_conviction}" for one in judged if one.wrong_conviction]
    assert len(inexact) <= 0.02 * len(judged)
    for one in judged:
        verdict = one.outcome.verdict
        assert REASONS[verdict.reason].health is verdict.health
    assert not Counter(one.outcome.verdict.reason for one in judged)["internal_error"]
