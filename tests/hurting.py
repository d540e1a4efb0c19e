"""A list with a past, and every command that writes something for it: to be killed, refused, interrupted.

Each test takes the folder back to how it was (`Home.restore`), hurts a command in it, and looks at
what is left.
"""

from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from places import Ended, Place

from scraper.files import TEMPORARY
from scraper.sandbox import Sandbox, github_writing, records
from scraper.snapshots.snapshot import Snapshot, articles, folder_of, listing, pointed
from scraper.store.store import Store

THOROUGH = bool(os.environ.get("SCRAPER_THOROUGH"))
REPOSITORY = "me/papers"
DIES = "https://blog.test/attention"
LINES = ("# List", "- <https://blog.test/gradients>", f"- <{DIES}>", "- <https://github.com/me/old>")
TIMES = ["first_seen", "failing_since", "metadata_as_of", "last_alive"]

COMMANDS: dict[str, tuple[str, ...]] = {
    "refresh": ("refresh", "list.md", "--quiet", "--profile"),
    "report": ("report",),
    "fix": ("fix", "list.md", "--write"),
    "publish": ("publish", "github", "list.md", f"--repository={REPOSITORY}"),
    "backup": ("store", "backup", "copy.db"),
    "prune": ("store", "prune", "--keep-runs=1"),
    "check": ("check", "list.md"),
    "store check": ("store", "check"),
    "trust": ("trust", "scraper.toml"),
    "demo": ("demo",),
    "week": ("demo", "--days=3"),
}
"""All that write, and two that must not."""

Record = Callable[[str, object], None]
"""Keeps a figure of a test (`record_property`), which `benchmarks.crashes` puts into a table."""

CODES = {"refresh": 0, "check": 3}
"""How a command ends that nobody disturbs, where that is not 0."""


LONG = {"refresh": 1, "demo": 6, "week": 6}
"""Commands of a second and more, each with the steps from one change to the next when all are to be tried."""

Way = TypeVar("Way")


def stride(command: str, usual: Mapping[str, int]) -> int:
    """From one change that is tried to the next; `usual` says it where not all are to be tried."""
    if THOROUGH:
        return LONG.get(command, 1)
    return usual.get(command, 1)


def ways(command: str, every: Sequence[Way], turn: int) -> Sequence[Way]:
    """All ways in which a command is hurt at a change, or one after the other."""
    return every if THOROUGH and command not in LONG else [every[turn % len(every)]]


@dataclass
class Home:
    """The folder, the sandbox around it, and how both were."""

    place: Place
    sandbox: Sandbox
    whole: Path
    calm: dict[str, Any] = field(default_factory=dict)
    """By command what an undisturbed one leaves."""

    @property
    def folder(self) -> Path:
        return self.place.folder

    @property
    def desk(self) -> github_writing.Desk:
        return github_writing.desk(self.sandbox.world, REPOSITORY)

    def restore(self) -> None:
        """The folder with two runs, and a repository on GitHub that nobody wrote to but its owner."""
        for path in (self.folder, self.place.config):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.whole, self.folder, symlinks=True)
        self.sandbox.world.written.clear()
        self.desk.commit(self.desk.default, {"list.md": (self.folder / "list.md").read_bytes()})

    def run(self, command: str, how: Callable[..., Ended] | None = None) -> Ended:
        """A command of the list; `how` hurts it, and else it runs undisturbed."""
        return (how or self.place.quick)(*COMMANDS[command], GITHUB_TOKEN=records.GITHUB_TOKEN)


@contextmanager
def home(folder: Path) -> Iterator[Home]:
    """A list that was refreshed twice, with a dead link, a renamed one, and reports."""
    renamed = {"full_name": "me/new", "previous": ["me/old"]}
    with Sandbox(repositories=[{"full_name": REPOSITORY}, renamed]) as sandbox:
        sandbox.world.github_limits["anonymous"] = 10**6
        for subject in ("gradients", "attention"):
            text = f"<h1>On {subject}</h1>" + f"<p>What we learned of {subject} in a year of work.</p>" * 9
            sandbox.world.page(f"https://blog.test/{subject}", text, title=f"On {subject}")
        (folder / "list").mkdir()
        place = Place.in_sandbox(folder / "list", sandbox, attempts=1, prometheus="metrics/own.prom")
        (place.folder / "metrics").mkdir()
        place.article(*LINES)
        assert place.quick("refresh", "list.md").code == 0
        sandbox.world.kill(DIES)
        assert place.quick("refresh", "list.md").code == 0
        made = Home(place, sandbox, folder / "whole")
        shutil.copytree(place.folder, made.whole, symlinks=True)
        yield made


