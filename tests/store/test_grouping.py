"""Outcomes are committed in groups; what a group cannot do is told to whoever comes next."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import StoreError
from scraper.model import Article, Health, Outcome, Target, Verdict
from scraper.store.grouping import MOST, Groups
from scraper.store.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def outcome(number: int) -> Outcome:
    url = f"https://a.test/{number}"
    return Outcome(Target(f"web:{url}", "web", "page", url, url), Verdict(Health.ALIVE, "ok"), NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "scraper.db", wait=0.0) as opened:
        opened.begin_run([Article("list", "list.md", "A list", ())], NOW)
        yield opened


def committed(store: Store) -> int:
    """As another program sees it."""
    with closing(sqlite3.connect(store.path)) as other:
        return int(other.execute("SELECT count(*) FROM visit").fetchone()[0])


async def test_a_group_is_there_a_moment_after_its_first_outcome(store: Store) -> None:
    heard: list[Outcome] = []
    told = asyncio.Event()

    def hear(outcome: Outcome) -> None:
        heard.append(outcome)
        told.set()

    groups = Groups(store, 1, NOW, hear)
    given = [outcome(number) for number in range(5)]
    for each in given:
        groups.add(each)
    assert (committed(store), heard) == (0, [])
    await asyncio.wait_for(told.wait(), 10)
    assert (committed(store), heard) == (5, given)


async def test_a_large_group_does_not_wait(store: Store) -> None:
    groups = Groups(store, 1, NOW, lambda _: None)
    for number in range(MOST + 1):
        groups.add(outcome(number))
    assert committed(store) == MOST
    groups.flush()
    assert committed(store) == MOST + 1


async def test_what_was_final_before_is_not_told_again(store: Store) -> None:
    heard: list[Outcome] = []
    groups = Groups(store, 1, NOW, heard.append)
    for number in (1, 2, 1):
        groups.add(outcome(number))
    groups.flush()
    groups.add(outcome(2))
    groups.flush()
    assert [each.target.url[-1] for each in heard] == ["1", "2"]


async def test_a_store_that_refuses_is_told_to_the_next_and_at_the_end(store: Store) -> None:
    groups = Groups(store, 1, NOW, lambda _: None)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        groups.add(outcome(1))
        await asyncio.sleep(0.05)
        with pytest.raises(StoreError, match="written by another program"):
            groups.add(outcome(2))
        with pytest.raises(StoreError, match="written by another program"):
            groups.flush()
    assert committed(store) == 0
