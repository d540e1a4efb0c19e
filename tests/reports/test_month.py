"""Thirty planted days over fifty lists: every mail, the summary, badge and feed of the list with most news.

The files in `golden/` are what a maintainer reads; a change of a phrase shows there as a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from planted import golden, lists, page
from running import settings_in

from scraper.errors import Offline
from scraper.reports.badge import badge_json
from scraper.reports.editions import edition
from scraper.reports.feed import changes_atom
from scraper.reports.markdown import summary_markdown
from scraper.reports.model import Edition
from scraper.reports.terminal import MAIL, Ending, terminal_summary
from scraper.run import refresh
from scraper.sandbox import Sandbox
from scraper.sandbox.messages import redirect
from scraper.sandbox.world import World
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store

pytestmark = pytest.mark.long

BEGIN = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
DAYS = 30
BUSY = 12
"""The list whose summary, badge and feed are kept."""
LATE = 20
"""The day on which the time is up before anything was asked."""
Event = Callable[[World], object]


def dies(number: int, place: int, status: int = 404) -> Event:
    return lambda world: world.kill(page(number, place), status)


def lives(number: int, place: int) -> Event:
    return lambda world: world.revive(page(number, place))


def moves(number: int, place: int) -> Event:
    def event(world: World) -> None:
        world.pages[page(number, place)] = redirect(page(number, 9), 301)

    return event


def fault(name: str, on: bool) -> Event:
    return lambda world: (world.faults.add if on else world.faults.discard)(name)


def archived(world: World) -> None:
    world.repositories["automl/robustdarts2"].update(archived=True)


EVENTS: dict[int, list[Event]] = {
    3: [dies(3, 1), dies(BUSY, 1)],
    5: [dies(17, 2, 410), lives(BUSY, 1)],
    7: [fault("host_outage:site21.test", True)],
    8: [fault("host_outage:site21.test", False), moves(BUSY, 2)],
    9: [dies(BUSY, 1)],
    11: [fault("network_down", True)],
    12: [fault("network_down", False)],
    14: [dies(30, 1, 403)],
    15: [lambda world: world.rename("automl/RobustDARTS", "automl/RobustDARTS2")],
    18: [archived],
    22: [lives(3, 1), lives(30, 1)],
    24: [dies(number, 2) for number in range(40, 45)],
    27: [lives(number, 2) for number in range(40, 45)],
    29: [lives(BUSY, 1)],
}
ADDED: dict[int, dict[int, list[str]]] = {
    13: {33: ["- [A new entry](https://site33.test/404)"]},
    26: {BUSY: ["- [More](https://more.test/page/1)"]},
}


class Morning(NamedTuple):
    day: datetime
    mail: str
    busy: Edition | None
    """None on a day without network."""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Morning]]:
    folder = tmp_path_factory.mktemp("month")
    added: dict[int, list[str]] = {}
    with Sandbox() as sandbox:
        impatient = {"probe": False, "archive": False, "attempts": 1, "confirm_span": 2 * 86_400.0}
        token = sandbox.credentials["github_token"]
        (folder / "data").mkdir()
        mornings = []
        with Store.open(folder / "data" / "scraper.db", sandbox=True) as store:
            for number in range(1, DAYS + 1):
                for event in EVENTS.get(number, []):
                    event(sandbox.world)
                added |= ADDED.get(number, {})
                late = {"deadline": 1e-9} if number == LATE else {}
                # Some faults are in the settings, so these are made anew.
                settings = settings_in(sandbox, folder, github_token=token, **impatient, **late)
                now = BEGIN + timedelta(days=number - 1)
                try:
                    result = refresh(lists(folder, added), settings, store, now=lambda now=now: now)  # type: ignore[misc]
                except Offline as error:
                    mornings.append(Morning(now, f"scraper: {error}\n", None))
                    continue
                told = []
                for name, shot in sorted(result.published.items()):
                    before = Snapshot.at(shot.previous) if shot.previous else None
                    one = edition(
                        store, result.run, name, settings, before, Snapshot.at(shot.path), elapsed=41.0
                    )
                    told.append(replace(one, requests=2.8, version="1"))
                loud = result.incomplete or any(one.changes for one in told) or number == 1
                mail = terminal_summary(told, MAIL, Ending("reports")) if loud else "(no mail)\n"
                mornings.append(Morning(now, mail, told[BUSY]))
    yield mornings


def test_the_mails(month: list[Morning]) -> None:
    golden("month-mails.txt", "\n".join(f"===== {one.day:%-d %B}\n{one.mail}" for one in month))


def test_the_summaries_of_the_busiest_list(month: list[Morning]) -> None:
    told = [one.busy for one in month if one.busy and (one.busy.changes or one.day == BEGIN)]
    golden("month-summaries.md", "\n\n".join(map(summary_markdown, told)))


def test_its_badge_each_morning(month: list[Morning]) -> None:
    golden("month-badges.txt", "".join(f"{one.day:%F}  {badge_json(one.busy)}" for one in month if one.busy))


def test_its_feed_at_the_end(month: list[Morning]) -> None:
    feed = b""
    for one in month:
        feed = changes_atom(one.busy, feed) if one.busy else feed
    golden("month-feed.atom", feed.decode())
