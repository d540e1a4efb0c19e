"""What a site is to the rest of the house, and what it may know of earlier runs, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from scraper.model import Answer, Called, Question, Reading, Record, Target

if TYPE_CHECKING:
    from scraper.verdicts.history import State


class Site(Protocol):
    """One kind of target. Pure: it makes questions and reads answers, it opens nothing."""

    name: str

    def key(self, target: Target) -> str:
        """Whose turn the first question about the target takes."""

    def ask(self, targets: Sequence[Target]) -> list[Question]:
        """The first questions about these targets, batched as the site allows."""

    def read(self, question: Question, answer: Answer) -> Reading:
        """Findings and follow-up questions. A target with neither is a bug and is recorded as one."""


@runtime_checkable
class Sparing(Protocol):
    """A site that may know, right before a question is sent, that it had better not be sent."""

    def withhold(self, question: Question) -> Reading | None:
        """What is read instead of sending the question; None to send it."""


@runtime_checkable
class Complaining(Protocol):
    """A site that has messages for the user after a run: a token that was refused, or ends soon."""

    complaints: list[str]


class Memory(Protocol):
    """What sites may know of earlier runs; the store is one."""

    def validator(self, url: str) -> str:
        """The ETag that came with this URL last, or an empty string."""

    def last_read(self, target: str) -> datetime | None:
        """When metadata of the target was last read or confirmed."""

    def state(self, target: str) -> State:
        """What a series of verdicts on the target came to."""

    def record(self, target: str) -> Record:
        """What is known of the target."""

    def called(self, target: str) -> Called:
        """What the articles of the present run call it."""
