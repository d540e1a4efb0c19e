"""One key: what waits for its turn there, and how it is slowed down when it shows strain."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from scraper.model import Pace, Question

SLOW, SLOWER = 1.0, 4.0
"""Seconds, and times the usual latency, above which an answer shows a host under strain."""
KEPT = 0.8
"""Share of the usual latency that one more answer leaves as it was."""
BACK_OFF, LEAST_PAUSE, LONGEST_PAUSE = 2.0, 0.1, 60.0
"""Under strain the pause grows by this factor, and stays between these two in seconds."""
RECOVERY, CALM = 0.9, 10
"""In calm the pause shrinks by this factor, and after that many calm answers one more is let in."""

EARLY = 0.01
"""Seconds, and at most half of the interval, before a request may be written at which its turn may come: a
busy loop and its timer are late by some milliseconds, which would add up."""

PATIENCE = 3
"""Targets of a key in a row that could not even connect, before one try is taken for enough."""

TRIES = 3.0
"""Seconds that the later tries of a silent host take: the pauses between three of them, and a little."""

Ticket = Question | asyncio.Future[None]
"""What waits for a turn: a question, or a question's next try (its future is woken)."""


def settles(question: Question) -> int:
    return len(question.targets) + len(question.waiting)


@dataclass(slots=True)
class Key:
    """A host, or the budget of an API, during one run."""

    name: str
    pace: Pace
    interval: float
    concurrency: int
    # A list, for a run knows tens of thousands of keys and an empty deque takes 600 bytes; queues are short.
    queue: list[Ticket] = field(default_factory=list)
    planned: int = 0
    batched: bool = False
    """Whether what the plan gave last settles several targets at once: more of it goes before single ones."""
    active: int = 0
    sleeping: int = 0
    answered: bool = False
    next_at: float = 0.0
    written: float = float("-inf")
    """When its last request was written to a socket."""
    listed: bool = False
    unreachable: int = 0
    closed: str = ""
    calm: int = 0
    latency: float = 0.0
    strain: str = ""
    """What slowed it down: a status or a failure."""

    @property
    def remaining(self) -> int:
        return len(self.queue) + self.planned

    @property
    def work(self) -> float:
        """Seconds that it may still take: requests at its interval, and the tries of a host that may turn out
        to be silent. A host is heard early so that these tries fall beside other work, not after it."""
        return self.remaining * (self.interval or 1e-6) + (0.0 if self.answered else TRIES)

    @property
    def writable_at(self) -> float:
        """When its next request may be written: the interval after the last one was."""
        return self.written + self.interval

    @property
    def opens_at(self) -> float:
        """When its next turn is due, and not much before the request of that turn may be written."""
        return max(self.next_at, self.writable_at - min(EARLY, self.interval / 2))

    @property
    def hungry(self) -> bool:
        """Whether what is planned goes before what is queued."""
        first = self.queue[0] if self.queue else None
        return first is None or (self.batched and isinstance(first, Question) and settles(first) <= 1)

    @property
    def forgettable(self) -> bool:
        """Nothing is left to do, and nothing was learned that a later question should know."""
        learned = self.closed or self.unreachable or self.interval != self.pace.interval
        return not (self.remaining or self.active or self.sleeping or self.listed or learned)

    @property
    def busy(self) -> bool:
        """Until a host has answered once, those that wait for their next try there keep their places: else
        all its links would be tried before the first had shown that nobody is home."""
        return self.active + (0 if self.answered else self.sleeping) >= self.concurrency

    def write(self, now: float) -> float:
        """Seconds until a request may be written; 0.0: it is to be written now."""
        if (wait := self.writable_at - now) > 0:
            return wait
        self.written = now
        return 0.0

    def put(self, question: Question) -> None:
        """Put it before those of a lower rank, and of one rank before those that settle fewer targets; next
        tries have begun, and keep their places."""
        if (worth := (question.rank, settles(question))) > (0, 1):
            for place, ticket in enumerate(self.queue):
                if isinstance(ticket, Question) and (ticket.rank, settles(ticket)) < worth:
                    return self.queue.insert(place, question)
        return self.queue.append(question)

    def learn(self, *, strained: bool, unreachable: bool, elapsed: float, met: str) -> None:
        """Adapt to what the last request met: slower at once, faster slowly, never faster than its pace."""
        self.unreachable = self.unreachable + 1 if unreachable else 0
        self.answered = self.answered or not unreachable
        slow = elapsed > SLOW and self.latency > 0 and elapsed > SLOWER * self.latency
        self.latency = elapsed if not self.latency else KEPT * self.latency + (1 - KEPT) * elapsed
        # A host that never answered, or does no more, is not helped by fewer calls; the breaker is for that.
        if (strained or slow) and self.answered and self.unreachable <= PATIENCE:
            self.interval = min(max(BACK_OFF * self.interval, LEAST_PAUSE), LONGEST_PAUSE)
            self.strain = met if strained else "slow answers"
            self.concurrency = max(1, self.concurrency // 2)
            self.calm = 0
            return
        self.calm += 1
        self.interval = max(self.pace.interval, RECOVERY * self.interval)
        if self.calm % CALM == 0:
            self.concurrency = min(self.pace.concurrency, self.concurrency + 1)

    def why(self, pause: float) -> str:
        """What holds it up, in words; empty when nothing but its pace does."""
        if self.closed:
            return f"given up: {self.closed.replace('_', ' ')}"
        if self.interval > 1.01 * self.pace.interval and self.strain:
            return f"slowed after {self.strain}"
        if self.unreachable >= PATIENCE:
            return "does not answer"
        if self.sleeping:
            return "trying again"
        return f"asks for a pause of {pause:.0f} s" if pause > 2 * self.interval + 1 else ""
