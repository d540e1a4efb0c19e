"""Who asks whom: the keys of a run shared out over the slots of a cluster. Pure.

Politeness needs no lock across machines when each key lives in exactly one shard. Keys that lead to each
other live together (`Kind.together`).
Only a redirect may lead to a host of another shard, as in a local run it leads past that host's turn.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scraper.cluster.messages import Load, Recollection
from scraper.model import Called, Finding, Outcome, Record, Target
from scraper.sites import KINDS, batch, captures, wayback
from scraper.sites.ports import Memory
from scraper.verdicts.health import weigh
from scraper.verdicts.history import State
from scraper.verdicts.reasons import DEAD
from scraper.visits.pacing import pacing

if TYPE_CHECKING:
    from scraper.settings import Settings

ARCHIVE = captures.KEY
"""The archive's key; it lives with OpenReview, whose reader asks it for gated forums."""

_FAMILY_OF = {host: kind.together[0] for kind in KINDS for host in kind.together}

_WORK = 0.002
"""Seconds of processor that a link costs; tells keys without an interval apart."""

TRAVELLING = frozenset(
    str.split(
        """
        user_agent contact slots host_interval host_concurrency hosts timeout target_budget attempts
        max_redirects max_wait robots probe archive archive_budget check_mementos connect_to allow_networks
        allow_ports control_url github_api sandbox
        """
    )
)
"""Settings that a worker is told. Folders, articles and the ping's address stay at home."""

_LOOPBACK = re.compile(r"tcp://(127\.[\d.]+|localhost|\[::1\])(:\d+)?")


class Remembering(Memory, Protocol):
    """The store, as far as shards are filled from it."""

    def validators(self, prefix: str) -> dict[str, str]: ...
    def states(self, keys: Iterable[str]) -> dict[str, State]: ...
    def records(self, keys: Iterable[str]) -> dict[str, tuple[datetime, Record]]: ...
    def names(self, keys: Iterable[str]) -> dict[str, Called]: ...


def family(key: str) -> str:
    """The name of the keys that must stay together with this one.

    The budgets of an API (`api.github.com`, `api.github.com/graphql`) are one host, and `example.org` leads
    to `www.example.org` more often than to anywhere else.
    """
    host = key.partition("/")[0].removeprefix("www.")
    return _FAMILY_OF.get(host, host)


def share_out(remaining: Mapping[str, int], slots: int, settings: Settings) -> list[list[str]]:
    """Keys for each of at most `slots` shards, whole families, the longest first to the emptiest shard.

    `remaining` has the targets of each key. Longest processing time first is at most 4/3 of the best
    partition (Graham 1969).
    """
    seconds = _duration(settings)
    families: dict[str, list[str]] = {}
    for key in sorted(remaining):
        families.setdefault(family(key), []).append(key)
    work = {name: sum(seconds(key, remaining[key]) for key in keys) for name, keys in families.items()}
    shards: list[list[str]] = [[] for _ in range(max(1, slots))]
    emptiest = [(0.0, number) for number in range(len(shards))]
    for name in sorted(families, key=lambda name: (-work[name], name)):
        load, number = heapq.heappop(emptiest)
        shards[number] += families[name]
        heapq.heappush(emptiest, (load + work[name], number))
    return [keys for keys in shards if keys]


def portion(keys: Mapping[str, int], most: int) -> dict[str, int]:
    """How many targets of each key go out together: the same share of each, so that all end at one time.

    At least one of each, so it may be as many more than `most` as there are keys.
    """
    share = min(1.0, most / max(1, sum(keys.values())))
    return {key: math.ceil(share * targets) for key, targets in keys.items() if targets}


def _duration(settings: Settings) -> Callable[[str, int], float]:
    pace = pacing(settings)

    def seconds(key: str, targets: int) -> float:
        return math.ceil(targets / batch(key)) * max(pace(key).interval, _WORK)

    return seconds


