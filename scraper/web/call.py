"""One request as it goes out, in as few objects as it takes: a run makes one for every link."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.web.library import httpx

Field = tuple[bytes, bytes]
Origin = tuple[str, str, int]
"""Scheme, host (A-labels) and port."""


@dataclass(slots=True)
class Call:
    """A request, and what became of it on its way out."""

    method: str
    url: httpx.URL
    origin: Origin
    fields: list[Field]
    """All of its header; `Host` is the first."""
    content: bytes = b""
    sent: int = 0
    """How often it went out; 0 when no connection was made."""
    held: float = 0.0
    """Seconds that it waited, with the connection open, until it might be written."""

    @property
    def target(self) -> bytes:
        """Path and query."""
        return self.url.raw_path
