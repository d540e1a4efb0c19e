"""`scraper demo`: the main job against the sandbox, over real sockets and real TLS, a day or a week of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.commands.console import Options
from scraper.commands.cron import only_run
from scraper.commands.inputs import read_articles
from scraper.commands.refresh import run
from scraper.errors import UsageError
from scraper.files import STORE, published_or_told, remove, write
from scraper.run import refresh
from scraper.sites import captures, paces
from scraper.store.store import Store

if TYPE_CHECKING:
    from scraper.sandbox import Sandbox
    from scraper.settings import Settings

FOLDER = Path("demo")
"""Where the demo keeps everything, away from what real runs keep."""

ARTICLES = FOLDER / "articles"
_CHECKOUT = Path(__file__).parents[2] / "data" / "articles"


def demo(folder: Path | None, settings: Settings, mode: str, days: int) -> int:
    """Refresh the demo's articles in a sandbox, on `days` days that end today; returns the exit code."""
    from scraper.sandbox import Sandbox
    from scraper.sandbox.week import prepare

    with Sandbox(mode=mode) as sandbox:  # before anything is cleared or written: it may lack what it needs
        if days > 1:
            _begin_anew(settings)
        sources = _articles(folder)
        prepare(sandbox.world)
        inside = _inside(settings, sandbox, mode)
        for day in range(1, days):
            _earlier(day, days, sources, inside, sandbox)
        _happen(days, sandbox)
        return run(sources, inside, Options())


def _begin_anew(settings: Settings) -> None:
    """A week begins without a past. The demo's own folder is cleared; nobody else's is."""
    if not settings.store.exists():
        return
    if settings.data != FOLDER / "data":
        raise UsageError(f"{settings.data} has runs already, and a week has no past: name an empty --data.")
    with Store.open(settings.store, create=False) as store:
        if not store.sandbox:
            raise UsageError(f"{settings.store} holds the real web's answers: name another --data.")
    # The store last: a kill before it is gone leaves a demo that is cleared once more.
    reports = [settings.reports] if settings.reports == FOLDER / "reports" else []  # the feed remembers, too
    parts = [
        settings.data / "snapshots",
        ARTICLES,
        *reports,
        *settings.data.glob(f"{STORE}-*"),
        settings.store,
    ]
    with only_run(settings.data), published_or_told("the demo"):
        for path in parts:
            remove(path)


def _articles(folder: Path | None) -> list[str]:
    """The articles of the user's folder, or copies that `fix` may write of those in the package."""
    if folder is None:
        _unpack()
    found = sorted(path for path in (folder or ARTICLES).glob("*.md") if not path.is_symlink())
    if not found:
        raise UsageError(f"{folder} has no article (*.md): name another folder with --articles.")
    return [str(path) for path in found]


def _unpack() -> None:
    with published_or_told("the demo"), as_file(files("scraper.sandbox") / "articles") as shipped:
        ARTICLES.mkdir(parents=True, exist_ok=True)
        # In a checkout the reading list stands where users look for it, and is put into the wheel from there.
        for path in (*shipped.glob("*.md"), *_CHECKOUT.glob("*.md")):
            if not (ARTICLES / path.name).exists():
                write(ARTICLES / path.name, path.read_bytes())


def _inside(settings: Settings, sandbox: Sandbox, mode: str) -> Settings:
    """The user's settings, led into the sandbox, which nobody has to spare."""
    login = sandbox.credentials
    if mode != "login":
        login = {"github_token": login["github_token"]}
    unhurried = {key: {"interval": 0.0, "concurrency": 8} for key in (*paces(), *captures.PACES)}
    own = settings.model_dump(exclude_unset=True)
    return type(settings)(
        **{
            **own,
            **sandbox.settings,
            **login,
            "host_interval": 0.0,
            "hosts": unhurried | own.get("hosts", {}),
        }
    )


def _earlier(day: int, days: int, sources: list[str], settings: Settings, sandbox: Sandbox) -> None:
    """A run that many days ago; only its events are told."""
    _happen(day, sandbox)
    back = timedelta(days=days - day)
    articles = read_articles(sources, settings).articles
    with only_run(settings.data), Store.open(settings.store, sandbox=True) as store:
        refresh(articles, settings, store, now=lambda: datetime.now(UTC) - back)


def _happen(day: int, sandbox: Sandbox) -> None:
    from scraper.sandbox.week import DAYS

    sandbox.world.refill()
    for event in DAYS.get(day, ()):
        event.happens(sandbox.world)
        click.echo(f"Day {day}: {event.told}.", err=True)
