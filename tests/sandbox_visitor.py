"""A visitor of the sandbox: a real httpx client that reaches every host by its name, over real TLS."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from scraper.sandbox import Sandbox


class Visitor:
    """Asks the sandbox for absolute URLs; follows nothing, adds no header but its name and gzip."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        # No client: it would look into redirects that are none, even when it does not follow them
        trusted = ssl.create_default_context(cafile=sandbox.ca_file)
        self.transport = httpx.HTTPTransport(verify=trusted, trust_env=False)

    def ask(self, url: str, method: str = "GET", **more: Any) -> httpx.Response:
        asked = httpx.URL(url)
        host = asked.raw_host.decode()
        port = self.sandbox.https_port if asked.scheme == "https" else self.sandbox.http_port
        # A connection must not be reused for another name, whose certificate would not be looked at
        headers = {"host": host, "connection": "close", "user-agent": "tests", "accept-encoding": "gzip"}
        extensions = {"sni_hostname": host, "timeout": httpx.Timeout(20).as_dict()}
        there = asked.copy_with(host="127.0.0.1", port=port)
        headers |= more.pop("headers", {})
        request = httpx.Request(method, there, headers=headers, extensions=extensions, **more)
        response = self.transport.handle_request(request)
        response.request = request
        response.read()
        return response

    def json(self, url: str, method: str = "GET", **more: Any) -> Any:
        return self.ask(url, method, **more).json()
