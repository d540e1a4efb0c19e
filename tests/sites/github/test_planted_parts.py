"""Three hundred parts of every kind, planted alive, moved and dead in thirty repositories."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, NamedTuple

import pytest
from github_worlds import TOKEN, Run, exists, release, repository, run

from scraper.sandbox.world import World
from scraper.sites.identity import identify

DEFAULTS = ("main", "master", "develop", "release/2.x")
FOLDERS = ("src", "lib/core", "docs", "examples/cv", "a b")


class Planted(NamedTuple):
    part: str
    health: str
    goes_to: str = ""
    """The part that must be suggested."""
    rescued: bool = False
    """Whether it was removed, so that there is a permalink."""


def grow(number: int, dice: random.Random) -> tuple[dict[str, Any], list[Planted]]:
    """One repository with ten parts or more."""
    default = dice.choice(DEFAULTS)
    other = f"topic/{number}/work"
    folder, name = dice.choice(FOLDERS), f"m{number}.py"
    written = folder.replace(" ", "%20")
    made = repository(
        f"guild/r{number:02}",
        default_branch=default,
        tree=["README.md", f"{folder}/{name}", f"new/n{number}.py"],
        branches={other: ["only.py", f"{folder}/{name}"]},
        tags=[f"v{number}.0"],
        release=release(f"v{number}.0", "weights.pt"),
        issues=[1],
        pulls=[2],
        discussions=[3],
        deleted_issues=["4"],
        wiki=["Home"],
        history=[
            {
                "date": f"2022-01-{number % 28 + 1:02}T00:00:00Z",
                "files": [
                    {"filename": f"gone/g{number}.py", "status": "removed"},
                    {
                        "filename": f"new/n{number}.py",
                        "status": "renamed",
                        "previous_filename": f"old/n{number}.py",
                    },
                ],
            }
        ],
    )
    parts = [
        Planted(f"blob/{default}/{written}/{name}", "alive"),
        Planted(f"blob/{other}/only.py", "alive"),
        Planted(f"tree/{other}", "alive"),
        Planted(f"tree/v{number}.0/{written}", "alive"),
        Planted(dice.choice(("issues/1", "pull/2", "discussions/3", f"releases/tag/v{number}.0")), "alive"),
        Planted(f"blob/{default}/gone/g{number}.py", "broken", rescued=True),
        Planted(f"tree/{default}/gone", "broken", rescued=True),
        Planted(f"blob/{default}/old/n{number}.py", "moved", f"blob/{default}/new/n{number}.py"),
        Planted(f"blob/{default}/never/{name}", "broken"),
        Planted(f"tree/lost-{number}", "broken"),
        Planted(
            dice.choice(("issues/4", "pull/50", f"commit/{'e' * 40}", "releases/tag/none", "wiki/None")),
            "broken",
        ),
    ]
    if default != "master":
        parts.append(Planted(f"blob/master/{written}/{name}", "moved", f"blob/{default}/{written}/{name}"))
    return made, parts


@pytest.fixture(scope="module")
def planted() -> tuple[World, dict[str, Planted], Run]:
    dice = random.Random(20260922)
    repositories: list[dict[str, Any]] = []
    expected: dict[str, Planted] = {}
    for number in range(30):
        made, parts = grow(number, dice)
        repositories.append(made)
        expected |= {f"https://github.com/{made['full_name']}/{each.part}": each for each in parts}
    world = World(repositories=repositories)
    return world, expected, run(world, list(expected), TOKEN)


def test_every_verdict_is_exact(planted: tuple[World, dict[str, Planted], Run]) -> None:
    _, expected, done = planted
    assert len(expected) >= 300
    found = {url: done.verdicts[identify(url).key] for url in expected}
    assert {url: verdict.health for url, verdict in found.items()} == {
        url: each.health for url, each in expected.items()
    }
    assert {done.verdicts[f"github:guild/r{number:02}"].health for number in range(30)} == {"alive"}


def test_what_moved_is_found_and_what_was_removed_has_a_permalink_that_works(
    planted: tuple[World, dict[str, Planted], Run],
) -> None:
    world, expected, done = planted
    for url, each in expected.items():
        suggested = done.verdicts[identify(url).key].suggested_url
        home = "/".join(url.split("/")[:5])
        if each.goes_to:
            assert suggested == f"{home}/{each.goes_to}"
        elif each.rescued:
            assert exists(world, suggested)
        else:
            assert suggested == ""


def test_what_it_costs(planted: tuple[World, dict[str, Planted], Run]) -> None:
    _, expected, done = planted
    healths = Counter(each.health for each in expected.values())
    assert done.asked["api.github.com"] <= 1 + 2 * (healths["broken"] + healths["moved"])
    assert max(done.per_target.values()) <= 2
    dear = {key for key in done.per_target if done.verdicts[key].health == "alive"}
    assert not dear
