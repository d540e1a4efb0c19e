"""Planted days over fifty lists: the mail of the last morning, an issue's body, a comment, word for word.

What is expected stands in `golden/`; with WRITE_GOLDEN=1 in the environment it is written and not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from planted import LISTS, golden, lists, page
from running import settings_in

from scraper.reports.changes import as_markdown, as_text
from scraper.reports.editions import difference, edition
from scraper.reports.markdown import summary_markdown
from scraper.reports.model import Edition
from scraper.reports.terminal import MAIL, Ending, Screen, terminal_summary
from scraper.run import refresh
from scraper.sandbox import Sandbox
from scraper.sandbox.world import World
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store

BEGIN = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
DAYS = 4
DEATHS = {2: [(3, 1), (17, 2), (44, 2)], 3: [(8, 1), (9, 1)], 4: [(21, 2), (33, 1)]}


def happens(world: World, day: int) -> None:
    """Deaths of the second day are confirmed on the fourth; what died on the third is back on the fourth."""
    for number, place in DEATHS.get(day, []):
        world.kill(page(number, place))
    if day == DAYS:
        world.revive(page(8, 1))
        world.revive(page(9, 1))
        world.rename("automl/RobustDARTS", "automl/RobustDARTS2")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Edition, Edition]]]:
    """Each list on the last morning, as the run and as the two snapshots tell it."""
    folder = tmp_path_factory.mktemp("week")
    articles = lists(folder)
    with Sandbox() as sandbox:
        token = sandbox.credentials["github_token"]
        impatient = {"probe": False, "archive": False, "attempts": 1, "confirm_span": 2 * 86_400.0}
        settings = settings_in(sandbox, folder, github_token=token, **impatient)
        settings.data.mkdir()
        with Store.open(settings.store, sandbox=True) as store:
            for day in range(1, DAYS + 1):
                happens(sandbox.world, day)
                begun = BEGIN + timedelta(days=day - 1)
                result = refresh(articles, settings, store, now=lambda begun=begun: begun)  # type: ignore[misc]
            told = []
            for name, shot in sorted(result.published.items()):
                assert shot.previous
                before, after = Snapshot.at(shot.previous), Snapshot.at(shot.path)
                whole = edition(store, result.run, name, settings, before, after, elapsed=41.0)
                whole = replace(whole, requests=140 / LISTS, version="1")
                told.append((whole, difference(before, after, settings)))
    yield told


def editions(week: Sequence[tuple[Edition, Edition]]) -> list[Edition]:
    return [whole for whole, _ in week]


@pytest.mark.long
def test_the_mail_of_the_last_morning(week: list[tuple[Edition, Edition]]) -> None:
    golden("mail.txt", terminal_summary(editions(week), MAIL, Ending("reports")))


def test_the_same_on_a_terminal(week: list[tuple[Edition, Edition]]) -> None:
    golden("terminal.txt", terminal_summary(editions(week), Screen(80, 24), Ending("reports")))


def test_the_mail_about_one_list(week: list[tuple[Edition, Edition]]) -> None:
    golden("mail-of-one.txt", terminal_summary([editions(week)[33]], MAIL, Ending("reports")))


def test_the_summary_of_one_list_for_an_issue(week: list[tuple[Edition, Edition]]) -> None:
    golden("summary.md", summary_markdown(editions(week)[44]))


def test_the_changes_of_all_for_a_comment_and_for_a_terminal(week: list[tuple[Edition, Edition]]) -> None:
    differences = [difference for _, difference in week]
    golden("changes.md", as_markdown(differences))
    golden("changes.txt", as_text(differences))
