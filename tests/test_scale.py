"""A million links flow through: what is held in memory does not grow with them. And what start-up loads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from running import READING_LIST, article_of, settings_in

from scraper.api.checking import Nothing
from scraper.commands import refresh
from scraper.commands.console import Options
from scraper.model import Answer, Article, Mention, Outcome, Request, Target
from scraper.reports import editions
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites.identity import identify, targets
from scraper.sites.pages.page import Page
from scraper.snapshots.package import Package
from scraper.snapshots.publish import publish
from scraper.snapshots.tables import CHUNK as ROWS
from scraper.snapshots.tables import Row
from scraper.store.store import Store
from scraper.visits.visits import CHUNK, Visits

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


class Countless:
    """A plan that makes its targets when they are taken, and counts those that are out."""

    def __init__(self, hosts: int, each: int) -> None:
        self._hosts = hosts
        self._each = each
        self.out = 0
        self.most_out = 0
        self.most_at_once = 0

    def remaining(self) -> dict[str, int]:
        return {f"h{host}.test": self._each for host in range(self._hosts)}

    def planned(self, key: str, limit: int, after: str) -> Sequence[Target]:
        start = int(after.rpartition("/")[2]) + 1 if after else 0
        urls = [f"https://{key}/{n:06}" for n in range(start, min(start + limit, self._each))]
        self.out += len(urls)
        self.most_out = max(self.most_out, self.out)
        self.most_at_once = max(self.most_at_once, len(urls))
        return [Target(f"web:{url}", "web", "page", url, url) for url in urls]


class Echo:
    """A web that answers at once."""

    async def fetch(self, request: Request, **_: Any) -> Answer:
        headers = {"content-type": "application/pdf"}
        return Answer(request.url, request.url, 200, headers, request.url.encode())


async def test_visits_take_from_the_plan_only_what_they_are_about_to_ask() -> None:
    plan, settled = Countless(hosts=4, each=5_000), 0

    def settle(outcome: Outcome) -> None:
        nonlocal settled
        settled += 1
        plan.out -= 1

    settings = Settings(host_interval=0.0, slots=8)
    site = Page(settings, Nothing())
    await Visits(settings, {"web": site}, Echo(), plan, settle).run()
    assert settled == 20_000
    assert plan.out == 0
    assert plan.most_at_once <= CHUNK
    assert plan.most_out <= 20_000 / 16 + settings.slots


def test_the_plan_is_read_from_the_store_and_is_that_of_the_articles(tmp_path: Path) -> None:
    one = article_of(
        tmp_path,
        "# One",
        "[a](https://b.test/x) [b](https://web.archive.org/web/20200102030405/https://b.test/x)",
        "[c](https://web.archive.org/web/20210102030405/https://B.test/x) <https://a.test/>",
        name="one",
    )
    two = article_of(tmp_path, "# Two", "<https://a.test> [d](https://github.com/A/b)", name="two")
    with Store.open(tmp_path / "scraper.db") as store:
        run = store.begin_run([one, two], NOW)
        found = [identify(*pair) for pair in store.linked(run)]
    expected = targets([one, two])
    assert found == expected
    assert [(t.url, t.archived_at) for t in found] == [(t.url, t.archived_at) for t in expected]
    assert {t.archived_at for t in found} == {"", "20200102030405"}


def test_an_article_is_told_without_its_mentions(tmp_path: Path) -> None:
    article = article_of(
        tmp_path, "# The title", "<https://a.test/> <https://a.test/> [r](https://github.com/A/b)"
    )
    with Store.open(tmp_path / "scraper.db") as store:
        about = store.about(store.begin_run([article], NOW), article.name)
    assert (about.title, about.source, about.sites) == ("The title", article.source, {"github": 1, "web": 1})
    assert about.links == 2


def test_tables_are_written_while_their_rows_are_made(tmp_path: Path) -> None:
    """No row of the second chunk is asked for before the first one is in the file."""
    seen: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(2 * ROWS + 1):
            if number % ROWS == 0:
                seen.append(sum(path.stat().st_size for path in tmp_path.rglob("checks.csv")))
            yield {
                "target": f"web:https://a.test/{number:09}",
                "checked_at": NOW,
                "health": "alive",
                "reason": "ok",
            }

    about = Package("list", "List", "list.md", NOW)
    publish(tmp_path, about, {"checks": rows()})
    assert all(earlier < later for earlier, later in pairwise(seen))


def _imports(*arguments: str) -> set[str]:
    """Modules that are loaded when the command is done."""
    code = (
        "import sys, json, atexit\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "from scraper.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout
    return set(json.loads(done.stderr.splitlines()[-1]))


HEAVY = {"pandas", "numpy", "httpx", "pydantic", "tenacity", "jinja2", "starlette"}
HEAVY |= {"distributed", "asyncio"}


def test_help_loads_nothing_heavy() -> None:
    assert not _imports("--help") & (HEAVY | {"lxml", "bs4", "rich", "sqlite3"})
    assert not _imports("refresh", "--help") & (HEAVY | {"lxml", "bs4", "rich", "sqlite3"})


def test_links_loads_what_reading_needs_and_no_more() -> None:
    loaded = _imports("links", str(READING_LIST))
    assert not loaded & HEAVY
    assert "pyromark" in loaded


def test_an_article_too_large_for_a_report_has_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(editions, "MOST_SHOWN", 2)
    large = tmp_path / "large.md"
    large.write_text("".join(f"<https://plain.test/missing/{n}>\n" for n in range(3)), "utf-8")
    small = tmp_path / "small.md"
    small.write_text("<https://plain.test/page>\n", "utf-8")
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, archive=False, fail_on=["broken"])
        code = refresh.run([str(large), str(small)], settings, Options(quiet=True))
    assert len((tmp_path / "data/snapshots/large/latest/links.csv").read_text("utf-8").splitlines()) == 4
    assert not (tmp_path / "reports/large").exists()
    assert (tmp_path / "reports/small/report.html").is_file()
    assert "large: 3 links are more than the 2 that a report shows" in caplog.text
    broken = sum(
        "not_found" in line
        for line in (tmp_path / "data/snapshots/large/latest/links.csv").read_text().splitlines()
    )
    assert code == (3 if broken else 0)
    assert broken == 3


def test_articles_may_be_made_when_they_are_looked_at(tmp_path: Path) -> None:
    """`refresh` holds no article: twelve of them are made anew whenever they are looked at."""
    from scraper.run import refresh

    class Made(Sequence[Article]):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, number: Any) -> Any:
            if number >= len(self):
                raise IndexError(number)
            url = f"https://plain.test/page/{number}"
            mention = Mention(1, None, "", "text", url, url, "", "web", f"web:{url}")
            return Article(f"list-{number}", "made", "Made", (mention,))

    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False)
        settings.data.mkdir()
        with Store.open(settings.data / "scraper.db", sandbox=True) as store:
            result = refresh(Made(), settings, store)
    assert sorted(result.published) == ["list-0", "list-1"]
    assert set(result.stages) == {"plan", "visit", "publish"}
