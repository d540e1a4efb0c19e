"""What held the event loop is named, and a loop that is merely waiting is not."""

from __future__ import annotations

import asyncio
import time

import pytest

from scraper.addresses import parts
from scraper.visits.watchdog import HELD, watchdog


async def test_what_held_the_loop_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(text: str) -> str:
        time.sleep(3 * HELD)
        return text

    monkeypatch.setattr("scraper.addresses._host_and_port", lambda authority: (slow(authority), ""))
    with watchdog() as held:
        await asyncio.sleep(0.05)
        assert parts("https://never-asked-before.test/") is not None
        await asyncio.sleep(0.05)
    assert len(held) == 1
    assert held[0].startswith("scraper.addresses.parts, line ")


async def test_waiting_is_not_standing_still() -> None:
    with watchdog() as held:
        await asyncio.sleep(2 * HELD)
    assert held == []
