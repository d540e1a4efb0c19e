"""Which settings steer a run, and when they are refused. A file that was found is not the user's word.

A settings file is found in the current folder, which may be a clone of somebody's list. What it says of pace
and patience does no harm. Where requests, credentials and files go is for the user to say: by a flag, by the
environment, by naming the file (`--config`), or by agreeing to its content once (`scraper trust`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scraper.files import STORE
from scraper.trust import agreement

HARMLESS = frozenset(
    str.split(
        """
        articles contact user_agent slots host_interval host_concurrency hosts timeout target_budget deadline
        attempts max_redirects max_wait max_age resume robots probe archive archive_budget check_mementos
        confirm_runs confirm_span outage keep_visits thin_snapshots keep_snapshots parquet
        fail_on log_format sandbox data reports report_url exclude expect local_links
        """
    )
)
"""Settings that send nothing anywhere else. Every other one steers: a new setting does until it is listed."""

PLACES = ("data", "reports", "prometheus")
"""Settings that say where files are written: within the current folder, unless the user says otherwise."""

_BELOW = {"data": ("", STORE, "snapshots"), "reports": ("",)}
"""What may be a link, in each folder of ours: itself, and what else is written through a link."""

_AGREE = "read it, then agree by `--config {0}` or `scraper trust`"


def refused(
    values: Mapping[str, Any],
    origins: Mapping[str, str],
    found: str,
    table: Mapping[str, Any],
    secrets: list[str],
) -> str:
    """Why these settings are not used, in one line; empty when nothing is against them.

    Args:
        values: by name, as they would be used.
        found: the file that was found; empty when there is none, or when it was named.
        table: what it says.
        secrets: names of the credentials that this run has.
    """
    complaints = [*_led_outside(values, origins, found)]
    if found:
        complaints += _steered(values, [name for name in table if origins.get(name) == found], found, secrets)
    if complaints and found and agreement.agreed(table):
        return ""
    return complaints[0] if complaints else ""


def harmless(table: Mapping[str, Any]) -> dict[str, Any]:
    """What a settings file says to a command that asks nobody: all but where a run's requests go."""
    kept = HARMLESS - {"hosts"}
    return {name: value for name, value in table.items() if name in kept}


def steering(table: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a settings file that one has to agree to."""
    told = {name: value for name, value in table.items() if name not in HARMLESS or name in PLACES}
    hosts = table.get("hosts")
    if isinstance(hosts, Mapping) and any(
        "headers" in one for one in hosts.values() if isinstance(one, Mapping)
    ):
        told["hosts"] = hosts
    return told


def _steered(values: Mapping[str, Any], told: list[str], found: str, secrets: list[str]) -> Iterator[str]:
    steers = [name for name in told if name not in HARMLESS]
    if steers and secrets:
        yield (
            f"{found}: {_and(steers)} would steer a run that has {_and(secrets)}, and the file was found, "
            f"not named: {_AGREE.format(found)}, or go without the credential"
        )
    for host, entry in values.get("hosts", {}).items():
        if "hosts" in told and entry.headers:
            yield (
                f"{found}: hosts.{host}.headers would send {_and(sorted(entry.headers.values()))} there, "
                f"and the file was found, not named: {_AGREE.format(found)}"
            )
    for name in ("allow_networks", "connect_to", "ping_url"):
        if name in told and values.get(name):
            yield (
                f"{found}: {name} would open your own network to the run, and the file was found, not named: "
                f"{_AGREE.format(found)}"
            )
    for name, entry in values.get("articles", {}).items():
        if "articles" in told and entry.path and outside(Path(entry.path)):
            yield (
                f"{found}: articles.{name}: {entry.path} is outside this folder, and the file was found, "
                f"not named: {_AGREE.format(found)}"
            )


def _led_outside(values: Mapping[str, Any], origins: Mapping[str, str], found: str) -> Iterator[str]:
    """Folders and files of ours that lead out of the current folder, though the user did not say so."""
    for name in PLACES:
        origin, value = origins.get(name, "default"), str(values.get(name) or "")
        if not value or origin not in ("default", found):
            continue
        for below in _BELOW.get(name, ("",)):
            path = Path(value) / below if below else Path(value)
            if outside(path):
                where = f"{found}: {name}: " if origin == found else ""
                say = f"say --{name} {value}" if name in _BELOW else f"set SCRAPER_{name.upper()}"
                yield f"{where}{path} leads out of this folder, to {path.resolve()}: {say} if that is meant"


def outside(path: Path) -> bool:
    """Whether the path, with all links followed, leads out of the current folder.

    A link to nothing is not judged: what would be written there says so itself.
    """
    try:
        real = path.resolve()
        dangling = path.is_symlink() and not path.exists()
        return not dangling and not real.is_relative_to(Path.cwd().resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that is none: its user says so
        return False


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
