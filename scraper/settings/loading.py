"""Where settings come from, and the one line that says what is wrong with them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from scraper.errors import SettingsError
from scraper.settings import INTERNAL, SECRETS, ArticleSettings, Expectation, HostSettings, Settings
from scraper.settings.values import duration
from scraper.trust import agreement, found, steering

REFERENCE = "https://github.com/paperlinks/paperlinks/blob/main/docs/settings.md"
"""Where all settings are told of, for those too who have only the wheel."""


def seconds(text: str) -> float:
    """Seconds of a duration given as an option.

    Raises:
        SettingsError: it is none.
    """
    try:
        return float(str(duration(text)))
    except ValueError as error:
        raise SettingsError(f"{text!r}: {error}") from None


class Loaded(NamedTuple):
    """Settings, and for each name where its value came from (`default`, a file, a variable, `flag`)."""

    settings: Settings
    origins: dict[str, str]
    foreign: tuple[str, ...] = ()
    """A line on each variable `SCRAPER_…` that is none of ours."""


def load(flags: Mapping[str, Any] | None = None, config: Path | None = None, *, asks: bool = True) -> Loaded:
    """Settings from flags, environment and file; `SettingsError` in one line when something is wrong.

    A command that sends no request (`asks` is false) is not refused for where a file that was only found
    would send them: it goes without those settings.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    file = found.read(config)
    place, table = file.place, file.table
    environment, foreign = _read_environment()
    known = [*Settings.model_fields]
    for name in table:
        if name in SECRETS:
            raise SettingsError(f"{place}: {name} is a secret: give it by the environment, not in a file")
        if name not in known or name in INTERNAL:
            raise SettingsError(f"{place}: unknown setting {name!r}{_nearest(name, known)}")
    if not asks and not file.named and not agreement.agreed(table):
        table = steering.harmless(table)
    origins = dict.fromkeys(known, "default")
    origins |= dict.fromkeys(table, place)
    origins |= {name: variable for name, (variable, _) in environment.items()}
    origins |= dict.fromkeys(given, "flag")
    values = {**table, **{name: value for name, (_, value) in environment.items()}, **given}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, origins)) from None
    _refuse_strangers(settings, origins, file)
    return Loaded(settings, origins, foreign)


def _refuse_strangers(settings: Settings, origins: Mapping[str, str], file: found.Found) -> None:
    """A settings file that was only found does not say where requests, credentials and files go."""
    secrets = [origins[name] for name in SECRETS if getattr(settings, name)]
    place = "" if file.named else file.place
    if why := steering.refused(dict(settings), origins, place, file.table, secrets):
        raise SettingsError(why)


def _nearest(name: str, known: list[str]) -> str:
    """The known name that was meant, as far as anybody can tell."""
    if name in ("tool", "scraper", "paperlinks"):
        return ": here settings stand at the top, under no [table] of their own"
    close = difflib.get_close_matches(name, known, 1, 0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known are those of {REFERENCE}"


def _read_environment() -> tuple[dict[str, tuple[str, Any]], tuple[str, ...]]:
    """Field -> (variable, value), and a line on each unknown `SCRAPER_…`, which may be another program's.

    An empty variable counts as unset.
    """
    names = {f"SCRAPER_{name.upper()}": name for name in Settings.model_fields if name not in INTERNAL}
    secrets = {f"{prefix}{name.upper()}": name for name in SECRETS for prefix in ("", "SCRAPER_")}
    files = {f"{variable}_FILE": name for variable, name in secrets.items()}
    found: dict[str, tuple[str, Any]] = {}
    foreign: list[str] = []
    for variable, value in os.environ.items():
        if name := (names | secrets).get(variable):
            if value.strip():
                found[name] = (variable, value)
        elif (name := files.get(variable)) and value:
            found.setdefault(name, (variable, _read_secret(variable, value)))
        elif variable.startswith("SCRAPER_"):
            foreign.append(f"{variable} is not a setting and was ignored{_slip(variable, list(names))}")
    return found, tuple(foreign)


def _slip(variable: str, known: list[str]) -> str:
    """The name that was mistyped; nothing where the variable looks like another program's."""
    close = difflib.get_close_matches(variable, known, 1, 0.85)
    return f"; did you mean {close[0]!r}?" if close else ""


def _read_secret(variable: str, file: str) -> str:
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingsError(f"{variable}: {file} cannot be read ({why})") from None


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    """The first mistake in one line, never with the value of a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    place = origins.get(str(first["loc"][0]), "settings")
    told = first["msg"].removeprefix("Value error, ")
    if (
        first["type"] == "extra_forbidden"
    ):  # inside a table: the settings themselves are looked through before
        tables: dict[object, type[BaseModel]] = {"hosts": HostSettings, "expect": Expectation}
        fields = tables.get(first["loc"][0], ArticleSettings)
        known = list(fields.model_fields)
        close = difflib.get_close_matches(str(first["loc"][-1]), known, 1, 0.5)
        told = f"unknown; did you mean {close[0]!r}?" if close else f"unknown; known are {', '.join(known)}"
    return f"--{name.replace('_', '-')}: {told}" if place == "flag" else f"{place}: {name}: {told}"
