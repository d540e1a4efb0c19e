"""`--dry-run`: what a run would ask and how long it would take; `--profile`: what it did ask and take."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from running import READING_LIST, settings_in

from scraper.api.checking import Nothing
from scraper.articles.reading import load
from scraper.commands import refresh
from scraper.commands.console import Options
from scraper.commands.dry_run import as_text, forecast, foresee
from scraper.commands.simulation import Cost, simulate, typical
from scraper.errors import UsageError
from scraper.model import Health, Outcome, Pace, Question, Request, Target, Verdict
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites import sites
from scraper.sites.identity import targets
from scraper.store.store import Store
from scraper.visits.turns import Turns

DRY = Options(dry_run=True, as_json=True)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _plan(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert refresh.run([str(READING_LIST)], settings, DRY) == 0
    plan: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plan


def test_nobody_is_asked_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox() as sandbox:
        plan = _plan(settings_in(sandbox, tmp_path, github_token=sandbox.credentials["github_token"]), capsys)
        assert sandbox.world.count() == 0
    assert _files(tmp_path) == {}
    keys = {each["key"]: each for each in plan["keys"]}
    assert keys["api.github.com/graphql"]["targets"] == 9
    assert keys["api.github.com/graphql"]["requests"] == 1
    assert keys["api.openreview.net"]["targets"] == 16
    assert sum(each["targets"] for each in plan["keys"]) == 36
    assert plan["requests"] == sum(each["requests"] for each in plan["keys"])
    assert 0 <= plan["lower_bound_seconds"] <= plan["expected_seconds"]
    assert plan["expected_seconds"] <= plan["expected_with_dead_seconds"]
    assert (plan["unknown"], plan["failed"]) == (36, 0)


def test_what_was_alive_lately_is_left_out_and_the_store_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, github_token=sandbox.credentials["github_token"])
        assert refresh.run([str(READING_LIST)], settings, Options(quiet=True)) == 0
        before = _files(tmp_path)
        patient = settings.model_copy(update={"max_age": 3600.0})
        again, spared = _plan(settings, capsys), _plan(patient, capsys)
        asked = sandbox.world.count()
        assert asked > 0
        assert _files(tmp_path) == before
        assert again["spared"] == 0
        assert spared["spared"] == 36 - sum(each["targets"] for each in spared["keys"]) > 25
        assert {each["key"] for each in spared["keys"]} >= {
            "www.linkedin.com"
        }  # it bars programs: asked again
    with pytest.raises(UsageError, match="sandbox"):
        refresh.run([str(READING_LIST)], settings.model_copy(update={"sandbox": False}), DRY)


def test_the_text_has_a_line_for_each_key_and_the_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path / "data", reports=tmp_path / "reports")
    assert refresh.run([str(READING_LIST)], settings, Options(dry_run=True)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["host", "or", "API", "targets", "requests", "every", "minimum"]
    assert "requests to 9 hosts; about " in lines[-1]
    assert "36 links were never checked: if one in ten is dead, about" in lines[-2]
    assert all(len(line) <= 80 for line in lines)


def _notes(count: int) -> list[Target]:
    return [
        Target(f"openreview:n{n}", "openreview", "forum", f"n{n}", f"https://x/{n}") for n in range(count)
    ]


def _repositories(count: int) -> list[Target]:
    names = [f"owner/name{n}" for n in range(count)]
    return [Target(f"github:{n}", "github", "repository", n, f"https://github.com/{n}") for n in names]


@pytest.mark.parametrize(("notes", "requests"), [(1, 1), (50, 1), (51, 2), (687, 14)])
def test_batches_that_follow_the_first_are_foreseen(notes: int, requests: int) -> None:
    settings = Settings()
    plan = forecast(_notes(notes), sites(settings, Nothing()), settings)
    assert plan.requests == requests


def test_repositories_beyond_the_budget_of_a_guest_are_not_asked_for() -> None:
    settings = Settings()
    plan = forecast(_repositories(200), sites(settings, Nothing()), settings)
    assert plan.turns[0].targets == 200
    assert 0 < plan.requests <= 60


def test_an_empty_list_takes_no_time() -> None:
    settings = Settings()
    plan = forecast([], sites(settings, Nothing()), settings)
    assert (plan.requests, plan.seconds, plan.expected) == (0, 0.0, 0.0)
    assert as_text(plan).endswith("0 requests to 0 hosts; about 0 s (minimum 0 s)")


def test_a_run_cut_off_is_gone_on_with_in_the_plan_too(tmp_path: Path) -> None:
    article, now = load(str(READING_LIST)), datetime.now(UTC)
    settings = Settings(data=tmp_path)
    with Store.open(tmp_path / "scraper.db") as store:
        run = store.begin_run([article], now)
        known = sites(settings, store)
        every = foresee([article], settings, None, now)
        chosen = targets(article)
        store.plan(run, ((target, known[target.site].key(target)) for target in chosen))
        for target in chosen[:10]:
            store.commit(run, Outcome(target, Verdict(Health.ALIVE, "ok"), now), now)
        plan = foresee([article], settings, store, now)
    assert sum(turn.targets for turn in every.turns) == 36
    assert (sum(turn.targets for turn in plan.turns), plan.spared) == (26, 10)


def test_the_clock_of_the_simulation_stands_at_the_bound() -> None:
    turns = Turns(4, lambda key: Pace(1.0, 2))
    for number in range(10):
        turns.add(Question("a", "web", "page", (), Request(f"https://a/{number}")), 0.0)
    assert 9.25 <= simulate(turns, 0.5) <= 9.75


def test_what_a_link_did_last_time_is_what_it_will_do() -> None:
    """A host that strained at every visit slows down; one that is dumb is tried once after three in vain."""

    def lasts(cost: Cost) -> float:
        turns = Turns(4, lambda key: Pace(0.2, 2))
        questions = [Question("a", "web", "page", (), Request(f"https://a/{n}")) for n in range(6)]
        for question in questions:
            turns.add(question, 0.0)
        return simulate(turns, 0.5, {id(question): cost for question in questions})

    calm = lasts(Cost(0.1))
    assert calm == pytest.approx(5 * 0.2 + 0.1, abs=0.05)
    assert lasts(Cost(0.1, tries=3)) > calm
    assert lasts(Cost(0.1, tries=3, strained=True)) > 2 * lasts(Cost(0.1, tries=3))
    assert lasts(Cost(1.0, tries=3, unreachable=True)) < 3 * 6 * 1.0


def test_tries_that_end_at_one_moment_are_two_tries() -> None:
    # A list where many links timed out: all of them took what the timeout lets them take.
    turns = Turns(8, lambda key: Pace(0.0, 8))
    questions = [Question("a", "web", "page", (), Request(f"https://a/{n}")) for n in range(4)]
    for question in questions:
        turns.add(question, 0.0)
    lasted = simulate(turns, 0.5, {id(question): Cost(10.0, tries=3) for question in questions})
    assert lasted >= 3 * 10.0


def test_what_is_not_known_takes_as_long_as_what_is() -> None:
    assert typical([Cost(0.1)]) == 0.5
    assert typical([Cost(0.1), Cost(0.2), Cost(0.3), Cost(0.2), Cost(9.0), Cost(60.0, tries=3)]) == 0.2


def test_failures_of_the_last_run_are_foreseen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        *(f"<https://one.test/page/{n}>" for n in range(9)),
        "<https://two.test/404>",
        "<https://six.test/503>",
    ]
    (tmp_path / "list.md").write_text("\n".join(lines), "utf-8")
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, probe=False, attempts=2)
        plans = []
        for _ in range(2):
            assert refresh.run([str(tmp_path / "list.md")], settings, DRY) == 0
            plans.append(json.loads(capsys.readouterr().out))
            refresh.run([str(tmp_path / "list.md")], settings, Options(quiet=True))
            capsys.readouterr()
    first, second = plans
    assert (first["unknown"], first["failed"]) == (11, 0)
    assert (second["unknown"], second["failed"]) == (0, 1)
    asked = {key["key"]: key["requests"] for key in second["keys"] if "archive.org" in key["key"]}
    looked_for = {"archive.org": 2, "web.archive.org/cdx": 2}
    assert asked == looked_for, "no copy is known of the two dead links, so it is looked for again"


def test_the_profile_accounts_for_every_request_and_stage(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        settings = settings_in(sandbox, tmp_path, github_token=sandbox.credentials["github_token"])
        assert refresh.run([str(READING_LIST)], settings, Options(quiet=True, profile=True)) == 0
        asked = sandbox.world.count()
    found = json.loads((tmp_path / "reports" / "profile.json").read_text("utf-8"))
    assert list(found["stages"]) == ["read", "plan", "visit", "publish", "report"]
    assert all(seconds >= 0 for seconds in found["stages"].values())
    assert found["requests"] == asked == sum(each["requests"] for each in found["keys"])
    seconds = [each["seconds"] for each in found["keys"]]
    assert seconds == sorted(seconds, reverse=True)
    assert {"api.openreview.net", "api.github.com/graphql"} <= {each["key"] for each in found["keys"]}


def test_without_the_option_there_is_no_profile(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        refresh.run([str(READING_LIST)], settings_in(sandbox, tmp_path), Options(quiet=True))
    assert (tmp_path / "reports" / "index.html").is_file()
    assert not (tmp_path / "reports" / "profile.json").exists()
