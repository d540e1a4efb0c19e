"""A week in the sandbox, for `scraper demo --days`: what happens to the links of its own list, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scraper.sandbox.messages import Reply, page, redirect
from scraper.sandbox.world import World

READING_GROUP = "https://old-lab.test/reading-group"
NOTES = "https://lectures.test/notes/made-up-networks"
NEW_NOTES = "https://lectures.test/archive/made-up-networks"
BOARD = "https://benchmark.test/leaderboard"
GRADIENTS = "https://gradients.test/imaginary"
SURVEY = "https://survey.test/sandboxes"
SLIDES = "https://tutorial.test/slides.html"
MODEL = "https://huggingface.co/sandbox/tiny-model"

_TITLES = {
    READING_GROUP: "The reading group of the old lab",
    NOTES: "Lecture notes on made-up networks",
    BOARD: "The benchmark's leaderboard",
    GRADIENTS: "A blog post on imaginary gradients",
    SURVEY: "A survey of sandboxes",
    SLIDES: "Slides of the tutorial",
}
_TEXT = (
    "<p>Members of an imagined laboratory keep these notes: motivation, definitions, theorems with proofs, "
    "experiments on synthetic benchmarks, ablations, hyperparameters, random seeds and a bibliography. "
    "Exercises at the end ask for derivations of gradients, variance bounds and convergence rates.</p>"
    "<p>Corrections are welcome by letter; earlier versions stay in the cellar, sorted by year.</p>"
)
_CASINO = (
    "<h1>Lucky Spin Casino</h1><p>Welcome bonus 200 % and 50 free spins. Play slots, roulette and blackjack "
    "at the best online casino. Deposit now, withdraw your jackpot in minutes.</p>"
    "<p>New players choose among 900 slot machines, three live tables and a poker room that never closes. "
    "Our cashier takes cards, wallets and coins; winnings are paid out the same evening. Bet on football, "
    "tennis and horses with the highest odds, and collect loyalty points for every spin.</p>"
    "<p><a href='/slots'>Slots</a> <a href='/live'>Live casino</a> <a href='/betting'>Sports betting</a></p>"
)


class Event(NamedTuple):
    """Something that happens before a day's run."""

    told: str
    happens: Callable[[World], object]


def _page(title: str) -> Reply:
    return page(title, f"<h1>{title}</h1>{_TEXT}")


def prepare(world: World) -> None:
    """The list's own pages, all of them alive, and the copies that the archive has of them."""
    for url, title in _TITLES.items():
        world.pages[url] = _page(title)
        world.titles[url] = title
        world.archive(url, "20240310090000")


def _moves(world: World) -> None:
    world.pages[NOTES] = redirect(NEW_NOTES, 301)
    world.pages[NEW_NOTES] = _page(_TITLES[NOTES])


def _is_renamed(world: World) -> None:
    world.rename("sandbox-org/odd-licence", "sandbox-org/new-name")


def _is_archived(world: World) -> None:
    world.repositories["sandbox-org/unlicensed"].update(archived=True)


def _is_taken_over(world: World) -> None:
    world.pages[GRADIENTS] = page("Lucky Spin Casino", _CASINO)


def _grows(world: World) -> None:
    for repository in world.repositories.values():
        repository["stars"] = repository["stars"] * 2 + 40


DAYS: dict[int, tuple[Event, ...]] = {
    2: (
        Event("the reading group's page is gone", lambda world: world.kill(READING_GROUP)),
        Event("the leaderboard's server fails", lambda world: world.faults.add("host_outage:benchmark.test")),
    ),
    3: (
        Event("the lecture notes move for good", _moves),
        Event("the model is deleted", lambda world: world.kill(MODEL)),
    ),
    4: (
        Event("a repository is renamed", _is_renamed),
        Event("the leaderboard is back", lambda world: world.faults.discard("host_outage:benchmark.test")),
    ),
    5: (
        Event("a repository is archived", _is_archived),
        Event("the model is back", lambda world: world.revive(MODEL)),
    ),
    6: (
        Event("a casino takes over the blog", _is_taken_over),
        Event("stars grow", _grows),
    ),
    7: (
        Event("the survey is gone", lambda world: world.kill(SURVEY, 410)),
        Event("a bot wall goes up before the slides", lambda world: world.kill(SLIDES, 403)),
    ),
}
