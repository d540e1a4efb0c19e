"""What earlier runs left behind, as a test writes it; without arguments, the memory of a first run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from scraper.model import Called, Record
from scraper.verdicts.history import State


@dataclass
class Memories:
    """`sites.Memory`, in dictionaries."""

    etags: dict[str, str] = field(default_factory=dict)
    read: dict[str, datetime] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    names: dict[str, Called] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)

    def validator(self, url: str) -> str:
        return self.etags.get(url, "")

    def last_read(self, target: str) -> datetime | None:
        return self.read.get(target)

    def state(self, target: str) -> State:
        return self.states.get(target, State())

    def record(self, target: str) -> Record:
        return self.records.get(target, {})

    def called(self, target: str) -> Called:
        return self.names.get(target, Called())
