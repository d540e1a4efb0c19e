"""Whose turn it is: the decision alone, without a clock or a socket of its own.

A heap of (next allowed time, key), and among the keys whose time has come the one with the longest remaining
work first (`Key.work`). That order brings a run to the lower bound which politeness sets, the busiest key's
requests times its interval.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scraper.model import Pace, Question
from scraper.visits.keys import PATIENCE, Key, Ticket, settles

_LATE = 1.0
"""Intervals: a turn that a busy loop brought this late counts as on time, so that the mean gap is
the interval and no more. How close two requests really come is for `Key.write` to say."""


class Waiting(NamedTuple):
    """A key that is not done yet."""

    key: str
    left: int
    """Targets and questions."""
    seconds: float
    """What its pace makes of them, at least."""
    why: str
    """What holds it up, in words: `slowed after 503`; empty when nothing but its pace does."""


class Turns:
    """Keys, their queues and their next turns. All times are seconds of one monotonic clock."""

    def __init__(
        self,
        slots: int,
        pace: Callable[[str], Pace],
        refill: Callable[[str], tuple[list[Question], int]] | None = None,
    ) -> None:
        """`refill(key)` gives further questions of a key whose queue is empty, and how many targets they
        take off its plan: so a plan of a million targets may stay on disk."""
        self._slots = slots
        self._pace = pace
        self._refill = refill
        self._keys: dict[str, Key] = {}
        self._waiting: list[tuple[float, int, Key]] = []
        self._ready: list[tuple[float, int, Key]] = []
        self._delayed: list[tuple[float, int, Key, Ticket]] = []
        self._order = itertools.count()
        self.running = 0

    def plan(self, key: str, targets: int, now: float = 0.0) -> None:
        """Announce work that `refill` will give later."""
        state = self._state(key)
        state.planned += targets
        self._list(state, now)

    def add(self, question: Question, now: float) -> None:
        state = self._state(question.key)
        state.put(question)
        self._list(state, now)

    def take(self, now: float) -> Ticket | None:
        """The next ticket whose turn has come, or None; the taker owes a `give_back`."""
        self._wake(now)
        while self._ready and self.running < self._slots:
            _, _, state = heapq.heappop(self._ready)
            state.listed = False
            ticket = self._next(state, now)
            if ticket is None:
                continue
            state.active += 1
            self.running += 1
            late = now - state.next_at
            due = state.next_at if late <= _LATE * state.interval else now
            state.next_at = due + state.interval
            self._list(state, now)
            return ticket
        return None

    def give_back(self, key: str, now: float) -> None:
        """The slot is free again."""
        state = self._keys[key]
        state.active -= 1
        self.running -= 1
        if state.forgettable and max(state.next_at, state.writable_at) <= now:
            del self._keys[key]  # a run over a million links meets tens of thousands of hosts
        else:
            self._list(state, now)

    def write(self, key: str, now: float) -> float:
        """Seconds until a request that had its turn may be written; 0.0: it is to be written now."""
        return self._state(key).write(now)

    def again(self, key: str, ticket: Ticket, at: float) -> None:
        """A ticket that wants its turn not before `at`."""
        state = self._keys[key]
        state.sleeping += 1
        heapq.heappush(self._delayed, (at, next(self._order), state, ticket))

    def wakes_at(self) -> float | None:
        """When `take` may have something it has not now; None when only a `give_back` can change that."""
        times = [heap[0][0] for heap in (self._waiting, self._delayed) if heap]
        return min(times) if times and self.running < self._slots else None

    @property
    def done(self) -> bool:
        return not (self.running or self._waiting or self._ready or self._delayed)

    def rest(self, key: str, until: float) -> None:
        """The key is left alone until `until` (Retry-After)."""
        state = self._state(key)
        state.next_at = max(state.next_at, until)

    def slow_down(self, key: str, interval: float) -> None:
        """The key wants at least this many seconds between two requests, for good (Crawl-delay)."""
        state = self._state(key)
        if interval > state.pace.interval:
            state.pace = state.pace._replace(interval=interval)
            state.interval = max(state.interval, interval)
            state.next_at += interval

    def close(self, key: str, reason: str) -> None:
        """The key is left alone for the rest of the run; its questions are answered with the reason.

        Nothing is sent any more, so nothing has to wait for its turn.
        """
        state = self._state(key)
        state.closed, state.interval, state.next_at = reason, 0.0, 0.0
        if state.listed:
            self._waiting = [entry for entry in self._waiting if entry[2] is not state]
            self._ready = [entry for entry in self._ready if entry[2] is not state]
            heapq.heapify(self._waiting)
            heapq.heapify(self._ready)
            state.listed = False
        self._list(state, 0.0)

    def closed(self, key: str) -> str:
        return self._state(key).closed

    def attempts(self, key: str, most: int) -> int:
        """The circuit breaker: after three targets that could not even connect, one try is enough."""
        return 1 if self._state(key).unreachable >= PATIENCE else most

    def learn(self, key: str, *, strained: bool, unreachable: bool, elapsed: float, met: str = "") -> None:
        """Adapt to what the last request met: slower at once, faster slowly, never faster than its pace.

        `met` is the status or the failure, for those who are told what a key waits for.
        """
        state = self._state(key)
        if state.closed:
            return
        state.learn(strained=strained, unreachable=unreachable, elapsed=elapsed, met=met)

    def remaining(self) -> Iterator[tuple[str, int]]:
        """Keys with work left, and how much: targets planned and questions queued."""
        return ((state.name, state.remaining) for state in self._keys.values() if state.remaining)

    def waiting(self, now: float) -> list[Waiting]:
        """Keys that are not done, the longest wait first, and what holds each up; any thread may ask."""
        found = []
        for state in list(self._keys.values()):
            if left := state.remaining + state.active + state.sleeping:
                pause = max(0.0, state.next_at - now)
                seconds = pause + (left - 1) * state.interval
                found.append(Waiting(state.name, left, seconds, state.why(pause)))
        return sorted(found, key=lambda one: (-one.seconds, -one.left, one.key))

    def _state(self, key: str) -> Key:
        state = self._keys.get(key)
        if state is None:
            pace = self._pace(key)
            state = self._keys[key] = Key(key, pace, pace.interval, pace.concurrency)
        return state

    def _list(self, state: Key, now: float) -> None:
        """Put the key where its next turn will be found, unless it is there, busy or out of work."""
        if state.listed or state.busy or not state.remaining:
            return
        state.listed = True
        if state.opens_at <= now:
            heapq.heappush(self._ready, self._by_work(state))
        else:
            heapq.heappush(self._waiting, (state.opens_at, next(self._order), state))

    def _by_work(self, state: Key) -> tuple[float, int, Key]:
        return (-state.work, next(self._order), state)

    def _wake(self, now: float) -> None:
        while self._delayed and self._delayed[0][0] <= now:
            _, _, state, ticket = heapq.heappop(self._delayed)
            state.sleeping -= 1
            state.queue.insert(0, ticket)
            self._list(state, now)
        while self._waiting and self._waiting[0][0] <= now:
            _, _, state = heapq.heappop(self._waiting)
            if state.opens_at > now:  # it was told to rest meanwhile, or its last request was written late
                heapq.heappush(self._waiting, (state.opens_at, next(self._order), state))
            else:
                heapq.heappush(self._ready, self._by_work(state))

    def _next(self, state: Key, now: float) -> Ticket | None:
        if state.opens_at > now:
            self._list(state, now)
            return None
        while state.planned and self._refill and state.hungry:
            questions, taken = self._refill(state.name)
            state.planned = max(0, state.planned - taken) if taken else 0
            state.batched = any(settles(question) > 1 for question in questions)
            for question in questions:
                self._state(question.key).put(question)
                if question.key != state.name:
                    self._list(self._state(question.key), now)
        return state.queue.pop(0) if state.queue else None