def undisturbed(here: Home, command: str) -> Any:
    """What the command leaves when nobody disturbs it."""
    if command not in here.calm:
        here.restore()
        ended = here.run(command)
        assert ended.code == CODES.get(command, 0), ended
        here.calm[command] = left_by(here, command)
    return here.calm[command]


def left_by(here: Home, command: str) -> Any:
    """What a command was to do, in a form in which twice is the same."""
    folder = here.folder
    if command == "report":
        return {str(path): path.read_bytes() for path in (folder / "reports").rglob("*") if path.is_file()}
    if command == "fix":
        return (folder / "list.md").read_bytes()
    if command == "publish":
        threads = [(one["state"], one["title"], one["body"], "head" in one) for one in here.desk.threads]
        return threads, here.desk.comments, here.desk.branches
    if command in ("backup", "prune"):
        with Store.open(folder / ("copy.db" if command == "backup" else "data/scraper.db")) as store:
            return [visit.health for visit in store.history(f"web:{DIES}")]
    if command == "trust":
        return (here.place.config / "scraper" / "trusted").read_text().partition(" ")[0]
    if command in ("refresh", "demo", "week"):
        data = folder / ("data" if command == "refresh" else "demo/data")
        return {name: _links(folder_of(data, name)) for name in articles(data)}
    return None


def _links(folder: Path) -> str:
    newest = pointed(folder)
    assert newest == listing(folder)[-1]
    return pd.read_csv(newest / "links.csv", dtype=str).drop(columns=TIMES).to_csv()


def temporary(here: Home) -> list[Path]:
    """All that nobody finished."""
    return [*here.folder.rglob(f"{TEMPORARY}*"), *here.place.config.rglob(f"{TEMPORARY}*")]


def made_up_for(here: Home, command: str) -> None:
    """The next one does all of it in one go, without a traceback, and leaves nothing unfinished."""
    (here.folder / "copy.db").unlink(missing_ok=True)  # whole, and a backup never takes the place of a file
    again = here.run(command)
    assert again.code == CODES.get(command, 0), again
    assert "Traceback" not in again.err
    assert temporary(here) == []
    assert left_by(here, command) == here.calm[command]


def look(here: Home, command: str, scratch: Path) -> None:
    """Nothing is lost and nothing is half there: stores, snapshots, and every single file."""
    for data in (here.folder / "data", here.folder / "demo" / "data"):
        if (data / "scraper.db").exists():
            check_store(data, scratch)
        for name in articles(data):
            shots = listing(folder_of(data, name))
            assert [damage for path in shots for damage in Snapshot.at(path).damaged()] == []
    kept = {path.relative_to(here.whole) for path in here.whole.rglob("*") if path.is_file()}
    there = {path.relative_to(here.folder) for path in here.folder.rglob("*") if path.is_file()}
    gone = {path for path in kept - there if not path.name.startswith("scraper.db-")}
    assert gone == set(), "lost"
    unfinished = temporary(here)
    for path in sorted(there):
        if not any((here.folder / path).is_relative_to(one) for one in unfinished):
            assert sound(here.folder / path), path
    old, new = (here.whole / "list.md").read_bytes(), undisturbed_article(here)
    assert (here.folder / "list.md").read_bytes() in ((old, new) if command == "fix" else (old,))
    for backup in here.folder.glob("list.md.bak*"):
        assert backup.read_bytes() == old


def undisturbed_article(here: Home) -> bytes:
    return bytes(here.calm.get("fix") or b"")


def check_store(data: Path, scratch: Path) -> None:
    """The store is whole, looked at in a copy: the original stays as it was left."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for path in data.glob("scraper.db*"):
        shutil.copy(path, scratch)
    with Store.open(scratch / "scraper.db", create=False) as store:
        assert store.check() == []


def sound(path: Path) -> bool:
    """Whether a file is whole, as far as its kind tells."""
    data = path.read_bytes()
    if path.suffix == ".html":
        return data.rstrip().endswith(b"</html>")
    if path.suffix in (".xml", ".atom"):
        return bool(ET.fromstring(data).tag)
    if path.suffix == ".json":
        return json.loads(data) is not None
    if path.suffix in (".csv", ".md", ".prom"):
        return data.endswith(b"\n")
    if path.name == "copy.db":
        with Store.open(path, create=False) as store:
            return store.check() == []
    return True
