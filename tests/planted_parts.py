"""Parts of repositories of every kind, planted alive, moved and dead by the throw of dice."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any, NamedTuple

from github_worlds import release, repository

from scraper.sandbox.world import World

DEFAULTS = ("main", "master", "develop", "trunk", "release/2.x", "v3")
FOLDERS = ("src", "lib/core", "docs", "examples/cv", "a b", "数据", "c#", "x+y")
HOME, RAW, LOAD = "https://github.com", "https://raw.githubusercontent.com", "https://codeload.github.com"


class Planted(NamedTuple):
    url: str
    health: str
    goes_to: str = ""
    """The address that must be suggested."""
    rescued: bool = False
    """Whether it was removed, so that there is a permalink."""
    noted: bool = False
    """Whether it is there, and the place in it that is linked is not."""
    kind: str = ""


def grow(number: int, dice: random.Random) -> tuple[list[dict[str, Any]], list[Planted]]:
    """One repository, maybe renamed, and parts of it."""
    default, other = dice.choice(DEFAULTS), f"{dice.choice(('topic', 'fix', 'user/x'))}/{number}"
    folder, name = dice.choice(FOLDERS), f"m{number}.{dice.choice(('py', 'ipynb', 'md'))}"
    full_name, old_name = f"guild/r{number:03}", f"guild/once{number:03}"
    tag, lines = dice.choice((f"v{number}.0", f"rel/{number}", "2020-01")), dice.randrange(3, 40)
    removed, before, now = f"gone/g{number}.py", f"old/n{number}.py", f"new/deep/n{number}.py"
    day = f"2022-01-{number % 28 + 1:02}T00:00:00Z"
    made = repository(
        full_name,
        default_branch=default,
        previous=[old_name],
        readme=f"# R\n\n## How to use {number}\n\ntext\n",
        tree=["README.md", f"{folder}/{name}", now],
        branches={other: ["only.py", f"{folder}/{name}"]},
        tags=[tag],
        release=release(tag, "weights.pt"),
        issues=[1, 5],
        pulls=[2],
        discussions=[3, 9],
        converted={"5": 9},
        transferred={"6": "guild/target#60"},
        deleted_issues=["4"],
        wiki=["Home", "Set-up"],
        milestones=[3],
        files={f"{folder}/{name}": "\n".join(f"line {one}" for one in range(lines))},
        history=[
            {
                "date": day,
                "files": [
                    {"filename": removed, "status": "removed"},
                    {"filename": now, "status": "renamed", "previous_filename": before},
                ],
            },
        ],
    )
    home, old, raw = f"{HOME}/{full_name}", f"{HOME}/{old_name}", f"{RAW}/{full_name}"
    there = f"{_written(folder)}/{name}"
    alive = [
        ("file", f"{home}/blob/{default}/{there}"),
        ("file", f"{home}/blob/HEAD/{there}#L{lines}"),
        ("file", f"{home}/blob/{other}/only.py"),
        ("file", f"{raw}/{default}/{there}"),
        ("file", f"{raw}/refs/heads/{default}/{there}"),
        ("folder", f"{home}/tree/{tag}/{_written(folder)}"),
        ("branch", f"{home}/tree/{other}"),
        ("branch", f"{home}/tree/{default}"),
        ("issue", f"{home}/issues/1"),
        ("pull", f"{home}/pull/2/files"),
        ("discussion", f"{home}/discussions/3"),
        ("release", f"{home}/releases/tag/{tag}"),
        ("release", f"{home}/releases/latest"),
        ("asset", f"{home}/releases/download/{tag}/weights.pt"),
        ("asset", f"{home}/archive/refs/tags/{tag}.zip"),
        ("asset", f"{LOAD}/{full_name}/tar.gz/{tag}"),
        ("wiki", f"{home}/wiki/Set-up"),
        ("milestone", f"{home}/milestone/3"),
        ("comparison", f"{home}/compare/{tag}...{other}"),
        ("comparison", f"{home}/compare/{default}"),
        ("readme", f"{home}#how-to-use-{number}"),
    ]
    dead = [
        ("file", f"{home}/blob/{default}/never/{name}"),
        ("file", f"{home}/blob/{other}/never.py"),
        ("file", f"{raw}/{default}/never.py"),
        ("folder", f"{home}/tree/{default}/nowhere/at/all"),
        ("branch", f"{home}/tree/lost-{number}"),
        ("commit", f"{home}/commit/{'e' * 40}"),
        ("commit", f"{home}/commit/eeeeee{number % 10}"),
        ("issue", f"{home}/issues/77"),
        ("issue", f"{home}/issues/4"),
        ("pull", f"{home}/pull/78"),
        ("discussion", f"{home}/discussions/79"),
        ("release", f"{home}/releases/tag/none"),
        ("asset", f"{home}/releases/download/{tag}/other.pt"),
        ("asset", f"{LOAD}/{full_name}/zip/never"),
        ("wiki", f"{home}/wiki/Nothing"),
        ("milestone", f"{home}/milestone/4"),
        ("comparison", f"{home}/compare/{tag}...lost"),
        ("comparison", f"{home}/compare/v0.0.1...{other}"),
    ]
    went = f"{home}/blob/{default}/{now}"
    moved = [
        ("file", f"{home}/blob/{default}/{before}", went),
        ("file", f"{raw}/{default}/{before}", went),
        ("file", f"{old}/blob/{default}/{there}", f"{home}/blob/{default}/{there}"),
        ("issue", f"{old}/issues/1", f"{home}/issues/1"),
        ("issue", f"{home}/issues/5", f"{home}/discussions/9"),
        ("issue", f"{home}/issues/6", f"{HOME}/guild/target/issues/60"),
    ]
    if default not in ("master", "v3"):
        moved.append(("file", f"{home}/blob/master/{there}", f"{home}/blob/{default}/{there}"))
        versus = f"{home}/compare/{tag}"
        moved.append(("comparison", f"{versus}...master", f"{versus}...{default}"))
        moved.append(("branch", f"{home}/tree/master", f"{home}/tree/{default}"))
    every = [
        *(Planted(url, "alive", kind=kind) for kind, url in dice.sample(alive, 5)),
        *(Planted(url, "broken", kind=kind) for kind, url in dice.sample(dead, 4)),
        *(Planted(url, "moved", goes_to, kind=kind) for kind, url, goes_to in dice.sample(moved, 2)),
        Planted(f"{home}/blob/{default}/{removed}", "broken", rescued=True, kind="file"),
        dice.choice(
            (
                Planted(f"{home}/tree/{default}/gone", "broken", rescued=True, kind="folder"),
                Planted(f"{raw}/{default}/{removed}", "broken", rescued=True, kind="file"),
                Planted(f"{home}/blob/{tag}/{removed}", "broken", rescued=True, kind="file"),
            )
        ),
        dice.choice(
            (
                Planted(f"{home}/blob/{default}/{there}#L{lines + 1}", "alive", noted=True, kind="line"),
                Planted(f"{home}#no-such-section", "alive", noted=True, kind="readme"),
            )
        ),
    ]
    return [made], every


def _written(path: str) -> str:
    return path.replace(" ", "%20").replace("#", "%23").replace("+", "%2B")


def world(count: int, dice: random.Random) -> tuple[World, list[Planted]]:
    """So many repositories, a dozen parts and more in each, and gists; what two of them plant counts once."""
    repositories: list[dict[str, Any]] = [repository("guild/target", issues=[60])]
    planted: list[Planted] = []
    gists = {}
    for number in range(count):
        made, parts = grow(number, dice)
        repositories += made
        planted += parts
        if number % 5 == 0:
            gist = f"{dice.getrandbits(128):032x}"
            gists[gist] = "A gist"
            planted.append(Planted(f"https://gist.github.com/someone/{gist}", "alive", kind="gist"))
            gone = f"{dice.getrandbits(128):032x}"
            planted.append(Planted(f"https://gist.github.com/{gone}", "broken", kind="gist"))
    grown = World(repositories=repositories)
    grown.gists.update(gists)
    return grown, list(_once(planted))


def _once(planted: Iterable[Planted]) -> Iterable[Planted]:
    seen: set[str] = set()
    for each in planted:
        place = each.url.partition("#")[0].replace(f"{RAW}/", "")
        if place not in seen:
            seen.add(place)
            yield each
