"""What was not looked into is said in table and report; a host that once says 429 is asked again."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from servers import Route, Talk, response, serve

STYLES = b"<style>" + b"a{b:c}" * 100_000 + b"</style>"
UNSEEN: dict[str, tuple[Route, str]] = {
    "/app/1": (
        response(b"<title>App</title><div id=root></div><script src=m.js></script>"),
        "drawn by scripts: what it shows was not looked into",
    ),
    "/cut/1": (
        response(b"<title>Song</title>" + STYLES + b"<p>Read me"),
        "only the first 512 KiB of the page were read, and they show little",
    ),
    "/data.zip": (
        response(b"PK\x03\x04" + b"\0" * 9_000, kind="application/zip"),
        "only the first 4 KiB of the file (application/zip) were read",
    ),
}


async def refreshed(folder: Path, port: int, *links: str) -> dict[str, dict[str, str]]:
    """The rows of links.csv by address, after one `refresh` of a list of the links."""
    (folder / "list.md").write_text("".join(f"- [x]({link})\n" for link in links))
    settings = f"connect_to = {json.dumps([f':80:127.0.0.1:{port}'])}\narchive = false\nhost_interval = 0\n"
    (folder / "own.toml").write_text(settings)
    words = ("-m", "scraper", "refresh", "list.md", "--config", "own.toml")
    run = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=folder, stdout=PIPE, stderr=PIPE)
    _, told = await run.communicate()
    assert run.returncode == 0, told.decode()
    with (folder / "data/snapshots/list/latest/links.csv").open(encoding="utf-8", newline="") as file:
        return {row["url"]: row for row in csv.DictReader(file)}


async def test_what_was_not_looked_into_is_said_in_the_table_and_in_the_report(tmp_path: Path) -> None:
    async with serve({path: route for path, (route, _) in UNSEEN.items()}) as web:
        rows = await refreshed(tmp_path, web.port, *(f"http://a.test{path}" for path in UNSEEN))
    report = (tmp_path / "reports/list/report.html").read_text("utf-8")
    for path, (_, note) in UNSEEN.items():
        row = rows[f"http://a.test{path}"]
        assert row["health"] == "alive", row
        assert note in row["notes"]
        assert note in report


async def test_one_429_without_a_word_for_how_long_closes_no_host(tmp_path: Path) -> None:
    asked = 0

    async def once_too_many(talk: Talk) -> None:
        nonlocal asked
        asked += talk.target != "/robots.txt"
        name = talk.target.rpartition("/")[2]
        page = f"<title>Paper {name}</title><h1>{name}</h1><p>".encode() + b"What birds sing of. " * 90
        await talk.send(response(b"slow down", "429 Too Many Requests") if asked == 1 else response(page))

    links = [f"http://a.test/papers/{name}" for name in ("blackbird", "nightingale", "redstart", "wren")]
    async with serve({"/robots.txt": response(b"", "404 Not Found"), "*": once_too_many}) as web:
        rows = await refreshed(tmp_path, web.port, *links)
    assert {row["health"] for row in rows.values()} == {"alive"}
