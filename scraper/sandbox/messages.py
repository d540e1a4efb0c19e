"""What goes in and out of a face of the sandbox: an `Ask` comes in, a `Reply` goes out. Plain values.

A *face* is a function `(world, ask) -> Reply` that behaves as one host of the real web does. Faces know
nothing of sockets; `server.py` turns the bytes on the wire into these values and back.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

BANNER = "This is a sandbox of the program `scraper`: nothing here comes from the real web."
"""Said on every page; every answer has the header `X-Sandbox: scraper` too."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as it arrived; `path` and `query` are as they were on the wire, not decoded."""

    scheme: str
    host: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"

    def values(self, name: str) -> list[str]:
        return parse_qs(self.query, keep_blank_values=True).get(name, [])

    def value(self, name: str, default: str = "") -> str:
        return next(iter(self.values(name)), default)

    @property
    def bearer(self) -> str:
        """The credential of `Authorization: Bearer …` (GitHub also takes `token …`), or empty."""
        kind, _, credential = self.headers.get("authorization", "").partition(" ")
        return credential.strip() if kind.lower() in {"bearer", "token"} else ""

    def json(self) -> Any:
        """The body as JSON, or None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Reply:
    """One response. `delay` seconds pass before it; `cut` sends half of the body and drops the connection."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(status, body, {"content-type": "application/json; charset=utf-8", **(headers or {})})


def as_text(text: str, status: int = 200, kind: str = "text/plain; charset=utf-8") -> Reply:
    return Reply(status, text.encode(), {"content-type": kind})


def redirect(location: str, status: int = 302, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, b"", {"location": location, **(headers or {})})


def document(title: str, body: str, head: str = "", banner: str = BANNER) -> str:
    """A whole HTML page; `body` and `head` are markup, `title` is text."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>{head}"
        f'</head><body>{body}<footer class="sandbox"><p>{html.escape(banner)}</p></footer></body></html>'
    )


def page(
    title: str,
    body: str,
    status: int = 200,
    *,
    head: str = "",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    content = document(title, body, head).encode()
    return Reply(status, content, {"content-type": "text/html; charset=utf-8", **(headers or {})})
