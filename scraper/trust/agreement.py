"""What the user has agreed to: hashes of settings, kept in the user's own folder and never in a list's.

The content is agreed to, not the file's name: whoever changes a line, or the certificates that a line names,
has to ask anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scraper.errors import SettingsError
from scraper.files import explain, write

_MOST = 1_000_000
"""Bytes read of a file of certificates; a larger one is no such file."""


def folder() -> Path:
    """Where the user's settings of this program live (XDG Base Directory; `%APPDATA%` on Windows)."""
    if os.name == "nt" and os.environ.get("APPDATA"):
        return Path(os.environ["APPDATA"]) / "scraper"
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(chosen) if Path(chosen).is_absolute() else Path("~/.config").expanduser()
    return home / "scraper"


def digest(table: Mapping[str, Any]) -> str:
    """Identity of a table of settings with the certificates that it names."""
    told = hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode())
    if ca_file := table.get("ca_file"):
        told.update(_content(Path(str(ca_file))))
    return told.hexdigest()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(_MOST) if path.is_file() else b""
    except OSError:  # whoever uses it says so
        return b""


def agreed(table: Mapping[str, Any]) -> bool:
    return digest(table) in _lines()


def agree(table: Mapping[str, Any], place: str) -> Path:
    """Remember the table. Raises SettingsError."""
    return _keep(_lines() | {digest(table): place})


def forget(table: Mapping[str, Any]) -> Path:
    """Withdraw the agreement. Raises SettingsError."""
    return _keep({known: place for known, place in _lines().items() if known != digest(table)})


def _file() -> Path:
    return folder() / "trusted"


def _lines() -> dict[str, str]:
    """Hashes with the places where they were agreed to.

    A folder of the user's within the current one is none: a list could have brought it along.
    """
    path = _file()
    if path.resolve().is_relative_to(Path.cwd().resolve()) or not path.is_file():
        return {}
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({explain(error)})") from None
    return {line.partition(" ")[0]: line.partition(" ")[2] for line in lines if line.strip()}


def _keep(lines: Mapping[str, str]) -> Path:
    path = _file()
    if path.resolve().is_relative_to(Path.cwd().resolve()):
        raise SettingsError(
            f"{path} lies in the folder whose settings it would vouch for: set XDG_CONFIG_HOME to another one"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, "".join(f"{known} {place}\n" for known, place in lines.items()))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({explain(error)})") from None
    return path
