"""The commands that look after the installation: doctor, trust, completions, store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scraper.cli.options import settings_to_look, shared_options
from scraper.errors import UsageError


@click.command(short_help="Is everything as a run needs it?")
@shared_options
@click.option("--json", "as_json", is_flag=True, help="As JSON: an object per check.")
def doctor(config: Path | None, as_json: bool, **places: Any) -> None:
    """Check settings, credentials and budgets, network, store: each ok, warning or error, with what to do."""
    from scraper.commands import doctor as command

    checks = command.examine(config, places)
    click.echo(command.as_json(checks) if as_json else command.as_text(checks))
    sys.exit(1 if any(check.state == "error" for check in checks) else 0)


@click.command(short_help="Agree to what a settings file says.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--forget", is_flag=True, help="Withdraw the agreement.")
def trust(file: Path | None, forget: bool) -> None:
    """Agree to what FILE says of where requests, credentials and files go.

    FILE is the settings file that would be found here, unless it is named. Its content is remembered in your
    own configuration folder; whoever changes it has to ask again.
    """
    from scraper.commands import trust as command
    from scraper.reports.text import plain

    for line in command.trust(file, forget=forget).split("\n"):
        click.echo(plain(line))


@click.command(short_help="Have the shell complete commands and options.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completions(ctx: click.Context, shell: str) -> None:
    """Print what has SHELL complete the commands and options of scraper.

    \b
    ~/.bashrc                   eval "$(scraper completions bash)"
    ~/.zshrc                    eval "$(scraper completions zsh)"
    ~/.config/fish/config.fish  scraper completions fish | source
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # the three that click knows
    click.echo(made(ctx.find_root().command, {}, "scraper", "_SCRAPER_COMPLETE").source())


@click.group(short_help="Look after the store: back up, check, prune.")
def store() -> None:
    """Look after the store: back it up, check it, prune it."""


@store.command()
@click.argument("file", type=click.Path(path_type=Path))
@shared_options
def backup(file: Path, config: Path | None, **places: Any) -> None:
    """Copy the store to FILE, whole, while it may be in use."""
    from scraper.store.store import Store

    with Store.open(settings_to_look(config, **places).store, create=False) as opened:
        opened.backup(file)


@store.command("check")
@shared_options
def whole(config: Path | None, **places: Any) -> None:
    """Check that the store is whole."""
    from scraper.errors import StoreError
    from scraper.store.store import Store

    with Store.open(settings_to_look(config, **places).store, create=False) as opened:
        if found := opened.check():
            raise StoreError(f"The store {opened.path} is damaged: {found[0]}; restore a backup.")
        click.echo(f"{opened.path} is whole.")


@store.command(short_help="Forget old visits; states and records stay.")
@click.option("--keep-runs", type=click.IntRange(1), help="Runs whose visits are kept.")
@click.option("--older-than", help="Forget visits older than this (365d).")
@shared_options
def prune(keep_runs: int | None, older_than: str | None, config: Path | None, **places: Any) -> None:
    """Forget old visits; states, records and the latest visit of each link stay."""
    from datetime import UTC, datetime, timedelta

    from scraper.commands.cron import only_run
    from scraper.settings.loading import seconds
    from scraper.store.store import Store

    if keep_runs is None and older_than is None:
        raise UsageError("store prune: say what to keep, with --keep-runs or --older-than.")
    since = datetime.now(UTC) - timedelta(seconds=seconds(older_than)) if older_than else None
    settings = settings_to_look(config, **places)
    with Store.open(settings.store, create=False) as opened, only_run(settings.data):
        click.echo(f"{opened.prune(keep_runs=keep_runs, older_than=since)} visits forgotten.")
