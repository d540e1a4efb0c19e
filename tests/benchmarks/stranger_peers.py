"""lychee and linkinator on the strangers' pages, served with status 200 on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import certifi

from benchmarks import checkers
from benchmarks.checkers import Place
from benchmarks.strangers import strangers


class _Pages(BaseHTTPRequestHandler):
    """`/ID/kx7291` gets the page, whatever the method."""

    bodies: ClassVar[dict[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.bodies.get(self.path.split("/")[1], b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            with contextlib.suppress(ConnectionError):  # peers hang up when they have seen the status
                self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


def peers() -> tuple[dict[str, dict[str, bool]], str]:
    """Whether each peer calls each page dead, by the peer's name and the page's; and what went wrong."""
    given = os.environ.get("BENCHMARK_PEERS", "")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(given or temporary)
        trouble = "" if given else checkers.install(folder)
        _Pages.bodies = {page.id: page.body for page in strangers()}
        with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            said = asyncio.run(_ask(folder, server.server_port))
            server.shutdown()
    return said, trouble


async def _ask(folder: Path, port: int) -> dict[str, dict[str, bool]]:
    urls = {f"http://127.0.0.1:{port}/{page.id}/kx7291": page.id for page in strangers()}
    found: dict[str, dict[str, bool]] = {}
    for name, check in (("lychee", checkers.lychee(folder)), ("linkinator", checkers.linkinator(folder))):
        with tempfile.TemporaryDirectory() as temporary:
            listed = Path(temporary) / "pages.md"
            listed.write_text("".join(f"- <{url}>\n" for url in urls), "utf-8")
            said = await check(Place(listed, list(urls), Path(temporary), certifi.where(), (port, port)))
            if said.dead:
                found[f"{name} {said.version}"] = {
                    i: said.dead[url] for url, i in urls.items() if url in said.dead
                }
    return found
