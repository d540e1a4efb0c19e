"""The commands that act on what a run found: fix, publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scraper.cli.options import load_settings, settings_to_look, shared_options


@click.command(short_help="A patch for an article from its snapshot.")
@click.argument("article")
@shared_options
@click.option("--moved/--no-moved", default=True, help="Replace moved links with their new address [on].")
@click.option("--https/--no-https", default=True, help="Replace http with https where it was proven [on].")
@click.option(
    "--permalink/--no-permalink",
    default=True,
    help="Replace links to removed files with a permalink that still works [on].",
)
@click.option(
    "--dead/--no-dead", default=False, help="Replace confirmed dead links with their memento [off]."
)
@click.option(
    "--unwrap/--no-unwrap",
    default=False,
    help="Replace archive links with the original when it is alive [off].",
)
@click.option("--write", is_flag=True, help="Apply the patch; a backup is kept beside the article.")
def fix(
    article: str, config: Path | None, write: bool, data: Path | None, reports: Path | None, **rules: bool
) -> None:
    """Print a patch for ARTICLE from its last snapshot; what is not touched is listed with the reason."""
    from scraper.commands import fix as command
    from scraper.reports.text import visible

    patch, left = command.fix(
        article,
        settings_to_look(config, data=data, reports=reports),
        {r for r, on in rules.items() if on},
        write,
    )
    click.echo(visible(patch.decode(errors="replace")) if sys.stdout.isatty() else patch, nl=False)
    for line in left:
        click.echo(line, err=True)


@click.group("publish", short_help="Tell others of the last snapshot: github.")
def publish() -> None:
    """Tell others of what the last snapshot says."""


@publish.command(short_help="Keep one issue and one pull request up to date.")
@click.argument("article", required=False)
@click.option(
    "--repository",
    required=True,
    metavar="OWNER/NAME",
    help="The repository, owner/name, that gets the issue and the pull request.",
)
@shared_options
def github(article: str | None, repository: str, config: Path | None, **places: Any) -> None:
    """Keep one issue and one pull request up to date for ARTICLE, or for every article.

    The issue has the summary, a comment when there is news, and is closed when nothing is left to do; the
    pull request has what `scraper fix` proposes. The token comes from GITHUB_TOKEN.
    """
    from scraper.commands import publish as command

    command.publish(repository, article, load_settings(config, **places), click.echo)
