"""The command line: what goes in, what goes to stdout and stderr, and with which code it ends.

Data goes to stdout, everything else to stderr; progress is shown on a terminal only. Exit codes: 0 published,
1 a fault of ours, 2 usage or settings, 3 published and `--fail-on` matched, 4 another run holds the lock,
5 not published or incomplete. Imports that cost time stand in the commands that need them.
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scraper import __version__
from scraper.commands import streams
from scraper.errors import ScraperError, UsageError

if TYPE_CHECKING:
    from scraper.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


class _Commands(click.Group):
    """Tells our errors in one line, with their exit code, whatever command they come from."""

    def main(self, *args: Any, **extra: Any) -> Any:
        streams.open_all()
        return super().main(*args, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from scraper.commands.guessing import meant

            raise UsageError(meant(args[0], self.commands))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ScraperError as error:
            from scraper.reports.text import plain

            click.echo(f"scraper: {plain(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # `scraper links … | head`: the reader has seen enough
            streams.drop_output()
            ctx.exit(0)
        except OSError as error:
            if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                raise
            streams.drop_output()
            click.echo(f"scraper: standard output: {error.strerror}.", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, "-V", "--version", prog_name="scraper")
def main() -> None:
    """Link health and metadata for lists of papers.

    Reads an article, visits each OpenReview, GitHub and other link in it, says how healthy each one is and
    why, and writes enriched tables and reports.
    """


def _shared(command: Command) -> Command:
    """The options that say where things are."""
    options = (
        click.option(
            "--data", type=click.Path(path_type=Path), help="Folder of the store and the snapshots [data]."
        ),
        click.option(
            "--reports", type=click.Path(path_type=Path), help="Folder of the rendered reports [reports]."
        ),
        click.option("--config", type=click.Path(path_type=Path), help="Settings file [scraper.toml]."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _settings(config: Path | None, **flags: Any) -> Settings:
    from scraper.settings import load

    loaded = load(flags, config)
    for line in loaded.foreign:
        click.echo(f"warning: {line}", err=True)
    return loaded.settings


def _again(**places: Path | None) -> tuple[str, ...]:
    """The options that said where things are, for a command that is suggested."""
    return tuple(word for name, path in places.items() if path for word in (f"--{name}", str(path)))


@main.command(short_help="Check the links of an article and publish the report.")
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@_shared
@click.option("--contact", help="Your address, sent in the User-Agent.")
@click.option("--max-age", help="Leave links alone that were alive this lately (7d).")
@click.option("--deadline", help="Time for the whole run (30m).")
@click.option("--fail-on", help="Healths, `new` or `confirmed`, that end the command with 3: new,confirmed.")
@click.option(
    "--resume/--no-resume", "resuming", default=True, help="Go on with a run cut off within the hour."
)
@click.option("--dry-run", is_flag=True, help="Print the plan and what it will take; ask nobody.")
@click.option("--cluster", help="Visit on a Dask cluster: local:N, or the scheduler's tls:// address.")
@click.option("--profile", is_flag=True, help="Write where time and requests went to profile.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing when there is nothing new.")
@click.option("-v", "--verbose", count=True, help="Log more; twice for every request.")
def refresh(
    articles: tuple[str, ...], config: Path | None, resuming: bool, verbose: int, **given: Any
) -> None:
    """Check the links of an article and publish the report: read, visit, judge, record, publish.

    ARTICLE is a file, a folder, an http(s) address, a pattern, or - for standard input; without one the
    articles of the settings are refreshed.
    """
    from scraper.commands import console
    from scraper.commands import refresh as command

    names = ("data", "reports", "contact", "max_age", "deadline", "fail_on")
    flags = {name: given[name] for name in names} | ({} if resuming else {"resume": 0.0})
    settings = _settings(config, **flags)
    console.set_up_logging(settings.log_format, verbose)
    chosen = {name: given[name] for name in ("dry_run", "cluster", "profile", "as_json", "quiet")}
    places = _again(config=config, data=given["data"], reports=given["reports"])
    sys.exit(command.run(articles, settings, console.Options(**chosen, places=places)))


@main.command(short_help="Verdicts now, on addresses or articles.")
@click.argument("words", nargs=-1, required=True, metavar="URL|ARTICLE...")
@_shared
@click.option("--since", metavar="REV", help="Only what the working tree adds to the article since then.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "rdjson", "github"]),
    default="text",
    help="As what it is printed [text].",
)
@click.option("--contact", help="Your address, sent in the User-Agent.")
@click.option("--deadline", help="Time for all of it (5m).")
def check(words: tuple[str, ...], config: Path | None, since: str | None, style: str, **flags: Any) -> None:
    """Check addresses, or the links of articles, now. Nothing is kept, and nothing is written.

    Ends with 3 when a link is broken or failing. With --since only mentions count that the working tree adds
    or changes since the merge base with REV (a branch, a tag, a commit): old trouble never fails it.
    """
    from scraper.commands import check as command

    answer = command.check(words, _settings(config, **flags), since=since, style=style)
    click.echo(answer.text)
    sys.exit(answer.code)


@main.command(short_help="What an article links to.")
@click.argument("article")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [scraper.toml].")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per mention.")
def links(article: str, config: Path | None, as_json: bool) -> None:
    """What is linked in ARTICLE, without a visit to any link.

    ARTICLE is a file, a folder, an http(s) address, a pattern, or - for standard input.
    """
    from scraper.commands.links import as_text, read
    from scraper.snapshots.mentions import mention_rows

    found, failed = read(article, lambda: _settings(config), config)
    if as_json:
        rows = [row for one in found for row in mention_rows(one.mentions)]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join(map(as_text, found)))
    for line in failed:
        click.echo(line, err=True)


@main.command(short_help="Render the reports again.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_shared
def report(names: tuple[str, ...], config: Path | None, **places: Any) -> None:
    """Render the reports again, without any request."""
    from scraper.commands import report as command

    for path in command.report(names, _settings(config, **places)):
        click.echo(path)


@main.command(short_help="What differs between two snapshots.")
@click.argument("before", required=False)
@click.argument("after", required=False)
@_shared
@click.option("--article", "name", help="Only this article; without it, all of them.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown", "atom"]),
    default="text",
    help="As what they are printed [text].",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when nothing changed.")
def changes(
    config: Path | None, style: str, quiet: bool, data: Path | None, reports: Path | None, **which: Any
) -> None:
    """What differs between two snapshots: the last and the one before it, unless BEFORE and AFTER are named.

    A snapshot is named by its time, or the beginning of it: 2026-11-23.
    """
    from scraper.commands import changes as command

    text = command.changes(_settings(config, data=data, reports=reports), style=style, quiet=quiet, **which)
    if text:
        click.echo(text.rstrip("\n"))


@main.command(short_help="History of one link.")
@click.argument("target")
@_shared
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per visit.")
def history(target: str, config: Path | None, as_json: bool, **places: Any) -> None:
    """History of one link: TARGET is an identity as in links.csv, or an address."""
    from scraper.commands import history as command

    click.echo(command.history(target, _settings(config, **places), as_json=as_json))


@main.command(short_help="A patch for an article from its snapshot.")
@click.argument("article")
@_shared
@click.option("--moved/--no-moved", default=True, help="Replace what moved by its new address [on].")
@click.option("--https/--no-https", default=True, help="Replace http by https where it was proven [on].")
@click.option(
    "--permalink/--no-permalink",
    default=True,
    help="Replace files that were removed by the permalink at which they still are [on].",
)
@click.option("--dead/--no-dead", default=False, help="Replace confirmed dead links by their memento [off].")
@click.option(
    "--unwrap/--no-unwrap",
    default=False,
    help="Replace archive links by the original when it is alive [off].",
)
@click.option("--write", is_flag=True, help="Apply the patch; a backup is kept beside the article.")
def fix(
    article: str, config: Path | None, write: bool, data: Path | None, reports: Path | None, **rules: bool
) -> None:
    """Print a patch for ARTICLE from its last snapshot; what is not touched is listed with the reason."""
    from scraper.commands import fix as command

    patch, left = command.fix(
        article, _settings(config, data=data, reports=reports), {r for r, on in rules.items() if on}, write
    )
    click.echo(patch, nl=False)
    for line in left:
        click.echo(line, err=True)


@main.group("publish", short_help="Tell others of the last snapshot: github.")
def publish_() -> None:
    """Tell others of what the last snapshot says."""


@publish_.command()
@click.argument("article", required=False)
@click.option("--repository", required=True, metavar="OWNER/NAME", help="Where the issue goes.")
@_shared
def github(article: str | None, repository: str, config: Path | None, **places: Any) -> None:
    """Keep one issue and one pull request up to date for ARTICLE, or for every article.

    The issue has the summary, a comment when there is news, and is closed when nothing is left to do; the
    pull request has what `scraper fix` proposes. The token comes from GITHUB_TOKEN.
    """
    from scraper.commands import publish as command

    for line in command.publish(repository, article, _settings(config, **places)):
        click.echo(line)


@main.command(short_help="Is everything as a run needs it?")
@_shared
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per check.")
def doctor(config: Path | None, as_json: bool, **places: Any) -> None:
    """Check settings, credentials and budgets, network, store: each ok, warning or error, with what to do."""
    from scraper.commands import doctor as command

    checks = command.examine(config, places)
    click.echo(command.as_json(checks) if as_json else command.as_text(checks))
    sys.exit(1 if any(check.state == "error" for check in checks) else 0)


@main.command(short_help="Agree to what a settings file says.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--forget", is_flag=True, help="Take the word back.")
def trust(file: Path | None, forget: bool) -> None:
    """Agree to what FILE says of where requests, credentials and files go.

    FILE is the settings file that would be found here, unless it is named. Its content is remembered in your
    own configuration folder; whoever changes it has to ask again.
    """
    from scraper.commands import trust as command
    from scraper.reports.text import plain

    for line in command.trust(file, forget=forget).split("\n"):
        click.echo(plain(line))


@main.command(short_help="Try it offline against a built-in fake web.")
@_shared
@click.option(
    "--mode",
    type=click.Choice(["open", "gated", "limited", "login"]),
    default="open",
    help="How the sandbox's OpenReview behaves [open].",
)
@click.option("--days", type=click.IntRange(1, 7), default=1, help="Play so many days of a week [1].")
@click.option(
    "--articles",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the articles to refresh [two of its own].",
)
def demo(config: Path | None, mode: str, days: int, folder: Path | None, **places: Path | None) -> None:
    """Try it offline against a built-in fake web: no network, no credentials, real reports.

    Everything is kept in demo/, away from real runs. With --days 7 a week is played in seconds: links die,
    move and come back, and the reports of the last day tell of it.
    """
    from scraper.commands import demo as command

    own = {name: place or command.FOLDER / name for name, place in places.items()}
    sys.exit(command.demo(folder, _settings(config, **own), mode, days))


@main.group(short_help="Look after the store: back up, check, prune.")
def store() -> None:
    """Look after the store: back it up, check it, prune it."""


@store.command()
@click.argument("file", type=click.Path(path_type=Path))
@_shared
def backup(file: Path, config: Path | None, **places: Any) -> None:
    """Copy the store to FILE, whole, while it may be in use."""
    from scraper.store.store import Store

    with Store.open(_settings(config, **places).store, create=False) as opened:
        opened.backup(file)


@store.command("check")
@_shared
def whole(config: Path | None, **places: Any) -> None:
    """Check that the store is whole."""
    from scraper.errors import StoreError
    from scraper.store.store import Store

    with Store.open(_settings(config, **places).store, create=False) as opened:
        if found := opened.check():
            raise StoreError(f"The store {opened.path} is damaged: {found[0]}; restore a backup.")
        click.echo(f"{opened.path} is whole.")


@store.command()
@click.option("--keep-runs", type=click.IntRange(1), help="Runs whose visits are kept.")
@click.option("--older-than", help="Forget visits older than this (365d).")
@_shared
def prune(keep_runs: int | None, older_than: str | None, config: Path | None, **places: Any) -> None:
    """Forget old visits; states, records and the latest visit of each link stay."""
    from datetime import UTC, datetime, timedelta

    from scraper.settings import seconds
    from scraper.store.store import Store

    if keep_runs is None and older_than is None:
        raise UsageError("store prune: say what to keep, with --keep-runs or --older-than.")
    since = datetime.now(UTC) - timedelta(seconds=seconds(older_than)) if older_than else None
    with Store.open(_settings(config, **places).store, create=False) as opened:
        click.echo(f"{opened.prune(keep_runs=keep_runs, older_than=since)} visits forgotten.")
