"""What strangers write (titles of papers and lists, texts of links) in every output, and on GitHub."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import lxml.html
from markdown_it import MarkdownIt
from places import SCRAPER, Ended, Place

from scraper.sandbox import Sandbox, github_writing, records
from scraper.sandbox.github_writing import Desk

HOME = "me/papers"
PAPER, DEAD, DIES = (
    "https://openreview.net/forum?id=strange",
    "https://blog.test/404",
    "https://blog.test/dies",
)
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TURNED = "safe\u202egnp.exe\u202c \u2066x\u2069 \x1b]0;owned\x07 \x9b31m"
PINGS = "cc @octocat @org/team, fixes #12, GH-34 and gh-56, other/repo#78"
PINGING = re.compile(r"@\w|#\d|\bgh-\d", re.IGNORECASE)
LONG = "very long " * 5_000

Made = Callable[..., Place]


@contextmanager
def a_list_of(words: str, folder: Path) -> Iterator[tuple[Place, Sandbox]]:
    """A list, and papers and pages behind it, that say nothing but these words wherever they can."""
    repositories: list[dict[str, object]] = [
        {"full_name": HOME},
        {"full_name": "me/new", "previous": ["me/old"]},
    ]
    told = {"id": "strange", "title": words, "abstract": words, "authors": [words]}
    with Sandbox(repositories=repositories, notes=[records._note(told)]) as running:
        entities = "".join(f"&#{ord(letter)};" for letter in words[:500])
        text = f"<h1>{entities}</h1>" + "<p>What we learned of it in a whole year of our work.</p>" * 9
        for url in (DIES, "https://blog.test/words"):
            running.world.page(url, text, title=entities)
        folder.mkdir()
        place = Place.in_sandbox(folder, running, attempts=1)
        text = words.replace("[", "").replace("]", "")
        links = [f"- [{text}]({url})" for url in ("https://blog.test/words", PAPER, DEAD, DIES)]
        place.article(f"# {words}", "", *links, "- <https://github.com/me/old>")
        yield place, running


COMMANDS = (
    ("links", "list.md"),
    ("check", "list.md"),
    *(("check", "list.md", "--format", form) for form in ("json", "sarif", "rdjson", "github")),
    ("refresh", "list.md", "--dry-run"),
    ("refresh", "list.md", "--json"),
    ("refresh", "list.md", "-vv"),
    ("changes", "list"),
    ("history", DEAD),
    ("history", PAPER),
    ("report", "list"),
    ("store", "check"),
    ("doctor",),
)


def ran(place: Place, *command: str, **env: str) -> Ended:
    ended = place.quick(*command, **env)
    assert "Traceback" not in ended.err
    return ended


def test_nothing_steers_whoever_reads_an_output(tmp_path: Path) -> None:
    with a_list_of(TURNED, tmp_path / "list") as (place, _):
        with (place.folder / "list.md").open("a", encoding="utf-8") as article:
            article.write(
                f"\n\n## {TURNED}\n\n[a](https://\u202eblog.test/) [b](htp:/\u202ex) ![c](\u202e.png)\n"
            )
        told = {command: ran(place, *command) for command in COMMANDS}
    assert "gnp.exe" in told["refresh", "list.md", "--json"].out
    assert [command for command, ended in told.items() if STEERING.search(ended.out + ended.err)] == []
    files = [path for path in (place.folder / "reports").rglob("*") if path.is_file()]
    assert [path.name for path in files if STEERING.search(path.read_text("utf-8"))] == []
    assert {path.suffix for path in files} >= {".html", ".md", ".csv", ".xml", ".json"}


def test_whoever_agrees_to_settings_sees_what_they_say(tmp_path: Path) -> None:
    place = Place(tmp_path / "list", {"prometheus": f"out/{TURNED}"}, agreed=False)
    place.folder.mkdir()
    said = ran(place, "trust").out
    assert not STEERING.search(said)
    assert r'prometheus = "out/safe\u202egnp.exe' in said


def test_a_patch_is_exact_and_shows_on_a_terminal_what_it_does(tmp_path: Path) -> None:
    with a_list_of(TURNED, tmp_path / "list") as (place, _):
        assert ran(place, "refresh", "list.md").code == 0
    exact = ran(place, "fix", "list.md").out
    assert "\u202egnp" in exact
    there, here = os.openpty()
    done = subprocess.run(
        [*SCRAPER, "fix", "list.md"], cwd=place.folder, env=place.environment(), stdout=here
    )
    os.close(here)
    shown = b""
    with contextlib.suppress(OSError):  # what a terminal that nobody has open any more says
        while piece := os.read(there, 65_536):
            shown += piece
    os.close(there)
    assert done.returncode == 0
    assert not STEERING.search(shown.decode().replace("\r\n", "\n"))
    assert shown.decode().replace("\r\n", "\n").count("\n") == exact.count("\n")
    assert r"safe\u202egnp.exe" in shown.decode()


def test_what_is_written_to_github_calls_nobody(tmp_path: Path) -> None:
    with a_list_of(PINGS, tmp_path / "list") as (place, sandbox):
        desk = github_writing.desk(sandbox.world, HOME)
        for _ in range(2):
            data = (place.folder / "list.md").read_bytes()
            desk.commit(desk.default, {**desk.branches[desk.default], "list.md": data})
            assert ran(place, "refresh", "list.md").code == 0
            done = ran(
                place, "publish", "github", "--repository", HOME, "list.md", GITHUB_TOKEN=records.GITHUB_TOKEN
            )
            assert (done.code, done.err) == (0, "")
            sandbox.world.page(DIES, status=404)
    assert (len(desk.threads), len(desk.comments)) == (2, 1)
    assert all("octocat" in str(told) for told in (desk.threads, desk.comments))
    for text in written(desk):
        assert not PINGING.search(text), text


def written(desk: Desk) -> Iterator[str]:
    """Titles, and the texts that GitHub looks for mentions and references in."""
    for thread in desk.threads:
        yield str(thread["title"])
    for one in (*desk.threads, *chain.from_iterable(desk.comments.values())):
        html = MarkdownIt("gfm-like").render(str(one["body"]))
        yield "".join(map(str, lxml.html.document_fromstring(html).itertext()))


def test_words_without_end_fill_no_output(tmp_path: Path) -> None:
    with a_list_of(LONG, tmp_path / "list") as (place, sandbox):
        desk = github_writing.desk(sandbox.world, HOME)
        desk.commit(desk.default, {"list.md": (place.folder / "list.md").read_bytes()})
        ended = ran(place, "refresh", "list.md")
        done = ran(
            place, "publish", "github", "--repository", HOME, "list.md", GITHUB_TOKEN=records.GITHUB_TOKEN
        )
        assert (done.code, done.err) == (0, "")
    summary = (place.folder / "reports" / "list" / "summary.md").read_text("utf-8")
    for text in (ended.err, summary, *(thread["body"] for thread in desk.threads)):
        assert "very long" in text or "scraper:pull" in text
        assert max(map(len, text.splitlines())) < 1_000
    assert all(len(thread["title"]) <= 256 for thread in desk.threads), "GitHub takes no longer title"
