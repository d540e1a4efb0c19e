"""What commands share: the options that say where things are, and the settings that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.settings.loading import Loaded

Command = TypeVar("Command", bound=Callable[..., Any])


def shared_options(command: Command) -> Command:
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


def load_settings(config: Path | None, **flags: Any) -> Settings:
    """Settings of a command that sends requests."""
    from scraper.settings.loading import load

    return _used(load(flags, config))


def settings_to_look(config: Path | None, **flags: Any) -> Settings:
    """Settings of a command that sends none."""
    from scraper.settings.loading import load

    return _used(load(flags, config, asks=False))


def _used(loaded: Loaded) -> Settings:
    for line in loaded.foreign:
        click.echo(f"warning: {line}", err=True)
    return loaded.settings


def again(**places: Path | None) -> tuple[str, ...]:
    """The options that said where things are, for a command that is suggested."""
    return tuple(word for name, path in places.items() if path for word in (f"--{name}", str(path)))
