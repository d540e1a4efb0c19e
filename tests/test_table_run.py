"""A table of 1,847 papers with their code, through a whole run and back into the file."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from running import run_in, settings_in

from scraper.articles.reading import load
from scraper.commands.fix import fix
from scraper.sandbox import Sandbox

pytestmark = pytest.mark.long

ROWS, REPOSITORIES = 1847, 1825
HEADER = ("title", "conference", "year", "paper", "code", "stars", "updated")


class Fate(NamedTuple):
    """What became of a repository, and the verdict on it."""

    name: str
    verdict: tuple[str, str]
    now: str
    """Its name; empty when it is gone."""
    archived: bool

    @property
    def moved(self) -> bool:
        return self.now not in ("", self.name)


def fates(dice: random.Random) -> list[Fate]:
    found = []
    for number in range(REPOSITORIES):
        name, now = f"Owner{number}/Name-{number}", f"lab{number}/name"
        kind = dice.choices(("there", "archived", "renamed", "gone"), (85, 5, 6, 4))[0]
        if kind == "gone":
            found.append(Fate(name, ("broken", "not_found"), "", False))
        elif kind == "renamed":
            found.append(Fate(name, ("moved", "repository_renamed"), now, False))
        else:
            found.append(Fate(name, ("alive", "ok"), name, kind == "archived"))
    return found


def repositories(every: list[Fate]) -> list[dict[str, Any]]:
    """Those that are there, each with stars of its own."""
    return [
        {
            "full_name": fate.now,
            "previous": [fate.name] if fate.moved else [],
            "stars": number,
            "archived": fate.archived,
        }
        for number, fate in enumerate(every)
        if fate.now
    ]


def table(path: Path, every: list[Fate], dice: random.Random) -> list[str]:
    """The file, as spreadsheets write it; returns the address of the code in each row."""
    urls = []
    titles = ('On "deep" nets, and {0}', "Networks; {0}", "第{0}篇论文，新方法", "Nets\n{0}")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerow(HEADER)
        for number in range(ROWS):
            url = (
                f"https://github.com/{every[number % REPOSITORIES].name}{dice.choice(('', '', '.git', '/'))}"
            )
            title = dice.choice(titles)
            paper = f"https://arxiv.org/abs/17{number % 12 + 1:02}.{number:05}"
            rows.writerow((title.format(number), "NIPS", 2017, paper, url, number * 7, "2019-01-02"))
            urls.append(url)
    return urls


def test_each_repository_has_its_row_and_fix_changes_the_moved_alone(tmp_path: Path) -> None:
    dice = random.Random(1847)
    every = fates(dice)
    path = tmp_path / "papers.csv"
    urls = table(path, every, dice)
    before = path.read_bytes()
    with Sandbox(repositories=repositories(every)) as sandbox:
        token = {"github_token": sandbox.credentials["github_token"], "archive": False}
        settings = settings_in(sandbox, tmp_path, **token)
        _, rows = run_in(sandbox, tmp_path, [load(str(path))], **token)
        asked = sandbox.world.count("api.github.com", "/graphql")
    code = {key: row for key, row in rows.items() if key.startswith("github:")}
    assert len(code) == REPOSITORIES
    assert asked == -(-REPOSITORIES // 50)
    for number, fate in enumerate(every):
        row = code[f"github:{fate.name.lower()}"]
        twice = number < ROWS - REPOSITORIES
        assert (row["health"], row["reason"]) == fate.verdict
        assert row["mentions"] == 1 + twice
        if fate.now:
            assert (row["stars"], row["archived"]) == (number, fate.archived)
    _, told = fix(str(path), settings, {"moved"}, write=True)
    edits = sum(every[number % REPOSITORIES].moved for number in range(ROWS))
    assert told[-1].startswith(f"{edits} edits written")
    with path.open(encoding="utf-8", newline="") as file:
        after = list(csv.reader(file))[1:]
    for number, (cells, url) in enumerate(zip(after, urls, strict=True)):
        fate = every[number % REPOSITORIES]
        assert cells[HEADER.index("code")] == _moved(url, fate)
    assert path.read_bytes() == _replaced(before, every, urls)


def _moved(url: str, fate: Fate) -> str:
    """The address as it is to be, in the form in which it was written."""
    return url.replace(fate.name, fate.now) if fate.moved else url


def _replaced(before: bytes, every: list[Fate], urls: list[str]) -> bytes:
    """The file with nothing but the addresses of renamed repositories changed."""
    for number, url in enumerate(urls):
        fate = every[number % REPOSITORIES]
        if fate.moved:
            before = before.replace(f",{url},".encode(), f",{_moved(url, fate)},".encode())
    return before
