"""The only part of the program that opens sockets. `Web.fetch` takes a `Request` and gives an `Answer`.

    client ─► visit ─► exchange ─► transport ─► connection ─► network ─► resolver, guard
              │        └► body                  (HTTP)        (bytes)
              ├► trail, redirects, cookies, credentials
              └► retrying

Left to right: a run, a fetch with its tries and redirects, one request, idle connections by origin, one
connection. What goes wrong on the way is a `Failed` with a reason of `health.REASONS` (see `failures`).
"""

from __future__ import annotations

from scraper.web.client import Web
from scraper.web.credentials import Credentials
from scraper.web.failures import Failed
from scraper.web.options import WebSettings
from scraper.web.retrying import retry_after

__all__ = ["Credentials", "Failed", "Web", "WebSettings", "retry_after"]
