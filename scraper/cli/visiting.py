"""The commands that visit links: refresh, check, and the demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scraper.cli.options import again, load_settings, shared_options


@click.command(short_help="Check the links of an article and publish the report.")
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@shared_options
@click.option("--contact", help="Your address, sent in the User-Agent.")
@click.option("--max-age", help="Skip links that were alive within this time (7d).")
@click.option("--deadline", help="Time for the whole run (30m).")
@click.option("--fail-on", help="End with 3 on these healths, or on `new`, `confirmed`: new,confirmed.")
@click.option(
    "--resume/--no-resume",
    "resuming",
    default=True,
    help="Resume a run that was interrupted within the hour.",
)
@click.option("--dry-run", is_flag=True, help="Print the plan and an estimate; send no request.")
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
    settings = load_settings(config, **flags)
    console.set_up_logging(settings.log_format, verbose)
    chosen = {name: given[name] for name in ("dry_run", "cluster", "profile", "as_json", "quiet")}
    places = again(config=config, data=given["data"], reports=given["reports"])
    sys.exit(command.run(articles, settings, console.Options(**chosen, places=places)))


@click.command(short_help="Verdicts now, on addresses or articles.")
@click.argument("words", nargs=-1, required=True, metavar="URL|ARTICLE...")
@shared_options
@click.option("--since", metavar="REV", help="Only what the working tree adds to the article since then.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "rdjson", "github"]),
    default="text",
    help="Output format [text].",
)
@click.option("--contact", help="Your address, sent in the User-Agent.")
@click.option("--deadline", help="Time for all of it (5m).")
def check(words: tuple[str, ...], config: Path | None, since: str | None, style: str, **flags: Any) -> None:
    """Check addresses, or the links of articles, now. Nothing is kept, and nothing is written.

    Ends with 3 when a link is broken or failing, with 5 when the time was up before all were checked. With
    --since only mentions count that the working tree adds or changes since the merge base with REV (a branch,
    a tag, a commit): old trouble never fails it.
    """
    from scraper.commands import check as command
    from scraper.reports.text import plain

    answer = command.check(words, load_settings(config, **flags), since=since, style=style)
    click.echo(answer.text)
    for line in answer.aside:
        click.echo(plain(line), err=True)
    sys.exit(answer.code)


@click.command(short_help="Try it offline against a built-in fake web.")
@shared_options
@click.option(
    "--mode",
    type=click.Choice(["open", "gated", "limited", "login"]),
    default="open",
    help="How the sandbox's OpenReview behaves [open].",
)
@click.option(
    "--days", type=click.IntRange(1, 7), default=1, help="How many days of the week to play, 1 to 7 [1]."
)
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
    sys.exit(command.demo(folder, load_settings(config, **own), mode, days))
