"""Four hundred parts of every kind, planted alive, moved and dead in thirty repositories."""

from __future__ import annotations

import random
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from github_worlds import TOKEN, Run, exists, run
from planted_parts import Planted, world

from scraper.model import Verdict
from scraper.sandbox.world import World
from scraper.sites.identity import identify

REPOSITORIES = 30


class Done(NamedTuple):
    world: World
    planted: list[Planted]
    run: Run

    def verdict(self, one: Planted) -> Verdict:
        return self.run.verdicts[identify(one.url).key]


def visited(seed: int, token: str | None) -> Done:
    made, planted = world(REPOSITORIES, random.Random(seed))
    return Done(made, planted, run(made, [one.url for one in planted], token))


@pytest.fixture(scope="module", params=[20260922, 20261130])
def done(request: pytest.FixtureRequest) -> Done:
    return visited(request.param, TOKEN)


def test_every_verdict_is_exact(done: Done) -> None:
    assert len(done.planted) >= 400
    found = {one.url: (done.verdict(one).health, bool(done.verdict(one).notes)) for one in done.planted}
    noted = {identify(one.url).key for one in done.planted if one.noted}
    assert found == {one.url: (one.health, identify(one.url).key in noted) for one in done.planted}


def test_what_moved_is_found_and_what_was_removed_has_a_permalink_that_works(done: Done) -> None:
    for one in done.planted:
        suggested = done.verdict(one).suggested_url
        if one.rescued:
            assert exists(done.world, suggested)
        else:
            assert unquote(suggested) == unquote(one.goes_to)


def test_what_it_costs(done: Done) -> None:
    bad = sum(one.health != "alive" for one in done.planted)
    assert done.run.asked["api.github.com"] <= 1 + 2 * bad
    assert max(done.run.per_target.values()) <= 2
    dear = {key for key in done.run.per_target if done.run.verdicts[key].health == "alive"}
    wikis = {key for key in dear if "/wiki/" in key or key.startswith("github:gist/")}
    assert dear == wikis, "the API has no word on wikis and gists: each is asked for"


def test_a_guest_is_told_nothing_that_is_false() -> None:
    done = visited(20261130, None)
    assert done.run.asked["api.github.com"] <= 60
    for one in done.planted:
        verdict = done.verdict(one)
        if verdict.health == "unverified":
            continue
        # Where something went takes a request that a guest may not have; that it is gone does not.
        assert (verdict.health == "alive") <= (one.health == "alive" or one.kind == "issue"), one.url
        assert (one.health == "alive") <= (verdict.health == "alive"), one.url
