"""`import scraper`: in a script, in a thread, in a running loop; typed; cheap; with errors of one tree."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from places import environment
from running import article_of, run_in

import scraper
from scraper.sandbox import Sandbox

LINKS = [
    "https://github.com/automl/RobustDARTS",
    "https://openreview.net/forum?id=H1gDNyrKDS",
    "https://plain.test/missing",
    "https://github.com/automl/RobustDARTS",
]


@pytest.fixture
def options(sandbox: Sandbox) -> dict[str, Any]:
    return {**sandbox.settings, "host_interval": 0.0, "probe": False}


def test_links_come_back_in_the_order_they_were_given(options: dict[str, Any]) -> None:
    seen: list[str] = []
    links = scraper.check(LINKS, on_result=lambda link: seen.append(link.target), **options)
    assert [link.url for link in links] == LINKS
    assert [link.health for link in links] == ["alive", "alive", "broken", "alive"]
    assert (links[0].record["stars"], links[1].there, links[2].dead) == (157, True, True)
    assert links.counts == {"alive": 3, "broken": 1}
    assert sorted(seen) == sorted({link.target for link in links}), "once each"
    assert [link.reason for link in links[1:3]] == [links[1].reason, "not_found"]


def test_a_frame_has_values_that_are_what_they_mean(options: dict[str, Any]) -> None:
    frame = scraper.check(LINKS, **options).to_pandas()
    assert frame["stars"].dropna().tolist() == [157, 157]
    paper = frame.loc["openreview:H1gDNyrKDS"]
    assert isinstance(paper["authors"], list)
    assert frame["last_commit_at"].dtype == "datetime64[us, UTC]"
    assert (frame["stars"].dtype, frame["archived"].dtype) == (pd.Int64Dtype(), pd.BooleanDtype())


def test_no_link_at_all_is_an_empty_list(options: dict[str, Any]) -> None:
    links = scraper.check([], **options)
    assert (list(links), len(links.to_pandas())) == ([], 0)


async def test_in_a_running_loop_both_forms_work(options: dict[str, Any]) -> None:
    assert scraper.check(LINKS[2], **options)[0].dead
    assert (await scraper.acheck(LINKS[2], **options))[0].dead


def test_in_a_thread_it_works(options: dict[str, Any]) -> None:
    found: list[scraper.Links] = []
    thread = threading.Thread(target=lambda: found.append(scraper.check(LINKS[:1], **options)))
    thread.start()
    thread.join()
    assert found[0][0].there


def test_errors_are_of_one_tree(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(scraper.SettingsError, match="timeouts"):
        scraper.check(LINKS, timeouts=3)
    with pytest.raises(scraper.SnapshotError, match="scraper refresh"):
        scraper.load(tmp_path)
    assert issubclass(scraper.SnapshotError, scraper.ScraperError)


async def test_an_error_in_a_running_loop_is_raised_where_it_was_asked_for() -> None:
    with pytest.raises(scraper.SettingsError):
        scraper.check(LINKS, timeouts=3)


def test_what_a_run_published_is_loaded_with_its_types(sandbox: Sandbox, tmp_path: Path) -> None:
    article = article_of(tmp_path, "# List", "", *(f"<{url}>" for url in LINKS[:3]))
    run_in(sandbox, tmp_path, [article], probe=False)
    snapshot = scraper.load(tmp_path / "data")
    assert snapshot.links.loc["github:automl/robustdarts", "stars"] == 157
    assert snapshot.links["first_seen"].dtype == "datetime64[us, UTC]"
    assert len(snapshot.mentions) == 3
    assert snapshot.before is None
    assert snapshot.papers["paper_url"].notna().all()
    with pytest.raises(scraper.SnapshotError, match="no table"):
        snapshot.table("nothing")
    sandbox.world.kill(LINKS[0])
    run_in(sandbox, tmp_path, [article], probe=False)
    sandbox.world.revive(LINKS[0])
    later = scraper.load(tmp_path / "data", "list")
    assert [change.kind for change in later.changes()] == ["newly_broken"]
    assert later.before is not None
    assert later.before.path == snapshot.path


def test_all_that_is_public_is_there_and_nothing_heavy_comes_with_it() -> None:
    code = (
        "import sys, scraper; heavy = {'pandas', 'lxml', 'rich', 'httpx', 'pydantic', 'asyncio', 'bs4'};"
        "print(sorted(heavy & set(sys.modules))); [getattr(scraper, name) for name in scraper.__all__];"
        "print(sorted(set(scraper.__all__) - set(dir(scraper))))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    assert done.stdout == "[]\n[]\n"
    with pytest.raises(AttributeError):
        getattr(scraper, "nothing")  # noqa: B009 - as a user would by mistake


@pytest.mark.long
def test_a_users_own_strict_type_check_passes(tmp_path: Path) -> None:
    program = tmp_path / "mine.py"
    program.write_text(
        "import scraper\n\n"
        "links: scraper.Links = scraper.check(['https://a.test/'], contact='me@example.org')\n"
        "health: scraper.Health = links[0].health\n"
        "stars = links[0].record.get('stars')\n"
        "frame = scraper.load('data', 'list').links\n"
        "columns: list[str] = list(frame.columns)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file=", str(program)]
    cache = {"MYPY_CACHE_DIR": str(tmp_path / "cache"), "MYPYPATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment(**cache), cwd=tmp_path)
    assert done.stdout == ""


def test_without_pandas_one_line_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['pandas'] = None\n"
        "import scraper\n"
        "from scraper.api.links import Links\n"
        "try:\n"
        "    Links(()).to_pandas()\n"
        "except scraper.ScraperError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "Data frames need pandas: `pip install 'paperlinks[pandas]'`.\n"
