"""Whether this machine has a network at all, told from the answers of a run."""

from __future__ import annotations

from typing import Any

from scraper.addresses import hostname
from scraper.model import Answer


class Network:
    """Whether this machine has a network at all, told from the answers of a run (docs/verdicts.md, rule 6).

    Offline: not one host gave an answer or so much as a certificate. Captive: three hosts or more answered,
    all with the same page, or with certificates of somebody else; a real web never does that.
    """

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._pages: set[tuple[int, int]] = set()
        self._intercepted: set[str] = set()
        self._silent = False

    def heard(self, answer: Answer) -> None:
        host = hostname(answer.url)
        if answer.status is not None:
            _keep(self._answered, host)
            _keep(self._pages, (answer.status, hash(answer.body or answer.url)))
        elif answer.failure in ("tls_hostname", "tls_untrusted"):
            _keep(self._intercepted, host)
        elif answer.failure in OFFLINE_FAILURES:
            self._silent = True

    @property
    def captive(self) -> bool:
        """Whether one and the same page answers for everybody."""
        return len(self._answered) == _SEVERAL and len(self._pages) == 1

    @property
    def offline(self) -> str:
        """Why nothing of this run may be believed, in words; empty when there is a network."""
        if self.captive:
            return "every host answers with the same page (a captive portal?)"
        if self._answered:
            return ""
        if len(self._intercepted) == _SEVERAL:
            return "every host shows somebody else's certificate (a captive portal?)"
        return "no host could be reached" if self._silent and not self._intercepted else ""


_SEVERAL = 3


def _keep(seen: set[Any], value: object) -> None:
    """Remember up to `_SEVERAL` different values: a run of a million links needs no more memory than that."""
    if len(seen) < _SEVERAL:
        seen.add(value)


OFFLINE_FAILURES = frozenset(
    ("host_not_found", "dns_failure", "unreachable", "timeout", "connection_refused", "connection_reset")
)
"""Failures that a missing network looks like."""
