"""What travels between the coordinator and its workers."""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scraper.model import Called
from scraper.verdicts.history import State

if TYPE_CHECKING:
    from scraper.model import Outcome, Record, Target
    from scraper.settings import Settings
    from scraper.visits.deadline import Cost


@dataclass(frozen=True, slots=True)
class Recollection:
    """The part of the store's memory that a shard's sites may ask for; see `model.Memory`."""

    validators: dict[str, str] = field(default_factory=dict)
    read_at: dict[str, datetime] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    names: dict[str, Called] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    """Of targets that failed last time."""

    def validator(self, url: str) -> str:
        return self.validators.get(url, "")

    def last_read(self, target: str) -> datetime | None:
        return self.read_at.get(target)

    def state(self, target: str) -> State:
        return self.states.get(target, State())

    def record(self, target: str) -> Record:
        return self.records.get(target, {})

    def called(self, target: str) -> Called:
        return self.names.get(target, Called())


@dataclass(frozen=True, slots=True, repr=False)
class Load:
    """All that a worker is told. Credentials are in it: it has no repr, and is not a task's argument."""

    settings: Settings
    authorities: bytes
    """Certificates (PEM) to trust besides the worker's own; the coordinator's file is not on its disk."""
    turns: list[tuple[Target, str]]
    """Targets with the keys of their first questions."""
    memory: Recollection
    rested: bool = True
    """Nobody asked these keys a moment ago. Else each waits out its interval before its first request."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Rows on their way home, and what was spent since the parcel before."""

    shard: int
    outcomes: list[Outcome]
    requests: dict[str, int]
    seconds: dict[str, float]
    faults: int
    costs: dict[str, Cost] | None = None
    """With the last parcel of a shard: what was spent on targets that have no row, by target."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a shard ended.

    done: every target has its row. lost: a worker died with it. stopped: the worker is leaving. offline: the
    worker has no network. refused: the worker is not fit to take it. `said` tells why, in words.
    """

    how: str
    said: str = ""
    complaints: tuple[str, ...] = ()
    rows: int = 0
    """Rows sent home."""


def pack(value: object) -> bytes:
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Any:
    """What `pack` packed. Scheduler and workers run our code as it is: trusting their bytes adds nothing."""
    return pickle.loads(zlib.decompress(packed))
