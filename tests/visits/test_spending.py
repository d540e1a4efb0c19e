"""What a run cost is counted when it is spent: also what the deadline cuts short, and what is no question."""

from __future__ import annotations

import asyncio
import csv
import re
from pathlib import Path

import pytest
from places import Ended, Place
from servers import Route, Server, Talk, hang, redirect, response, serve

PAGE = response(b"<title>Here</title><p>A page that is here.</p>")


def _place(folder: Path, server: Server, **more: object) -> Place:
    """A folder whose list is asked of the server, whatever its host."""
    return Place(
        folder,
        {
            "allow_networks": ["127.0.0.0/8"],
            "connect_to": [f":80:127.0.0.1:{server.port}"],
            "control_url": "http://control.test/control",
            "host_interval": 0.0,
            "prometheus": "scraper.prom",
            "probe": False,
            **more,
        },
    )


def _metric(place: Place) -> int:
    text = (place.folder / "scraper.prom").read_text("utf-8")
    return int(re.findall(r"^scraper_requests (\d+)$", text, re.M)[0])


def _table(place: Place, name: str) -> dict[str, dict[str, str]]:
    """Its rows by address."""
    with (place.folder / f"data/snapshots/list/latest/{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["target"].partition("http://")[2]: row for row in csv.DictReader(file)}


async def _refresh(place: Place, *options: str) -> Ended:
    return await asyncio.to_thread(place.quick, "refresh", *(options or ["list.md"]))


@pytest.mark.parametrize(
    ("route", "sent"),
    [(hang, 1), (redirect("http://b.test/silent"), 2)],
    ids=["silent", "silent behind a redirect"],
)
async def test_requests_that_the_deadline_cuts_short_are_counted(
    route: Route, sent: int, tmp_path: Path
) -> None:
    async with serve({"/a": route, "/silent": hang, "/control": PAGE}) as server:
        place = _place(tmp_path, server, timeout=60.0)
        place.article("- <http://a.test/a>")
        ended = await _refresh(place, "list.md", "--deadline", "2s")
        asked = [target for target in server.targets if target != "GET /control"]
    assert (ended.code, len(asked)) == (5, sent)
    assert f"{len(server.asked)} request" in ended.err
    assert _metric(place) == len(server.asked)
    row = _table(place, "checks")["a.test/a"]
    assert (row["reason"], float(row["requests"]), row["attempts"]) == ("deadline", sent, "1")
    assert _table(place, "links")["a.test/a"]["detail"] == "the run's time was up while it was being asked"


async def test_robots_txt_and_a_second_question_after_a_429_are_counted(tmp_path: Path) -> None:
    answers = iter([response(b"", "429 Too Many Requests"), PAGE])

    async def busy(talk: Talk) -> None:
        await talk.send(next(answers))

    async with serve({"/a": busy}) as server:
        place = _place(tmp_path, server, robots=True, max_wait=0.1, attempts=1)
        place.article("- <http://a.test/a>")
        ended = await _refresh(place)
    assert sorted(server.targets) == ["GET /a", "GET /a", "GET /robots.txt"]
    assert "3 requests, 3.0 per link" in ended.err
    assert _metric(place) == 3
    assert float(_table(place, "checks")["a.test/a"]["requests"]) == 2


async def test_a_run_that_publishes_nothing_has_asked_all_the_same(tmp_path: Path) -> None:
    async with serve({"/a": hang, "/control": hang}) as server:
        place = _place(tmp_path, server, timeout=0.5, attempts=2, max_wait=0.1)
        place.article("- <http://a.test/a>")
        ended = await _refresh(place)
    assert "There is no network" in ended.err
    assert (_metric(place), len(server.asked)) == (3, 3)


async def test_a_link_of_two_articles_is_paid_for_once(tmp_path: Path) -> None:
    async with serve({"/a": PAGE}) as server:
        place = _place(tmp_path, server)
        place.article("- <http://a.test/a>", name="one")
        place.article("- <http://a.test/a>", name="two")
        ended = await _refresh(place, "one.md", "two.md")
    assert "1 request, 0.5 per link" in ended.err
    assert (_metric(place), len(server.asked)) == (1, 1)