def fill(
    turns: list[tuple[Target, str]], settings: Settings, store: Remembering, *, rested: bool = True
) -> Load:
    """A shard with all that its worker needs to know, and nothing that it need not; `rested`: see `Load`."""
    names = {target.site for target, _ in turns}
    authorities = Path(settings.ca_file).read_bytes() if settings.ca_file else b""
    memory = _recollect(turns, names, settings, store)
    told = settings_for(names, settings)
    if all(family(key) != ARCHIVE for _, key in turns):  # one shard asks the archive, and no other
        told = told.model_copy(update={"archive": False})
    return Load(told, authorities, turns, memory, rested)


def settings_for(names: Collection[str], settings: Settings) -> Settings:
    """The settings as a worker with targets of these sites may see them."""
    secrets = {secret for kind in KINDS if kind.name in names for secret in kind.secrets}
    told = {name: getattr(settings, name) for name in TRAVELLING | secrets}
    return type(settings)().model_copy(update=told)


def in_the_clear(address: str, settings: Settings) -> list[str]:
    """A line for the user when credentials would cross a network that anybody can listen to."""
    given = any(getattr(settings, secret) for kind in KINDS for secret in kind.secrets)
    if not given or not address.startswith("tcp://") or _LOOPBACK.fullmatch(address):
        return []
    return [f"{address} is not encrypted, and credentials go to the workers that need them: use tls://"]


def _recollect(
    turns: Iterable[tuple[Target, str]], names: Collection[str], settings: Settings, store: Remembering
) -> Recollection:
    prefixes = [prefix for kind in KINDS if kind.name in names for prefix in kind.remembered(settings)]
    keys = [target.key for target, _ in turns]
    records = store.records(keys)
    # The other sites know their things by numbers.
    named = [target.key for target, _ in turns if target.site in ("web", wayback.Wayback.name)]
    return Recollection(
        validators={url: tag for prefix in prefixes for url, tag in store.validators(prefix).items()},
        read_at={key: read_at for key, (read_at, _) in records.items()},
        records={key: record for key, (_, record) in records.items()},
        names=store.names(named),
        states={key: state for key, state in store.states(keys).items() if state.failures},
    )


# What the archive is asked about: the workers leave it to the one shard that asks the archive.


def wish(
    outcome: Outcome, after: Target | None, settings: Settings, memory: Memory
) -> tuple[Outcome, Target | None]:
    """What the archive is still to be asked about the outcome's target, in the order of `Visits`.

    First whether the copy that the article points to is there (setting `check_mementos`), then for a copy of
    what is dead. A wish is a target of the site `wayback`; `after` is the one that was fulfilled last.
    """
    archive, target = wayback.Wayback(settings, memory), outcome.target
    if after is None and settings.check_mementos and archive.ask_mementos([target]):
        return outcome, replace(target, site=archive.name, kind=wayback.MEMENTO)
    if outcome.verdict.health not in DEAD or (after and after.kind != wayback.MEMENTO):
        return outcome, None
    if remembered := archive.recall(target):
        return _with_finding(outcome, remembered), None
    wanted = bool(archive.suggest(target))
    return outcome, replace(target, site=archive.name, kind="copy") if wanted else None


def _with_finding(outcome: Outcome, found: Finding) -> Outcome:
    told = Outcome(outcome.target, weigh([found]), outcome.checked_at, validators=found.validators)
    return with_copy(outcome, told)


def with_copy(outcome: Outcome, copy: Outcome) -> Outcome:
    """The outcome with what the archive said, as if both had been found in one visit."""
    told = outcome.verdict
    verdict = replace(
        told,
        archived_url=told.archived_url or copy.verdict.archived_url,
        archived_at=told.archived_at or copy.verdict.archived_at,
        notes=tuple(dict.fromkeys((*told.notes, *copy.verdict.notes))),
    )
    return replace(
        outcome,
        verdict=verdict,
        validators=(*outcome.validators, *copy.validators),
        attempts=max(outcome.attempts, copy.attempts),
        requests=outcome.requests + copy.requests,
        elapsed_ms=outcome.elapsed_ms + copy.elapsed_ms,
    )
