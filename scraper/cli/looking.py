"""The commands that ask nobody: what an article links to, and what earlier runs found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scraper.cli.options import load_settings, settings_to_look, shared_options


@click.command(short_help="What an article links to.")
@click.argument("article")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [scraper.toml].")
@click.option("--json", "as_json", is_flag=True, help="As JSON: an object per mention.")
def links(article: str, config: Path | None, as_json: bool) -> None:
    """What is linked in ARTICLE, without a visit to any link.

    ARTICLE is a file, a folder, an http(s) address, a pattern, or - for standard input.
    """
    from scraper.commands.links import as_text, read
    from scraper.reports.text import document

    settings = load_settings if "://" in article else settings_to_look
    found, failed = read(article, lambda: settings(config), config)
    if as_json:
        from scraper.snapshots.mentions import mention_rows

        rows = [row for one in found for row in mention_rows(one.mentions)]
        click.echo(document(mentions=rows))
    else:
        click.echo("\n\n".join(map(as_text, found)))
    for line in failed:
        click.echo(line, err=True)


@click.command(short_help="Render the reports again.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@shared_options
def report(names: tuple[str, ...], config: Path | None, **places: Any) -> None:
    """Render the reports again, without any request."""
    from scraper.commands import report as command

    for path in command.report(names, settings_to_look(config, **places)):
        click.echo(path)


@click.command(short_help="What differs between two snapshots.")
@click.argument("before", required=False)
@click.argument("after", required=False)
@shared_options
@click.option("--article", "name", help="Only this article; without it, all of them.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown", "atom"]),
    default="text",
    help="Output format [text].",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when nothing changed.")
def changes(
    config: Path | None, style: str, quiet: bool, data: Path | None, reports: Path | None, **which: Any
) -> None:
    """What differs between two snapshots: the last and the one before it, unless BEFORE and AFTER are named.

    A snapshot is named by its time, or the beginning of it: 2026-11-23.
    """
    from scraper.commands import changes as command

    text = command.changes(
        settings_to_look(config, data=data, reports=reports), style=style, quiet=quiet, **which
    )
    if text:
        click.echo(text.rstrip("\n"))


@click.command(short_help="History of one link.")
@click.argument("target")
@shared_options
@click.option("--json", "as_json", is_flag=True, help="As JSON: an object per visit.")
def history(target: str, config: Path | None, as_json: bool, **places: Any) -> None:
    """History of one link: TARGET is an identity as in links.csv, or an address."""
    from scraper.commands import history as command

    settings = settings_to_look(config, **places)
    click.echo(command.history(target, settings, as_json=as_json))
