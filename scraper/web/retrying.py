"""What is asked again, after how long, and how often. The decisions are pure; tenacity drives them.

Asked again: what may well be over in a moment (resets, refusals, timeouts, a resolver's hiccup, bodies cut
off, 408, 429, 500, 502, 503, 504). Not asked again: what will be the same (other 4xx, TLS, names that do not
exist) and faults of ours, which are exceptions and pass through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scraper.model import Answer

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

FAILURES = frozenset({"timeout", "connection_refused", "connection_reset", "dns_failure"})
STATUSES = frozenset({408, 429, 500, 502, 503, 504})
"""408 among them: the client may repeat the request on a new connection (RFC 9110, 15.5.9). Balancers say it
on a kept one just as the next request arrives, and mean none of ours."""
LIMITED = frozenset({429, 503})
LONGEST = 30 * 86_400.0
"""Seconds that any Retry-After is clamped to."""

Sleep = Callable[[float], Awaitable[None]]
Rest = Callable[[float], None]
"""Called with the seconds for which this host is to be left alone."""
Ready = Callable[[], float]
"""Seconds until a request may be written; 0.0: it is written now."""
Spend = Callable[[int, int, float], None]
"""Told of each exchange, of one that was cut short too: the number of the attempt, from 1; the requests that
were sent; the seconds that it took."""


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a reply asks to wait, from 0 to `LONGEST`; None when it says nothing that makes sense.

    RFC 9110, 10.2.3: `Retry-After = HTTP-date / delay-seconds`, the latter `1*DIGIT`: ASCII, no sign, no
    fraction. A date counts from the reply's own Date, for either clock may be wrong; `now` stands in for it.
    Header names are in lower case.
    """
    text = headers.get("retry-after", "").strip()
    if not text.isascii():
        return None
    if text.isdigit():
        return min(float(text[:12]), LONGEST)
    until = _date(text)
    if until is None:
        return None
    since = _date(headers.get("date", "")) or now or datetime.now(UTC)
    return min(max((until - since).total_seconds(), 0.0), LONGEST)


def _date(text: str) -> datetime | None:
    if not text.isascii():
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # "-0000" gives a naive time; RFC 9110, 5.6.7: HTTP's dates are all in GMT.
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def unbearable(answer: Answer, max_wait: float) -> bool:
    """Whether the server asks for a longer pause than we may wait."""
    limited = answer.status in LIMITED and not answer.is_memento
    wait = retry_after(answer.headers, answer.at) if limited else None
    return wait is not None and wait > max_wait


def worth_another(answer: Answer, max_wait: float) -> bool:
    """Whether the same request may fare better in a moment; an archived 429 stays what it is."""
    unwell = answer.status in STATUSES and not answer.is_memento
    again = answer.failure in FAILURES or (not answer.failure and unwell)
    return again and not unbearable(answer, max_wait)


def settled(answer: Answer, max_wait: float) -> Answer:
    """The answer after its last attempt: `rate_limited` when being asked too often is all that it says."""
    limited = answer.status == 429 or unbearable(answer, max_wait)
    if answer.failure or answer.is_memento or not limited:
        return answer
    wait = retry_after(answer.headers, answer.at)
    asked = f"asks for a pause of {wait:.0f} s" if wait is not None else "without saying how long to wait"
    return replace(answer, failure="rate_limited", detail=f"{answer.status}, {asked}")


class Policy:
    """What tenacity is told when a fetch needs a second try; most need none, and no tenacity."""

    def __init__(self, max_wait: float) -> None:
        self.max_wait = max_wait

    def controller(self, attempts: int, sleep: Sleep, spent: Callable[[], bool], rest: Rest) -> AsyncRetrying:
        """Stops after that many attempts, or when `spent` says that the fetch has used up its time.

        `rest` is told of a Retry-After before it is waited for: it is meant for all who ask that host.
        """
        from tenacity import AsyncRetrying, retry_if_result, wait_exponential, wait_random

        backoff = wait_exponential(multiplier=0.5, max=8) + wait_random(0, 0.5)

        def wait(state: RetryCallState) -> float:
            return max(backoff(state), retry_after(_last(state).headers, _last(state).at) or 0.0)

        def asked(state: RetryCallState) -> None:
            if seconds := retry_after(_last(state).headers, _last(state).at):
                rest(seconds)

        return AsyncRetrying(
            sleep=sleep,
            stop=lambda state: state.attempt_number >= attempts or spent(),
            wait=wait,
            retry=retry_if_result(lambda answer: worth_another(answer, self.max_wait)),
            before_sleep=asked,
            retry_error_callback=_last,
        )


def _last(state: RetryCallState) -> Answer:
    assert state.outcome is not None
    answer: Answer = state.outcome.result()
    return answer
