"""Named faults of the sandbox: what can go wrong, switched on by name.

A fault is written `name` or `name:argument`. The argument is a host, a repository or a number, as the meaning
says; a fault that takes a host and is given none holds for every host.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, MutableSet

FAULTS: dict[str, str] = {
    # Any host
    "slow": "Every answer takes this many seconds longer (default 5)",
    "slow_host": "This host needs 30 seconds for an answer",
    "host_outage": "This host answers 503 with an HTML page",
    "host_limited": "This host answers 429 with Retry-After: 3600",
    "offline_host": "Nothing listens at this host (in `settings`, so read them after switching it on)",
    "network_down": "Nothing listens anywhere (in `settings`, as above)",
    "connection_reset": "This host drops the connection instead of answering",
    "truncated": "This host promises a whole body, sends half of it and drops the connection",
    "captive_portal": "Every host answers 200 with the same login page, as a hotel's network does",
    "tls_expired": "This host's certificate expired in 2020",
    "tls_hostname": "This host's certificate is for another name",
    "tls_untrusted": "This host's certificate is signed by an unknown authority",
    # OpenReview
    "openreview_502_html": "Both APIs answer 502 with an HTML page",
    "openreview_truncated_json": "Both APIs answer 200 with half of the JSON, well framed",
    "openreview_search_unavailable": "Searches answer with no notes and `searchUnavailable: true`",
    "openreview_burst": "The first N API reads answer 429 with Retry-After: 1 (default 1)",
    "openreview_v1_down": "API v1 answers 503",
    "openreview_token_expired": "The first token that a login gives is expired when used; the next is not",
    "openreview_login_limited": "POST /login answers 429",
    "openreview_gate_page": "The APIs' gate is a page with status 200 instead of an error in JSON",
    "openreview_api_gated_only": "The APIs are gated for guests, while the pages are open",
    # GitHub
    "github_rate_limited": "REST answers 403 with the primary rate limit used up",
    "github_secondary_limit": "The first N REST answers are the secondary limit, to be waited for 1 s (all)",
    "github_502": "REST and GraphQL answer 502 with an HTML page",
    "github_token_bad": "Every token is refused: 401 Bad credentials",
    "github_token_expiring": "The token expires in three days, as a header of every answer says",
    "github_pages_throttled": "Pages of parts answer 404, as GitHub does to strangers whom it throttles",
    "graphql_502_over": "GraphQL answers 502 to a query of more than N repositories (default 10)",
    "graphql_resource_limits": "Those after the N-th are null with RESOURCE_LIMITS_EXCEEDED (default 10)",
    "graphql_something_went_wrong": "GraphQL answers `Something went wrong` and no data above N (default 0)",
    "graphql_null_without_error": "This repository comes back null without an error of its own",
    "graphql_rate_limited": "GraphQL answers 200 with RATE_LIMITED and no data",
    # Archive and the rest
    "archive_down": "archive.org and web.archive.org answer 503",
    "archive_limited": "archive.org and web.archive.org answer 429 with Retry-After: 60",
    "archive_captured_challenge": "The newest memento of a forum is a capture of the challenge page",
    "archive_ruins": "Every capture of a page but the oldest says 'page not found', with status 200",
    "archive_without": "The archive holds no copy of anything",
    "arxiv_down": "export.arxiv.org answers 503 with Retry-After: 5, as it does when asked too fast",
}
"""Every fault with its meaning."""


class Faults(MutableSet[str]):
    """The faults that are on. An unknown name is a ValueError that names the nearest known one."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on: dict[str, None] = {}
        for name in names:
            self.add(name)

    def __contains__(self, fault: object) -> bool:
        return fault in self._on

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._on))

    def __len__(self) -> int:
        return len(self._on)

    def add(self, value: str) -> None:
        name = value.partition(":")[0]
        if name not in FAULTS:
            near = difflib.get_close_matches(name, FAULTS, 1)
            raise ValueError(f"unknown fault {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        self._on[value] = None

    def discard(self, value: str) -> None:
        self._on.pop(value, None)

    def arguments(self, name: str) -> list[str]:
        """The arguments with which the fault is on; `""` stands for none."""
        return [fault.partition(":")[2] for fault in self if fault.partition(":")[0] == name]

    def on(self, name: str, subject: str = "") -> bool:
        """Whether the fault is on: for everything, or for this subject (a host, a repository)."""
        return any(given in ("", subject) for given in self.arguments(name))

    def number(self, name: str, default: float) -> float | None:
        """The fault's number, `default` when it has none, None when the fault is off."""
        given = self.arguments(name)
        return None if not given else float(given[0] or default)

    def over(self, name: str, default: float, amount: float) -> bool:
        """Whether the fault is on and the amount is more than its number."""
        number = self.number(name, default)
        return number is not None and amount > number
