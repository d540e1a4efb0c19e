"""The settings file: the one that is named, or the one that is found in the current folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from scraper.errors import SettingsError

NAMES = ("scraper.toml", "pyproject.toml")

_MOST = 1_000_000
"""Bytes of a settings file."""


class Found(NamedTuple):
    place: str = ""
    """Empty when there is none."""
    table: Mapping[str, Any] = MappingProxyType({})
    named: bool = False
    """By the user, so that it is the user's own word."""


def read(config: Path | None) -> Found:
    """The file's settings, not yet validated. Raises SettingsError."""
    if config is not None:
        return Found(str(config), _in_table(config, _parse(config)), named=True)
    for path in map(Path, NAMES):
        if path.is_file() and (table := _in_table(path, _parse(path))):
            return Found(str(path), table)
    return Found()


def _in_table(path: Path, document: dict[str, Any]) -> dict[str, Any]:
    if path.name != "pyproject.toml":
        return document
    tool = document.get("tool", {})
    table = tool.get("scraper", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.scraper is not a table")
    return table


def _parse(path: Path) -> dict[str, Any]:
    import tomllib  # most places have no settings file

    try:
        with path.open("rb") as handle:
            content = handle.read(_MOST + 1)
        if len(content) > _MOST:
            raise SettingsError(
                f"{path}: is larger than {_MOST // 1_000_000} MB: that is not a settings file"
            )
        return tomllib.loads(content.decode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML ({error})") from None
    except RecursionError:
        raise SettingsError(f"{path}: is nested too deeply") from None
