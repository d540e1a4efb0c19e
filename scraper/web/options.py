"""The settings that one request depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class WebSettings(Protocol):
    """What `Web` reads of the settings; times in seconds."""

    @property
    def user_agent(self) -> str: ...

    @property
    def timeout(self) -> float:
        """One attempt: all its redirects, up to the last response's headers."""

    @property
    def target_budget(self) -> float:
        """All attempts of one fetch together; waiting between them does not count."""

    @property
    def attempts(self) -> int: ...

    @property
    def max_redirects(self) -> int: ...

    @property
    def max_wait(self) -> float:
        """The longest Retry-After that is waited for."""

    @property
    def connect_to(self) -> Sequence[str]:
        """`HOST1:PORT1:HOST2:PORT2` as curl has it: what is meant for 1 is sent to 2."""

    @property
    def allow_networks(self) -> Sequence[str]:
        """Networks (CIDR) that may be visited though they are not public."""

    @property
    def allow_ports(self) -> Sequence[int]:
        """Ports that may be visited besides 80 and 443."""

    @property
    def ca_file(self) -> str:
        """PEM file of further certificate authorities, or empty."""

    @property
    def host_concurrency(self) -> int:
        """Requests under way at one host at a time, where nobody says otherwise of that host."""
